//! The wallboard: large type for the screen in a team's room. Who is signed in opens it from the board; the screen itself
//! reads it by a secret address, where it leads nowhere else.

use actix_web::http::header::{HeaderName, HeaderValue, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::types::Day;
use crate::domain::people;
use crate::domain::screen::SECONDS;
use crate::error::Result;
use crate::pages::request::{app, glance, in_passing};
use crate::pages::status;
use crate::time::{LocalTime, TimeText};
use crate::usecases::screen;
use crate::usecases::screen::wall::{Holder, Tile, Wall};
use crate::web::{Fields, Page, html};

/// People named in a tile.
const NAMED: usize = 6;

struct TileView {
    name: String,
    css: &'static str,
    icon: &'static str,
    share: String,
    word: String,
    /// Each with whether their clearance ends soon.
    people: Vec<(String, bool)>,
    /// How many more are cleared.
    more: i64,
}

#[derive(Template)]
#[template(path = "board/screen.html")]
struct ScreenPage {
    page: Page,
    /// Whose areas they are; empty for those of all.
    team: String,
    as_of: TimeText,
    seconds: i64,
    tiles: Vec<TileView>,
    /// `Part 1 of 2`; empty where there is one.
    part: String,
    /// Person, area, and what ends it when.
    ending: Vec<(String, String, String)>,
}

/// The wallboard for somebody who is signed in: of one team, or of all areas.
pub(super) async fn own(req: &HttpRequest, query: &Fields) -> Result<HttpResponse> {
    let word = query.trimmed("team").to_owned();
    let page = glance(req, move |c, context| {
        let team = people::store::team_by_word(c, &word)?;
        let wall = Wall::load(c, team.as_ref().map(|t| t.id), context.now)?;
        let name = team.as_ref().map_or("", |t| t.name.as_str());
        Ok(ScreenPage::new(
            wall,
            name,
            &context.local,
            context.now.day(),
        ))
    })
    .await?;
    html(&page)
}

/// The same by its secret address.
pub(crate) async fn by_address(req: HttpRequest, token: web::Path<String>) -> Result<HttpResponse> {
    let app = app(&req)?;
    let now = app.clock.now();
    let read = app.db.read(move |c| screen::read(c, &token, now)).await?;
    if let Some(id) = read.due {
        let note = move |c: &mut _| screen::note_read(c, id, now);
        in_passing(&app, "when a screen was last read", note).await;
    }
    let local = LocalTime::new(&read.time_zone, now);
    let mut answer = html(&ScreenPage::new(read.wall, &read.team, &local, now.day()))?;
    let headers = answer.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    Ok(answer)
}

impl ScreenPage {
    fn new(wall: Wall, team: &str, local: &LocalTime, today: Day) -> Self {
        let (part, parts) = wall.turn;
        Self {
            page: Page::signed_out("Wallboard"),
            team: team.to_owned(),
            as_of: local.as_of(),
            seconds: SECONDS,
            tiles: wall.tiles.into_iter().map(tile).collect(),
            part: match parts {
                1 => String::new(),
                _ => format!("Part {} of {parts}", part + 1),
            },
            ending: wall
                .ending
                .into_iter()
                .map(|(area, holder)| ending(area, holder, local, today))
                .collect(),
        }
    }
}

fn tile(tile: Tile) -> TileView {
    let (css, icon) = status::cover(tile.cover.cover);
    let people: Vec<_> = tile
        .holders
        .into_iter()
        .take(NAMED)
        .map(|holder| (holder.name, holder.ends_soon))
        .collect();
    let named = i64::try_from(people.len()).unwrap_or_default();
    TileView {
        name: tile.name,
        css,
        icon,
        share: tile.cover.share(),
        word: tile.cover.cover.label(),
        people,
        more: tile.cover.cleared - named,
    }
}

fn ending(area: String, holder: Holder, local: &LocalTime, today: Day) -> (String, String, String) {
    let words = holder.held.words_alone(today);
    let day = local.day(holder.held.holds_until);
    (holder.name, area, format!("{words} {}", day.text))
}
