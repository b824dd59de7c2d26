//! The sessions and shifts of a ramp: those to come, what was agreed to do, those that were held.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::people::Actor;
use crate::domain::ramp::part::Part;
use crate::domain::session::SessionState;
use crate::domain::session::lifecycle;
use crate::domain::session::model::Session;
use crate::domain::session::plan::holder;
use crate::error::Result;
use crate::pages::parts::planned::PlannedView;
use crate::pages::ramp::shifts::ShiftsView;
use crate::pages::ramp::show_view::head::{RampHead, open};
use crate::pages::request::show;
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::actions;
use crate::usecases::session::next::may_tick;
use crate::usecases::session::planning::may_plan;
use crate::web::table::Files;
use crate::web::{Fields, Page};

/// Sessions shown at once; the others fold away.
const SESSIONS_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "ramp/sessions.html")]
struct SessionsPage {
    page: Page,
    ramp: RampHead,
    sessions: SessionsView,
    shifts: ShiftsView,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| {
        let (page, d, ramp) = open(c, context, page, (*id, Part::Sessions), &[])?;
        Ok(SessionsPage {
            page,
            ramp,
            sessions: SessionsView::of(&d, &context.actor, &context.local),
            shifts: ShiftsView::of(&d, &context.actor, &context.local),
        })
    })
    .await
}

pub(crate) struct SessionsView {
    pub files: Files,
    pub planned: Vec<PlannedView>,
    pub actions: Vec<ActionView>,
    pub held: Vec<SessionView>,
    /// Earlier ones, and those that were not held.
    pub rest: Vec<SessionView>,
    pub line: String,
    pub may_plan: bool,
    pub may_record: bool,
    pub may_tick: bool,
}

/// Something agreed to be done.
pub(crate) struct ActionView {
    pub id: i64,
    pub body: String,
    pub session_id: i64,
    pub since: TimeText,
}

pub(crate) struct SessionView {
    pub id: i64,
    pub when: TimeText,
    pub summary: String,
    pub kind: &'static str,
    /// `Undone`, `Corrected` or why it was not held.
    pub tag: Option<&'static str>,
    pub minutes: i32,
    pub mentor: String,
    /// What was practised in it; not said of those that are folded away.
    pub codes: Vec<String>,
}

impl SessionsView {
    pub(crate) fn of(d: &Dossier, actor: &Actor, local: &LocalTime) -> Self {
        let held: Vec<&Session> = d.sessions.iter().filter(|s| s.counts()).collect();
        let minutes: i32 = held.iter().map(|s| s.minutes).sum();
        let shown: Vec<i64> = held.iter().take(SESSIONS_SHOWN).map(|s| s.id).collect();
        let (first, rest): (Vec<&Session>, Vec<&Session>) = d
            .sessions
            .iter()
            .filter(|s| s.superseded_at.is_none() && !s.is_plan())
            .partition(|s| shown.contains(&s.id));
        let view = |s: &&Session| session(d, s, local);
        Self {
            files: Files::of(
                &format!("/ramps/{}/sessions", d.ramp.id),
                &Fields::default(),
            ),
            planned: planned(d, local),
            actions: d
                .next_actions
                .iter()
                .map(|a| ActionView {
                    id: a.id,
                    body: a.body.clone(),
                    session_id: a.session_id,
                    since: local.day_of(a.at),
                })
                .collect(),
            line: format!(
                "{} held, {} h {:02} min",
                held.len(),
                minutes / 60,
                minutes % 60
            ),
            held: first.iter().map(view).collect(),
            rest: rest
                .iter()
                .map(|s| SessionView {
                    codes: Vec::new(),
                    ..view(s)
                })
                .collect(),
            may_plan: may_plan(d, actor).is_ok(),
            may_record: actions::may_record(d, actor).is_ok(),
            may_tick: may_tick(d, actor).is_ok(),
        }
    }
}

pub(crate) fn planned(d: &Dossier, local: &LocalTime) -> Vec<PlannedView> {
    let mentee = (d.mentee().name, d.mentee().zone);
    d.plans
        .iter()
        .map(|plan| {
            let mentor = d.person(holder(plan.mentor_id, &d.parties.mentors));
            PlannedView::of(local, plan, (mentor.name, mentor.zone), mentee)
        })
        .collect()
}

fn session(d: &Dossier, s: &Session, local: &LocalTime) -> SessionView {
    let tag = if s.undone_at.is_some() {
        Some("Undone")
    } else if s.state != SessionState::Held {
        Some(s.state.label())
    } else {
        lifecycle::corrected(&d.sessions, s).map(|_| "Corrected")
    };
    let summary = match s.summary.as_str() {
        "" => s.kind.label(),
        words => words,
    };
    SessionView {
        id: s.id,
        when: local.day_of(s.starts_at),
        summary: summary.to_owned(),
        kind: s.kind.label(),
        tag,
        minutes: s.minutes,
        mentor: d.person(s.mentor_id).name.to_owned(),
        codes: d
            .observations
            .iter()
            .filter(|o| o.session_id == s.id)
            .map(|o| o.competency_code.clone())
            .collect(),
    }
}
