//! The page of the board.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::strip::{Stat, Words, plural, stats};
use super::{Board, Filter, Row, Show, Sort, build};
use crate::auth::request::{Asking, read};
use crate::db::Conn;
use crate::error::Result;
use crate::people::Actor;
use crate::people::team_word;
use crate::ramp::dossier;
use crate::register::Register;
use crate::register::keys;
use crate::register::look::{self, Mark};
use crate::signoff::SignoffState;
use crate::web::time::{Dial, When};
use crate::web::{Fields, Page, html};

/// Mounts the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/board", web::get().to(board_page));
}

/// From that many areas on the table takes more room.
const WIDE: usize = 7;
/// Clearances listed under "Next to expire".
const ENDING: usize = 6;

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Head {
    name: String,
    slug: String,
    css: &'static str,
    share: String,
    word: String,
}

struct CellView {
    area: String,
    whose: String,
    href: String,
    mark: Mark,
    also: Option<Mark>,
}

struct PersonView {
    name: String,
    handle: String,
    teams: String,
    cells: Vec<CellView>,
}

impl PersonView {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|c| c.mark.css == "na")
    }
}

/// A line of a list below the board.
struct LineView {
    href: String,
    title: String,
    note: String,
    when: Option<When>,
}

/// The board with its strip, legend and lists.
#[derive(Template)]
#[template(path = "board/board.html")]
pub struct BoardPage {
    page: Page,
    scope: String,
    as_of: When,
    stats: Vec<Stat>,
    teams: Vec<Choice>,
    areas: Vec<Choice>,
    shows: Vec<Choice>,
    sorts: Vec<Choice>,
    is_list: bool,
    table_href: String,
    list_href: String,
    has_areas: bool,
    is_filtered: bool,
    wide: bool,
    heads: Vec<Head>,
    people: Vec<PersonView>,
    legend: Vec<(Mark, &'static str)>,
    due: Vec<LineView>,
    ending: Vec<LineView>,
}

async fn board_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let (page, board) = read(&req, move |c, asking| load(c, asking, &query)).await?;
    html(&board.in_shell(page))
}

/// What the board shows to whoever asks.
///
/// # Errors
/// A database fault.
pub fn load(c: &mut Conn, asking: &Asking, query: &Fields) -> Result<BoardPage> {
    let is_list = query.get("view") == "list";
    let register = Register::load(c, asking.now.day())?;
    let readiness = dossier::readiness_of(c, register.ramps())?;
    let word = |name| query.trimmed(name);
    let filter = Filter::parse(
        word("team"),
        word("area"),
        word("show"),
        word("sort"),
        &register,
    );
    let board = build(&register, &readiness, filter);
    Ok(view(&register, &board, filter, asking, is_list))
}

impl BoardPage {
    /// The page as it is sent.
    #[must_use]
    pub fn in_shell(self, page: Page) -> Self {
        Self {
            page: page.titled("board", "Readiness board"),
            ..self
        }
    }
}

