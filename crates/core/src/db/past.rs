//! What was known at the end of a past day: the same queries, on a connection whose tables are views of what was known
//! at a moment (`past.sql`). Nothing is decided here; the engine reads what the views show.

use diesel::connection::SimpleConnection;

use super::conn;
use super::conn::Conn;
use super::types::UtcTime;
use crate::error::Result;

const VIEWS: &str = include_str!("past.sql");
/// The statements of the views, for tables of that schema and the SQL that names the moment.
fn views(live: &str, moment: &str) -> String {
    let then = |column: &str| {
        format!(
            "(SELECT v.{column} FROM {live}.clearance_versions v WHERE v.clearance_id = k.id AND v.at < {{at}} \
             ORDER BY v.id DESC LIMIT 1) AS {column}"
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
        "practice_left",
        "recency_days",
        "practice",
        "practice_from",
    ];
    of_clearance
        .iter()
        .fold(VIEWS.to_owned(), |sql, column| {
            sql.replace(&format!("{{then:{column}}}"), &then(column))
        })
        .replace("{live}", live)
        .replace("{at}", moment)
}

/// Creates the views on a new connection.
pub(super) fn set_up(c: &mut Conn) -> Result<()> {
    let (live, moment) = conn::prepare_moment(c)?;
    c.batch_execute(&views(&live, moment))?;
    view_at(c, UtcTime::MAX)
}

/// From now on the connection shows what was known before that moment; with [`UtcTime::MAX`], what is known now.
pub fn view_at(c: &mut Conn, before: UtcTime) -> Result<()> {
    conn::set_moment(c, before)
}
