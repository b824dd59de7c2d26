//! SQL that reads what is found of each kind, from the tables of its noun. A text that its page keeps back from somebody
//! who may open it does not go into an entry's body.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Deserialize;

use super::store::Entry;
use crate::db::fixed::{Fixed, fixed};
use crate::db::list::{List, entries, listed, plain};
use crate::db::schema::{
    areas, drills, pairings, people, postmortems, ramps, sessions, standards, systems,
};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::standard;
use crate::domain::standard::StandardState;
use crate::error::{Error, Result};

/// Texts one after the other, without the empty ones.
fn joined<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let texts = texts.into_iter().map(String::as_str);
    let texts = texts.filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("\n")
}

pub fn people(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, String)> = people::table
        .filter(id_in(people::id, ids))
        .select((people::id, people::name, people::handle))
        .load(c)?;
    let entry = |(ref_id, title, handle): (i64, String, String)| Entry {
        ref_id,
        title,
        address: format!("/people/{handle}"),
        also: handle,
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}

pub fn areas(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, String, String, String)> = areas::table
        .filter(id_in(areas::id, ids))
        .select((
            areas::id,
            areas::name,
            areas::summary,
            areas::code,
            areas::slug,
        ))
        .load(c)?;
    let entry = |(ref_id, title, body, code, slug): (i64, _, _, String, String)| Entry {
        ref_id,
        title,
        body,
        address: format!("/areas/{slug}"),
        also: joined([&code, &slug]),
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The systems of these areas.
pub fn systems(c: &mut Conn, areas: &[i64]) -> Result<Vec<Entry>> {
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, i64, String, Option<String>, String, String)> = systems::table
        .inner_join(areas::table)
        .filter(id_in(systems::area_id, areas))
        .select((
            systems::id,
            systems::area_id,
            systems::name,
            systems::reference,
            areas::name,
            areas::slug,
        ))
        .load(c)?;
    let entries = rows
        .into_iter()
        .map(|(id, ref_id, title, reference, context, slug)| Entry {
            ref_id,
            code: id.to_string(),
            title,
            body: reference.unwrap_or_default(),
            context,
            address: format!("/areas/{slug}#sy"),
            ..Entry::default()
        });
    Ok(entries.collect())
}

/// The areas of these versions.
pub fn areas_of_standards(c: &mut Conn, ids: &[i64]) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = standards::table.filter(id_in(standards::id, ids));
    Ok(found.select(standards::area_id).distinct().load(c)?)
}

/// The competencies of the published standards of these areas.
pub fn competencies(c: &mut Conn, of: &[i64]) -> Result<Vec<Entry>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(standard::store::Row, String, String)> = standards::table
        .inner_join(areas::table)
        .filter(id_in(standards::area_id, of))
        .filter(standards::state.eq(StandardState::Published))
        .select((standard::store::Row::as_select(), areas::name, areas::slug))
        .load(c)?;
    let mut all = Vec::new();
    for (row, area, slug) in rows {
        let version = row.read()?;
        for competency in &version.content.competencies {
            let code = &competency.code;
            all.push(Entry {
                ref_id: version.area_id,
                code: code.clone(),
                title: format!("{code} {}", competency.statement),
                body: joined(&competency.behaviours),
                context: area.clone(),
                address: format!("/areas/{slug}/standard/v/{}#{code}", version.version),
                also: competency.group.label().to_owned(),
                ..Entry::default()
            });
        }
    }
    Ok(all)
}

/// Every ramp that shows the name of one of these people.
pub fn ramps_of_people(c: &mut Conn, people: &[i64]) -> Result<Vec<i64>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut all: Vec<i64> = ramps::table
        .filter(id_in(ramps::mentee_id, people))
        .select(ramps::id)
        .load(c)?;
    let mentored: Vec<i64> = pairings::table
        .filter(id_in(pairings::mentor_id, people))
        .select(pairings::ramp_id)
        .load(c)?;
    all.extend(mentored);
    Ok(all)
}

/// The ramps in these areas.
pub fn ramps_in(c: &mut Conn, areas: &[i64]) -> Result<Vec<i64>> {
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let found = ramps::table.filter(id_in(ramps::area_id, areas));
    Ok(found.select(ramps::id).load(c)?)
}

/// The drills in these areas.
pub fn drills_in(c: &mut Conn, areas: &[i64]) -> Result<Vec<i64>> {
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let found = drills::table.filter(id_in(drills::area_id, areas));
    Ok(found.select(drills::id).load(c)?)
}

/// The texts of rows of the form number, text, in the order of the numbers.
fn in_order(list: List) -> Result<Vec<String>> {
    let mut all = entries(list, |parts| {
        let [id, text] = parts else { return None };
        Some((id.parse::<i64>().ok()?, (*text).to_owned()))
    })?;
    all.sort_unstable();
    Ok(all.into_iter().map(|(_, text)| text).collect())
}

/// The name of the person with the row in that column.
fn name_of(column: &str) -> Fixed<Text> {
    fixed(format!(
        "(SELECT p.name FROM people p WHERE p.id = {column})"
    ))
}

