//! How the databases find what a page or a deed asks for: by an index, whatever the tables hold.

use std::collections::{BTreeMap, BTreeSet};

use checkride::db::Conn;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::WALK;
use crate::past::tables::looking_back;
use crate::support::{Database, Role, Site, TestApp, path};

/// What may be read whole by any page: there is little of it.
const FEW: [&str; 6] = [
    "areas",
    "teams",
    "hooks",
    "screens",
    "__diesel_schema_migrations",
    // Who left, which is read once a statement.
    "departures",
];

/// What else is read whole: the page that asks first, and the table with its index where it is read through one. The list
/// may only shrink.
const WHOLE: [(&str, &str); 10] = [
    // What waits for an administrator, when nobody leads.
    ("/", "ramp_requests"),
    // What is added is compared with everybody, and gets a handle that is free.
    ("/admin/add-people", "memberships"),
    ("/admin/add-people", "people"),
    ("/admin/add-people", "people sqlite_autoindex_people_1"),
    // Everything is exported.
    ("/admin/organisation.zip", "people people_sorted"),
    (
        "/admin/organisation.zip",
        "postmortems sqlite_autoindex_postmortems_1",
    ),
    // The page shows every team with its numbers.
    ("/admin/teams", "memberships sqlite_autoindex_memberships_1"),
    // Its first 300, and whether there are more.
    ("/board", "people"),
    // The names to choose from.
    ("/library", "postmortem_systems postmortem_systems_name"),
    // The addresses that begin alike, when one is written.
    ("/library/new", "postmortems sqlite_autoindex_postmortems_1"),
];

/// A part of the answer of a database that says how it would work.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The same of the other database.
#[derive(QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

#[test]
fn no_page_and_no_deed_reads_a_whole_table() {
    assert!(WALK.asked.len() > 500, "{} statements", WALK.asked.len());
    let mut found: BTreeMap<(String, String), &str> = BTreeMap::new();
    let database = Database::migrated();
    let mut c = database.connect();
    for (statement, page) in &WALK.asked {
        let few = |read: &String| FEW.iter().any(|few| read == few || is_index_of(read, few));
        let all = read_whole(&mut c, statement).into_iter();
        for read in all.filter(|read| !few(read)) {
            found.insert(((*page).to_owned(), read), statement);
        }
    }
    let excused: BTreeSet<(String, String)> = WHOLE
        .iter()
        .map(|(page, read)| ((*page).to_owned(), (*read).to_owned()))
        .collect();
    let new: Vec<_> = found
        .iter()
        .filter(|(read, _)| !excused.contains(*read))
        .collect();
    assert!(new.is_empty(), "read whole: {new:#?}");
    // The other database may do without one of them.
    if matches!(c, Conn::Sqlite(_)) {
        let gone: Vec<_> = excused
            .iter()
            .filter(|read| !found.contains_key(*read))
            .collect();
        assert!(gone.is_empty(), "read whole no more: {gone:#?}");
    }
}

#[test]
fn no_page_of_a_past_day_reads_a_whole_table() {
    let (app, statements) = TestApp::counted();
    let site = Site::open_on(app);
    site.hold_session(30);
    site.make_ready();
    let day = site.app.now().day();
    site.app.wait_hours(30);
    let pages = [
        "/board".to_owned(),
        "/board.csv".to_owned(),
        "/board/teams".to_owned(),
        "/areas/payments".to_owned(),
        path::person(&site.mentor.handle),
        path::person(&site.mentee.handle),
    ];
    let mut asked = BTreeMap::new();
    for role in [Role::Mentee, Role::OwnerLead, Role::Administrator] {
        let client = site.client(role);
        statements.take();
        for page in &pages {
            client.get(&format!("{page}?at={day}")).assert_status(200);
            for said in statements.take() {
                let statement = said.split(" -- binds:").next().unwrap().to_owned();
                asked.entry(statement).or_insert(page);
            }
        }
    }
    let mut c = looking_back(site.app.database());
    let mut found = BTreeMap::new();
    for (statement, page) in &asked {
        // The last of them is of a session that was used, on a connection of today.
        let is_read = statement.starts_with("SELECT");
        let read = is_read.then(|| read_whole(&mut c, statement));
        for read in read.into_iter().flatten() {
            let table = behind_view(&read);
            if table != "moment" && !FEW.contains(&table.as_str()) {
                found.insert((page.as_str(), table), statement);
            }
        }
    }
    // The first 300, and whether there are more.
    let first = found.remove(&("/board", "people".to_owned()));
    assert!(first.is_some(), "of {} statements", asked.len());
    assert!(found.is_empty(), "read whole: {found:#?}");
}

