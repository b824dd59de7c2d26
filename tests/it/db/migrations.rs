//! From one release to the next and back.

use std::collections::{BTreeMap, BTreeSet};

use checkride::db::conn::{session_lock, session_unlock};
use checkride::db::{Conn, Db, Purpose, migrate, transaction};
use checkride::domain::audit::{Act, Entry, Verdict, record};
use checkride::domain::standard::{
    Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level, Standard, StandardState,
    store,
};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::schema::{columns, constraints};
use super::{lines, wait_shortly};
use crate::support::database::{back_to_first, forward};
use crate::support::{Database, On, at, at_once, verified};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

#[test]
fn migrations_run_up_and_down_and_up() {
    let database = Database::migrated();
    let mut c = database.connect();
    let (all_columns, all_constraints) = (columns(&mut c), constraints(&mut c));
    match &mut c {
        Conn::Sqlite(s) => s.revert_all_migrations(SQLITE).unwrap(),
        Conn::Pg(p) => p.revert_all_migrations(POSTGRES).unwrap(),
    };
    assert_eq!(columns(&mut c), BTreeMap::new());
    assert_eq!(constraints(&mut c), BTreeSet::new());
    drop(c);
    assert_ne!(migrate::run(&database.target).unwrap(), 0);
    let mut c = database.connect();
    assert_eq!(
        (columns(&mut c), constraints(&mut c)),
        (all_columns, all_constraints)
    );
    assert_eq!(migrate::run(&database.target).unwrap(), 0);
}

/// Versions of a standard as the first release kept them: a row for the version, one for each of its lines.
const ROWS_OF_OLD: &str = r#"
    INSERT INTO teams (id, name, name_key, created_at) VALUES (1, 'Payments', 'payments', '2026-11-01 09:00:00.000000');
    INSERT INTO areas (id, slug, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks, validity_months,
      recency_days, created_at) VALUES (1, 'payments', 'PAY', 'Payments', '', 1, 1, 2, 12, 12, 90,
      '2026-11-01 09:00:00.000000');
    INSERT INTO standards (id, area_id, version, state, note, gates, created_at, published_at) VALUES
      (1, 1, 1, 'retired', 'First', '[{"kind":"levels"}]', '2026-11-01 09:00:00.000000', '2026-11-01 09:00:00.000000'),
      (2, 1, 2, 'published', 'Second',
        '[{"kind":"levels"},{"kind":"checklist"},{"kind":"sessions","held":8,"minutes":480}]',
        '2026-11-02 09:00:00.000000', '2026-11-02 09:00:00.000000'),
      (3, 1, 3, 'draft', '', '[]', '2026-11-03 09:00:00.000000', NULL);
    INSERT INTO standard_competencies (standard_id, code, position, grp, statement, required_level, critical, behaviours)
      VALUES
      (1, 'PAY-A1', 0, 'architecture', 'Explains “captures”', 3, FALSE, '["","","","",""]'),
      (2, 'PAY-I1', 0, 'incident', 'Switches the provider', 4, TRUE, '["Watches","Turns a flag","Asks","Does \"it\" alone","Leads"]'),
      (2, 'PAY-A1', 1, 'architecture', 'Explains “captures”', 3, FALSE, '["","","Füllt","",""]');
    INSERT INTO standard_items (standard_id, code, position, grp, body, link) VALUES
      (2, 'PAY-K2', 0, 'meet', 'Meet finance', NULL),
      (2, 'PAY-K1', 1, 'read', 'Read the runbook', 'https://runbooks.example.com/one');
"#;

/// The same rows, told in words that do not depend on how a database writes JSON.
fn told_of_old(c: &mut Conn) -> Vec<String> {
    [
        "SELECT 'v' || version || ' ' || state || ' ' || note || ' ' || replace(gates, ' ', '') AS line FROM standards ORDER BY 1",
        "SELECT standard_id || ' ' || position || ' ' || code || ' ' || grp || ' ' || statement || ' ' || required_level \
           || CASE WHEN critical THEN ' critical ' ELSE ' ' END || replace(behaviours, ', ', ',') AS line FROM standard_competencies ORDER BY 1",
        "SELECT standard_id || ' ' || position || ' ' || code || ' ' || grp || ' ' || body || ' ' || COALESCE(link, '-') AS line \
           FROM standard_items ORDER BY 1",
    ]
    .iter()
    .flat_map(|sql| lines(c, sql))
    .collect()
}