pub fn ramps(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mentors = listed(
        &["CAST(g.id AS TEXT)", &plain("p.name")],
        "pairings g JOIN people p ON p.id = g.mentor_id WHERE g.ramp_id = ramps.id",
    );
    let rows: Vec<(i64, String, String, String, List)> = ramps::table
        .inner_join(areas::table)
        .filter(id_in(ramps::id, ids))
        .select((
            ramps::id,
            name_of("ramps.mentee_id"),
            areas::name,
            areas::code,
            mentors,
        ))
        .load(c)?;
    let entry = |(id, mentee, area, code, mentors): (i64, String, String, String, List)| {
        let mentors = in_order(mentors)?;
        Ok(Entry {
            ref_id: id,
            ramp_id: Some(id),
            title: format!("{mentee}, {area}"),
            address: format!("/ramps/{id}"),
            also: joined(mentors.iter().chain([&code])),
            ..Entry::default()
        })
    };
    rows.into_iter().map(entry).collect()
}

/// These sessions, and those they replaced: undoing one brings the other back.
pub fn with_replaced(c: &mut Conn, ids: &[i64]) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let replaced: Vec<Option<i64>> = sessions::table
        .filter(id_in(sessions::id, ids))
        .select(sessions::supersedes_id)
        .load(c)?;
    let replaced = replaced.into_iter().flatten();
    Ok(ids.iter().copied().chain(replaced).collect())
}

/// The sessions of these ramps.
pub fn sessions_of(c: &mut Conn, ramps: &[i64]) -> Result<Vec<i64>> {
    if ramps.is_empty() {
        return Ok(Vec::new());
    }
    let found = sessions::table.filter(id_in(sessions::ramp_id, ramps));
    Ok(found.select(sessions::id).load(c)?)
}

#[derive(Queryable)]
struct SessionRow {
    id: i64,
    ramp_id: i64,
    starts_at: UtcTime,
    summary: String,
    agenda: String,
    mentee: String,
    mentor: String,
    area: String,
    area_code: String,
    agreed: List,
    observed: List,
    topics: List,
}

/// Those of these sessions that are planned or held, and not replaced or undone.
pub fn sessions(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let agreed = listed(
        &["CAST(n.id AS TEXT)", &plain("n.body")],
        "next_actions n WHERE n.session_id = sessions.id",
    );
    let observed = listed(
        &["o.competency_code"],
        "observations o WHERE o.session_id = sessions.id",
    );
    let topics = listed(
        &["t.code"],
        "session_topics t WHERE t.session_id = sessions.id",
    );
    let rows: Vec<SessionRow> = sessions::table
        .inner_join(ramps::table.inner_join(areas::table))
        .filter(id_in(sessions::id, ids))
        .filter(sessions::state.eq_any(["planned", "held"]))
        .filter(sessions::superseded_at.is_null())
        .filter(sessions::undone_at.is_null())
        .select((
            sessions::id,
            sessions::ramp_id,
            sessions::starts_at,
            sessions::summary,
            sessions::agenda,
            name_of("ramps.mentee_id"),
            name_of("sessions.mentor_id"),
            areas::name,
            areas::code,
            agreed,
            observed,
            topics,
        ))
        .load(c)?;
    rows.into_iter().map(session).collect()
}

fn session(r: SessionRow) -> Result<Entry> {
    let code = |parts: &[&str]| Some((*parts.first()?).to_owned());
    let mut also = entries(r.observed, code)?;
    also.extend(entries(r.topics, code)?);
    also.sort_unstable();
    also.extend([r.mentor, r.area_code]);
    let mut texts = vec![r.summary, r.agenda];
    texts.extend(in_order(r.agreed)?);
    Ok(Entry {
        ref_id: r.id,
        ramp_id: Some(r.ramp_id),
        title: format!("Session with {}", r.mentee),
        body: joined(&texts),
        context: r.area,
        address: format!("/sessions/{}", r.id),
        at: Some(r.starts_at),
        also: joined(&also),
        ..Entry::default()
    })
}

/// What every reader of a post-mortem sees of it at once; the rest waits until they have said what they would do.
#[derive(Deserialize)]
struct Beginning {
    symptoms: String,
}

pub fn postmortems(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (i64, String, String, String, String, UtcTime);
    let rows: Vec<Row> = postmortems::table
        .filter(id_in(postmortems::id, ids))
        .select((
            postmortems::id,
            postmortems::slug,
            postmortems::title,
            postmortems::content,
            postmortems::search_key,
            postmortems::occurred_at,
        ))
        .load(c)?;
    let entry = |(ref_id, slug, title, content, also, at): Row| {
        let begins: Beginning = serde_json::from_str(&content).map_err(Error::fault)?;
        Ok(Entry {
            ref_id,
            title,
            body: begins.symptoms,
            address: format!("/library/{slug}"),
            at: Some(at),
            also,
            ..Entry::default()
        })
    };
    rows.into_iter().map(entry).collect()
}

pub fn drills(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (i64, String, UtcTime, Option<UtcTime>, String, String);
    let rows: Vec<(Row, [String; 3])> = drills::table
        .inner_join(areas::table)
        .filter(id_in(drills::id, ids))
        .select((
            (
                drills::id,
                drills::title,
                drills::starts_at,
                drills::debriefed_at,
                areas::name,
                areas::code,
            ),
            (drills::scenario, drills::went_badly, drills::went_well),
        ))
        .load::<(Row, (String, String, String))>(c)?
        .into_iter()
        .map(|(row, (scenario, badly, well))| (row, [scenario, badly, well]))
        .collect();
    let entry = |((id, title, at, debriefed, context, also), texts): (Row, [String; 3])| Entry {
        ref_id: id,
        title,
        // The sheet must surprise those who take part, until the debrief.
        body: match debriefed {
            Some(_) => joined(&texts),
            None => String::new(),
        },
        context,
        address: format!("/drills/{id}"),
        at: Some(at),
        also,
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}
