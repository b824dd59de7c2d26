//! The library: what is found, what happened about this day in another year, a page at a time.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::show::ClubLine;
use super::{severity_style, state_style};
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::club::store as clubs;
use crate::domain::postmortem::store::Listing;
use crate::domain::postmortem::store::search;
use crate::domain::postmortem::store::search::{Reader, Search};
use crate::domain::postmortem::{Severity, State};
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::ObstacleKind;
use crate::domain::standard::store as standards;
use crate::domain::{area, people, ramp};
use crate::error::Result;
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::pages::parts::table::download;
use crate::pages::request::show;
use crate::text;
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::progress::Progress;
use crate::usecases::postmortem::anniversary::spans;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Fields, Page, query_string};

/// Post-mortems on one page.
const PAGE: usize = 25;
/// Anniversaries shown, at most.
const REMEMBERED: i64 = 3;

/// A line of the list.
struct Line {
    slug: String,
    title: String,
    severity: (&'static str, &'static str, &'static str),
    state: Option<(&'static str, &'static str, &'static str)>,
    when: TimeText,
    minutes: i32,
    areas: String,
}

#[derive(Template)]
#[template(path = "postmortem/list.html")]
struct ListPage {
    page: Page,
    q: String,
    areas: Vec<Choice>,
    systems: Vec<Choice>,
    severities: Vec<Choice>,
    states: Vec<Choice>,
    /// Whether to filter by what the reader is working on; nothing to ask where they are on no ramp.
    teaches: Option<bool>,
    /// By whom it is not discussed yet: the reader, and those they mentor.
    undiscussed: Vec<Choice>,
    is_filtered: bool,
    is_first: bool,
    first_href: String,
    next_href: Option<String>,
    remembered: Vec<Line>,
    /// Planned reading clubs that the reader is in.
    clubs: Vec<ClubLine>,
    found: Vec<Line>,
    files: Files,
    filters: Filters,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, move |c, context, page| load(c, context, page, &query)).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, query: &Fields) -> Result<ListPage> {
    let Asked {
        me,
        all_areas,
        reader,
        own,
        mentees,
        wants_mine,
        wanted,
    } = asked(c, context, query)?;
    let mut found = search::page(c, &wanted, &reader, PAGE)?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let is_filtered = wanted
        != Search {
            state: Some(State::Teachable),
            after: wanted.after,
            ..Search::default()
        };
    let remembered = match is_filtered || wanted.after.is_some() {
        true => Vec::new(),
        false => search::began_in(c, &spans(context.local.today()), REMEMBERED)?,
    };
    let clubs = match is_filtered || wanted.after.is_some() {
        true => Vec::new(),
        false => clubs::of_person(c, me)?,
    };
    let href = |after: &str| {
        const SAID: [&str; 8] = [
            "q",
            "area",
            "system",
            "severity",
            "state",
            "teaches",
            "undiscussed",
            "ramp",
        ];
        let said = SAID.into_iter().map(|name| (name, query.trimmed(name)));
        let said = said.chain([("after", after)]);
        let query = query_string(said.filter(|(_, value)| !value.is_empty()));
        format!("/library{query}")
    };
    let line = |l: &Listing| line(l, &context.local);
    let next_href = found
        .last()
        .filter(|_| has_more)
        .map(|last| href(&format!("{}.{}", last.occurred_at.iso_micros(), last.id)));
    let mut undiscussed = vec![Choice::new("me", "Me", wanted.undiscussed_by == Some(me))];
    let mut named: Vec<_> = mentees.into_iter().collect();
    named.sort_by_cached_key(|(_, (_, name))| text::sort_key(name));
    undiscussed.extend(
        named.into_iter().map(|(id, (handle, name))| {
            Choice::new(handle, name, wanted.undiscussed_by == Some(id))
        }),
    );
    Ok(ListPage {
        page: page.titled("library", "Post-mortems"),
        q: wanted.words.clone(),
        areas: all_areas
            .iter()
            .map(|a| Choice::new(&a.slug, &a.name, wanted.area == Some(a.id)))
            .collect(),
        systems: search::systems(c, &reader)?
            .into_iter()
            .map(|name| Choice::new(&name, &name, wanted.system.as_ref() == Some(&name)))
            .collect(),
        severities: Severity::ALL
            .iter()
            .map(|s| Choice::new(s.word(), s.label(), wanted.severity == Some(*s)))
            .collect(),
        states: [State::InReview, State::Draft, State::Retired]
            .iter()
            .map(|s| Choice::new(s.word(), s.label(), wanted.state == Some(*s)))
            .collect(),
        teaches: (!own.is_empty()).then_some(wants_mine),
        undiscussed,
        is_filtered,
        is_first: wanted.after.is_none(),
        first_href: href(""),
        next_href,
        clubs: clubs
            .into_iter()
            .map(|club| ClubLine::of(club, context))
            .collect(),
        remembered: remembered.iter().map(line).collect(),
        found: found.iter().map(line).collect(),
        files: Files::of("/library", query),
        filters: Filters::of("/library", query),
    })
}
/// What the library is asked for, looked up.
struct Asked {
    me: i64,
    all_areas: Vec<Area>,
    reader: Reader,
    /// The reader's open ramps.
    own: Vec<Ramp>,
    mentees: HashMap<i64, (String, String)>,
    wants_mine: bool,
    wanted: Search,
}

fn asked(c: &mut Conn, context: &ReadContext, query: &Fields) -> Result<Asked> {
    let me = context.actor.id.unwrap_or_default();
    let all_areas = area::store::all(c)?;
    let reader = search::reader(c, &context.actor)?;
    let own = ramp::store::of_mentee(c, me)?;
    let own: Vec<Ramp> = own.into_iter().filter(|r| r.closed_at.is_none()).collect();
    let mentees = mentees(c, me)?;
    let wants_mine = !own.is_empty() && query.get("teaches") == "mine";
    // A ramp leads here to what its mentee has still to discuss.
    let ramp = match query.id("ramp") {
        Some(id) => ramp::store::by_ids(c, &[id])?.pop(),
        None => None,
    };
    let of_ramp = ramp.as_ref().map(|r| r.mentee_id);
    let of_ramp = of_ramp.filter(|id| *id == me || mentees.contains_key(id));
    let area = all_areas
        .iter()
        .find(|a| a.slug == query.trimmed("area"))
        .or_else(|| {
            let ramp = ramp.as_ref()?;
            all_areas.iter().find(|a| a.id == ramp.area_id)
        });
    let undiscussed_by = match query.trimmed("undiscussed") {
        "" => of_ramp,
        "me" => Some(me),
        handle => mentees
            .iter()
            .find(|(_, (h, _))| h == handle)
            .map(|(id, _)| *id),
    };
    let wanted = Search {
        words: text::wanted(query.get("q")).to_owned(),
        area: area.map(|a| a.id),
        system: Some(text::normal(query.trimmed("system")).into_owned()).filter(|s| !s.is_empty()),
        severity: Severity::parse(query.trimmed("severity")),
        state: Some(State::parse(query.trimmed("state")).unwrap_or(State::Teachable)),
        teaches: match wants_mine {
            true => Some(working_on(c, context, &own)?),
            false => None,
        },
        undiscussed_by,
        after: place(query.get("after")),
    };
    Ok(Asked {
        me,
        all_areas,
        reader,
        own,
        mentees,
        wants_mine,
        wanted,
    })
}

/// A place in the list, as an address names it: when the post-mortem there began, and its row.
fn place(text: &str) -> Option<(UtcTime, i64)> {
    let (at, id) = text.rsplit_once('.')?;
    Some((at.parse::<jiff::Timestamp>().ok()?.into(), id.parse().ok()?))
}

/// Whom the reader mentors now: handle and name, by row.
fn mentees(c: &mut Conn, me: i64) -> Result<HashMap<i64, (String, String)>> {
    let ramps = ramp::store::mentored_by(c, me)?;
    let ids: Vec<i64> = ramps.iter().map(|r| r.mentee_id).collect();
    let people = people::store::by_ids(c, &ids)?;
    Ok(people
        .into_iter()
        .map(|p| (p.id, (p.handle, p.name)))
        .collect())
}

/// Codes of the competencies that the reader's open ramps still miss, by the engine.
fn working_on(c: &mut Conn, context: &ReadContext, own: &[Ramp]) -> Result<Vec<String>> {
    let pinned: Vec<i64> = own.iter().map(|r| r.standard_id).collect();
    let standards = standards::load(c, &pinned)?;
    let progress = Progress::load(c, own, &standards, context.now.day())?;
    let obstacles = progress.readiness.values().flat_map(|r| &r.obstacles);
    let codes = obstacles.filter_map(|o| match &o.kind {
        ObstacleKind::Competency(code) => Some(code.clone()),
        _ => None,
    });
    Ok(codes.collect())
}

fn line(listing: &Listing, local: &LocalTime) -> Line {
    let (css, icon) = severity_style(listing.severity);
    let (state_css, state_icon) = state_style(listing.state);
    let is_usual = listing.state == State::Teachable;
    Line {
        slug: listing.slug.clone(),
        title: listing.title.clone(),
        severity: (css, icon, listing.severity.label()),
        state: (!is_usual).then_some((state_css, state_icon, listing.state.label())),
        when: local.day_of(listing.occurred_at),
        minutes: listing.minutes,
        areas: listing.areas.join(", "),
    }
}

/// Post-mortems that are read at a time for a file.
const BATCH: usize = 500;

const HEADER: [&str; 6] = [
    "Post-mortem",
    "Severity",
    "State",
    "Began (UTC)",
    "Minutes",
    "Areas",
];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, query| {
        let Asked {
            reader, mut wanted, ..
        } = asked(c, context, query)?;
        wanted.after = None;
        let mut table = Table::new("post-mortems", &HEADER);
        loop {
            let found = search::page(c, &wanted, &reader, BATCH)?;
            let has_more = found.len() > BATCH;
            for l in found.into_iter().take(BATCH) {
                wanted.after = Some((l.occurred_at, l.id));
                table.rows.push(vec![
                    Cell::text(l.title),
                    Cell::text(l.severity.label()),
                    Cell::text(l.state.label()),
                    Cell::Moment(l.occurred_at),
                    Cell::Number(l.minutes.into()),
                    Cell::text(l.areas.join(", ")),
                ]);
            }
            if !has_more {
                return Ok(table);
            }
        }
    })
    .await
}
