//! All rows as they are, so that what is tried can be undone whatever it was.

use checkride::db::Conn;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// Rows to go back to: a query that names the tables that differ from them.
pub struct Kept(String);

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

fn run(c: &mut Conn, statements: &str) {
    match c {
        Conn::Sqlite(c) => c.batch_execute(statements).unwrap(),
        Conn::Pg(c) => c.batch_execute(statements).unwrap(),
    }
}

impl Kept {
    /// Keeps them, on this connection.
    pub fn of(c: &mut Conn) -> Self {
        let (asked, free) = match c {
            Conn::Sqlite(_) => (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                 AND name NOT LIKE 'search_words%'",
                "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF",
            ),
            Conn::Pg(_) => (
                "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
                "SET session_replication_role = replica; SET synchronous_commit = off",
            ),
        };
        run(c, free);
        // A full-text table is not copied by its rows. Nothing that is tried here searches.
        let tables: Vec<Table> = diesel::sql_query(asked).load(c).unwrap();
        let mut differing = Vec::new();
        for Table { name } in tables {
            let all = format!("SELECT * FROM {name}");
            run(c, &format!("CREATE TEMP TABLE kept_{name} AS {all}"));
            let kept = format!("SELECT * FROM kept_{name}");
            differing.push(format!(
                "SELECT '{name}' AS name WHERE EXISTS ({all} EXCEPT {kept}) OR EXISTS ({kept} EXCEPT {all})"
            ));
        }
        Self(differing.join(" UNION ALL "))
    }

    pub fn restore(&self, c: &mut Conn) {
        let tables: Vec<Table> = diesel::sql_query(&self.0).load(c).unwrap();
        let back = tables.iter().map(|Table { name }| {
            format!("DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept_{name};")
        });
        let back: String = back.collect();
        run(c, &format!("BEGIN; {back} COMMIT"));
    }
}
