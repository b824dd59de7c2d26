//! Pages of sessions: recording one, correcting one, taking one back.

pub mod form;
pub mod pairs;
pub mod plan;
pub mod plan_form;
pub mod show;
pub mod show_steps;
pub mod show_view;
pub mod view;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::reading::store as answers;
use crate::domain::ramp;
use crate::domain::session::lifecycle::{Step, step};
use crate::domain::session::model::Session;
use crate::domain::session::{check_start, next, store};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::pages::session::form::Form;
use crate::pages::session::pairs::{Pair, pairs, recorders_of_own};
use crate::pages::session::plan as show_plan;
use crate::pages::session::view::{Purpose, RecordView};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::{actions, amend, discussed, planning};
use crate::web::time::{LocalTime, TimeText};
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/sessions/new", web::get().to(new_page))
        .route("/sessions/new", web::post().to(record))
        .route("/sessions/{id}", web::get().to(show::page))
        .route("/sessions/{id}/move", web::post().to(show::reschedule))
        .route("/sessions/{id}/cancel", web::post().to(show::cancel))
        .route("/sessions/{id}/no-show", web::post().to(show::no_show))
        .route("/sessions/{id}/undo", web::post().to(undo))
        .route("/sessions/{id}/correct", web::get().to(correct_page))
        .route("/sessions/{id}/correct", web::post().to(correct))
        .route("/ramps/{id}/sessions/plan", web::get().to(show_plan::page))
        .route("/ramps/{id}/sessions/plan", web::post().to(show_plan::save))
        .route("/ramps/{id}/next-actions/{action}", web::post().to(tick));
}

#[derive(Template)]
#[template(path = "session/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    pairs: Vec<Pair>,
    /// `None` for somebody who mentors nobody.
    record: Option<RecordView>,
    /// Post-mortems that the mentee answered lately: address, title, when.
    answered: Vec<(String, String, TimeText)>,
    /// Who records the sessions of the viewer's own ramps.
    own: Vec<String>,
}

/// What a mentee answered in the library is something to talk about for that many days.
const TALKED_OF_DAYS: i64 = 60;

/// What the form is asked for.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    ramp_id: Option<i64>,
    plan: WantedPlan,
}

/// By which plan a session is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WantedPlan {
    /// By the one that was to begin by now, if there is one.
    Due,
    Row(i64),
    Without,
}

async fn new_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let row = |field: &str, what| query.id(field).ok_or(Error::NotFound(what));
    let wanted = Wanted {
        ramp_id: match query.has("ramp") {
            true => Some(row("ramp", "ramp")?),
            false => None,
        },
        plan: match query.get("plan") {
            "none" => WantedPlan::Without,
            _ if query.has("plan") => WantedPlan::Row(row("plan", "session")?),
            _ => WantedPlan::Due,
        },
    };
    show_new(&req, wanted, None, FieldErrors::default()).await
}

async fn show_new(
    req: &HttpRequest,
    wanted: Wanted,
    typed: Option<&Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let typed = typed.cloned();
    let status = form_status(&errors);
    let (page, shown) = old_read(req, move |c, context| {
        load_new(c, context, wanted, typed.as_ref(), errors)
    })
    .await?;
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("", "Record a session")
    };
    html_with(status, &NewPage { page, ..shown })
}

fn load_new(
    c: &mut Conn,
    context: &ReadContext,
    wanted: Wanted,
    typed: Option<&Fields>,
    mut errors: FieldErrors,
) -> Result<NewPage> {
    let id = context.actor.id.ok_or(Error::SignedOut)?;
    let ramps = ramp::store::mentored_by(c, id)?;
    let ramp_ids: Vec<i64> = ramps.iter().map(|r| r.id).collect();
    let chosen = match (wanted.ramp_id, wanted.plan) {
        (Some(ramp_id), _) => Some(ramp_id),
        (None, WantedPlan::Row(plan)) => Some(store::by_id(c, plan)?.ramp_id),
        (None, _) => store::last_recorded_for(c, id, &ramp_ids)?.or(ramp_ids.first().copied()),
    };
    let Some(ramp_id) = chosen else {
        return Ok(NewPage {
            page: Page::signed_out(""),
            errors,
            pairs: Vec::new(),
            record: None,
            answered: Vec::new(),
            own: recorders_of_own(c, id)?,
        });
    };
    let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
    actions::may_record(&dossier, &context.actor)?;
    let plan = planned(&dossier, wanted.plan, context)?;
    let form = match typed {
        Some(fields) => {
            late_errors(fields, &dossier, context, &mut errors);
            Form::typed(fields)
        }
        None => Form::fresh(&dossier, id, plan, context),
    };
    let kept = plan.and_then(|p| p.postmortem_id);
    let offered = discussed::choices(c, dossier.ramp.area_id, kept)?;
    let record = RecordView::new(
        &dossier,
        Purpose::Record(plan),
        form,
        context,
        (&errors, &offered),
    );
    let since = context.now.plus_hours(-24 * TALKED_OF_DAYS);
    let answered = answers::lately(c, dossier.ramp.mentee_id, since)?;
    Ok(NewPage {
        page: Page::signed_out(""),
        errors,
        pairs: pairs(c, &ramps, ramp_id)?,
        record: Some(record),
        answered: answered
            .into_iter()
            .map(|(slug, title, at)| (slug, title, context.local.day_of(at)))
            .collect(),
        own: Vec::new(),
    })
}