#[test]
fn standards_of_the_first_release_come_through_as_documents_and_back_as_rows() {
    let database = Database::empty();
    let mut c = database.connect();
    match &mut c {
        Conn::Sqlite(s) => s.run_next_migration(SQLITE).map(|_| ()).unwrap(),
        Conn::Pg(p) => p.run_next_migration(POSTGRES).map(|_| ()).unwrap(),
    }
    c.batch_execute(ROWS_OF_OLD).unwrap();
    let before = told_of_old(&mut c);
    assert_eq!(before.len(), 8, "{before:#?}");
    forward(&mut c);

    let [draft, published, retired] =
        <[Standard; 3]>::try_from(store::of_area(&mut c, 1).unwrap()).unwrap();
    assert_eq!(
        [draft.state, published.state, retired.state],
        [
            StandardState::Draft,
            StandardState::Published,
            StandardState::Retired
        ]
    );
    assert_eq!(*draft.content, Content::default());
    let competency =
        |code: &str, group, statement: &str, level: usize, behaviours: [&str; 5]| Competency {
            code: code.into(),
            group,
            statement: statement.into(),
            required_level: Level::ALL[level - 1],
            critical: level == 4,
            behaviours: behaviours.map(str::to_owned),
        };
    let switching = [
        "Watches",
        "Turns a flag",
        "Asks",
        "Does \"it\" alone",
        "Leads",
    ];
    let explaining = ["", "", "Füllt", "", ""];
    let item = |code: &str, group, text: &str, link: Option<&str>| Item {
        code: code.into(),
        group,
        text: text.into(),
        done_by: DoneBy::Mentee,
        link: link.map(str::to_owned),
    };
    let link = "https://runbooks.example.com/one";
    assert_eq!(
        *published.content,
        Content {
            competencies: vec![
                competency(
                    "PAY-I1",
                    Group::Incident,
                    "Switches the provider",
                    4,
                    switching
                ),
                competency(
                    "PAY-A1",
                    Group::Architecture,
                    "Explains “captures”",
                    3,
                    explaining
                ),
            ],
            items: vec![
                item("PAY-K2", ItemGroup::Meet, "Meet finance", None),
                item("PAY-K1", ItemGroup::Read, "Read the runbook", Some(link)),
            ],
            gates: vec![
                Gate::Levels {
                    critical_evidence: None
                },
                Gate::Checklist,
                Gate::Sessions {
                    held: 8,
                    minutes: 480
                },
            ],
        }
    );
    assert_eq!(
        retired.content.gates,
        [Gate::Levels {
            critical_evidence: None
        }]
    );
    assert_eq!(
        (
            published.material,
            published.revision,
            published.published_by
        ),
        (false, 0, None)
    );

    back_to_first(&mut c);
    assert_eq!(told_of_old(&mut c), before);
}

#[test]
fn a_chain_of_an_older_version_is_whole_and_goes_on() {
    let database = Database::migrated();
    let mut c = database.connect();
    let write = |c: &mut Conn| {
        let act = Act::operator(at("2026-11-23T09:00:00Z"));
        let entry = Entry::new("test.wrote", "write:1".into());
        transaction(c, Purpose::Write, |c| record(c, &act, entry)).unwrap();
    };
    for _ in 0..3 {
        write(&mut c);
    }
    let whole = |c: &mut Conn| match verified(c).unwrap() {
        Verdict::Whole { entries, head, .. } => (entries, head),
        broken @ Verdict::Broken { .. } => panic!("{broken:?}"),
    };
    let before = whole(&mut c);
    let has_places = |c: &mut Conn| columns(c).contains_key("audit_entries.position");
    let back = |c: &mut Conn| match c {
        Conn::Sqlite(s) => s.revert_last_migration(SQLITE).is_ok(),
        Conn::Pg(p) => p.revert_last_migration(POSTGRES).is_ok(),
    };
    while has_places(&mut c) {
        assert!(back(&mut c));
    }
    forward(&mut c);
    assert_eq!((before.0, &before.1), (3, &whole(&mut c).1));
    write(&mut c);
    // An older version would take an entry without a seal for damage.
    while back(&mut c) {}
    assert!(has_places(&mut c));
    forward(&mut c);
    assert_eq!(whole(&mut c).0, 4);
}

#[test]
fn a_database_newer_than_the_binary_is_refused() {
    let database = Database::migrated();
    let sql = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    diesel::sql_query(sql)
        .execute(&mut database.connect())
        .unwrap();
    let refused = Db::open(&database.target).unwrap_err().to_string();
    assert!(
        refused.contains("newer") && refused.contains("29990101000000"),
        "{refused}"
    );
}

#[test]
fn two_that_start_at_once_on_a_fresh_database_both_succeed() {
    for _ in 0..5 {
        let database = Database::empty();
        let ran = at_once(4, |_| {
            migrate::run(&database.target).map_err(|e| e.to_string())
        });
        let ran: Vec<usize> = ran.into_iter().collect::<Result<_, _>>().unwrap();
        assert_eq!(ran.iter().filter(|n| **n > 0).count(), 1, "{ran:?}");
    }
}

#[test]
fn a_migration_waits_for_another_process_as_long_as_it_takes() {
    if On::this_run() == On::Sqlite {
        return; // Its migrations wait on the file's write lock.
    }
    let database = Database::migrated();
    let (mut first, mut second) = (database.connect(), database.connect());
    session_lock(&mut first, 7).unwrap();
    wait_shortly(&mut second);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| session_lock(&mut second, 7).map_err(|e| e.to_string()));
        std::thread::sleep(std::time::Duration::from_millis(400));
        session_unlock(&mut first, 7).unwrap();
        waiting.join().unwrap().unwrap();
    });
    assert_eq!(
        lines(
            &mut second,
            "SELECT current_setting('lock_timeout') AS line"
        ),
        ["0"]
    );
    session_unlock(&mut second, 7).unwrap();
    assert_eq!(
        lines(
            &mut second,
            "SELECT current_setting('lock_timeout') AS line"
        ),
        ["3s"]
    );
}
