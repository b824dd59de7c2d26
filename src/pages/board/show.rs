//! The page of the board.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Shown, shown};
use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::model::Clearance;
use crate::domain::forecast::lapsing;
use crate::domain::people::model::Team;
use crate::domain::people::team_word;
use crate::domain::readiness::BoardStatus;
use crate::error::Result;
use crate::pages::board::columns::{Columns, Head};
use crate::pages::board::lists::{LineView, due, ended, lines, whose};
use crate::pages::board::screen;
use crate::pages::board::strip::{Stat, View, Words, plural, stats};
use crate::pages::parts::chart::Picture;
use crate::pages::parts::chart::cover::{cover_chart, lapsing_chart};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::pages::request::{other_day, show_at};
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::TimeText;
use crate::usecases::board::{Board, Row, Show, Sort};
use crate::usecases::register::Register;
use crate::web::table::Files;
use crate::web::{Fields, Page, Past};

/// Areas whose cover is drawn at most: those with the least to spare.
const DRAWN: usize = 6;

struct Link {
    href: String,
    name: String,
}

struct CellView {
    area: String,
    whose: String,
    href: String,
    badge: StatusBadge,
    also: Option<StatusBadge>,
}

struct PersonView {
    name: String,
    handle: String,
    teams: String,
    cells: Vec<CellView>,
}

impl PersonView {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|c| c.badge.css == "na")
    }
}

