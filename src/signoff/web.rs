//! Pages of sign-offs: asking for one, the queue, and the page where it is decided.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::actions::{self, Outcome};
use super::circle::Circle;
use super::desk::{Change, Desk, key_word};
use super::record::Record;
use super::store::{self, Decided, Signoff};
use super::view::{Chip, RecordView};
use super::{Decision, Key, Note, latest_end, usual_end, waiting_for};
use crate::auth::request::{Asking, read, submit};
use crate::clearance;
use crate::db::Conn;
use crate::error::{Error, FieldErrors, Result};
use crate::ramp::dossier::Dossier;
use crate::web::time::When;
use crate::web::{Done, Errors, Fields, Page, form_status, html, html_with};

/// Decided sign-offs that the queue shows.
const DECIDED_SHOWN: usize = 20;
/// Decided sign-offs that are looked through for those the viewer may read.
const DECIDED_READ: i64 = 200;

/// Mounts the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/sign-off", web::get().to(super::request::page))
        .route("/ramps/{id}/sign-off", web::post().to(super::request::send))
        .route("/sign-offs", web::get().to(queue))
        .route("/sign-offs/{id}", web::get().to(show))
        .route("/sign-offs/{id}/first-key", web::post().to(first_key))
        .route("/sign-offs/{id}/decision", web::post().to(decide));
}

/// An open sign-off in the queue.
struct OpenLine {
    id: i64,
    title: String,
    chip: Chip,
    requested_by: String,
    requested: When,
    due: &'static str,
    holders: String,
}

/// A decided sign-off in the queue.
struct DecidedLine {
    id: i64,
    title: String,
    chip: Chip,
    by: String,
    at: Option<When>,
    ends_on: Option<When>,
}

#[derive(Template)]
#[template(path = "signoff/queue.html")]
struct QueuePage {
    page: Page,
    yours: Vec<OpenLine>,
    others: Vec<OpenLine>,
    decided: Vec<DecidedLine>,
}

async fn queue(req: HttpRequest) -> Result<HttpResponse> {
    let (page, (yours, others, decided)) = read(&req, load_queue).await?;
    html(&QueuePage {
        page: page.titled("home", "Sign-offs"),
        yours,
        others,
        decided,
    })
}

fn load_queue(
    c: &mut Conn,
    asking: &Asking,
) -> Result<(Vec<OpenLine>, Vec<OpenLine>, Vec<DecidedLine>)> {
    let open = store::open(c)?;
    let decided = store::decided(c, DECIDED_READ)?;
    let ramps: Vec<i64> = open
        .iter()
        .map(|s| s.ramp_id)
        .chain(decided.iter().map(|s| s.ramp_id))
        .collect();
    let people: Vec<i64> = open
        .iter()
        .map(|s| s.requested_by)
        .chain(decided.iter().filter_map(|s| s.by))
        .collect();
    let circle = Circle::load(c, &ramps, &people, asking.now.day())?;
    let mut readable = Vec::new();
    for signoff in &open {
        let (ramp, _, parties) = circle.ramp(signoff.ramp_id)?;
        // What waits on a ramp of somebody who left is nobody's work any more; the ramp page still shows it.
        if parties.may_read(&asking.actor) && circle.is_active(ramp.mentee_id) {
            let is_cleared = asking
                .actor
                .id
                .is_some_and(|id| circle.is_cleared(id, ramp.area_id));
            readable.push((signoff, parties, is_cleared));
        }
    }
    let waiting: Vec<i64> = waiting_for(readable.iter().copied(), &asking.actor)
        .iter()
        .map(|s| s.id)
        .collect();
    let (mut yours, mut others) = (Vec::new(), Vec::new());
    for (signoff, ..) in readable {
        let line = open_line(&circle, signoff, asking)?;
        if waiting.contains(&signoff.id) {
            yours.push(line)
        } else {
            others.push(line)
        }
    }
    let mut lines = Vec::new();
    for signoff in &decided {
        if lines.len() < DECIDED_SHOWN && circle.ramp(signoff.ramp_id)?.2.may_read(&asking.actor) {
            lines.push(decided_line(&circle, signoff, asking)?);
        }
    }
    Ok((yours, others, lines))
}

