//! The teams as pages of the board: how many of their people are what.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people;
use crate::domain::people::model::Team;
use crate::domain::people::team_word;
use crate::error::Result;
use crate::pages::board::strip::plural;
use crate::pages::parts::table::download_at;
use crate::pages::request::{other_day, show_at};
use crate::usecases::board::store;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Fields, Page, Past};

/// Teams on one page.
const PAGE: usize = 50;

const HEADER: [&str; 7] = [
    "Team",
    "People",
    "Cleared",
    "Expiring",
    "Lapsed",
    "Ramping",
    "To sign off",
];

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
    files: Files,
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
    Ok(TeamsPage {
        page: page.titled("board", past.titled("Board by team")),
        files: Files::on("/board/teams", &past),
        past,
        teams: lines(c, context, on_page)?,
        total: plural(teams.len(), "team", "teams"),
        here,
        pages,
    })
}

/// All teams as a file.
pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = other_day(&req, &query)?;
    download_at(&req, query, &past, |c, context, _| {
        let teams = people::store::teams(c)?;
        let mut table = Table::new("board-by-team", &HEADER);
        for line in lines(c, context, teams.iter().collect())? {
            let counts = [
                line.people,
                line.cleared,
                line.expiring,
                line.lapsed,
                line.ramping,
                line.to_sign_off,
            ];
            let name = std::iter::once(Cell::text(line.name));
            table
                .rows
                .push(name.chain(counts.map(Cell::Number)).collect());
        }
        Ok(table)
    })
    .await
}

fn lines(c: &mut Conn, context: &ReadContext, teams: Vec<&Team>) -> Result<Vec<TeamLine>> {
    let ids: Vec<i64> = teams.iter().map(|t| t.id).collect();
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
    let lines = teams.into_iter().map(|team| {
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
    Ok(lines.collect())
}
