//! What the overview of a ramp shows: the dossier in the words of the viewer.

pub mod head;
pub mod history;
pub mod lines;

use self::history::History;
use self::lines::GateView;
use crate::domain::people::Actor;
use crate::domain::ramp::PairingRole;
use crate::domain::ramp::arrange::Transition;
use crate::domain::ramp::clock::PaceReport;
use crate::domain::readiness::{ObstacleKind, TickedBy};
use crate::domain::session::plan::{code_of, covering, holder};
use crate::pages::parts::links;
use crate::pages::parts::planned::{PlannedView, booked};
use crate::pages::ramp::gaps;
use crate::pages::ramp::gaps::GapView;
use crate::pages::ramp::sessions::planned;
use crate::pages::ramp::shifts;
use crate::pages::ramp::shifts::ShiftLine;
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::upgrade;
use crate::usecases::session::actions::may_record;
use crate::usecases::session::planning::may_plan;

/// Sessions, and shifts, to come that the overview shows; the others are on their own part.
const AHEAD_SHOWN: usize = 1;

pub(crate) struct Overview {
    /// The newer version that is offered, where the viewer may take it.
    pub newer: Option<i32>,
    pub version: i32,
    /// Waivers that wait to be decided.
    pub waivers_pending: usize,
    pub gates: Vec<GateView>,
    pub gates_met: usize,
    pub obstacles: Vec<ObstacleView>,
    pub next: NextView,
    pub interval_days: i32,
    /// Who has still to accept it, while it is proposed.
    pub awaited: Option<String>,
    pub pace: Option<PaceReport>,
    /// The clock stands still.
    pub is_stopped: bool,
    /// What the viewer may arrange.
    pub transitions: Vec<TransitionLink>,
    pub gaps: Vec<GapView>,
    pub gaps_open: usize,
}

/// What is planned next, and what is agreed until then.
pub(crate) struct NextView {
    pub sessions: Vec<PlannedView>,
    /// To debrief.
    pub due: Vec<ShiftLine>,
    pub shifts: Vec<ShiftLine>,
    /// Planned ones that are not shown.
    pub more: usize,
    pub actions: usize,
    pub may_plan: bool,
    pub may_record: bool,
}

