//! Pages of sessions: recording one, reading one.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::form::{self, Form};
use super::view::RecordView;
use super::{SessionState, actions, check_start, store};
use crate::auth::request::{Asking, read, submit};
use crate::db::Conn;
use crate::error::{Error, FieldErrors, Result};
use crate::ramp::dossier::Dossier;
use crate::web::time::{Dial, When};
use crate::web::{Done, Errors, Fields, Page, form_status, html, html_with};
use crate::{area, people, ramp};

/// Mounts the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/sessions/new", web::get().to(new_page))
        .route("/sessions/new", web::post().to(record))
        .route("/sessions/{id}", web::get().to(show_page));
}

/// A ramp the viewer mentors.
struct Pair {
    ramp_id: i64,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "session/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    pairs: Vec<Pair>,
    /// `None` for somebody who mentors nobody.
    record: Option<RecordView>,
    /// Who records the sessions of the viewer's own ramps.
    own: Vec<String>,
}

async fn new_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let wanted = match query.has("ramp") {
        true => Some(query.id("ramp").ok_or(Error::NotFound("ramp"))?),
        false => None,
    };
    show_new(&req, wanted, None, FieldErrors::default()).await
}

async fn show_new(
    req: &HttpRequest,
    wanted: Option<i64>,
    typed: Option<&Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let typed = typed.cloned();
    let status = form_status(&errors);
    let (page, shown) = read(req, move |c, asking| {
        load_new(c, asking, wanted, typed.as_ref(), errors)
    })
    .await?;
    let (pairs, record, own, errors) = shown;
    let title = "Record a session";
    let page = Page {
        has_errors: !errors.is_empty(),
        ..page.titled("", title)
    };
    html_with(
        status,
        &NewPage {
            page,
            errors,
            pairs,
            record,
            own,
        },
    )
}

type Shown = (Vec<Pair>, Option<RecordView>, Vec<String>, FieldErrors);

fn load_new(
    c: &mut Conn,
    asking: &Asking,
    wanted: Option<i64>,
    typed: Option<&Fields>,
    mut errors: FieldErrors,
) -> Result<Shown> {
    let id = asking.actor.id.ok_or(Error::SignedOut)?;
    let ramps = ramp::store::mentored_by(c, id)?;
    let ramp_ids: Vec<i64> = ramps.iter().map(|r| r.id).collect();
    let chosen = match wanted {
        Some(ramp_id) => Some(ramp_id),
        None => store::last_recorded_for(c, id, &ramp_ids)?.or(ramp_ids.first().copied()),
    };
    let Some(ramp_id) = chosen else {
        return Ok((Vec::new(), None, recorders_of_own(c, id)?, errors));
    };
    let dossier = Dossier::load_for(c, ramp_id, &asking.actor, asking.now)?;
    actions::may_record(&dossier, &asking.actor)?;
    let mentees: Vec<i64> = ramps.iter().map(|r| r.mentee_id).collect();
    let names: BTreeMap<i64, String> = people::store::by_ids(c, &mentees)?
        .into_iter()
        .map(|p| (p.id, p.name))
        .collect();
    let areas: BTreeMap<i64, String> = area::store::all(c)?
        .into_iter()
        .map(|a| (a.id, a.name))
        .collect();
    let label = |person: i64, area: i64| {
        [names.get(&person), areas.get(&area)]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let pairs = ramps
        .iter()
        .map(|r| Pair {
            ramp_id: r.id,
            label: label(r.mentee_id, r.area_id),
            current: r.id == ramp_id,
        })
        .collect();
    let form = match typed {
        Some(fields) => {
            // Every error at once: also the one that only the ramp can tell.
            let start = form::starts_at(fields, &asking.dial);
            let fits = start.map_or(Ok(()), |at| {
                check_start(at, asking.now, dossier.ramp.created_at)
            });
            if let (Err(sentence), None) = (fits, errors.get("starts_at")) {
                errors.add("starts_at", sentence);
            }
            Form::typed(fields)
        }
        None => Form::fresh(&dossier, id, asking),
    };
    Ok((
        pairs,
        Some(RecordView::new(&dossier, form, asking, &errors)),
        Vec::new(),
        errors,
    ))
}

/// `Checkout & payments: Priya Raman`, for every open ramp of a mentee.
fn recorders_of_own(c: &mut Conn, person_id: i64) -> Result<Vec<String>> {
    let mut ramps = ramp::store::of_mentee(c, person_id)?;
    ramps.retain(|r| r.closed_at.is_none());
    let ids: Vec<i64> = ramps.iter().map(|r| r.id).collect();
    let mut pairings = ramp::store::pairings(c, &ids)?;
    pairings.retain(|p| p.until.is_none());
    let mentor_ids: Vec<i64> = pairings.iter().map(|p| p.mentor_id).collect();
    let people = people::store::by_ids(c, &mentor_ids)?;
    let areas = area::store::all(c)?;
    let line = |ramp: &ramp::store::Ramp| {
        let area = areas.iter().find(|a| a.id == ramp.area_id)?;
        let of_ramp = pairings.iter().filter(|p| p.ramp_id == ramp.id);
        let names: Vec<&str> = of_ramp
            .filter_map(|pairing| {
                people
                    .iter()
                    .find(|p| p.id == pairing.mentor_id)
                    .map(|p| p.name.as_str())
            })
            .collect();
        (!names.is_empty()).then(|| format!("{}: {}", area.name, names.join(" and ")))
    };
    Ok(ramps.iter().filter_map(line).collect())
}

async fn record(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let ramp_id = fields.id("ramp").ok_or(Error::NotFound("ramp"))?;
    let typed = fields.clone();
    let outcome = submit(&req, &fields, move |c, act| {
        let dial = Dial::new(&act.actor.time_zone, act.now);
        let new = form::parse(&typed, &dial)?;
        let recorded = actions::record(c, act, ramp_id, &new)?;
        let day = dial.day_of(new.starts_at).text;
        let said = format!("The session with {} on {day} is recorded.", recorded.mentee);
        let next = match recorded
            .assess_first
            .filter(|_| typed.get("then") == "assess")
        {
            Some(group) => format!("/ramps/{ramp_id}/assess/{}", group.word()),
            None => format!("/ramps/{ramp_id}"),
        };
        Ok(Done::new(next, said))
    })
    .await;
    match outcome {
        Err(Error::Invalid(errors)) => show_new(&req, Some(ramp_id), Some(&fields), errors).await,
        other => other,
    }
}

/// How much help a competency needed, as the page shows it.
struct Observed {
    code: String,
    statement: String,
    help: u8,
    word: &'static str,
}

/// A judgement that rests on the session.
struct Judged {
    code: String,
    statement: String,
    level: u8,
    word: &'static str,
    whose: String,
}

#[derive(Template)]
#[template(path = "session/show.html")]
struct ShowPage {
    page: Page,
    ramp_id: i64,
    mentee: String,
    mentee_handle: String,
    area: String,
    kind: &'static str,
    /// Anything but held is said.
    state: Option<&'static str>,
    starts: When,
    minutes: i32,
    summary: String,
    next_action: String,
    mentor: String,
    mentor_handle: String,
    recorded: When,
    observed: Vec<Observed>,
    judged: Vec<Judged>,
    /// For a mentor of an open ramp: where assessing begins.
    assess: Option<String>,
}

async fn show_page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    let id: i64 = path.parse().map_err(|_| Error::NotFound("session"))?;
    let (page, mut shown) = read(&req, move |c, asking| {
        let session = store::by_id(c, id)?;
        let dossier = Dossier::load_for(c, session.ramp_id, &asking.actor, asking.now)?;
        Ok(show(&dossier, &session, asking))
    })
    .await?;
    shown.page = page.titled(
        "people",
        format!("Session with {}, {}", shown.mentee, shown.starts.text),
    );
    html(&shown)
}

