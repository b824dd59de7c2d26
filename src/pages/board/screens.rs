//! The page of the wallboard: how to open it, and the secret addresses of the screens in the rooms of teams.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people;
use crate::domain::people::model::Team;
use crate::domain::people::{Names, team_word};
use crate::domain::screen::may_arrange;
use crate::error::{Error, Result};
use crate::pages::request::{Once, own_address, show, submit, submit_once};
use crate::time::TimeText;
use crate::usecases::screen;
use crate::web::{Done, Fields, Page, html};

const PATH: &str = "/board/screens";

struct TeamView {
    id: i64,
    name: String,
    word: String,
    /// Its address that was not ended, where there is one.
    screen: Option<AddressView>,
}

struct AddressView {
    by: String,
    since: TimeText,
    /// When a screen read it last.
    read: Option<TimeText>,
    works: bool,
}

#[derive(Template)]
#[template(path = "board/screens.html")]
struct ScreensPage {
    page: Page,
    /// The team and its address, on the answer of the form that made it.
    link: Option<(String, String)>,
    /// Teams whose screen the viewer arranges.
    teams: Vec<TeamView>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |c, context, page| {
        Ok(ScreensPage {
            page: page.titled("board", "Wallboard"),
            link: None,
            teams: teams(c, context)?,
        })
    })
    .await
}

fn teams(c: &mut Conn, context: &ReadContext) -> Result<Vec<TeamView>> {
    let all = people::store::teams(c)?;
    let own = all.iter().filter(|t| may_arrange(&context.actor, t.id));
    let own: Vec<&Team> = own.collect();
    let ids: Vec<i64> = own.iter().map(|t| t.id).collect();
    let screens = screen::of_teams(c, &ids)?;
    let names = Names::load(c, screens.iter().map(|(s, _)| s.made_by))?;
    let view = |team: &Team| TeamView {
        id: team.id,
        name: team.name.clone(),
        word: team_word(team),
        screen: screens
            .iter()
            .find(|(s, _)| s.team_id == team.id)
            .map(|(s, works)| AddressView {
                by: names.name(s.made_by).to_owned(),
                since: context.local.moment(s.created_at),
                read: s.read_at.map(|at| context.local.moment(at)),
                works: *works,
            }),
    };
    Ok(own.into_iter().map(view).collect())
}

/// The team that a form names.
fn named(c: &mut Conn, fields: &Fields) -> Result<Team> {
    let found = people::store::team_called(c, fields.trimmed("team"))?;
    found.ok_or(Error::NotFound("team"))
}

pub(crate) async fn make(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let made = submit_once(&req, &fields, move |c, act| {
        let team = named(c, &typed)?;
        let token = screen::make(c, act, &team)?;
        let said = "The address was shown once. If you lost it, make a new one.";
        Ok((Done::new(PATH, said), (team.name, token)))
    })
    .await?;
    match made {
        Once::Before(response) => Ok(response),
        Once::Now(page, (team, token)) => html(&ScreensPage {
            page: page.titled("board", "Wallboard"),
            link: Some((team, token.screen_address(&own_address(&req)?))),
            teams: Vec::new(),
        }),
    }
}

pub(crate) async fn end(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let team = named(c, &typed)?;
        let said = match screen::end(c, act, &team)? {
            true => "The address no longer works.",
            false => "There was no address that worked.",
        };
        Ok(Done::new(PATH, said))
    })
    .await
}
