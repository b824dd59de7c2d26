//! The page of a gap: what was found missing, and the form that closes it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::part::{Part, item_line};
use crate::domain::readiness::ObstacleKind;
use crate::domain::session::plan::{covering, holder};
use crate::domain::signoff::Note;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::planned::booked;
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::point as actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "signoff/gap.html")]
struct GapPage {
    page: Page,
    errors: Errors,
    note: String,
    ramp_id: i64,
    id: i64,
    signoff_id: i64,
    mentee: String,
    area: String,
    /// Where the competency or checklist item it is about is seen: address, code, statement.
    about: Option<(String, String, String)>,
    /// The session to come that covers it: address, and when with whom.
    covered: Option<(String, String)>,
    body: String,
    by: String,
    at: TimeText,
    /// Who closed it, when, with which words.
    closed: Option<(String, TimeText, String)>,
    /// Why it is not the viewer who closes it; empty when it is.
    not_yours: String,
    is_over: bool,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<(i64, i64)>) -> Result<HttpResponse> {
    show(&req, path.into_inner(), Form::default()).await
}

pub(crate) async fn close(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (ramp_id, id) = path.into_inner();
    let note = Note::required(
        fields.get("note"),
        "Write what was done about it: the next sign-off rests on it.",
    );
    submit(&req, &fields, move |c, act| {
        let note = note.map_err(|sentence| Error::field("note", sentence))?;
        actions::close_gap(c, act, ramp_id, id, &note)?;
        Ok(Done::new(
            Part::Overview.at(ramp_id, "gaps"),
            "The gap is closed.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, (ramp_id, id), form).await)
    .await
}

async fn show(req: &HttpRequest, ids: (i64, i64), form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, ids, form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (ramp_id, id): (i64, i64),
    form: Form,
) -> Result<GapPage> {
    let d = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
    let gap = actions::gap_of(&d, id)?;
    let is_theirs = d.parties.is_mentor(&context.actor);
    // A form that cannot be accepted comes back only to a person who may send it.
    if !is_theirs && form.typed().is_some() {
        return Err(Error::Forbidden(actions::who_may(&d)));
    }
    let content = &d.standard.content;
    let about =
        gap.code.as_ref().map(
            |code| match (content.competency(code), content.item(code)) {
                (Some(competency), _) => (
                    format!("/ramps/{ramp_id}/competencies/{code}"),
                    code.clone(),
                    competency.statement.clone(),
                ),
                (None, item) => (
                    item_line(ramp_id, code),
                    code.clone(),
                    item.map(|i| i.text.clone()).unwrap_or_default(),
                ),
            },
        );
    let kind = ObstacleKind::Gap {
        id,
        about: gap.code.clone(),
    };
    let covered = covering(&kind, &d.plans, context.now)
        .filter(|_| gap.is_open())
        .map(|plan| {
            let mentor = d.person(holder(plan.mentor_id, &d.parties.mentors)).name;
            (
                format!("/sessions/{}", plan.id),
                booked(&context.local, plan, mentor),
            )
        });
    Ok(GapPage {
        page: page.titled(
            "ramps",
            format!("Gap: {}, {}", d.mentee().name, d.area.name),
        ),
        ramp_id,
        id,
        signoff_id: gap.signoff_id,
        mentee: d.mentee().name.to_owned(),
        area: d.area.name.clone(),
        about,
        covered,
        body: gap.body.clone(),
        by: d.person(gap.by_id).name.to_owned(),
        at: context.local.moment(gap.at),
        closed: gap.closing().map(|closing| {
            (
                d.person(closing.by_id).name.to_owned(),
                context.local.moment(closing.at),
                closing.note.to_owned(),
            )
        }),
        not_yours: if is_theirs {
            String::new()
        } else {
            actions::who_may(&d)
        },
        is_over: d.ramp.closed_at.is_some(),
        note: form.fields.get("note").to_owned(),
        errors: form.errors,
    })
}
