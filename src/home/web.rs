//! The home page.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::build::{Home, concerns};
use super::proposals::{self, Proposal};
use super::sessions::Ahead;
use super::setup::{self, Setup};
use super::store;
use crate::auth::request::{Asking, read};
use crate::db::Conn;
use crate::error::Result;
use crate::ramp::clock::Reckoning;
use crate::ramp::progress::Progress;
use crate::ramp::store::Ramp;
use crate::register::look::Mark;
use crate::register::{Register, Scope};
use crate::session::words::PlannedView;
use crate::stale::TOLD_DAYS;
use crate::web::time::When;
use crate::web::{Page, html};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(home_page));
}

/// One thing that waits for the person.
pub(super) struct Waiting {
    pub(super) css: &'static str,
    pub(super) icon: &'static str,
    pub(super) href: String,
    pub(super) title: String,
    pub(super) note: String,
    pub(super) button: &'static str,
}

pub(super) struct MenteeView {
    pub(super) ramp_id: i64,
    /// Accepted: sessions and assessments can be written down.
    pub(super) is_open: bool,
    pub(super) name: String,
    pub(super) area: String,
    pub(super) mark: Mark,
    pub(super) last: Option<When>,
    pub(super) stale: bool,
    pub(super) pace: Option<Reckoning>,
    pub(super) open: String,
    pub(super) assess: String,
    pub(super) next: Option<PlannedView>,
    pub(super) actions: Vec<String>,
}

pub(super) struct GroupView {
    pub(super) label: &'static str,
    pub(super) percent: usize,
    pub(super) met: usize,
    pub(super) total: usize,
    pub(super) word: &'static str,
    pub(super) left: String,
}

pub(super) struct GateView {
    /// `met`, `waived` or `open`.
    pub(super) state: &'static str,
    pub(super) name: &'static str,
    pub(super) progress: String,
}

pub(super) struct ObstacleView {
    pub(super) href: String,
    pub(super) what: String,
    pub(super) detail: String,
    pub(super) who: String,
    /// The session to come that covers it.
    pub(super) covered: String,
    pub(super) covered_href: String,
}

pub(super) struct RampView {
    pub(super) id: i64,
    pub(super) area: String,
    pub(super) mark: Mark,
    pub(super) is_open: bool,
    pub(super) is_proposed: bool,
    pub(super) pace: Option<Reckoning>,
    pub(super) in_review: bool,
    pub(super) mentors: String,
    pub(super) starts: When,
    pub(super) target: When,
    pub(super) groups: Vec<GroupView>,
    pub(super) gates: Vec<GateView>,
    pub(super) gates_met: usize,
    pub(super) obstacles: Vec<ObstacleView>,
    pub(super) more: usize,
    pub(super) next: Option<PlannedView>,
    pub(super) actions: Vec<String>,
}

pub(super) struct StepView {
    pub(super) eyebrow: String,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) href: String,
    pub(super) button: &'static str,
}

pub(super) struct LedArea {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) css: &'static str,
    pub(super) icon: &'static str,
    pub(super) word: String,
    pub(super) share: String,
    pub(super) ramping: String,
    pub(super) ending: Vec<(String, String, Mark)>,
}

pub(super) struct LedRamp {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) mark: Mark,
    pub(super) mentors: String,
    pub(super) target: When,
}

/// What became of a line that the person flagged as stale.
pub(super) struct ToldView {
    pub(super) code: String,
    pub(super) area: String,
    pub(super) slug: String,
    /// Why it was closed without a change; empty when a version answered it.
    pub(super) reason: String,
    pub(super) when: When,
}

/// A reading club of the next days.
pub(super) struct ClubView {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) when: When,
    pub(super) leader: String,
}

/// A post-mortem of about this day in another year.
pub(super) struct RememberedView {
    pub(super) slug: String,
    pub(super) title: String,
    /// `One year ago`
    pub(super) ago: String,
    pub(super) when: When,
    /// Names of those of its areas that concern the person.
    pub(super) areas: String,
}

pub(super) struct ClearanceView {
    pub(super) id: i64,
    pub(super) area: String,
    pub(super) mark: Mark,
    pub(super) ends: When,
    /// Conditions that nobody has ticked off.
    pub(super) conditions: i64,
}

/// What waits for a person, their ramps, their mentees, and the areas they lead.
#[derive(Template)]
#[template(path = "home/home.html")]
pub struct HomePage {
    pub(super) page: Page,
    pub(super) name: String,
    pub(super) teams: String,
    pub(super) is_new: bool,
    pub(super) setup: Option<Setup>,
    pub(super) step: Option<StepView>,
    pub(super) proposals: Vec<Proposal>,
    pub(super) waiting: Vec<Waiting>,
    /// From that many on a list is not all there is.
    pub(super) first: usize,
    /// Clearances shown among the areas the person leads.
    pub(super) endings: usize,
    pub(super) mentees: Vec<MenteeView>,
    pub(super) ramps: Vec<RampView>,
    pub(super) leads: bool,
    pub(super) areas: Vec<LedArea>,
    pub(super) led: Vec<LedRamp>,
    pub(super) told: Vec<ToldView>,
    pub(super) clubs: Vec<ClubView>,
    pub(super) remembered: Vec<RememberedView>,
    pub(super) clearances: Vec<ClearanceView>,
    /// Where a real incident is logged, if that keeps a clearance of theirs alive.
    pub(super) log: Option<String>,
}

async fn home_page(req: HttpRequest) -> Result<HttpResponse> {
    let (page, home) = read(&req, load).await?;
    html(&home.in_shell(page))
}

/// What home shows to whoever asks.
pub fn load(c: &mut Conn, asking: &Asking) -> Result<HomePage> {
    let register = Register::load(c, &Scope::Mine, &asking.actor, asking.now.day())?;
    // The engine is asked only about ramps this person sees on the page.
    let shown: Vec<Ramp> = register
        .ramps()
        .iter()
        .filter(|r| concerns(r, &register, &asking.actor))
        .cloned()
        .collect();
    let progress = Progress::load(c, &shown, register.standards(), register.today())?;
    let proposals = proposals::of(&register, &progress, &shown, asking);
    let ahead = Ahead::load(c, &shown)?;
    let me = asking.actor.id.unwrap_or_default();
    let answers_for: Vec<i64> = register
        .areas()
        .iter()
        .filter(|a| a.archived_at.is_none())
        .map(|a| a.id)
        .filter(|id| register.qualifiers(*id).contains(&me))
        .collect();
    let since = asking.now.plus_hours(-24 * TOLD_DAYS);
    let days = (since, asking.dial.today());
    let concerns = store::concerns(c, &answers_for, me, days)?;
    let setup = setup::load(c, &register, asking)?;
    let home = Home {
        register,
        progress,
        ahead,
        flags: concerns.flags,
        shifts: concerns.shifts,
        drills: concerns.drills,
        clubs: concerns.clubs,
        anniversaries: concerns.anniversaries,
        asking: asking.clone(),
        shown,
    };
    Ok(HomePage {
        proposals,
        setup,
        ..home.page()
    })
}

impl HomePage {
    /// The page as it is sent.
    pub fn in_shell(self, page: Page) -> Self {
        Self {
            page: page.titled("home", "Home"),
            ..self
        }
    }
}