fn open_line(circle: &Circle, signoff: &Signoff, asking: &Asking) -> Result<OpenLine> {
    let key = signoff.state.due().unwrap_or(Key::Second);
    let holders = circle.holders(signoff.ramp_id, key, signoff.first_key_by)?;
    let names: Vec<&str> = holders.iter().map(|p| p.name.as_str()).collect();
    Ok(OpenLine {
        id: signoff.id,
        title: title(circle, signoff.ramp_id)?,
        chip: Chip::of(signoff.state),
        requested_by: circle.name(signoff.requested_by).to_owned(),
        requested: asking.dial.moment(signoff.requested_at),
        due: key_word(key),
        holders: if names.is_empty() {
            "nobody now".into()
        } else {
            names.join(", ")
        },
    })
}

fn decided_line(circle: &Circle, signoff: &Decided, asking: &Asking) -> Result<DecidedLine> {
    Ok(DecidedLine {
        id: signoff.id,
        title: title(circle, signoff.ramp_id)?,
        chip: Chip::of(signoff.state),
        by: signoff
            .by
            .map_or("somebody", |id| circle.name(id))
            .to_owned(),
        at: signoff.at.map(|at| asking.dial.moment(at)),
        ends_on: signoff.ends_on.map(|day| asking.dial.day(day)),
    })
}

fn title(circle: &Circle, ramp_id: i64) -> Result<String> {
    let (ramp, area, _) = circle.ramp(ramp_id)?;
    Ok(format!("{}, {}", circle.name(ramp.mentee_id), area.name))
}

/// What was typed into the forms of the page.
struct Typed {
    recommendation: String,
    decision: String,
    note: String,
    ends_on: String,
}

/// A form that came back, and why: it cannot be accepted, or somebody else was first.
#[derive(Default)]
struct Returned {
    fields: Fields,
    errors: FieldErrors,
    overtaken: bool,
}

#[derive(Template)]
#[template(path = "signoff/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    typed: Typed,
    /// What was typed into a form that the page has no more.
    written: Vec<(&'static str, String)>,
    id: i64,
    ramp_id: i64,
    chip: Chip,
    is_open: bool,
    is_frozen: bool,
    record: RecordView,
    desk: Option<Desk>,
    change: Option<Change>,
    cleared_before: bool,
    clearance_id: Option<i64>,
    latest_end: String,
    validity: String,
}

async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show_with(&req, id.into_inner(), Returned::default()).await
}

async fn show_with(req: &HttpRequest, id: i64, returned: Returned) -> Result<HttpResponse> {
    let status = if returned.overtaken {
        StatusCode::CONFLICT
    } else {
        form_status(&returned.errors)
    };
    let (page, template) = read(req, move |c, asking| load_show(c, asking, id, returned)).await?;
    let heading = format!("{}, {}", template.record.mentee, template.record.area);
    let page = Page {
        has_errors: !template.errors.is_empty(),
        ..page.titled("home", heading)
    };
    html_with(status, &ShowPage { page, ..template })
}

