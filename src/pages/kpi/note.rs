//! The form in which the owner of a target says why a key figure is as it is, and what comes next.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::named_figure;
use crate::domain::kpi::note::NewNote;
use crate::domain::kpi::{Kpi, shown, store};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::kpi::actions;
use crate::usecases::kpi::subject::Whose;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "kpi/note.html")]
struct NotePage {
    page: Page,
    errors: Errors,
    label: &'static str,
    name: String,
    list: String,
    address: String,
    target: String,
    why: String,
    next: String,
    /// The last note: why, what next, and when.
    last: Option<(String, String, TimeText)>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let of = named_figure(&req)?;
    show(&req, of, Form::default()).await
}

async fn show(req: &HttpRequest, (whose, kpi): (Whose, Kpi), form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (subject, place, target) = actions::permit_note(c, &context.actor, (&whose, kpi))?;
        let last = store::notes(c, &place.word(), kpi, 1)?.into_iter().next();
        Ok(NotePage {
            page: page.titled("kpis", format!("Note on {}, {}", kpi.label(), subject.name)),
            label: kpi.label(),
            list: subject.whose.address(),
            address: subject.whose.figure(kpi),
            target: shown::goal(target.goal, kpi.unit()),
            why: form.fields.get("why").to_owned(),
            next: form.fields.get("next").to_owned(),
            last: last.map(|n| (n.why, n.next, context.local.day_of(n.at))),
            name: subject.name,
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn write(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let (whose, kpi) = named_figure(&req)?;
    let (typed, of) = (fields.clone(), whose.clone());
    submit(&req, &fields, move |c, act| {
        actions::permit_note(c, &act.actor, (&of, kpi))?;
        let note = NewNote::parse(typed.get("why"), typed.get("next"))?;
        actions::write_note(c, act, (&of, kpi), &note)?;
        Ok(Done::new(of.figure(kpi), "The note is saved."))
    })
    .await
    .or_show(fields, async |form| show(&req, (whose, kpi), form).await)
    .await
}