/// The table that a view of the past names with an alias.
fn behind_view(read: &str) -> String {
    let views = include_str!("../../../crates/core/src/db/past.sql");
    let name = read.split(' ').next().unwrap();
    let alias = |table: &&str| table.split([' ', '\n']).nth(1) == Some(name);
    let found = views.split("{live}.").skip(1).find(alias);
    let table = found.map_or(name, |table| table.split(' ').next().unwrap());
    table.trim_start_matches("main.").to_owned()
}

/// The tables that a statement reads from their first row to the last, each with the index it is read through. A page in
/// the order of an index, which ends at a limit, is none; nor is a row that stands for all.
fn read_whole(c: &mut Conn, statement: &str) -> Vec<String> {
    let (sorts, mut scans) = match c {
        Conn::Sqlite(c) => of_sqlite(c, statement),
        Conn::Pg(c) => of_postgres(c, statement),
    };
    let last = statement
        .rsplit_once(" LIMIT ")
        .map_or("", |(_, last)| last);
    let has_end = last.starts_with(['?', '$']) && !last.contains(['(', ')']);
    let in_order = statement.contains(" ORDER BY ") || !statement.contains(" WHERE ");
    // The first step is what the limit ends.
    if has_end && in_order && !sorts && !scans.is_empty() {
        scans.remove(0);
    }
    scans
}

fn of_sqlite(c: &mut SqliteConnection, statement: &str) -> (bool, Vec<String>) {
    // Of what is inserted it names the tables whose rows could have waited for it, which none does here.
    if statement.starts_with("INSERT") {
        return (false, Vec::new());
    }
    let plan = format!("EXPLAIN QUERY PLAN {statement}");
    let steps: Vec<Step> = diesel::sql_query(plan).load(c).unwrap();
    let sorts = steps.iter().any(|s| s.detail.contains("FOR ORDER BY"));
    // What the statement itself made is no table.
    let is_made = |name: &str| {
        let made = [format!("CO-ROUTINE {name}"), format!("MATERIALIZE {name}")];
        name.starts_with('(') || steps.iter().any(|step| made.contains(&step.detail))
    };
    let scans = steps
        .iter()
        .filter_map(|step| step.detail.strip_prefix("SCAN "))
        .filter(|scan| !scan.contains("VIRTUAL TABLE") && *scan != "CONSTANT ROW")
        .filter_map(|scan| {
            let (name, how) = scan.split_once(' ').unwrap_or((scan, ""));
            let index = how.rsplit_once("INDEX ").map_or("", |(_, index)| index);
            let read = format!("{} {index}", table_of(name, statement));
            (!is_made(name)).then(|| read.trim().to_owned())
        });
    (sorts, scans.collect())
}

/// Whether a table is read through one of its indexes.
fn is_index_of(read: &str, table: &str) -> bool {
    !table.contains(' ') && read.split_once(' ').is_some_and(|(of, _)| of == table)
}

/// The table behind an alias.
fn table_of<'s>(name: &'s str, statement: &'s str) -> &'s str {
    let alias = format!(" {name} ");
    let before = statement.split(&alias).next().unwrap();
    let is_alias = before.len() < statement.len() && name.len() < 3;
    match is_alias {
        true => before.rsplit(' ').next().unwrap(),
        false => name,
    }
}

fn of_postgres(c: &mut PgConnection, statement: &str) -> (bool, Vec<String>) {
    let most = (1..100)
        .take_while(|n| statement.contains(&format!("${n}")))
        .count();
    let nothing = vec!["NULL"; most].join(", ");
    let given = if most == 0 {
        String::new()
    } else {
        format!("({nothing})")
    };
    // Tables of a test are small: without this each would be read whole.
    c.batch_execute(&format!(
        "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; \
         SET plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}"
    ))
    .unwrap_or_else(|fault| panic!("{fault}: {statement}"));
    let plan = format!("EXPLAIN (COSTS OFF) EXECUTE asked{given}");
    let lines: Vec<PlanLine> = diesel::sql_query(plan).load(c).unwrap();
    c.batch_execute("DEALLOCATE asked").unwrap();
    let plan: Vec<&str> = lines.iter().map(|line| line.line.trim()).collect();
    let sorts = plan.iter().any(|line| line.contains("Sort Key:"));
    let mut scans = Vec::new();
    for line in plan {
        // Through which index small tables are read says nothing.
        if let Some((_, on)) = line.split_once("Seq Scan on ") {
            scans.push(on.split(' ').next().unwrap().to_owned());
        }
    }
    (sorts, scans)
}