fn load_show(c: &mut Conn, asking: &Asking, id: i64, returned: Returned) -> Result<ShowPage> {
    let Returned {
        fields,
        errors,
        overtaken,
    } = returned;
    let signoff = store::by_id(c, id)?;
    let today = asking.now.day();
    let circle = Circle::load(c, &[signoff.ramp_id], &[], today)?;
    let (ramp, area, parties) = circle.ramp(signoff.ramp_id)?;
    if !parties.may_read(&asking.actor) {
        return Err(Error::Forbidden(format!(
            "This sign-off is open to {}, their mentors and leads, and the qualifiers of {}.",
            circle.name(ramp.mentee_id),
            area.name
        )));
    }
    let record = match &signoff.record {
        Some(json) => Record::thaw(json)?,
        None => Record::draw(
            &Dossier::load_for(c, ramp.id, &asking.actor, asking.now)?,
            &signoff,
            |_| None,
        )?,
    };
    let desk = Desk::of(&circle, &signoff, &asking.actor)?;
    // A form that cannot be accepted comes back only to whoever may send it. Whoever was overtaken might have.
    if let Some(desk) = desk
        .as_ref()
        .filter(|desk| !errors.is_empty() && !overtaken && !desk.why_not.is_empty())
    {
        return Err(Error::Forbidden(desk.why_not.clone()));
    }
    let mut held = clearance::store::of_person(c, ramp.mentee_id)?;
    held.retain(|clearance| clearance.area_id == area.id);
    let is_open = signoff.state.due().is_some();
    let typed = |name: &str, default: String| {
        if fields.has(name) {
            fields.get(name).to_owned()
        } else {
            default
        }
    };
    let (first, second) = desk
        .as_ref()
        .map_or((false, false), |desk| (desk.first, desk.second));
    let mut written = vec![
        ("Your recommendation", "recommendation", first),
        ("Your reasons, or note", "note", first || second),
    ];
    written.retain(|(_, name, has_form)| !has_form && !fields.trimmed(name).is_empty());
    Ok(ShowPage {
        page: Page::signed_out(""),
        written: written
            .into_iter()
            .map(|(label, name, _)| (label, fields.get(name).to_owned()))
            .collect(),
        typed: Typed {
            recommendation: typed("recommendation", String::new()),
            decision: typed("decision", String::new()),
            note: typed("note", String::new()),
            ends_on: typed(
                "ends_on",
                usual_end(today, area.validity_months).to_string(),
            ),
        },
        id,
        ramp_id: ramp.id,
        chip: Chip::of(signoff.state),
        is_open,
        is_frozen: signoff.record.is_some(),
        record: RecordView::of(&record, &asking.dial),
        desk,
        change: if is_open {
            Some(Change::of(&circle, &signoff)?)
        } else {
            None
        },
        cleared_before: held
            .iter()
            .any(|clearance| clearance.granted_at < signoff.requested_at),
        clearance_id: held
            .iter()
            .find(|clearance| clearance.signoff_id == Some(id))
            .map(|clearance| clearance.id),
        latest_end: asking
            .dial
            .day(latest_end(today, area.validity_months))
            .text,
        validity: match area.validity_months {
            1 => "1 month".into(),
            n => format!("{n} months"),
        },
        errors,
    })
}

/// The page with everything that was typed, when it could not be accepted or came too late.
async fn answer_or_show(
    req: &HttpRequest,
    id: i64,
    fields: Fields,
    answer: Result<HttpResponse>,
) -> Result<HttpResponse> {
    let (errors, overtaken) = match answer {
        Err(Error::Invalid(errors)) => (errors, false),
        Err(Error::Conflict(sentence)) => (FieldErrors::one("", sentence), true),
        other => return other,
    };
    let returned = Returned {
        fields,
        errors,
        overtaken,
    };
    show_with(req, id, returned).await
}

async fn first_key(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let words = Note::required(
        fields.get("recommendation"),
        "Write why you recommend the clearance.",
    );
    let answer = submit(&req, &fields, move |c, act| {
        let words = words.map_err(|sentence| Error::field("recommendation", sentence))?;
        actions::turn_first_key(c, act, id, &words)?;
        Ok(Done::new(
            format!("/sign-offs/{id}"),
            "You turned the first key. The second key is due now.",
        ))
    })
    .await;
    answer_or_show(&req, id, fields, answer).await
}

async fn decide(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let decision = Decision::parse(
        fields.get("decision"),
        fields.get("note"),
        fields.get("ends_on"),
    );
    let answer = submit(&req, &fields, move |c, act| {
        let decision = decision.map_err(Error::Invalid)?;
        Ok(match actions::decide(c, act, id, &decision)? {
            Outcome::Granted(clearance) => Done::new(
                format!("/clearances/{clearance}"),
                "The clearance is granted.",
            ),
            Outcome::Returned => Done::new(
                format!("/sign-offs/{id}"),
                "The sign-off is returned. The ramp goes on.",
            ),
        })
    })
    .await;
    answer_or_show(&req, id, fields, answer).await
}
