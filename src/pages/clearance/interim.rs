//! The forms of interim clearances: one is granted, extended, or put under another supervisor.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::Standing;
use crate::domain::clearance::model::Clearance;
use crate::domain::interim::{LEVEL, MOST_DAYS, below};
use crate::domain::people::model::Person;
use crate::domain::signoff::independent::Exception;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::usecases::dossier::Dossier;
use crate::usecases::interim::actions;
use crate::usecases::interim::actions::{Extension, Granting, Supervision};
use crate::usecases::signoff::actions::permit_independent;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transition {
    /// Granted on the ramp of that row.
    Grant(i64),
    /// The clearance of that row is extended.
    Extend(i64),
    /// The clearance of that row gets another supervisor.
    Supervisor(i64),
}

impl Transition {
    fn path(self) -> String {
        match self {
            Self::Grant(ramp) => format!("/ramps/{ramp}/interim"),
            Self::Extend(id) => format!("/clearances/{id}/extend"),
            Self::Supervisor(id) => format!("/clearances/{id}/supervisor"),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Grant(_) => "Grant an interim clearance",
            Self::Extend(_) => "Extend the interim clearance",
            Self::Supervisor(_) => "Name another supervisor",
        }
    }
}

/// A competency that is not far enough.
struct Below {
    code: String,
    statement: String,
    level: String,
}

/// What the form offers.
struct FormView {
    supervisors: Option<Vec<(i64, String, bool)>>,
    /// The last day as it was typed, and the latest there can be.
    ends_on: Option<(String, String)>,
    /// Whom the viewer saw as supervisor.
    from: i64,
}

#[derive(Template)]
#[template(path = "clearance/interim.html")]
struct InterimPage {
    page: Page,
    errors: Errors,
    path: String,
    label: &'static str,
    /// Where it belongs: label and address.
    up: (String, String),
    person: String,
    area: String,
    owner_team: String,
    /// The last day now, and the supervisor, of one that is there.
    facts: Option<(String, String)>,
    /// Why nothing can be done, or not by the viewer; empty when it can.
    hindrance: String,
    below: Vec<Below>,
    form: Option<FormView>,
    reason: String,
}

pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/interim", web::get().to(grant_page))
        .route("/ramps/{id}/interim", web::post().to(grant))
        .route("/clearances/{id}/extend", web::get().to(extend_page))
        .route("/clearances/{id}/extend", web::post().to(extend))
        .route(
            "/clearances/{id}/supervisor",
            web::get().to(supervisor_page),
        )
        .route("/clearances/{id}/supervisor", web::post().to(supervisor));
}

async fn grant_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(&req, Transition::Grant(id.into_inner())).await
}

async fn extend_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(&req, Transition::Extend(id.into_inner())).await
}

async fn supervisor_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(&req, Transition::Supervisor(id.into_inner())).await
}

async fn grant(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    send(&req, Transition::Grant(id.into_inner()), fields).await
}

async fn extend(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    send(&req, Transition::Extend(id.into_inner()), fields).await
}

async fn supervisor(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    send(&req, Transition::Supervisor(id.into_inner()), fields).await
}

async fn fresh(req: &HttpRequest, deed: Transition) -> Result<HttpResponse> {
    show(req, deed, Fields::default(), FieldErrors::default(), false).await
}

