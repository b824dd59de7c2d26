//! The teams as pages of the board: how many of their people are what.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people;
use crate::domain::people::team_word;
use crate::error::Result;
use crate::pages::board::strip::plural;
use crate::pages::request::{other_day, show_at};
use crate::usecases::board::store;
use crate::web::{Fields, Page, Past};

/// Teams on one page.
const PAGE: usize = 50;

struct TeamLine {
    name: String,
    word: String,
    is_mine: bool,
    people: i64,
    cleared: i64,
    expiring: i64,
    lapsed: i64,
    ramping: i64,
    to_sign_off: i64,
}

#[derive(Template)]
#[template(path = "board/teams.html")]
struct TeamsPage {
    page: Page,
    past: Past,
    total: String,
    teams: Vec<TeamLine>,
    here: usize,
    pages: usize,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let wanted = query.trimmed("page").parse().unwrap_or(1);
    let past = other_day(&req, &query)?;
    let shown = past.clone();
    show_at(&req, &past, move |c, context, page| {
        load(c, context, page, wanted, shown)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    wanted: usize,
    past: Past,
) -> Result<TeamsPage> {
    let teams = people::store::teams(c)?;
    let pages = teams.len().div_ceil(PAGE).max(1);
    let here = wanted.clamp(1, pages);
    let on_page: Vec<_> = teams.iter().skip((here - 1) * PAGE).take(PAGE).collect();
    let ids: Vec<i64> = on_page.iter().map(|t| t.id).collect();
    let today = context.now.day();
    let clearance_counts: HashMap<i64, store::ClearanceCounts> =
        store::clearance_counts(c, &ids, today)?
            .into_iter()
            .map(|s| (s.team_id, s))
            .collect();
    let ramps: HashMap<i64, store::RampCounts> = store::ramp_counts(c, &ids, today)?
        .into_iter()
        .map(|w| (w.team_id, w))
        .collect();
    let lines = on_page.into_iter().map(|team| {
        let (standing, of_ramps) = (clearance_counts.get(&team.id), ramps.get(&team.id));
        TeamLine {
            name: team.name.clone(),
            word: team_word(team),
            is_mine: context.actor.teams.contains(&team.id),
            people: standing.map_or(0, |s| s.people),
            cleared: standing.map_or(0, |s| s.cleared),
            expiring: standing.map_or(0, |s| s.expiring),
            lapsed: standing.map_or(0, |s| s.lapsed),
            ramping: of_ramps.map_or(0, |w| w.ramping),
            to_sign_off: of_ramps.map_or(0, |w| w.to_sign_off),
        }
    });
    Ok(TeamsPage {
        page: page.titled("board", past.titled("Board by team")),
        past,
        teams: lines.collect(),
        total: plural(teams.len(), "team", "teams"),
        here,
        pages,
    })
}
