//! The home page itself.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::build::Home;
use super::proposals::Proposal;
use super::sessions::Ahead;
use super::setup::Setup;
use super::{
    ClearanceView, ClosedFlag, ClubView, LedArea, LedRamp, MenteeView, RampView, RememberedView,
    StepView, Waiting, proposals, setup,
};
use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Actor;
use crate::domain::ramp::model::Ramp;
use crate::domain::stale::NOTICE_DAYS;
use crate::error::Result;
use crate::pages::request::show;
use crate::usecases::dossier::progress::Progress;
use crate::usecases::home::store;
use crate::usecases::register::store::HOME_LIMIT;
use crate::usecases::register::{Register, Scope};
use crate::web::Page;

#[derive(Template)]
#[template(path = "home/show.html")]
pub struct HomePage {
    page: Page,
    name: String,
    teams: String,
    is_new: bool,
    setup: Option<Setup>,
    step: Option<StepView>,
    proposals: Vec<Proposal>,
    waiting: Vec<Waiting>,
    /// From that many on a list is not all there is.
    first: usize,
    /// Clearances shown among the areas the person leads.
    endings: usize,
    mentees: Vec<MenteeView>,
    ramps: Vec<RampView>,
    leads: bool,
    areas: Vec<LedArea>,
    led: Vec<LedRamp>,
    closed_flags: Vec<ClosedFlag>,
    clubs: Vec<ClubView>,
    remembered: Vec<RememberedView>,
    clearances: Vec<ClearanceView>,
    /// Where a real incident is logged, if that keeps a clearance of theirs alive.
    log: Option<String>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, load).await
}

pub fn load(c: &mut Conn, context: &ReadContext, page: Page) -> Result<HomePage> {
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
    let since = context.now.plus_hours(-24 * NOTICE_DAYS);
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
    Ok(page_of(page, &home, proposals, setup))
}

/// The person's own ramp, one they mentor, or one of a team or area they lead.
fn concerns(ramp: &Ramp, register: &Register, actor: &Actor) -> bool {
    let parties = register.parties(ramp);
    parties.is_mentee(actor) || parties.is_mentor(actor) || parties.is_lead(actor)
}

fn page_of(page: Page, home: &Home, proposals: Vec<Proposal>, setup: Option<Setup>) -> HomePage {
    let (register, actor) = (&home.register, &home.context.actor);
    let me = actor.id.unwrap_or_default();
    let mut mine: Vec<&Ramp> = home.shown.iter().filter(|r| r.mentee_id == me).collect();
    mine.sort_by_key(|r| (r.target_on, r.id));
    let mut mentored: Vec<&Ramp> = home
        .shown
        .iter()
        .filter(|r| register.parties(r).is_mentor(actor))
        .collect();
    mentored.sort_by_key(|r| (r.target_on, r.id));
    let areas = home.areas();
    HomePage {
        page: page.titled("home", "Home"),
        first: HOME_LIMIT.into(),
        endings: areas.iter().map(|a| a.ending.len()).sum(),
        name: actor.name.clone(),
        teams: register.team_names(me).collect::<Vec<_>>().join(", "),
        is_new: register.areas().is_empty(),
        step: mine.iter().find_map(|r| home.step(r)),
        proposals,
        setup,
        waiting: home.waiting(&mine, &mentored),
        mentees: mentored.iter().map(|r| home.mentee(r, me)).collect(),
        ramps: mine.iter().map(|r| home.ramp(r)).collect(),
        leads: !actor.leads.is_empty(),
        areas,
        led: home.led(),
        closed_flags: home.closed_flags(),
        clubs: home.clubs_ahead(),
        remembered: home.remembered(),
        clearances: home.clearances(me),
        log: home.log(me),
    }
}
