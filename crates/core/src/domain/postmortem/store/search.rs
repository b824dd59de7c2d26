//! SQL that finds post-mortems: a page of the library, anniversaries, options of the filters.

use std::collections::HashSet;

use crate::domain::area;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Listing;
use super::discussed::still_to_discuss;
use crate::db::fixed::varying;
use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::{
    areas, postmortem_areas, postmortem_codes, postmortem_systems, postmortems, qualifiers,
};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::people::Actor;
use crate::domain::postmortem::{Severity, State};
use crate::error::Result;
use crate::text;

/// Most words of a search.
const WORDS: usize = 6;
/// Most systems that a filter offers.
const SYSTEMS: usize = 300;

/// A search for post-mortems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words that it must all contain; empty for any.
    pub words: String,
    pub area: Option<i64>,
    pub system: Option<String>,
    pub severity: Option<Severity>,
    pub state: Option<State>,
    /// Teaches one of these; `None` for any.
    pub teaches: Option<Vec<String>>,
    /// Not yet discussed by that person.
    pub undiscussed_by: Option<i64>,
    /// After that one in the list: when it began, and its row. The place stands in the address itself, so that it tells
    /// nothing of one that the reader may not read.
    pub after: Option<(UtcTime, i64)>,
}

/// Who searches. One that is not open is found only by its author and those who answer for its areas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    pub id: i64,
    /// Areas they answer for: they lead the owner team, or may sign there.
    pub answers_for: Vec<i64>,
}

/// The searching person, with the areas they answer for.
pub fn reader(c: &mut Conn, actor: &Actor) -> Result<Reader> {
    let id = actor.id.unwrap_or_default();
    let signs = qualifiers::table
        .filter(
            qualifiers::person_id
                .eq(id)
                .and(area::store::is_designated()),
        )
        .select(qualifiers::area_id);
    let answers_for = areas::table
        .filter(id_in(areas::owner_team_id, &actor.leads).or(areas::id.eq_any(signs)))
        .select(areas::id)
        .load(c)?;
    Ok(Reader { id, answers_for })
}

type Line = (i64, String, String, State, Severity, UtcTime, i32, List);

type Columns = (
    postmortems::id,
    postmortems::slug,
    postmortems::title,
    postmortems::state,
    postmortems::severity,
    postmortems::occurred_at,
    postmortems::minutes,
    Listed,
);

fn columns() -> Columns {
    let name = plain("a.name");
    let of = listed(
        &[&name],
        "postmortem_areas j JOIN areas a ON a.id = j.area_id WHERE j.postmortem_id = postmortems.id",
    );
    (
        postmortems::id,
        postmortems::slug,
        postmortems::title,
        postmortems::state,
        postmortems::severity,
        postmortems::occurred_at,
        postmortems::minutes,
        of,
    )
}

fn read((id, slug, title, state, severity, occurred_at, minutes, of): Line) -> Result<Listing> {
    let mut areas = entries(of, |parts| Some((*parts.first()?).to_owned()))?;
    areas.sort_by_cached_key(|name| text::sort_key(name));
    Ok(Listing {
        id,
        slug,
        title,
        state,
        severity,
        occurred_at,
        minutes,
        areas,
    })
}

/// Whether a reader may find a post-mortem. Lists, counts, choices and the search are made of nothing else. It names the
/// tables, `State` and `id_in` of its place.
macro_rules! is_readable {
    ($reader:expr) => {{
        let once_open = postmortems::state
            .eq(State::Retired)
            .and(postmortems::teachable_since.is_not_null());
        postmortems::state.eq(State::Teachable).or(once_open).or(
            $crate::domain::postmortem::store::search::is_concerned!($reader),
        )
    }};
}
pub(crate) use is_readable;

/// Whether a reader is its author, or answers for one of its areas: the same as
/// [`crate::domain::postmortem::Access::is_concerned`].
macro_rules! is_concerned {
    ($reader:expr) => {{
        let mine = postmortem_areas::table
            .filter(id_in(postmortem_areas::area_id, &$reader.answers_for))
            .select(postmortem_areas::postmortem_id);
        let is_author = postmortems::created_by
            .is_not_null()
            .and(postmortems::created_by.assume_not_null().eq($reader.id));
        is_author.or(postmortems::id.eq_any(mine))
    }};
}
pub(crate) use is_concerned;

/// Whether a reader may find its discussion: its page does not keep it back from them. The same as
/// [`crate::domain::postmortem::reading::Reader::is_kept_back`]; `read` are those whose questions they answered.
macro_rules! is_told {
    ($reader:expr, $read:expr) => {{
        use $crate::domain::postmortem::store::discussed::{Whose, discussed};
        let me = $reader.id.to_string();
        let has_discussed = discussed(Whose::Person(&me), "postmortems.id");
        postmortems::state
            .ne(State::Teachable)
            .or($crate::domain::postmortem::store::search::is_concerned!(
                $reader
            ))
            .or(id_in(postmortems::id, $read))
            .or($crate::db::fixed::fixed::<diesel::sql_types::Bool>(
                has_discussed,
            ))
    }};
}
pub(crate) use is_told;

