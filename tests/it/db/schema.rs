//! What the tables are.

use std::collections::{BTreeMap, BTreeSet};

use checkride::db::schema::teams;
use checkride::db::{Conn, id_in, migrate};
use checkride::domain::people::Name;
use checkride::domain::people::store::team_named;
use diesel::prelude::*;

use super::lines;
use crate::support::{Database, at};

/// The words of the search: a full-text table on one database, a vector on the other.
const WORDS: &str = "search_words";

/// `table.column` and its type, as the database has them; the type in the words of schema.rs.
pub fn columns(c: &mut Conn) -> BTreeMap<String, String> {
    let sql = match c {
        Conn::Sqlite(_) => {
            "SELECT m.name || '.' || p.name || '=' || CASE WHEN p.type = 'INTEGER' AND p.name = 'id' \
                AND m.name <> 'audit_head' THEN 'bigint' ELSE lower(p.type) END \
                || CASE WHEN p.\"notnull\" OR p.pk THEN '' ELSE '?' END AS line \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'search_words%'"
        }
        Conn::Pg(_) => {
            "SELECT table_name || '.' || column_name || '=' || data_type \
                || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END AS line \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%' AND table_name <> 'search_words'"
        }
    };
    let lines = lines(c, sql);
    lines
        .iter()
        .map(|line| {
            let (column, found) = line.split_once('=').unwrap();
            let (word, nullable) = found
                .strip_suffix('?')
                .map_or((found, false), |word| (word, true));
            let known = match word {
                "bigint" => "BigInt",
                "integer" => "Integer",
                "text" => "Text",
                "boolean" => "Bool",
                "blob" | "bytea" => "Binary",
                "double" | "double precision" => "Double",
                "date" => "Date",
                "timestamp" | "timestamp without time zone" => "Timestamp",
                other => panic!("{column} is of type {other}, which the code does not use"),
            };
            (
                column.to_owned(),
                if nullable {
                    format!("Nullable<{known}>")
                } else {
                    known.to_owned()
                },
            )
        })
        .collect()
}

/// The same from the `table!` macros.
pub fn columns_in_code() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let code = concat!(
        include_str!("../../../crates/core/src/db/schema.rs"),
        include_str!("../../../crates/core/src/db/schema/asked.rs"),
        include_str!("../../../crates/core/src/db/schema/queue.rs"),
        include_str!("../../../crates/core/src/db/schema/discussion.rs"),
        include_str!("../../../crates/core/src/db/schema/calendar.rs"),
        include_str!("../../../crates/core/src/db/schema/evidence.rs"),
        include_str!("../../../crates/core/src/db/schema/history.rs"),
        include_str!("../../../crates/core/src/db/schema/notification.rs"),
        include_str!("../../../crates/core/src/db/schema/outbox.rs"),
        include_str!("../../../crates/core/src/db/schema/picture.rs"),
        include_str!("../../../crates/core/src/db/schema/rota.rs"),
        include_str!("../../../crates/core/src/db/schema/screen.rs"),
        include_str!("../../../crates/core/src/db/schema/search.rs"),
        include_str!("../../../crates/core/src/db/schema/hook.rs"),
        include_str!("../../../crates/core/src/db/schema/kpi.rs"),
        include_str!("../../../crates/core/src/db/schema/outbox.rs")
    );
    for table in code.split("diesel::table! {").skip(1) {
        let table = table.split("\n}").next().unwrap();
        let name = table.split_whitespace().next().unwrap();
        if name == WORDS {
            continue;
        }
        for line in table.lines().filter(|l| l.contains("->")) {
            let (column, kind) = line
                .trim()
                .trim_end_matches(',')
                .split_once(" -> ")
                .unwrap();
            all.insert(format!("{name}.{column}"), kind.to_owned());
        }
    }
    all
}