/// The plan that is recorded.
fn planned<'a>(
    dossier: &'a Dossier,
    wanted: WantedPlan,
    context: &ReadContext,
) -> Result<Option<&'a Session>> {
    let of_ramp = |id: i64| dossier.sessions.iter().find(|s| s.id == id);
    match wanted {
        WantedPlan::Without => Ok(None),
        WantedPlan::Due => {
            let begun = dossier.plans.iter().rfind(|p| p.starts_at <= context.now);
            Ok(begun.and_then(|p| of_ramp(p.id)))
        }
        WantedPlan::Row(id) => {
            let session = of_ramp(id).ok_or(Error::NotFound("session"))?;
            match step(session, Step::Hold, context.now) {
                Ok(_) => Ok(Some(session)),
                Err(_) => Err(Error::Conflict(
                    "This session is no longer planned: it was recorded or cancelled in the meantime.".into(),
                )),
            }
        }
    }
}

/// Every error at once: also the one that only the ramp can tell.
fn late_errors(
    fields: &Fields,
    dossier: &Dossier,
    context: &ReadContext,
    errors: &mut FieldErrors,
) {
    let start = form::starts_at(fields, &context.local);
    let fits = start.map_or(Ok(()), |at| {
        check_start(at, context.now, dossier.ramp.created_at)
    });
    if let (Err(sentence), None) = (fits, errors.get("starts_at")) {
        errors.add("starts_at", sentence);
    }
}

async fn record(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let ramp_id = fields.id("ramp").ok_or(Error::NotFound("ramp"))?;
    let typed = fields.clone();
    let outcome = submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let new = form::parse(&typed, &local)?;
        let recorded = actions::record(c, act, ramp_id, &new)?;
        let day = local.day_of(new.starts_at).text;
        let said = format!("The session with {} on {day} is recorded.", recorded.mentee);
        let next = match recorded
            .assess_first
            .filter(|_| typed.get("then") == "assess")
        {
            Some(group) => format!("/ramps/{ramp_id}/assess/{}", group.word()),
            None => format!("/ramps/{ramp_id}"),
        };
        Ok(Done::new(next, said).undoable(&format!("/sessions/{}/undo", recorded.id)))
    })
    .await;
    match outcome {
        Err(Error::Invalid(errors)) => {
            let wanted = Wanted {
                ramp_id: Some(ramp_id),
                plan: fields
                    .id("plan")
                    .map_or(WantedPlan::Without, WantedPlan::Row),
            };
            show_new(&req, wanted, Some(&fields), errors).await
        }
        other => other,
    }
}

/// The row in an address.
pub(crate) fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("session"))
}

async fn correct_page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show_correct(&req, row_of(&path)?, None, FieldErrors::default()).await
}

async fn show_correct(
    req: &HttpRequest,
    id: i64,
    typed: Option<&Fields>,
    mut errors: FieldErrors,
) -> Result<HttpResponse> {
    let typed = typed.cloned();
    let status = form_status(&errors);
    let (page, shown) = old_read(req, move |c, context| {
        let session = store::by_id(c, id)?;
        let dossier = Dossier::load_for(c, session.ramp_id, &context.actor, context.now)?;
        amend::may_correct(&dossier, &session, &context.actor)?;
        if step(&session, Step::Correct, context.now).is_err() {
            return Err(Error::Conflict(
                "Only a record that stands is corrected. This one was corrected or undone already, or never held."
                    .into(),
            ));
        }
        let form = match &typed {
            Some(fields) => {
                late_errors(fields, &dossier, context, &mut errors);
                Form::typed(fields)
            }
            None => {
                let next = next::store::of_sessions(c, &[id])?;
                Form::told(&amend::told(&dossier, &session, &next), &context.local)
            }
        };
        let purpose = Purpose::Correct(&session);
        let offered = discussed::choices(c, dossier.ramp.area_id, session.postmortem_id)?;
        let record = RecordView::new(&dossier, purpose, form, context, (&errors, &offered));
        Ok(NewPage {
            page: Page::signed_out(""),
            errors,
            pairs: Vec::new(),
            record: Some(record),
            answered: Vec::new(),
            own: Vec::new(),
        })
    })
    .await?;
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("people", "Correct a session")
    };
    html_with(status, &NewPage { page, ..shown })
}

async fn correct(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    let typed = fields.clone();
    let outcome = submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let reason = planning::Reason::parse(typed.get("reason"));
        let new = match (form::parse(&typed, &local), &reason) {
            (Err(Error::Invalid(mut errors)), Err(sentence)) => {
                errors.add("reason", sentence.as_str());
                return Err(Error::Invalid(errors));
            }
            (new, _) => new?,
        };
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        let correction = amend::correct(c, act, id, &new, &reason)?;
        let said =
            "The correction is recorded. It counts from now on; the original stays readable.";
        let place = format!("/sessions/{correction}");
        Ok(Done::new(place.as_str(), said).undoable(&format!("{place}/undo")))
    })
    .await;
    match outcome {
        Err(Error::Invalid(errors)) => show_correct(&req, id, Some(&fields), errors).await,
        other => other,
    }
}

async fn undo(req: HttpRequest, path: web::Path<String>, fields: Fields) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    submit(&req, &fields, move |c, act| {
        let session = amend::undo(c, act, id)?;
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let day = local.day_of(session.starts_at).text;
        Ok(Done::new(
            format!("/ramps/{}#sessions", session.ramp_id),
            format!("The record of the session on {day} is undone. It no longer counts."),
        ))
    })
    .await
}

async fn tick(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (ramp_id, action) = path.into_inner();
    let done = match fields.get("to") {
        "done" => true,
        "open" => false,
        _ => return Err(Error::field("to", "Say whether it is done or open.")),
    };
    submit(&req, &fields, move |c, act| {
        let body = crate::usecases::session::next::tick(c, act, ramp_id, action, done)?;
        let word = if done { "Done" } else { "Open again" };
        Ok(Done::new(
            format!("/ramps/{ramp_id}#sessions"),
            format!("{word}: {body}"),
        ))
    })
    .await
}
