//! The pages of the board: people by areas, the same for a spreadsheet and for a screen, and the teams of a large
//! organisation.

mod columns;
#[cfg(test)]
mod fixture;
mod lists;
pub mod screen;
pub mod screens;
pub mod show;
pub mod strip;
pub mod table;
pub mod teams;
#[cfg(test)]
mod tests;

use actix_web::web;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::model::Team;
use crate::domain::people::{team_of, team_word};
use crate::error::Result;
use crate::pages::board::strip::{View, Words};
use crate::usecases::board::{Board, Filter, build, store, team_shown};
use crate::usecases::dossier::progress::Progress;
use crate::usecases::register::{Register, Scope};
use crate::web::Fields;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/board", web::get().to(show::page))
        .route("/board.csv", web::get().to(table::download))
        .route("/board.xlsx", web::get().to(table::download))
        .route("/board/screens", web::get().to(screens::page))
        .route("/board/screens/address", web::post().to(screens::make))
        .route("/board/screens/end", web::post().to(screens::end))
        .route("/screen/{token}", web::get().to(screen::by_address))
        .route("/board/teams", web::get().to(teams::page))
        .route("/board/teams.csv", web::get().to(teams::table))
        .route("/board/teams.xlsx", web::get().to(teams::table));
}

/// What is asked for, looked up and decided.
struct Shown {
    register: Register,
    board: Board,
    filter: Filter,
    words: Words,
    /// Teams to choose from, by name.
    teams: Vec<Team>,
    /// The team before the one shown, where boards are paged by team.
    previous: Option<Team>,
    next: Option<Team>,
    /// There are more people than one board shows.
    is_large: bool,
    /// Less than all is asked for.
    is_filtered: bool,
}

/// What is asked for, looked up: at most eight queries with the one that says who asks, whatever the rows.
fn shown(c: &mut Conn, context: &ReadContext, query: &Fields) -> Result<Shown> {
    let word = query.trimmed("team");
    let (teams, is_large) = store::teams_of_board(c, word, &context.actor)?;
    let asked = team_of(word, &teams);
    let team = team_shown(asked, is_large, &context.actor.teams, &teams);
    let scope = team.map_or(Scope::Everyone, |id| Scope::Team { id, is_large });
    let register = Register::load(c, &scope, &context.actor, context.now.day())?;
    let progress = Progress::load(c, register.ramps(), register.standards(), register.today())?;
    let filter = Filter::parse(
        team,
        query.trimmed("area"),
        query.trimmed("show"),
        query.trimmed("sort"),
        register.areas(),
    );
    let chosen = teams.iter().find(|t| team == Some(t.id));
    let (previous, next) = match chosen {
        Some(team) if is_large => store::neighbours(c, team)?,
        _ => (None, None),
    };
    let word = chosen.map(team_word).unwrap_or_default();
    let view = View::parse(query.trimmed("view")).unwrap_or(View::Fitting);
    Ok(Shown {
        board: build(&register, &progress.readiness, filter),
        words: Words {
            all_columns: query.trimmed("columns") == "all",
            ..Words::of(filter, word, view, context.past, &register)
        },
        is_filtered: filter
            != Filter {
                team: if is_large { team } else { None },
                ..Filter::ALL
            },
        register,
        filter,
        teams,
        previous,
        next,
        is_large,
    })
}
