//! SQL that reads what is found of each kind, from the tables of its noun. A text that its page keeps back from somebody
//! who may open it does not go into an entry's body.

mod areas;
mod comments;
mod library;
mod ramps;
pub(super) mod shown;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Kind;
use super::store::Entry;
use crate::db::fixed::{Fixed, fixed};
use crate::db::list::{List, entries};
use crate::db::schema::{
    areas as area_rows, comments as comment_rows, drills, people, postmortems, ramps as ramp_rows,
    sessions, shifts,
};
use crate::db::{Conn, id_in};
use crate::error::Result;

/// What is found of these rows. Those of which nothing is found now have no entry.
pub fn read(c: &mut Conn, kind: Kind, rows: &[i64]) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    match kind {
        Kind::Person => of_people(c, rows),
        Kind::Area => areas::areas(c, rows),
        Kind::System => areas::systems(c, rows),
        Kind::Competency => areas::competencies(c, rows),
        Kind::Ramp => ramps::ramps(c, rows),
        Kind::Session => ramps::sessions(c, rows),
        Kind::Shift => ramps::shifts(c, rows),
        Kind::Postmortem => library::postmortems(c, rows),
        Kind::Drill => library::drills(c, rows),
        Kind::Comment => comments::comments(c, rows),
    }
}

/// Every row that something of a kind may be found of.
pub fn rows(c: &mut Conn, kind: Kind) -> Result<Vec<i64>> {
    Ok(match kind {
        Kind::Person => people::table.select(people::id).load(c)?,
        Kind::Area | Kind::System | Kind::Competency => {
            area_rows::table.select(area_rows::id).load(c)?
        }
        Kind::Ramp => ramp_rows::table.select(ramp_rows::id).load(c)?,
        Kind::Session => sessions::table.select(sessions::id).load(c)?,
        Kind::Shift => shifts::table.select(shifts::id).load(c)?,
        Kind::Postmortem => postmortems::table.select(postmortems::id).load(c)?,
        Kind::Drill => drills::table.select(drills::id).load(c)?,
        Kind::Comment => comment_rows::table.select(comment_rows::id).load(c)?,
    })
}

/// Texts one after the other, without the empty ones.
fn joined<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let texts = texts.into_iter().map(String::as_str);
    let texts = texts.filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("\n")
}

fn of_people(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
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
