//! What was known at the end of a past day: the same queries, on a connection whose tables are views of what was known
//! at a moment (`past.sql`). Nothing is decided here; the engine is fed with what the views show.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::conn::{self, Conn};
use super::types::UtcTime;
use crate::error::Result;

const VIEWS: &str = include_str!("past.sql");
/// The moment is a row of a table of the connection's own: a view asks for it once a query.
const MOMENT: &str = "CREATE TEMP TABLE moment (at TIMESTAMP NOT NULL)";

diesel::table! {
    /// The one row that says when is looked at.
    moment (at) {
        /// What happened at this moment or after it is not known.
        at -> Timestamp,
    }
}

/// The views' statements, for tables of that schema.
fn views(live: &str) -> String {
    let then = |column: &str| {
        format!(
            "(SELECT v.{column} FROM {live}.clearance_versions v WHERE v.clearance_id = k.id AND v.at < {{at}} \
             ORDER BY v.at DESC, v.id DESC LIMIT 1) AS {column}"
        )
    };
    let of_clearance = [
        "ends_on",
        "state",
        "standard_id",
        "supervisor_id",
        "extended_at",
        "practised_on",
        "holds_until",
    ];
    of_clearance
        .iter()
        .fold(VIEWS.to_owned(), |sql, column| {
            sql.replace(&format!("{{then:{column}}}"), &then(column))
        })
        .replace("{live}", live)
        .replace("{at}", "(SELECT moment.at FROM moment)")
}

/// Puts the views over the tables of a connection that was just opened.
///
/// # Errors
/// A database fault.
pub(super) fn set_up(c: &mut Conn) -> Result<()> {
    let live = conn::schema_of_tables(c)?;
    c.batch_execute(&format!("{MOMENT}; {}", views(&live)))?;
    conn::writing_own_tables(c, |c| {
        diesel::insert_into(moment::table)
            .values(moment::at.eq(UtcTime::MAX))
            .execute(c)?;
        Ok(())
    })
}

/// From here on the connection shows what was known before that moment; at [`UtcTime::MAX`] what is known now.
///
/// # Errors
/// A database fault.
pub fn look(c: &mut Conn, before: UtcTime) -> Result<()> {
    conn::writing_own_tables(c, |c| {
        diesel::update(moment::table)
            .set(moment::at.eq(before))
            .execute(c)?;
        Ok(())
    })
}
