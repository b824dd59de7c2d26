//! The home page itself.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::build::Home;
use super::hero::{Hero, Way};
use super::setup::Setup;
use super::welcome::Welcome;
use super::{
    ClearanceView, ClosedFlag, ClubView, GoalView, LedArea, LedRamp, MenteeView, PlannedRamp,
    RampView, RememberedView, goal, setup,
};
use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::notification::{Kind, store};
use crate::error::Result;
use crate::pages::parts::waiting::Waiting;
use crate::pages::request::show;
use crate::usecases::home::mine::Mine;
use crate::usecases::kpi::goals;
use crate::usecases::register::store::HOME_LIMIT;
use crate::web::Page;

/// Lines of a list on home before the rest of it is folded.
const UNFOLDED: usize = 4;

#[derive(Template)]
#[template(path = "home/show.html")]
pub struct HomePage {
    page: Page,
    name: String,
    teams: String,
    is_new: bool,
    setup: Option<Setup>,
    welcome: Option<Welcome>,
    hero: Option<Hero>,
    waiting: Vec<Waiting>,
    /// What waits too, folded.
    waiting_too: Vec<Waiting>,
    /// What waits and is not in the list; the inbox has it.
    more: usize,
    /// From that many on a list is not all there is.
    first: usize,
    /// Clearances shown among the areas the person leads.
    endings: usize,
    mentees: Vec<MenteeView>,
    ramps: Vec<RampView>,
    planned: Vec<PlannedRamp>,
    leads: bool,
    areas: Vec<LedArea>,
    led: Vec<LedRamp>,
    led_too: Vec<LedRamp>,
    closed_flags: Vec<ClosedFlag>,
    clubs: Vec<ClubView>,
    remembered: Vec<RememberedView>,
    clearances: Vec<ClearanceView>,
    /// The goals of their teams.
    goals: Vec<GoalView>,
    /// Where a real incident is logged, if that keeps a clearance of theirs alive.
    log: Option<String>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, load).await
}

pub fn load(c: &mut Conn, context: &ReadContext, page: Page) -> Result<HomePage> {
    let mine = Mine::load(c, context, HOME_LIMIT.into())?;
    let setup = setup::load(c, &mine.register, context)?;
    let more = match context.past {
        None => more_waits(c, &mine)?,
        Some(_) => 0,
    };
    let goals = match context.past {
        None if !context.actor.teams.is_empty() => goals::of_teams(c, &context.actor.teams)?,
        _ => Vec::new(),
    };
    let goals = goals.iter().map(|g| goal(g, &context.local)).collect();
    Ok(HomePage {
        goals,
        ..page_of(page, &Home(mine), (setup, more))
    })
}

/// How much the person was told that waits beyond what is listed. Asked only where the list is long.
fn more_waits(c: &mut Conn, mine: &Mine) -> Result<usize> {
    let listed: Vec<String> = mine.waiting().iter().map(|w| w.cause.key()).collect();
    if listed.len() < usize::from(HOME_LIMIT) {
        return Ok(0);
    }
    let told = store::open(c, mine.me(), Kind::waits, mine.now)?;
    Ok(told.iter().filter(|(_, key)| !listed.contains(key)).count())
}

fn page_of(page: Page, home: &Home, (setup, more): (Option<Setup>, usize)) -> HomePage {
    let (register, actor, me) = (&home.register, &home.actor, home.me());
    let (mine, mut mentored) = (home.own(), home.mentored());
    mentored.sort_by_key(|ramp| home.is_planned(ramp));
    let mut waits = home.waiting();
    let hero = match setup {
        // It says what comes next.
        Some(_) => None,
        None => home.hero(&mut waits),
    };
    let mut waiting: Vec<Waiting> = waits.into_iter().map(|w| Waiting::of(w, &[])).collect();
    let waiting_too = waiting.split_off(waiting.len().min(UNFOLDED));
    let hero_ramp = hero.as_ref().and_then(|h| h.ramp);
    let mut led = home.led_ramps();
    let led_too = led.split_off(led.len().min(UNFOLDED));
    let begun = mine.iter().filter(|ramp| !home.is_planned(ramp));
    let areas = home.areas();
    HomePage {
        page: page.titled("home", "Home"),
        more,
        first: HOME_LIMIT.into(),
        endings: areas.iter().map(|a| a.ending.len()).sum(),
        name: actor.name.clone(),
        teams: register.team_names(me).collect::<Vec<_>>().join(", "),
        is_new: register.areas().is_empty(),
        welcome: home.welcome().filter(|_| setup.is_none()),
        hero,
        setup,
        waiting,
        waiting_too,
        mentees: mentored.iter().map(|r| home.mentee(r)).collect(),
        ramps: begun
            .map(|ramp| home.ramp(ramp, hero_ramp == Some(ramp.id)))
            .collect(),
        planned: home.planned(),
        leads: !actor.leads.is_empty(),
        areas,
        led,
        led_too,
        closed_flags: home.closed_flags(),
        clubs: home.clubs_ahead(),
        remembered: home.remembered(),
        clearances: home.clearances(me),
        goals: Vec::new(),
        log: home.log(me),
    }
}
