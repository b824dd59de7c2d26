//! The home page: what waits for a person, their ramps, their mentees, and the areas they lead.

pub mod build;
pub mod flags;
pub mod hero;
pub mod inbox;
pub mod lead;
pub mod library;
pub mod mail;
pub mod sessions;
pub mod setup;
pub mod show;
pub mod stop;
pub mod waivers;
pub mod welcome;

use actix_web::web;

use crate::domain::kpi::{Health, shown};
use crate::domain::people::team_word;
use crate::domain::ramp::clock::PaceReport;
use crate::pages::home::hero::Way;
use crate::pages::parts::planned::PlannedView;
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::{LocalTime, TimeText};
use crate::usecases::kpi::goals::TeamGoal;
use crate::usecases::kpi::subject::Whose;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(show::page))
        .route("/welcome", web::post().to(welcome::end))
        .route("/inbox", web::get().to(inbox::page))
        .route("/inbox/read", web::post().to(inbox::read_all))
        .route("/inbox/count", web::get().to(inbox::count))
        .route("/inbox/mail", web::get().to(mail::page))
        .route("/inbox/mail", web::post().to(mail::save))
        .route("/inbox/{id}", web::get().to(inbox::open))
        .route("/mail/{token}/{kind}", web::get().to(stop::page))
        .route("/mail/{token}/{kind}", web::post().to(stop::stop));
}

struct MenteeView {
    ramp_id: i64,
    /// Not begun.
    is_planned: bool,
    name: String,
    area: String,
    badge: StatusBadge,
    last: Option<TimeText>,
    stale: bool,
    pace: Option<PaceReport>,
    open: String,
    next: Option<PlannedView>,
    actions: Vec<String>,
}

struct GroupView {
    label: &'static str,
    percent: usize,
    met: usize,
    total: usize,
    word: &'static str,
    left: String,
}

struct GateView {
    /// `met`, `waived` or `open`.
    state: &'static str,
    name: &'static str,
    progress: String,
}

struct ObstacleView {
    href: String,
    what: String,
    detail: String,
    who: String,
    /// What the mentee does alone.
    way: Option<Way>,
    /// The session to come that covers it.
    covered: String,
    covered_href: String,
}

struct RampView {
    id: i64,
    area: String,
    badge: StatusBadge,
    is_running: bool,
    pace: Option<PaceReport>,
    in_review: bool,
    mentors: String,
    target: TimeText,
    is_late: bool,
    groups: Vec<GroupView>,
    gates: Vec<GateView>,
    gates_met: usize,
    lines_met: usize,
    lines: usize,
    /// The hero is its first open line.
    is_hero: bool,
    obstacles: Vec<ObstacleView>,
    more: usize,
    next: Option<PlannedView>,
    actions: Vec<String>,
}

/// An own ramp that has not begun.
struct PlannedRamp {
    id: i64,
    area: String,
    badge: StatusBadge,
    is_proposed: bool,
}

/// A goal of a team.
struct GoalView {
    label: &'static str,
    team: String,
    href: String,
    value: String,
    goal: String,
    /// The day of the value.
    day: Option<TimeText>,
    css: &'static str,
    icon: &'static str,
    word: &'static str,
    /// Why it has no number.
    why: &'static str,
}

fn goal(goal: &TeamGoal, local: &LocalTime) -> GoalView {
    let (kpi, unit) = (goal.kpi, goal.kpi.unit());
    let health = goal.known.map_or(Health::Unknown, |(.., health)| health);
    let (css, icon) = status::health(health);
    let measure = goal.known.map(|(_, measure, _)| measure);
    GoalView {
        label: kpi.label(),
        team: goal.team.name.clone(),
        href: Whose::Team(team_word(&goal.team)).figure(kpi),
        value: measure.map_or_else(|| "–".into(), |m| shown::measure(m, unit)),
        goal: goal.goal.map(|g| shown::goal(g, unit)).unwrap_or_default(),
        day: goal.known.map(|(day, ..)| local.day(day)),
        css,
        icon,
        word: health.label(),
        why: if goal.is_withheld { shown::TOO_FEW } else { "" },
    }
}

struct LedArea {
    name: String,
    slug: String,
    css: &'static str,
    icon: &'static str,
    word: String,
    share: String,
    ramping: String,
    /// Qualifiers who may sign, and whether they are enough.
    signers: i64,
    has_signers: bool,
    ending: Vec<(String, String, StatusBadge)>,
}

struct LedRamp {
    id: i64,
    mentee: String,
    area: String,
    badge: StatusBadge,
    pace: Option<PaceReport>,
    mentors: String,
    target: TimeText,
    /// The target has passed.
    is_late: bool,
    last: Option<TimeText>,
    is_stale: bool,
}

/// A flag of the person that was answered or closed.
struct ClosedFlag {
    code: String,
    area: String,
    slug: String,
    /// Why it was closed without a change; empty when a version answered it.
    reason: String,
    closed: TimeText,
}

/// A reading club of the next days.
struct ClubView {
    id: i64,
    title: String,
    starts: TimeText,
    leader: String,
}

/// A post-mortem of about this day in another year.
struct RememberedView {
    slug: String,
    title: String,
    /// `One year ago`
    ago: String,
    day: TimeText,
    /// Names of those of its areas that concern the person.
    areas: String,
}

struct ClearanceView {
    id: i64,
    area: String,
    badge: StatusBadge,
    ends: TimeText,
    /// Conditions that nobody has ticked off.
    conditions: i64,
}