/// A page of results, the latest first; one more than `limit` when there are more.
pub fn page(c: &mut Conn, wanted: &Search, reader: &Reader, limit: usize) -> Result<Vec<Listing>> {
    let mut all = postmortems::table
        .filter(is_readable!(reader))
        .order((postmortems::occurred_at.desc(), postmortems::id.desc()))
        .limit(i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX))
        .select(columns())
        .into_boxed();
    let words = text::wanted(&wanted.words).split_whitespace().take(WORDS);
    for any in words.filter_map(|word| text::anywhere(&text::search_key(word))) {
        all = all.filter(postmortems::search_key.like(any).escape('!'));
    }
    if let Some(area) = wanted.area {
        let of = postmortem_areas::table
            .filter(postmortem_areas::area_id.eq(area))
            .select(postmortem_areas::postmortem_id);
        all = all.filter(postmortems::id.eq_any(of));
    }
    if let Some(system) = &wanted.system {
        let of = postmortem_systems::table
            .filter(postmortem_systems::name.eq(system.clone()))
            .select(postmortem_systems::postmortem_id);
        all = all.filter(postmortems::id.eq_any(of));
    }
    if let Some(severity) = wanted.severity {
        all = all.filter(postmortems::severity.eq(severity));
    }
    if let Some(state) = wanted.state {
        all = all.filter(postmortems::state.eq(state));
    }
    if let Some(codes) = &wanted.teaches {
        let of = postmortem_codes::table
            .filter(postmortem_codes::code.eq_any(codes.clone()))
            .select(postmortem_codes::postmortem_id);
        all = all.filter(postmortems::id.eq_any(of));
    }
    if let Some(person) = wanted.undiscussed_by {
        let still = still_to_discuss(person, wanted.area, "postmortems.id");
        all = all.filter(varying::<Bool>(still));
    }
    if let Some((at, id)) = wanted.after {
        let earlier = postmortems::occurred_at.lt(at);
        let same = postmortems::occurred_at.eq(at).and(postmortems::id.lt(id));
        all = all.filter(earlier.or(same));
    }
    let lines: Vec<Line> = all.load(c)?;
    lines.into_iter().map(read).collect()
}

/// Those of these that a reader may find.
pub fn readable(c: &mut Conn, ids: &[i64], reader: &Reader) -> Result<HashSet<i64>> {
    let found: Vec<i64> = postmortems::table
        .filter(id_in(postmortems::id, ids))
        .filter(is_readable!(reader))
        .select(postmortems::id)
        .load(c)?;
    Ok(found.into_iter().collect())
}

/// Teachable ones that began within one of the spans (first day inclusive, last exclusive), the latest first.
pub fn began_in(c: &mut Conn, spans: &[(Day, Day)], limit: i64) -> Result<Vec<Listing>> {
    let Some((first, rest)) = spans.split_first() else {
        return Ok(Vec::new());
    };
    let within = |(from, to): &(Day, Day)| {
        postmortems::state
            .eq(State::Teachable)
            .and(postmortems::occurred_at.ge(from.start()))
            .and(postmortems::occurred_at.lt(to.start()))
    };
    let mut all = postmortems::table
        .filter(within(first))
        .select(columns())
        .order((postmortems::occurred_at.desc(), postmortems::id.desc()))
        .limit(limit)
        .into_boxed();
    for span in rest {
        all = all.or_filter(within(span));
    }
    let lines: Vec<Line> = all.load(c)?;
    lines.into_iter().map(read).collect()
}

/// Names of systems in post-mortems that a reader may find, sorted.
pub fn systems(c: &mut Conn, reader: &Reader) -> Result<Vec<String>> {
    let mut names: Vec<String> = postmortem_systems::table
        .inner_join(postmortems::table)
        .filter(is_readable!(reader))
        .select(postmortem_systems::name)
        .distinct()
        .load(c)?;
    // The databases would order, and so cut, differently.
    names.sort_by_cached_key(|name| text::sort_key(name));
    names.truncate(SYSTEMS);
    Ok(names)
}

/// Teachable post-mortems for a competency, the latest first: name in URLs and title.
pub fn teaching(c: &mut Conn, code: &str, most: i64) -> Result<Vec<(String, String)>> {
    Ok(postmortems::table
        .inner_join(postmortem_codes::table)
        .filter(
            postmortem_codes::code
                .eq(code)
                .and(postmortems::state.eq(State::Teachable)),
        )
        .order(postmortems::occurred_at.desc())
        .limit(most)
        .select((postmortems::slug, postmortems::title))
        .load(c)?)
}