/// Keys, indexes and references, in the same words for both databases; and how many checks a table has.
pub fn constraints(c: &mut Conn) -> BTreeSet<String> {
    let queries: &[&str] = match c {
        Conn::Sqlite(_) => &[
            "SELECT 'primary ' || t || '(' || group_concat(name, ',') || ')' AS line FROM (SELECT m.name AS t, p.name \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.pk > 0 ORDER BY 1, p.pk) \
             WHERE t NOT LIKE '\\_\\_%' ESCAPE '\\' GROUP BY t",
            "SELECT CASE u WHEN 1 THEN 'unique ' ELSE 'index ' END || t || '(' || group_concat(col, ',') || ')' \
             || CASE partial WHEN 1 THEN ' where' ELSE '' END AS line \
             FROM (SELECT m.name AS t, l.name AS i, l.\"unique\" AS u, l.partial, x.name AS col FROM sqlite_master m \
             JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) x \
             WHERE m.type = 'table' AND l.origin <> 'pk' ORDER BY 1, 2, x.seqno) GROUP BY t, i, u, partial",
            "SELECT 'reference ' || m.name || '.' || f.\"from\" || ' to ' || f.\"table\" AS line \
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
            "SELECT 'checks ' || name || ' ' || ((length(sql) - length(replace(sql, 'CHECK (', ''))) / 7) AS line \
             FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CHECK (%'",
        ],
        Conn::Pg(_) => &[
            "SELECT CASE WHEN i.indisprimary THEN 'primary ' WHEN i.indisunique THEN 'unique ' ELSE 'index ' END \
             || t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) \
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n) \
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')' \
             || CASE WHEN i.indpred IS NULL THEN '' ELSE ' where' END AS line \
             FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid \
             WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_\\_%'",
            "SELECT 'reference ' || t.relname || '.' || a.attname || ' to ' || f.relname AS line FROM pg_constraint k \
             JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid \
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'",
            "SELECT 'checks ' || t.relname || ' ' || count(*)::text AS line FROM pg_constraint k \
             JOIN pg_class t ON t.oid = k.conrelid WHERE k.contype = 'c' \
             AND t.relnamespace = 'public'::regnamespace GROUP BY t.relname",
        ],
    };
    let all = queries.iter().flat_map(|sql| lines(c, sql));
    all.filter(|line| !line.contains(WORDS)).collect()
}

#[test]
fn the_database_has_the_columns_that_the_code_sees() {
    let database = Database::migrated();
    let in_code = columns_in_code();
    assert!(in_code.len() > 100, "schema.rs was not understood");
    assert_eq!(columns(&mut database.connect()), in_code);
}

#[test]
fn both_databases_have_the_same_keys_indexes_references_and_checks() {
    let sqlite = Database::sqlite(None);
    migrate::run(&sqlite.target).unwrap();
    let found = constraints(&mut sqlite.connect());
    for expected in [
        "primary form_keys(person_id,form_key)",
        "unique ramps(mentee_id,area_id) where",
        "unique signoffs(ramp_id) where",
        "reference pairings.ramp_id to ramps",
        "checks signoffs 1",
    ] {
        assert!(found.contains(expected), "{expected} is not in {found:#?}");
    }
    // On SQLite the run itself is the other side.
    assert_eq!(constraints(&mut Database::migrated().connect()), found);
}

#[test]
fn more_rows_may_be_asked_for_than_a_statement_takes_values() {
    let database = Database::migrated();
    let mut c = database.connect();
    let team = |name: &str| Name::parse(name).unwrap();
    for name in ["Payments", "Orders"] {
        team_named(&mut c, &team(name), at("2026-11-23T09:00:00Z")).unwrap();
    }
    let found = |c: &mut Conn, ids: &[i64]| {
        let found = teams::table.filter(id_in(teams::id, ids));
        found.count().get_result::<i64>(c).unwrap()
    };
    let many: Vec<i64> = (1..=70_000).collect();
    assert_eq!(found(&mut c, &many), 2);
    assert_eq!(found(&mut c, &[2, 3]), 1);
    assert_eq!(found(&mut c, &[]), 0);
}
