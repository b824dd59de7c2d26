//! What the ramp page shows: the dossier in the words of the viewer.

pub mod history;
pub mod lines;

use self::history::{History, Line};
use self::lines::{GateView, ItemGroupView};
use crate::domain::clearance::Standing;
use crate::domain::people::Actor;
use crate::domain::ramp::arrange::Transition;
use crate::domain::ramp::clock::PaceReport;
use crate::domain::ramp::{MarkKind, PairingRole, RampState};
use crate::domain::readiness;
use crate::domain::readiness::{BoardStatus, ObstacleKind, TickedBy};
use crate::domain::session::plan::{code_of, covering, holder};
use crate::domain::standard::Group;
use crate::pages::parts::links;
use crate::pages::parts::planned::booked;
use crate::pages::ramp::asked;
use crate::pages::ramp::asked::AskedView;
use crate::pages::ramp::gaps;
use crate::pages::ramp::gaps::GapView;
use crate::pages::ramp::levels::{GroupView, group, group_to_assess};
use crate::pages::ramp::sessions::SessionsView;
use crate::pages::ramp::shifts;
use crate::pages::ramp::shifts::ShiftsView;
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::upgrade;
use crate::usecases::session::planning::may_plan;

pub(crate) struct RampView {
    pub id: i64,
    pub title: String,
    pub mentee: String,
    pub mentee_handle: String,
    pub area: String,
    pub area_slug: String,
    pub status: StatusBadge,
    pub mentors: Vec<Mentor>,
    /// `Started`, or `Starts` while that day is ahead.
    pub start_word: &'static str,
    pub started: TimeText,
    pub target: TimeText,
    /// The newer version that is offered, where the viewer may take it.
    pub newer: Option<i32>,
    /// The clearance it renews.
    pub renews: Option<i64>,
    pub version: i32,
    pub groups: Vec<GroupView>,
    /// The group that the button opens.
    pub to_assess: Option<&'static str>,
    pub at_level: usize,
    pub competencies: usize,
    pub items: Vec<ItemGroupView>,
    pub items_checked: usize,
    pub items_total: usize,
    pub items_waived: usize,
    /// Waivers that wait to be decided.
    pub waivers_pending: usize,
    pub gates: Vec<GateView>,
    pub gates_met: usize,
    pub obstacles: Vec<ObstacleView>,
    pub sessions: SessionsView,
    pub shifts: ShiftsView,
    pub interval_days: i32,
    pub signoffs: Vec<SignoffView>,
    pub open_signoff: Option<i64>,
    /// Who has still to accept it, while it is proposed.
    pub awaited: Option<String>,
    pub history: Vec<Line>,
    pub pace: Option<PaceReport>,
    /// The clock stands still.
    pub is_stopped: bool,
    /// What the viewer may arrange.
    pub transitions: Vec<TransitionLink>,
    pub is_mentee: bool,
    pub is_mentor: bool,
    /// Accepted and not closed: work is recorded on it.
    pub is_open: bool,
    pub is_ready: bool,
    /// What keeps it from being ready, counted.
    pub open_words: String,
    pub gaps: Vec<GapView>,
    /// Open requests for observations.
    pub asked: Vec<AskedView>,
    pub gaps_open: usize,
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

pub(crate) struct Mentor {
    pub name: String,
    pub handle: String,
    pub role: &'static str,
    pub past: bool,
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

pub(crate) struct SignoffView {
    pub id: i64,
    pub state: &'static str,
    pub when: TimeText,
    pub note: String,
}

impl RampView {
    /// There is something to arrange other than answering a proposal.
    pub(crate) fn has_transitions(&self) -> bool {
        self.transitions.iter().any(|t| !t.is_answer())
    }