fn show(dossier: &Dossier, session: &store::Session, asking: &Asking) -> ShowPage {
    let content = &dossier.standard.content;
    let statement = |code: &str| {
        content
            .competency(code)
            .map_or_else(|| code.to_owned(), |c| c.statement.clone())
    };
    let observations: Vec<_> = dossier
        .observations
        .iter()
        .filter(|o| o.session_id == session.id)
        .collect();
    let is_open_mentor = actions::may_record(dossier, &asking.actor).is_ok();
    let first = content
        .competencies
        .iter()
        .find(|c| observations.iter().any(|o| o.competency_code == c.code));
    let group = first
        .map(|c| c.group)
        .or_else(|| content.groups().first().copied());
    let judged = dossier
        .assessments
        .iter()
        .filter(|a| a.evidence_session_id == Some(session.id));
    let mentor = dossier.person(session.mentor_id);
    ShowPage {
        page: Page::signed_out(""),
        ramp_id: dossier.ramp.id,
        mentee: dossier.mentee().name.to_owned(),
        mentee_handle: dossier.mentee().handle.to_owned(),
        area: dossier.area.name.clone(),
        kind: session.kind.label(),
        state: (session.state != SessionState::Held).then(|| session.state.label()),
        starts: asking.dial.moment(session.starts_at),
        minutes: session.minutes,
        summary: session.summary.clone(),
        next_action: session.next_action.clone(),
        mentor: mentor.name.to_owned(),
        mentor_handle: mentor.handle.to_owned(),
        recorded: asking.dial.moment(session.recorded_at),
        observed: observations
            .iter()
            .map(|o| Observed {
                code: o.competency_code.clone(),
                statement: statement(&o.competency_code),
                help: o.help_level.number(),
                word: o.help_level.help_label(),
            })
            .collect(),
        judged: judged
            .map(|a| Judged {
                code: a.competency_code.clone(),
                statement: statement(&a.competency_code),
                level: a.level.map_or(0, |l| l.number()),
                word: a.level.map_or("Not observed", |l| l.label()),
                whose: format!("{} by {}", a.stream.label(), dossier.person(a.by_id).name),
            })
            .collect(),
        assess: group
            .filter(|_| is_open_mentor)
            .map(|g| format!("/ramps/{}/assess/{}", dossier.ramp.id, g.word())),
    }
}
