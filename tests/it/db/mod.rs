//! Both databases have the schema that the code sees, migrate both ways, and lose nothing under many hands.

mod away;
mod hands;
mod keys;
mod kill;
mod migrations;
pub mod schema;
mod statistics;
mod transactions;

use checkride::db::Conn;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(c: &mut Conn, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(sql).load(c).unwrap();
    lines.into_iter().map(|l| l.line).collect()
}

/// Waits for locks 50 milliseconds instead of seconds.
fn wait_shortly(c: &mut Conn) {
    let sql = match c {
        Conn::Sqlite(_) => "PRAGMA busy_timeout = 50",
        Conn::Pg(_) => "SET lock_timeout = '50ms'",
    };
    c.batch_execute(sql).unwrap();
}
