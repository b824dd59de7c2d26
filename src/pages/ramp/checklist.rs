//! The checklist of a ramp: what is open with its box to tick, and what is done folded.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::MarkKind;
use crate::domain::ramp::part::{Part, item_line};
use crate::error::{Error, Result};
use crate::pages::ramp::show_view::head::{RampHead, open};
use crate::pages::ramp::show_view::lines;
use crate::pages::ramp::show_view::lines::ItemGroupView;
use crate::pages::request::{show, submit};
use crate::usecases::ramp::actions::mark;
use crate::web::{Done, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/checklist.html")]
pub struct ChecklistPage {
    page: Page,
    ramp: RampHead,
    groups: Vec<ItemGroupView>,
    checked: usize,
    total: usize,
    waived: usize,
    /// The deed for several at once, where the viewer may tick more than one.
    several: Option<&'static str>,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| load(c, context, page, *id)).await
}

/// What the page shows the person who asks.
pub fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64) -> Result<ChecklistPage> {
    let (page, d, ramp) = open(c, context, page, (id, Part::Checklist), &[])?;
    let items = &d.readiness.items;
    let groups = lines::items(&d, &context.actor, &context.local);
    let ticks = groups
        .iter()
        .flat_map(|g| &g.rows)
        .filter(|i| i.tick.is_some());
    let deed = match ramp.is_mentee {
        true => "Mark several done",
        false => "Check several",
    };
    Ok(ChecklistPage {
        several: (ticks.count() > 1).then_some(deed),
        groups,
        checked: items.iter().filter(|i| i.mark == MarkKind::Checked).count(),
        total: items.len(),
        waived: items.iter().filter(|i| i.waived_until.is_some()).count(),
        page,
        ramp,
    })
}

/// Errors: a sentence at the field when it names no mark.
pub(crate) fn read_mark(fields: &Fields, field: &str) -> Result<MarkKind> {
    let sentence = "Say how far the item is: open, done or checked.";
    MarkKind::parse(fields.get(field)).ok_or_else(|| Error::field(field, sentence))
}

/// Marks a checklist item open, done or checked.
pub(crate) async fn mark(
    req: HttpRequest,
    path: web::Path<(i64, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let (from, to) = (read_mark(&fields, "from")?, read_mark(&fields, "to")?);
    // Marked on home, one comes back there.
    let is_home = fields.get("back") == "home";
    submit(&req, &fields, move |c, act| {
        let items = [(code.clone(), from)].into();
        let text = mark::mark(c, act, id, &items, to)?.concat();
        let back = match is_home {
            true => "/".to_owned(),
            false => item_line(id, &code),
        };
        Ok(Done::new(back, format!("{}: {text}", to.label())))
    })
    .await
}
