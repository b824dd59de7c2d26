//! The page on which several items of a checklist are ticked at once.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::MarkKind;
use crate::domain::ramp::part::Part;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::ramp::checklist::read_mark;
use crate::pages::ramp::show_view::lines;
use crate::pages::ramp::show_view::lines::ItemView;
use crate::pages::request::submit;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/items.html")]
struct ItemsPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    title: &'static str,
    /// What the button does with those that are ticked.
    to: MarkKind,
    items: Vec<Choice>,
    /// The mark of each item as the page shows it.
    seen: Vec<(String, String)>,
}

/// What one needs to know to tick it.
fn label(item: &ItemView) -> String {
    let notes = [
        item.detail.as_str(),
        if item.by_mentor {
            "a mentor does it"
        } else {
            ""
        },
        if item.is_flagged {
            "flagged as stale"
        } else {
            ""
        },
    ];
    let notes: Vec<&str> = notes.into_iter().filter(|n| !n.is_empty()).collect();
    match notes.is_empty() {
        true => item.text.clone(),
        false => format!("{} ({})", item.text, notes.join(", ")),
    }
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (id, form): (i64, Form),
) -> Result<ItemsPage> {
    let d = Dossier::load_for(c, id, &context.actor, context.now)?;
    let to = match d.parties.is_mentee(&context.actor) {
        true => MarkKind::Done,
        false if d.parties.is_mentor(&context.actor) => MarkKind::Checked,
        false => {
            let sentence = "Only the mentee and the mentors of this ramp move its items.";
            return Err(Error::Forbidden(sentence.into()));
        }
    };
    let title = match to {
        MarkKind::Done => "Mark several done",
        _ => "Check several",
    };
    let ticked: Vec<&str> = form.fields.all("item").collect();
    let mut rows: Vec<ItemView> = lines::items(&d, &context.actor, &context.local)
        .into_iter()
        .flat_map(|group| group.rows)
        .filter(|item| item.tick.is_some())
        .collect();
    // What the mentee has done waits for the mentor.
    rows.sort_by_key(|item| item.mark != MarkKind::Done);
    let choice = |item: &ItemView| {
        let is_ticked = ticked.contains(&item.code.as_str());
        Choice::new(&item.code, label(item), is_ticked)
    };
    let seen = |item: &ItemView| {
        let field = format!("from-{}", item.code);
        let mark = form.seen(&field, item.mark.word());
        (field, mark)
    };
    let (mentee, area) = (d.mentee().name.to_owned(), d.area.name.clone());
    Ok(ItemsPage {
        page: page.titled("ramps", format!("{title}: {mentee} on {area}")),
        ramp_id: id,
        mentee,
        area,
        title,
        to,
        items: rows.iter().map(choice).collect(),
        seen: rows.iter().map(seen).collect(),
        errors: form.errors,
    })
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, *id, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    let look =
        move |c: &mut Conn, context: &ReadContext, page, form| load(c, context, page, (id, form));
    form.show(req, look).await
}

/// Moves the items that are ticked, all of them or none.
pub(crate) async fn mark(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, sent) = (*id, fields.clone());
    submit(&req, &fields, move |c, act| {
        let to = read_mark(&sent, "to")?;
        let from = |code: &str| {
            let from = read_mark(&sent, &format!("from-{code}"))?;
            Ok((code.to_owned(), from))
        };
        let items: BTreeMap<_, _> = sent.all("item").map(from).collect::<Result<_>>()?;
        let moved = actions::mark::mark(c, act, id, &items, to)?;
        let flash = match moved.as_slice() {
            [text] => format!("{}: {text}", to.label()),
            many => format!("{}: {} items", to.label(), many.len()),
        };
        Ok(Done::new(Part::Checklist.of(id), flash))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