fn view(
    register: &Register,
    board: &Board,
    filter: Filter,
    asking: &Asking,
    is_list: bool,
) -> BoardPage {
    let (dial, words) = (&asking.dial, Words::of(filter, register));
    let team = register.teams().iter().find(|t| Some(t.id) == filter.team);
    let people = plural(board.people, "person", "people");
    let areas = plural(board.columns.len(), "area", "areas");
    BoardPage {
        page: Page::signed_out(""),
        scope: format!(
            "{}, {people}, {areas}",
            team.map_or("All teams", |t| t.name.as_str())
        ),
        as_of: dial.moment(asking.now),
        stats: stats(register, board, &words, dial, is_list),
        teams: choices(
            &words.team,
            "All teams",
            register
                .teams()
                .iter()
                .map(|t| (team_word(t, register.teams()), &t.name)),
        ),
        areas: choices(
            &words.area,
            "All areas",
            register.areas().iter().map(|a| (a.slug.clone(), &a.name)),
        ),
        shows: Show::ALL
            .iter()
            .map(|s| choice(s.word(), s.label(), words.show))
            .collect(),
        sorts: Sort::ALL
            .iter()
            .map(|s| choice(s.word(), s.label(), words.sort))
            .collect(),
        is_list,
        table_href: words.href(words.show, false),
        list_href: words.href(words.show, true),
        has_areas: !register.areas().is_empty(),
        is_filtered: filter != Filter::ALL,
        wide: board.columns.len() >= WIDE,
        heads: board
            .columns
            .iter()
            .map(|column| Head {
                name: column.name.clone(),
                slug: column.slug.clone(),
                css: look::cover(column.cover.cover).0,
                share: format!("{} of {}", column.cover.cleared, column.cover.minimum),
                word: column.cover.cover.label(),
            })
            .collect(),
        people: board
            .rows
            .iter()
            .map(|row| person_view(row, register, asking))
            .collect(),
        legend: legend(),
        due: due(register, &asking.actor, dial),
        ending: board
            .figures
            .expiring
            .iter()
            .take(ENDING)
            .filter_map(|spot| {
                let clearance = register.clearance(spot.person_id, spot.area_id)?;
                Some(LineView {
                    href: format!("/clearances/{}", clearance.id),
                    title: whose(register, spot.person_id, spot.area_id),
                    note: String::new(),
                    when: Some(dial.day(clearance.ends_on)),
                })
            })
            .collect(),
    }
}

fn person_view(row: &Row, register: &Register, asking: &Asking) -> PersonView {
    let person = register.person(row.person_id);
    PersonView {
        name: register.name(row.person_id).to_owned(),
        handle: person.map(|p| p.handle.clone()).unwrap_or_default(),
        teams: register
            .team_names(row.person_id)
            .collect::<Vec<_>>()
            .join(", "),
        cells: row
            .squares
            .iter()
            .map(|square| {
                let (mark, also) = look::marks(square, register, &asking.dial);
                CellView {
                    area: register.area_name(square.area_id).to_owned(),
                    whose: whose(register, row.person_id, square.area_id),
                    href: look::href(square, register, &asking.actor),
                    mark,
                    also,
                }
            })
            .collect(),
    }
}

fn due(register: &Register, actor: &Actor, dial: &Dial) -> Vec<LineView> {
    keys::due(register, actor)
        .into_iter()
        .map(|(signoff, ramp)| {
            let (by, at) = match (signoff.state, signoff.first_key_by, signoff.first_key_at) {
                (SignoffState::FirstKey, Some(by), Some(at)) => {
                    (format!("{} turned the first key", register.name(by)), at)
                }
                _ => (
                    format!("{} asked", register.name(signoff.requested_by)),
                    signoff.requested_at,
                ),
            };
            LineView {
                href: format!("/sign-offs/{}", signoff.id),
                title: whose(register, ramp.mentee_id, ramp.area_id),
                note: format!("{by} {}", dial.day_of(at).relative),
                when: None,
            }
        })
        .collect()
}

fn legend() -> Vec<(Mark, &'static str)> {
    use crate::readiness::BoardStatus as B;
    [
        (B::Cleared, None, "may be on call"),
        (B::Expiring, None, "still cleared, ends within 30 days"),
        (B::Lapsed, None, "must recertify"),
        (B::Signoff, None, "waits for a key"),
        (
            B::Ramping,
            Some(50),
            "share of required lines met, close from 75%",
        ),
        (B::Paused, None, "the ramp's clock stands still"),
        (B::Planned, None, "agreed, not started"),
        (B::NotPlanned, None, ""),
    ]
    .map(|(status, percent, meaning)| (Mark::new(status, percent, String::new()), meaning))
    .into()
}

fn whose(register: &Register, person_id: i64, area_id: i64) -> String {
    format!(
        "{}, {}",
        register.name(person_id),
        register.area_name(area_id)
    )
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: value == chosen,
    }
}

fn choices<'a>(
    chosen: &str,
    all: &str,
    each: impl Iterator<Item = (String, &'a String)>,
) -> Vec<Choice> {
    std::iter::once(choice("", all, chosen))
        .chain(each.map(|(value, label)| choice(&value, label, chosen)))
        .collect()
}
