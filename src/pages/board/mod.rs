//! The pages of the board: people by areas, the same for a spreadsheet, and the teams of a large organisation.

#[expect(
    clippy::module_inception,
    reason = "a page file has the name of its template"
)]
pub mod board;
pub mod csv;
#[cfg(test)]
mod fixture;
pub mod strip;
pub mod teams;
#[cfg(test)]
mod tests;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::{team_of, team_word};
use crate::error::Result;
use crate::pages::board::board::{BoardPage, Shown};
use crate::pages::board::strip::{View, Words};
use crate::pages::request::{old_read_at, past_day};
use crate::usecases::board::{Filter, build, store, team_shown};
use crate::usecases::dossier::progress::Progress;
use crate::usecases::register::{Register, Scope};
use crate::web::{Fields, Past, form_status, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/board", web::get().to(board_page))
        .route("/board.csv", web::get().to(board_csv))
        .route("/board/teams", web::get().to(teams::page));
}

async fn board_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let at = past_day(&req, &query)?;
    let status = form_status(&at.errors);
    let asked = at.clone();
    let (page, board) =
        old_read_at(&req, &at, move |c, context| load(c, context, &query, asked)).await?;
    html_with(status, &board.in_shell(page))
}

async fn board_csv(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let at = past_day(&req, &query)?;
    at.errors.clone().or(())?;
    let (_, (today, file)) = old_read_at(&req, &at, move |c, context| {
        let shown = shown(c, context, &query)?;
        let file = csv::file(&shown.register, &shown.board)?;
        Ok((context.now.day(), file))
    })
    .await?;
    Ok(crate::web::csv::attachment(
        &format!("board-{today}.csv"),
        file,
    ))
}

/// What the board shows to whoever asks.
pub fn load(c: &mut Conn, context: &ReadContext, query: &Fields, past: Past) -> Result<BoardPage> {
    Ok(BoardPage::new(&shown(c, context, query)?, context, past))
}

/// What is asked for, looked up: at most eight queries with the one that says who asks, whatever the rows.
fn shown(c: &mut Conn, context: &ReadContext, query: &Fields) -> Result<Shown> {
    let word = query.trimmed("team");
    let (teams, is_large) = store::teams_of_board(c, word, &context.actor)?;
    let asked = team_of(word, &teams);
    let team = team_shown(asked, is_large, &context.actor.teams, &teams);
    let scope = team.map_or(Scope::Everybody, |id| Scope::Team { id, is_large });
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
        words: Words::of(filter, word, view, context.past, &register),
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
