//! The page on which a session is recorded.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::reading::store as answers;
use crate::domain::ramp;
use crate::domain::session::lifecycle::{Step, step};
use crate::domain::session::model::Session;
use crate::domain::session::store;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::pages::session::pairs::{Pair, pairs, recorders_of_own};
use crate::pages::session::record_form;
use crate::pages::session::record_form::RecordForm;
use crate::pages::session::record_view::{Purpose, RecordView};
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::session::{actions, discussed, overlap};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "session/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    pairs: Vec<Pair>,
    /// `None` for a person who mentors nobody.
    record: Option<RecordView>,
    /// Who records the sessions of the viewer's own ramps.
    own: Vec<String>,
}

/// A mentor is reminded for so many days of what the mentee answered in the library.
const REMINDED_DAYS: i64 = 60;

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

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
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
    show(&req, wanted, Form::default()).await
}

async fn show(req: &HttpRequest, wanted: Wanted, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, mut form| {
        let page = page.titled("", "Record a session");
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
                page,
                errors: form.errors,
                pairs: Vec::new(),
                record: None,
                own: recorders_of_own(c, id)?,
            });
        };
        let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
        actions::may_record(&dossier, &context.actor)?;
        let plan = match planned(&dossier, wanted.plan, context) {
            Err(Error::Conflict(sentence)) if form.typed().is_some() => {
                let said = form.errors.get("").unwrap_or(&sentence);
                let then = "Save this only if it was another session: it is then recorded without the plan.";
                form.errors.set("", format!("{said} {then}"));
                None
            }
            plan => plan?,
        };
        let values = match RecordForm::typed(&mut form, &dossier, context)? {
            Some(typed) => typed,
            None => RecordForm::fresh(&dossier, id, plan, context),
        };
        let kept = plan.and_then(|p| p.postmortem_id);
        let offered = discussed::choices(c, dossier.ramp.area_id, kept)?;
        let since = context.now.plus_hours(-24 * REMINDED_DAYS);
        let answered = answers::lately(c, dossier.ramp.mentee_id, since)?.into_iter();
        let answered = answered.map(|(slug, title, at)| (slug, title, context.local.day_of(at)));
        let purpose = Purpose::Record(plan);
        let reader = (&context.actor, context.now.day());
        let others = overlap::open_at_that_time(c, reader, &dossier, values.span, None)?;
        let shown = (&form.errors, offered.as_slice(), others.as_slice());
        Ok(NewPage {
            page,
            pairs: pairs(c, &ramps, ramp_id)?,
            record: Some(RecordView {
                answered: answered.collect(),
                ..RecordView::new(&dossier, purpose, values, context, shown)
            }),
            own: Vec::new(),
            errors: form.errors,
        })
    })
    .await
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

pub(crate) async fn record(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let ramp_id = fields.id("ramp").ok_or(Error::NotFound("ramp"))?;
    let wanted = Wanted {
        ramp_id: Some(ramp_id),
        plan: fields
            .id("plan")
            .map_or(WantedPlan::Without, WantedPlan::Row),
    };
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let new = record_form::parse(&typed, &local)?;
        let recorded = actions::record(c, act, ramp_id, &new)?;
        let day = local.day_of(new.starts_at).text;
        let said = format!("The session with {} on {day} is recorded.", recorded.mentee);
        let assess = recorded
            .assess_first
            .filter(|_| typed.get("then") == "assess");
        let next = match assess {
            Some(group) => format!("/ramps/{ramp_id}/assess/{}", group.word()),
            None => format!("/ramps/{ramp_id}"),
        };
        Ok(Done::new(next, said).undoable(&format!("/sessions/{}/undo", recorded.id)))
    })
    .await
    .or_show(fields, async |form| show(&req, wanted, form).await)
    .await
}