async fn send(req: &HttpRequest, deed: Transition, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let answer = submit(req, &fields, move |c, act| {
        let (id, words) = match deed {
            Transition::Grant(ramp) => (
                actions::grant(c, act, ramp, &Granting::parse(&typed)?)?,
                "The interim clearance is granted. It does not count as cover.",
            ),
            Transition::Extend(id) => {
                actions::extend(c, act, id, &Extension::parse(&typed)?)?;
                (
                    id,
                    "The interim clearance is extended. It cannot be extended again.",
                )
            }
            Transition::Supervisor(id) => {
                actions::name_supervisor(c, act, id, &Supervision::parse(&typed)?)?;
                (id, "The supervisor is named.")
            }
        };
        Ok(Done::new(format!("/clearances/{id}"), words))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(req, deed, fields, errors, false).await,
        Err(Error::Conflict(sentence)) => {
            show(req, deed, fields, FieldErrors::one("", sentence), true).await
        }
        other => other,
    }
}

async fn show(
    req: &HttpRequest,
    deed: Transition,
    fields: Fields,
    errors: FieldErrors,
    overtaken: bool,
) -> Result<HttpResponse> {
    let status = if overtaken {
        StatusCode::CONFLICT
    } else {
        form_status(&errors)
    };
    let (page, template) = old_read(req, move |c, context| match deed {
        Transition::Grant(ramp) => on_ramp(c, context, deed, ramp, &fields, errors),
        Transition::Extend(id) | Transition::Supervisor(id) => {
            on_clearance(c, context, deed, id, &fields, errors)
        }
    })
    .await?;
    let heading = format!("{}: {}, {}", deed.label(), template.person, template.area);
    let page = Page {
        has_errors: !template.errors.is_empty(),
        ..page.titled("people", heading)
    };
    html_with(status, &InterimPage { page, ..template })
}

fn on_ramp(
    c: &mut Conn,
    context: &ReadContext,
    deed: Transition,
    ramp_id: i64,
    fields: &Fields,
    errors: FieldErrors,
) -> Result<InterimPage> {
    let today = context.now.day();
    let d = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
    let who = (&context.actor, today);
    let refusal = permit_independent(c, who, &d, Exception::Interim).err();
    // A form that cannot be accepted comes back only to whoever may send it.
    if let Some(refusal) = refusal.as_ref().filter(|_| !errors.is_empty()) {
        return Err(Error::Forbidden(refusal.to_string()));
    }
    let hindrance = match actions::allowed(c, &d, today)? {
        Err(hindrance) => hindrance.sentence(),
        Ok(()) => refusal.map(|r| r.to_string()).unwrap_or_default(),
    };
    let form = if hindrance.is_empty() {
        let all = actions::supervisors(c, (d.area.id, d.ramp.mentee_id), today)?;
        let latest = today.plus_days(MOST_DAYS);
        Some(FormView {
            supervisors: Some(choices(&all, fields)),
            ends_on: Some((typed_day(fields, latest), context.local.day(latest).text)),
            from: 0,
        })
    } else {
        None
    };
    // What a mentor newly said is not the mentee's to see here.
    let is_mentee = d.parties.is_mentee(&context.actor);
    Ok(InterimPage {
        below: if is_mentee { Vec::new() } else { too_low(&d) },
        form,
        hindrance,
        facts: None,
        ..blank(&d, deed, fields, errors)
    })
}

fn on_clearance(
    c: &mut Conn,
    context: &ReadContext,
    deed: Transition,
    id: i64,
    fields: &Fields,
    errors: FieldErrors,
) -> Result<InterimPage> {
    let today = context.now.day();
    let case = ClearanceDetail::load(c, id)?;
    let held = case.held.clone();
    let all = match deed {
        Transition::Supervisor(_) => {
            case.permit(&context.actor, today)?;
            let all = actions::supervisors(c, (held.area_id, held.person_id), today)?;
            Some(
                all.into_iter()
                    .filter(|p| Some(p.id) != held.supervisor_id)
                    .collect(),
            )
        }
        _ => None,
    };
    let (latest, hindrance) = match deed {
        Transition::Supervisor(_) if case.standing(today) == Standing::Interim => {
            (None, String::new())
        }
        Transition::Supervisor(_) => (None, "This interim clearance does not stand.".to_owned()),
        _ => match extension(c, context, &held) {
            Ok(latest) => (Some(latest), String::new()),
            Err(Error::Conflict(sentence)) => (None, sentence),
            Err(other) => return Err(other),
        },
    };
    let form = hindrance.is_empty().then(|| FormView {
        supervisors: all.map(|all: Vec<Person>| choices(&all, fields)),
        ends_on: latest.map(|day| (typed_day(fields, day), context.local.day(day).text)),
        from: held.supervisor_id.unwrap_or_default(),
    });
    let person = case.holder()?;
    Ok(InterimPage {
        page: Page::signed_out(""),
        errors,
        path: deed.path(),
        label: deed.label(),
        up: (
            format!("{}, {}", person.name, case.area.name),
            format!("/clearances/{id}"),
        ),
        person: person.name.clone(),
        area: case.area.name.clone(),
        owner_team: case.area.owner_team.clone(),
        facts: Some((
            context.local.day(held.ends_on).text,
            case.supervisor_words(today),
        )),
        hindrance,
        below: Vec::new(),
        form,
        reason: fields.get("reason").to_owned(),
    })
}

/// The latest day the viewer may extend an interim clearance to.
///
/// Errors: [`Error::Forbidden`] when they may not; [`Error::Conflict`] when it cannot be extended.
pub(crate) fn extension(c: &mut Conn, context: &ReadContext, held: &Clearance) -> Result<Day> {
    let ramp = actions::open_ramp(c, held)?;
    let today = context.now.day();
    let d = Dossier::load_for(c, ramp, &context.actor, context.now)?;
    permit_independent(c, (&context.actor, today), &d, Exception::Interim)?;
    actions::extensible(c, &d, held, today)
}

fn blank(d: &Dossier, deed: Transition, fields: &Fields, errors: FieldErrors) -> InterimPage {
    InterimPage {
        page: Page::signed_out(""),
        errors,
        path: deed.path(),
        label: deed.label(),
        up: (
            format!("{}, {}", d.mentee().name, d.area.name),
            format!("/ramps/{}", d.ramp.id),
        ),
        person: d.mentee().name.to_owned(),
        area: d.area.name.clone(),
        owner_team: d.area.owner_team.clone(),
        facts: None,
        hindrance: String::new(),
        below: Vec::new(),
        form: None,
        reason: fields.get("reason").to_owned(),
    }
}

fn too_low(d: &Dossier) -> Vec<Below> {
    let content = &d.standard.content;
    let line = |state: &crate::domain::readiness::CompetencyState| Below {
        code: state.code.clone(),
        statement: content
            .competency(&state.code)
            .map(|c| c.statement.clone())
            .unwrap_or_default(),
        level: match state.mentor_level {
            Some(level) => format!("at {}, needs {LEVEL}", level.number()),
            None => format!("not assessed yet, needs {LEVEL}"),
        },
    };
    below(&d.readiness).map(line).collect()
}

fn choices(people: &[Person], fields: &Fields) -> Vec<(i64, String, bool)> {
    let chosen = fields.id("supervisor");
    let choice = |p: &Person| (p.id, p.name.clone(), chosen == Some(p.id));
    people.iter().map(choice).collect()
}

fn typed_day(fields: &Fields, usual: Day) -> String {
    if fields.has("ends_on") {
        fields.get("ends_on").to_owned()
    } else {
        usual.to_string()
    }
}
