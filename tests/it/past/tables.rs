//! What the tables say, and what the views say of them.

use std::collections::{BTreeMap, BTreeSet};

use checkride::db::types::UtcTime;
use checkride::db::{Conn, Purpose, past, transaction};
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::schema::columns_in_code;
use crate::support::Database;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What is not kept of the past: how often an area's form was saved, how often a drill's, which draft is to answer a
/// stale line, and how a rota is read.
const NOT_KEPT: [&str; 11] = [
    "areas.revision",
    "drills.revision",
    "rotas.address",
    "rotas.due_at",
    "rotas.failures",
    "rotas.looked_at",
    "rotas.problem",
    "rotas.source",
    "rotas.time_zone",
    "rotas.token",
    "stale_flags.answered_in",
];

/// Every table that has a past, with its columns.
fn tables() -> BTreeMap<String, Vec<String>> {
    let views = include_str!("../../../crates/core/src/db/past.sql");
    let names: BTreeSet<&str> = views
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE TEMP VIEW ")?.strip_suffix(" AS"))
        .collect();
    assert!(names.len() > 20, "past.sql was not understood");
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in columns_in_code().keys() {
        let (table, column) = name.split_once('.').unwrap();
        if names.contains(table) && !NOT_KEPT.contains(&name.as_str()) {
            all.entry(table.into()).or_default().push(column.into());
        }
    }
    assert_eq!(all.len(), names.len(), "a view of no table");
    all
}

/// Tables that no page of a past day reads, or that are written only together with what has a past.
const WITHOUT: [&str; 61] = [
    "agreed_versions",
    "area_versions",
    "audit_entries",
    "audit_head",
    "auth_sessions",
    "busy_calendars",
    "busy_spans",
    "calendar_feeds",
    "calendar_names",
    "clearance_versions",
    "club_people",
    "comment_mentions",
    "comment_versions",
    "comments",
    "discussion_choices",
    "drill_lines",
    "drill_roles",
    "form_keys",
    "hooks",
    "invites",
    "known_browsers",
    "kpi_crossings",
    "kpi_days",
    "leases",
    "mail_choices",
    "mail_settings",
    "membership_spells",
    "messages",
    "next_actions",
    "notifications",
    "observations",
    "person_names",
    "pictures",
    "postmortem_answers",
    "postmortem_area_spells",
    "postmortem_codes",
    "postmortem_systems",
    "postmortems",
    "private_notes",
    "ramp_requests",
    "ramp_targets",
    "ramp_upgrades",
    "rota_entries",
    "rota_findings",
    "rota_steps",
    "rounds",
    "screens",
    "search_entries",
    "search_index",
    "session_changes",
    "session_feedback",
    "session_topics",
    "shift_changes",
    "shift_observations",
    "sign_in_attempts",
    "signoff_messages",
    "system_links",
    "systems",
    "text_keys",
    "void_first_keys",
    "weekly_hours",
];

#[test]
fn every_table_has_a_past_or_a_reason_not_to() {
    let code = columns_in_code();
    let all: BTreeSet<&str> = code
        .keys()
        .filter_map(|name| Some(name.split_once('.')?.0))
        .collect();
    let with = tables();
    let without: Vec<&str> = all
        .into_iter()
        .filter(|table| !with.contains_key(*table))
        .collect();
    assert_eq!(without, WITHOUT);
}

/// A table's rows, as text.
pub type Rows = BTreeMap<String, BTreeSet<String>>;

/// What a connection sees of every table that has a past. Drafts of a standard have none.
pub fn rows(c: &mut Conn) -> Rows {
    let array = match c {
        Conn::Sqlite(_) => "json_array",
        Conn::Pg(_) => "json_build_array",
    };
    let of = |(table, columns): (String, Vec<String>)| {
        let kept = match table.as_str() {
            "standards" => "published_at IS NOT NULL",
            _ => "TRUE",
        };
        let sql = format!(
            "SELECT CAST({array}({}) AS TEXT) AS line FROM {table} WHERE {kept}",
            columns.join(", ")
        );
        let lines: Vec<Line> = diesel::sql_query(sql)
            .load(c)
            .unwrap_or_else(|e| panic!("{table}: {e}"));
        (table, lines.into_iter().map(|l| l.line).collect())
    };
    tables().into_iter().map(of).collect()
}

/// A connection that looks at the past.
pub fn looking_back(database: &Database) -> Conn {
    Conn::open(&database.target, Purpose::Past).unwrap()
}

/// What was known before a moment.
pub fn known(c: &mut Conn, before: UtcTime) -> Rows {
    transaction(c, Purpose::Past, |c| {
        past::view_at(c, before)?;
        Ok(rows(c))
    })
    .unwrap()
}

/// Fails with the rows that are only on one side.
pub fn assert_same(then: &Rows, now: &Rows, when: &str) {
    for (table, lines) in then {
        let other = &now[table];
        let gone: Vec<_> = lines.difference(other).collect();
        let new: Vec<_> = other.difference(lines).collect();
        assert!(
            gone.is_empty() && new.is_empty(),
            "{when}, {table}:\nthen {gone:#?}\nnow {new:#?}"
        );
    }
}
