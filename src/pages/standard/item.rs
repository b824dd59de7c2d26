//! The form of one checklist item of a draft.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::line;
use super::line::{Kind, LineForm, LinePath, choice, open};
use crate::domain::people::Names;
use crate::domain::stale::model::Flag;
use crate::domain::stale::{Ticks, store as flags};
use crate::domain::standard::{DoneBy, ItemGroup};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::usecases::standard::input::LineInput;
use crate::web::{Errors, Fields, Page};

/// An open flag that the line may answer.
struct FlagView {
    id: i64,
    part: &'static str,
    note: String,
    by: String,
    /// Someone said before that the draft answers it.
    answered: bool,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "standard/item.html")]
struct ItemPage {
    page: Page,
    errors: Errors,
    form: LineForm,
    groups: Vec<Choice>,
    text: String,
    link: String,
    done_by: Vec<Choice>,
    flags: Vec<FlagView>,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<LinePath>) -> Result<HttpResponse> {
    show(&req, path.into_inner(), Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, path: LinePath, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        let opened = open(c, context, Kind::Item, path, form)?;
        let fields = &opened.fields;
        let group = |g: &ItemGroup| {
            let is_first = *g == ItemGroup::Read;
            choice(fields, "group", g.word(), g.label(), is_first)
        };
        let done_by = |d: &DoneBy| {
            let label = match d {
                DoneBy::Mentee => "The mentee, and a mentor checks it",
                DoneBy::Mentor => "A mentor, in one step",
            };
            choice(fields, "done_by", d.word(), label, *d == DoneBy::Mentee)
        };
        let mut open_flags = flags::open_of_area(c, opened.form.area.id)?;
        open_flags.retain(|f| f.item_code == opened.form.code);
        let names = Names::load(c, open_flags.iter().map(|f| f.by_id))?;
        // What was ticked on a form that comes back; on a fresh one nothing was.
        let ticks = Ticks::parse(fields);
        let flag = |f: &Flag| {
            let answered = f.answered_in == Some(opened.draft_id);
            FlagView {
                id: f.id,
                part: f.part.label(),
                note: f.note.clone(),
                by: names.name(f.by_id).to_owned(),
                answered,
                ticked: ticks.leaves(f.id, answered),
            }
        };
        Ok(ItemPage {
            page: page.titled("areas", opened.title),
            groups: ItemGroup::ALL.iter().map(group).collect(),
            text: fields.get("text").to_owned(),
            link: fields.get("link").to_owned(),
            done_by: DoneBy::ALL.iter().map(done_by).collect(),
            flags: open_flags.iter().map(flag).collect(),
            form: opened.form,
            errors: opened.errors,
        })
    })
    .await
}

/// Adds or changes the item.
pub(crate) async fn save(
    req: HttpRequest,
    path: web::Path<LinePath>,
    fields: Fields,
) -> Result<HttpResponse> {
    let path = path.into_inner();
    line::save(&req, path.clone(), &fields, LineInput::item)
        .await
        .or_show(fields, async |form| show(&req, path, form).await)
        .await
}
