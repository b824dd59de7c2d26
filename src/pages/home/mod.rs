//! The home page.

pub mod build;
pub mod drills;
pub mod flags;
pub mod interim;
pub mod library;
pub mod proposals;
pub mod sessions;
pub mod setup;
pub mod shifts;
pub mod waiting;
pub mod waivers;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::clock::Reckoning;
use crate::domain::ramp::model::Ramp;
use crate::domain::stale::TOLD_DAYS;
use crate::error::Result;
use crate::pages::home::build::{Home, concerns};
use crate::pages::home::proposals::Proposal;
use crate::pages::home::sessions::Ahead;
use crate::pages::home::setup::Setup;
use crate::pages::parts::planned::PlannedView;
use crate::pages::request::old_read;
use crate::pages::status::StatusBadge;
use crate::usecases::dossier::progress::Progress;
use crate::usecases::home::store;
use crate::usecases::register::{Register, Scope};
use crate::web::time::TimeText;
use crate::web::{Page, html};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(home_page));
}

/// One thing that waits for the person.
pub(crate) struct Waiting {
    pub(crate) css: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) button: &'static str,
}

pub(crate) struct MenteeView {
    pub(crate) ramp_id: i64,
    /// Accepted: sessions and assessments can be written down.
    pub(crate) is_open: bool,
    pub(crate) name: String,
    pub(crate) area: String,
    pub(crate) mark: StatusBadge,
    pub(crate) last: Option<TimeText>,
    pub(crate) stale: bool,
    pub(crate) pace: Option<Reckoning>,
    pub(crate) open: String,
    pub(crate) assess: String,
    pub(crate) next: Option<PlannedView>,
    pub(crate) actions: Vec<String>,
}

pub(crate) struct GroupView {
    pub(crate) label: &'static str,
    pub(crate) percent: usize,
    pub(crate) met: usize,
    pub(crate) total: usize,
    pub(crate) word: &'static str,
    pub(crate) left: String,
}

pub(crate) struct GateView {
    /// `met`, `waived` or `open`.
    pub(crate) state: &'static str,
    pub(crate) name: &'static str,
    pub(crate) progress: String,
}

pub(crate) struct ObstacleView {
    pub(crate) href: String,
    pub(crate) what: String,
    pub(crate) detail: String,
    pub(crate) who: String,
    /// The session to come that covers it.
    pub(crate) covered: String,
    pub(crate) covered_href: String,
}

pub(crate) struct RampView {
    pub(crate) id: i64,
    pub(crate) area: String,
    pub(crate) mark: StatusBadge,
    pub(crate) is_open: bool,
    pub(crate) is_proposed: bool,
    pub(crate) pace: Option<Reckoning>,
    pub(crate) in_review: bool,
    pub(crate) mentors: String,
    pub(crate) starts: TimeText,
    pub(crate) target: TimeText,
    pub(crate) groups: Vec<GroupView>,
    pub(crate) gates: Vec<GateView>,
    pub(crate) gates_met: usize,
    pub(crate) obstacles: Vec<ObstacleView>,
    pub(crate) more: usize,
    pub(crate) next: Option<PlannedView>,
    pub(crate) actions: Vec<String>,
}

pub(crate) struct StepView {
    pub(crate) eyebrow: String,
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) href: String,
    pub(crate) button: &'static str,
}

pub(crate) struct LedArea {
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) css: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
    pub(crate) share: String,
    pub(crate) ramping: String,
    pub(crate) ending: Vec<(String, String, StatusBadge)>,
}

pub(crate) struct LedRamp {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) mark: StatusBadge,
    pub(crate) mentors: String,
    pub(crate) target: TimeText,
}

/// What became of a line that the person flagged as stale.
pub(crate) struct ToldView {
    pub(crate) code: String,
    pub(crate) area: String,
    pub(crate) slug: String,
    /// Why it was closed without a change; empty when a version answered it.
    pub(crate) reason: String,
    pub(crate) when: TimeText,
}

/// A reading club of the next days.
pub(crate) struct ClubView {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) when: TimeText,
    pub(crate) leader: String,
}

/// A post-mortem of about this day in another year.
pub(crate) struct RememberedView {
    pub(crate) slug: String,
    pub(crate) title: String,
    /// `One year ago`
    pub(crate) ago: String,
    pub(crate) when: TimeText,
    /// Names of those of its areas that concern the person.
    pub(crate) areas: String,
}

pub(crate) struct ClearanceView {
    pub(crate) id: i64,
    pub(crate) area: String,
    pub(crate) mark: StatusBadge,
    pub(crate) ends: TimeText,
    /// Conditions that nobody has ticked off.
    pub(crate) conditions: i64,
}

/// What waits for a person, their ramps, their mentees, and the areas they lead.
#[derive(Template)]
#[template(path = "home/home.html")]
pub struct HomePage {
    pub(crate) page: Page,
    pub(crate) name: String,
    pub(crate) teams: String,
    pub(crate) is_new: bool,
    pub(crate) setup: Option<Setup>,
    pub(crate) step: Option<StepView>,
    pub(crate) proposals: Vec<Proposal>,
    pub(crate) waiting: Vec<Waiting>,
    /// From that many on a list is not all there is.
    pub(crate) first: usize,
    /// Clearances shown among the areas the person leads.
    pub(crate) endings: usize,
    pub(crate) mentees: Vec<MenteeView>,
    pub(crate) ramps: Vec<RampView>,
    pub(crate) leads: bool,
    pub(crate) areas: Vec<LedArea>,
    pub(crate) led: Vec<LedRamp>,
    pub(crate) told: Vec<ToldView>,
    pub(crate) clubs: Vec<ClubView>,
    pub(crate) remembered: Vec<RememberedView>,
    pub(crate) clearances: Vec<ClearanceView>,
    /// Where a real incident is logged, if that keeps a clearance of theirs alive.
    pub(crate) log: Option<String>,
}

async fn home_page(req: HttpRequest) -> Result<HttpResponse> {
    let (page, home) = old_read(&req, load).await?;
    html(&home.in_shell(page))
}

/// What home shows to whoever asks.
pub fn load(c: &mut Conn, context: &ReadContext) -> Result<HomePage> {
    let register = Register::load(c, &Scope::Mine, &context.actor, context.now.day())?;
    // The engine is asked only about ramps this person sees on the page.
    let shown: Vec<Ramp> = register
        .ramps()
        .iter()
        .filter(|r| concerns(r, &register, &context.actor))
        .cloned()
        .collect();
    let progress = Progress::load(c, &shown, register.standards(), register.today())?;
    let proposals = proposals::of(&register, &progress, &shown, context);
    let ahead = Ahead::load(c, &shown)?;
    let me = context.actor.id.unwrap_or_default();
    let answers_for: Vec<i64> = register
        .areas()
        .iter()
        .filter(|a| a.archived_at.is_none())
        .map(|a| a.id)
        .filter(|id| register.qualifiers(*id).contains(&me))
        .collect();
    let since = context.now.plus_hours(-24 * TOLD_DAYS);
    let days = (since, context.local.today());
    let concerns = store::concerns(c, &answers_for, me, days)?;
    let setup = setup::load(c, &register, context)?;
    let home = Home {
        register,
        progress,
        ahead,
        flags: concerns.flags,
        shifts: concerns.shifts,
        drills: concerns.drills,
        clubs: concerns.clubs,
        anniversaries: concerns.anniversaries,
        context: context.clone(),
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