/// The board with its strip, legend and lists.
#[derive(Template)]
#[template(path = "board/show.html")]
pub struct BoardPage {
    page: Page,
    scope: String,
    as_of: TimeText,
    past: Past,
    today_href: String,
    /// What else is asked for, as hidden fields.
    kept: Vec<(&'static str, String)>,
    stats: Vec<Stat>,
    teams: Vec<Choice>,
    areas: Vec<Choice>,
    shows: Vec<Choice>,
    sorts: Vec<Choice>,
    view: View,
    table_href: String,
    list_href: String,
    files: Files,
    filters: Filters,
    is_large: bool,
    /// The team before this one, by name.
    previous: Option<Link>,
    /// The team after it.
    next: Option<Link>,
    has_areas: bool,
    is_filtered: bool,
    scrolls: bool,
    /// The link that shows the columns left out, or leaves them out again, with its address.
    fold: Option<(String, String)>,
    /// Every column is asked for.
    all_columns: bool,
    heads: Vec<Head>,
    people: Vec<PersonView>,
    legend: Vec<(StatusBadge, &'static str)>,
    due: Vec<LineView>,
    ending: Vec<LineView>,
    /// What ends before the day to come.
    ended: Vec<LineView>,
    /// The cover of areas, by name in URLs.
    covers: Vec<(String, Picture)>,
    lapsing: Picture,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    if query.has("tv") {
        return screen::own(&req, &query).await;
    }
    let past = other_day(&req, &query)?;
    let shown = past.clone();
    show_at(&req, &past, move |c, context, page| {
        load(c, context, page, &query, shown)
    })
    .await
}

pub fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    query: &Fields,
    past: Past,
) -> Result<BoardPage> {
    let shown = shown(c, context, query)?;
    Ok(BoardPage::new(page, &shown, context, past))
}

impl BoardPage {
    fn new(page: Page, shown: &Shown, context: &ReadContext, past: Past) -> Self {
        let (register, board, words) = (&shown.register, &shown.board, &shown.words);
        let local = &context.local;
        let team = shown.teams.iter().find(|t| Some(t.id) == shown.filter.team);
        let columns = Columns::of(board, words);
        let people = plural(board.people, "person", "people");
        let areas = plural(board.columns.len(), "area", "areas");
        Self {
            page: page.titled("board", past.titled("Readiness board")),
            scope: format!(
                "{}, {people}, {areas}",
                team.map_or("All teams", |t| t.name.as_str())
            ),
            as_of: local.as_of(),
            today_href: words.of_today(),
            kept: words.kept(),
            stats: stats(register, board, words, local),
            teams: team_choices(shown),
            areas: choices(
                &words.area,
                "All areas",
                register.areas().iter().map(|a| (a.slug.as_str(), &a.name)),
            ),
            shows: Show::ALL
                .iter()
                .map(|s| choice(s.word(), s.label(), words.show.word()))
                .collect(),
            sorts: Sort::ALL
                .iter()
                .map(|s| choice(s.word(), s.label(), words.sort.word()))
                .collect(),
            view: words.view,
            table_href: words.drawn(View::Table),
            list_href: words.drawn(View::List),
            files: words.files(),
            filters: Filters::of("/board", &words.fields()),
            is_large: shown.is_large,
            previous: shown.previous.as_ref().map(|t| neighbour(words, t)),
            next: shown.next.as_ref().map(|t| neighbour(words, t)),
            has_areas: !register.areas().is_empty(),
            is_filtered: shown.is_filtered,
            scrolls: columns.scrolls(),
            fold: columns.fold(words),
            all_columns: words.all_columns,
            heads: columns.heads(board),
            people: board
                .rows
                .iter()
                .map(|row| person_view(row, &columns, register, context, &past))
                .collect(),
            legend: legend(),
            due: if past.is_other_day() {
                Vec::new()
            } else {
                due(register, &context.actor, local)
            },
            ending: lines(&board.figures.expiring, register, local, &past),
            ended: lines(&ended(&board.figures.lapsed, &past), register, local, &past),
            covers: covers(board),
            lapsing: lapsing_chart(&lapsing(&held(board), register.today())),
            past,
        }
    }
}

/// The areas with the least to spare first.
fn covers(board: &Board) -> Vec<(String, Picture)> {
    let mut columns: Vec<_> = board.columns.iter().collect();
    columns.sort_by_key(|column| column.cover.cleared - column.cover.minimum);
    let drawn = columns.into_iter().take(DRAWN);
    drawn
        .map(|column| {
            let cleared = usize::try_from(column.cover.cleared).unwrap_or_default();
            let picture = cover_chart(&column.name, cleared, column.cover.minimum);
            (column.slug.clone(), picture)
        })
        .collect()
}

/// The clearances of the people shown.
fn held(board: &Board) -> Vec<Clearance> {
    let cells = board.rows.iter().flat_map(|row| &row.cells);
    cells.filter_map(|cell| cell.clearance.clone()).collect()
}

/// All teams; of a large organisation the viewer's own and the one shown, for the others have a page.
fn team_choices(shown: &Shown) -> Vec<Choice> {
    let chosen = &shown.words.team;
    let all = (!shown.is_large).then(|| choice("", "All teams", chosen));
    let teams = shown.teams.iter();
    all.into_iter()
        .chain(teams.map(|t| choice(&team_word(t), &t.name, chosen)))
        .collect()
}

/// The board of another team, where boards are paged by team.
fn neighbour(words: &Words, team: &Team) -> Link {
    Link {
        href: words.of_team(&team_word(team)),
        name: team.name.clone(),
    }
}

fn person_view(
    row: &Row,
    columns: &Columns,
    register: &Register,
    context: &ReadContext,
    past: &Past,
) -> PersonView {
    let person = register.person(row.person_id);
    let handle = person.map(|p| p.handle.clone()).unwrap_or_default();
    let teams: Vec<_> = register.team_names(row.person_id).collect();
    PersonView {
        name: register.name(row.person_id).to_owned(),
        teams: teams.join(", "),
        cells: columns
            .shown(&row.cells)
            .map(|cell| {
                let (badge, also) = status::marks(cell, register, &context.local);
                CellView {
                    area: register.area_name(cell.area_id).to_owned(),
                    whose: whose(register, row.person_id, cell.area_id),
                    // What a cell leads to shows today; the person's page shows the day.
                    href: if past.is_other_day() {
                        past.of("/people/", &handle)
                    } else {
                        status::href(cell, register, &context.actor)
                    },
                    badge,
                    also,
                }
            })
            .collect(),
        handle,
    }
}

fn legend() -> Vec<(StatusBadge, &'static str)> {
    use BoardStatus as B;
    [
        (B::Cleared, None, "may be on call"),
        (B::Expiring, None, "still cleared, ends within 30 days"),
        (
            B::Interim,
            None,
            "on call under a named supervisor, no cover",
        ),
        (B::Suspended, None, "may not be on call for now"),
        (B::Lapsed, None, "must recertify"),
        (B::Signoff, None, "waits for a key"),
        (
            B::Ramping,
            Some(50),
            "share of required lines met, close from 75%",
        ),
        (B::Paused, None, "the ramp's clock is stopped"),
        (B::Planned, None, "agreed, not started"),
        (B::NotPlanned, None, ""),
    ]
    .map(|(status, percent, meaning)| (StatusBadge::new(status, percent, String::new()), meaning))
    .into()
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice::new(value, label, value == chosen)
}

fn choices<'a>(
    chosen: &str,
    all: &str,
    each: impl Iterator<Item = (&'a str, &'a String)>,
) -> Vec<Choice> {
    std::iter::once(choice("", all, chosen))
        .chain(each.map(|(value, label)| choice(value, label, chosen)))
        .collect()
}
