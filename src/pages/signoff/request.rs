//! The page where a sign-off is asked for; while a gate is open it says what is missing instead.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Actor;
use crate::domain::ramp::part::Part;
use crate::domain::readiness::{GateResult, Obstacle, ObstacleKind, TickedBy};
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::{Blocker, Key, Note, can_request, may_request};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::links as place;
use crate::pages::request::submit;
use crate::pages::signoff::key_panel::nobody;
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::actions;
use crate::usecases::signoff::signatories::Signatories;
use crate::web::{Done, Errors, Fields, Page};

/// A gate, and where its evidence is.
struct GateView {
    /// `met`, `waived` or `open`.
    state: &'static str,
    label: &'static str,
    progress: String,
    href: String,
}

/// Something that is missing, and where it is ticked off.
struct Missing {
    what: String,
    detail: String,
    who: &'static str,
    href: String,
}

/// A sign-off that is being decided already.
struct Open {
    id: i64,
    by: String,
    at: TimeText,
}

#[derive(Template)]
#[template(path = "signoff/request.html")]
struct RequestPage {
    page: Page,
    errors: Errors,
    note: String,
    ramp_id: i64,
    mentee: String,
    area: String,
    gates: Vec<GateView>,
    gates_met: usize,
    missing: Vec<Missing>,
    open: Option<Open>,
    /// Why it cannot be asked for now; empty when it can.
    blocker: String,
    /// Why it is not the viewer who asks; empty when it is.
    not_yours: String,
    /// Who can turn the first key.
    holders: String,
    /// What to do when nobody can.
    nobody: String,
    /// For someone who may turn the first key too: what the form says that it was sent from.
    edition: Option<String>,
    recommendation: String,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

pub(crate) async fn request(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let note = Note::parse(fields.get("note"));
    let signs = fields.get("do") == "sign";
    let words = Note::required(
        fields.get("recommendation"),
        "Write why you recommend the clearance.",
    );
    let shown = Edition::parse(fields.get("edition"));
    submit(&req, &fields, move |c, act| {
        let note = note.map_err(|sentence| Error::field("note", sentence))?;
        let (signoff, said) = if signs {
            let words = words.map_err(|sentence| Error::field("recommendation", sentence))?;
            let signoff = actions::request_and_turn(c, act, id, (&note, &words), &shown)?;
            (
                signoff,
                "The sign-off is asked for, and you turned the first key. The second key is due now.",
            )
        } else {
            let signoff = actions::request(c, act, id, &note)?;
            (signoff, "The sign-off is asked for. The first key is due.")
        };
        Ok(Done::new(format!("/sign-offs/{signoff}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, id, form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    id: i64,
    form: Form,
) -> Result<RequestPage> {
    let d = Dossier::load_for(c, id, &context.actor, context.now)?;
    let today = context.now.day();
    let signatories = Signatories::load(c, &[id], &[], today)?;
    let holders = signatories.key_holders(id, Key::First, None)?;
    let may_sign = holders.iter().any(|p| context.actor.is(p.id));
    let edition = match may_sign {
        true => Some(form.seen("edition", actions::before(&d)?)),
        false => None,
    };
    let names: Vec<&str> = holders.iter().map(|p| p.name.as_str()).collect();
    let mentee = d.mentee().name.to_owned();
    let is_theirs = may_request(&d.parties, &context.actor);
    // A form that cannot be accepted comes back only to a person who may send it.
    let not_yours = format!("Only {mentee} or a mentor of this ramp can ask for a sign-off.");
    if !is_theirs && form.typed().is_some() {
        return Err(Error::Forbidden(not_yours));
    }
    let blocker = can_request(d.ramp.state, d.ramp.starts_on, today, &d.readiness).err();
    Ok(RequestPage {
        page: page.titled(
            "ramps",
            format!("Ask for sign-off: {mentee}, {}", d.area.name),
        ),
        gates: d
            .readiness
            .gates
            .iter()
            .map(|g| gate(id, g, &context.local))
            .collect(),
        gates_met: d.readiness.gates_met(),
        missing: d
            .readiness
            .obstacles
            .iter()
            .map(|o| missing(&d, &context.actor, o))
            .collect(),
        open: d.open_signoff().map(|open| Open {
            id: open.id,
            by: d.person(open.requested_by).name.to_owned(),
            at: context.local.moment(open.requested_at),
        }),
        blocker: match blocker {
            Some(Blocker::NotStarted(day)) => {
                format!(
                    "This ramp begins on {}. A sign-off can be asked for from that day.",
                    context.local.day(day).text
                )
            }
            Some(other) => other.sentence(),
            None => String::new(),
        },
        not_yours: if is_theirs { String::new() } else { not_yours },
        nobody: if names.is_empty() {
            nobody(Key::First, &d.area, &mentee)
        } else {
            String::new()
        },
        holders: names.join(", "),
        ramp_id: id,
        mentee,
        area: d.area.name,
        note: form.fields.get("note").to_owned(),
        edition,
        recommendation: form.fields.get("recommendation").to_owned(),
        errors: form.errors,
    })
}

fn gate(ramp_id: i64, g: &GateResult, local: &LocalTime) -> GateView {
    GateView {
        state: g.word(),
        label: g.gate.label(),
        progress: match g.waived_until {
            Some(day) => format!("{}; waived until {}", g.progress, local.day(day).text),
            None => g.progress.clone(),
        },
        href: place::of_gate(ramp_id, g.gate.kind()),
    }
}

/// Where an obstacle is ticked off: the form for those who can, the place on the ramp page for the others.
fn missing(d: &Dossier, actor: &Actor, o: &Obstacle) -> Missing {
    let id = d.ramp.id;
    let is_mentor = d.parties.is_mentor(actor);
    let href = match &o.kind {
        ObstacleKind::Competency(code) => match d.standard.content.competency(code) {
            Some(competency) if is_mentor => {
                format!("/ramps/{id}/assess/{}", competency.group.word())
            }
            Some(competency) => Part::Competencies.at(id, competency.group.word()),
            None => Part::Overview.at(id, "gates"),
        },
        ObstacleKind::Sessions if is_mentor => format!("/sessions/new?ramp={id}"),
        kind => place::of_obstacle(id, kind),
    };
    Missing {
        what: o.what.clone(),
        detail: o.detail.clone(),
        who: match o.ticked_by {
            TickedBy::Mentee => "the mentee",
            TickedBy::Mentor => "a mentor",
        },
        href,
    }
}