impl NextView {
    fn of(d: &Dossier, actor: &Actor, local: &LocalTime) -> Self {
        let (mut sessions, mut shifts) = (planned(d, local), shifts::ahead(d, local));
        let all = sessions.len() + shifts.len();
        sessions.truncate(AHEAD_SHOWN);
        shifts.truncate(AHEAD_SHOWN);
        Self {
            more: all - sessions.len() - shifts.len(),
            sessions,
            due: shifts::due(d, local),
            shifts,
            actions: d.next_actions.len(),
            may_plan: may_plan(d, actor).is_ok(),
            may_record: may_record(d, actor).is_ok(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.shifts.is_empty() && self.due.is_empty()
    }
}

pub(crate) struct TransitionLink {
    pub word: &'static str,
    pub href: String,
    pub label: String,
}

impl TransitionLink {
    /// Accepting and declining are offered on top of the page.
    pub(crate) fn is_answer(&self) -> bool {
        matches!(self.word, "accept" | "decline")
    }
}

pub(crate) struct ObstacleView {
    pub what: String,
    pub detail: String,
    pub who: String,
    pub href: String,
    /// The session to come that covers it, or where one is planned.
    pub covered: String,
    pub covered_href: String,
}

impl Overview {
    /// There is something to arrange other than answering a proposal.
    pub(crate) fn has_transitions(&self) -> bool {
        self.transitions.iter().any(|t| !t.is_answer())
    }

    pub(crate) fn of(d: &Dossier, history: &History, actor: &Actor, local: &LocalTime) -> Self {
        Self {
            newer: d
                .newer
                .filter(|_| upgrade::fits(d.ramp.state) && upgrade::may_upgrade(&d.parties, actor))
                .map(|(_, version)| version),
            version: d.standard.version,
            waivers_pending: lines::pending(d, local),
            gates: lines::gates(d, local),
            gates_met: d.readiness.gates_met(),
            obstacles: match d.ramp.closed_at {
                None => obstacles(d, actor, local),
                Some(_) => Vec::new(),
            },
            next: NextView::of(d, actor, local),
            interval_days: d
                .pairings
                .iter()
                .find(|p| p.until.is_none())
                .map_or(7, |p| p.interval_days),
            awaited: d.awaited(),
            pace: history.pace(d, local.now().day()),
            is_stopped: history.clock(d).is_stopped(),
            transitions: transitions(d, actor),
            gaps: gaps::views(d, local),
            gaps_open: d.readiness.gaps_open,
        }
    }
}

/// What a viewer may arrange, as links.
fn transitions(d: &Dossier, actor: &Actor) -> Vec<TransitionLink> {
    let (state, parties) = (d.ramp.state, &d.parties);
    Transition::offered(state, parties, &d.pairings, &d.accepted, actor)
        .into_iter()
        .map(|(transition, role)| {
            let (query, whose) = match (transition, role) {
                (Transition::HandOver, PairingRole::Primary) => ("", " the primary part"),
                (Transition::HandOver, PairingRole::Secondary) => {
                    ("?role=secondary", " the secondary part")
                }
                _ => ("", ""),
            };
            TransitionLink {
                word: transition.word(),
                href: format!("/ramps/{}/{}{query}", d.ramp.id, transition.word()),
                label: format!("{}{whose}", transition.label()),
            }
        })
        .collect()
}

fn obstacles(d: &Dossier, actor: &Actor, local: &LocalTime) -> Vec<ObstacleView> {
    let (is_mentee, is_mentor) = (d.parties.is_mentee(actor), d.parties.is_mentor(actor));
    let plannable = may_plan(d, actor).is_ok();
    let mentors: Vec<_> = d
        .pairings
        .iter()
        .filter(|p| p.until.is_none())
        .map(|p| d.person(p.mentor_id).name)
        .collect();
    let (mentee, mentors) = (d.mentee().name, mentors.join(" or "));
    d.readiness
        .obstacles
        .iter()
        .map(|o| {
            let by_shift = shifts::covered(d, &o.kind, actor, local);
            let covered = by_shift.unwrap_or_else(|| covered(d, &o.kind, plannable, local));
            (o, covered)
        })
        .map(|(o, (covered, covered_href))| ObstacleView {
            covered,
            covered_href,
            what: o.what.clone(),
            detail: o.detail.clone(),
            who: match (o.ticked_by == TickedBy::Mentee, is_mentee, is_mentor) {
                (true, true, _) | (false, _, true) => "You".into(),
                (true, false, _) => mentee.to_owned(),
                (false, ..) => mentors.clone(),
            },
            href: links::of_obstacle(d.ramp.id, &o.kind),
        })
        .collect()
}

/// Which session to come covers what stands in the way; for a competency that none covers, where one is planned.
fn covered(
    d: &Dossier,
    kind: &ObstacleKind,
    plannable: bool,
    local: &LocalTime,
) -> (String, String) {
    if let Some(plan) = covering(kind, &d.plans, local.now()) {
        let mentor = d.person(holder(plan.mentor_id, &d.parties.mentors));
        return (
            booked(local, plan, mentor.name),
            format!("/sessions/{}", plan.id),
        );
    }
    let planning = format!("/ramps/{}/sessions/plan", d.ramp.id);
    match kind {
        ObstacleKind::Item(_) => Default::default(),
        _ if !plannable => Default::default(),
        kind => match code_of(kind) {
            Some(code) => ("Plan a session".into(), format!("{planning}?topic={code}")),
            None => ("Plan a session".into(), planning),
        },
    }
}