    pub(crate) fn of(d: &Dossier, history: &History, actor: &Actor, local: &LocalTime) -> Self {
        let content = &d.standard.content;
        let is_mentee = d.parties.is_mentee(actor);
        let is_open = d.is_open();
        let groups = Group::ALL.iter();
        let groups: Vec<_> = groups.filter_map(|g| group(d, *g, actor, local)).collect();
        Self {
            id: d.ramp.id,
            title: format!("{} on {}", d.mentee().name, d.area.name),
            mentee: d.mentee().name.to_owned(),
            mentee_handle: d.mentee().handle.to_owned(),
            area: d.area.name.clone(),
            area_slug: d.area.slug.clone(),
            status: badge(d, local),
            mentors: d
                .pairings
                .iter()
                .map(|p| Mentor {
                    name: d.person(p.mentor_id).name.to_owned(),
                    handle: d.person(p.mentor_id).handle.to_owned(),
                    role: p.role.label(),
                    past: p.until.is_some(),
                })
                .collect(),
            start_word: if d.ramp.starts_on > local.now().day() {
                "Starts"
            } else {
                "Started"
            },
            started: local.day(d.ramp.starts_on),
            target: local.day(d.ramp.target_on),
            newer: d
                .newer
                .filter(|_| upgrade::fits(d.ramp.state) && upgrade::may_upgrade(&d.parties, actor))
                .map(|(_, version)| version),
            renews: d.ramp.renews_id,
            version: d.standard.version,
            to_assess: group_to_assess(&groups, is_mentee),
            groups,
            at_level: d.readiness.competencies.iter().filter(|c| c.met).count(),
            competencies: content.competencies.len(),
            items: lines::items(d, actor, local),
            items_checked: d
                .readiness
                .items
                .iter()
                .filter(|i| i.mark == MarkKind::Checked)
                .count(),
            items_total: content.items.len(),
            items_waived: d
                .readiness
                .items
                .iter()
                .filter(|i| i.waived_until.is_some())
                .count(),
            waivers_pending: lines::pending(d, local),
            gates: lines::gates(d, local),
            gates_met: d.readiness.gates_met(),
            obstacles: if d.ramp.closed_at.is_none() {
                obstacles(d, actor, local)
            } else {
                Vec::new()
            },
            sessions: SessionsView::of(d, actor, local),
            shifts: ShiftsView::of(d, actor, local),
            interval_days: d
                .pairings
                .iter()
                .find(|p| p.until.is_none())
                .map_or(7, |p| p.interval_days),
            signoffs: d
                .signoffs
                .iter()
                .map(|s| SignoffView {
                    id: s.id,
                    state: s.state.label(),
                    when: local.day_of(s.decided_at.unwrap_or(s.requested_at)),
                    note: s.decision_note.clone().unwrap_or_default(),
                })
                .collect(),
            open_signoff: d.open_signoff().map(|s| s.id),
            awaited: d.awaited(),
            history: history.lines(d, local),
            pace: history.pace(d, local.now().day()),
            is_stopped: history.clock(d).is_stopped(),
            transitions: transitions(d, actor),
            is_mentee,
            is_mentor: d.parties.is_mentor(actor),
            is_open,
            is_ready: d.readiness.is_ready(),
            open_words: d.readiness.open_words(),
            gaps: gaps::views(d, local),
            asked: asked::views(d, local),
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

/// Open ramps in the board's own words; closed ones by how they ended.
fn badge(d: &Dossier, local: &LocalTime) -> StatusBadge {
    let today = local.now().day();
    let cell = readiness::cell(
        Standing::None,
        Some((d.ramp.state, d.ramp.starts_on, &d.readiness)),
        today,
    );
    let percent = d.readiness.percent();
    let detail = match cell.status {
        BoardStatus::Ramping => status::share(percent),
        BoardStatus::Planned => format!("from {}", local.day(d.ramp.starts_on).text),
        _ => String::new(),
    };
    match d.ramp.state {
        RampState::Cleared => StatusBadge::new(BoardStatus::Cleared, None, String::new()),
        RampState::Ended => StatusBadge {
            word: RampState::Ended.label(),
            ..StatusBadge::new(BoardStatus::NotPlanned, None, detail)
        },
        _ => StatusBadge::new(cell.status, Some(percent), detail),
    }
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
