//! Both databases have the schema that the code sees, migrate both ways, and lose nothing under many hands.

use std::collections::{BTreeMap, BTreeSet};

use checkride::audit::{self, Act, Entry, Verdict};
use checkride::db::conn::{session_lock, session_unlock};
use checkride::db::schema::teams;
use checkride::db::{Conn, Db, Purpose, migrate, one_of, transaction};
use checkride::error::Error;
use checkride::people::Name;
use checkride::people::store::{is_empty, team_named};
use checkride::standard::{
    Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level, Standard, StandardState,
    store,
};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::support::{Database, On, at, at_once, block_on};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(c: &mut Conn, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(sql).load(c).unwrap();
    lines.into_iter().map(|l| l.line).collect()
}

/// `table.column` and its type, as the database has them; the type in the words of schema.rs.
fn columns(c: &mut Conn) -> BTreeMap<String, String> {
    let sql = match c {
        Conn::Sqlite(_) => {
            "SELECT m.name || '.' || p.name || '=' || CASE WHEN p.type = 'INTEGER' AND p.name = 'id' \
                AND m.name <> 'audit_head' THEN 'bigint' ELSE lower(p.type) END \
                || CASE WHEN p.\"notnull\" OR p.pk THEN '' ELSE '?' END AS line \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'"
        }
        Conn::Pg(_) => {
            "SELECT table_name || '.' || column_name || '=' || data_type \
                || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END AS line \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'"
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
fn columns_in_code() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for table in include_str!("../../src/db/schema.rs")
        .split("diesel::table! {")
        .skip(1)
    {
        let table = table.split("\n}").next().unwrap();
        let name = table.split_whitespace().next().unwrap();
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
fn constraints(c: &mut Conn) -> BTreeSet<String> {
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
    queries.iter().flat_map(|sql| lines(c, sql)).collect()
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
        let found = teams::table.filter(one_of(teams::id, ids));
        found.count().get_result::<i64>(c).unwrap()
    };
    let many: Vec<i64> = (1..=70_000).collect();
    assert_eq!(found(&mut c, &many), 2);
    assert_eq!(found(&mut c, &[2, 3]), 1);
    assert_eq!(found(&mut c, &[]), 0);
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
    match &mut c {
        Conn::Sqlite(s) => s.run_pending_migrations(SQLITE).map(|_| ()).unwrap(),
        Conn::Pg(p) => p.run_pending_migrations(POSTGRES).map(|_| ()).unwrap(),
    }

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
    assert_eq!(draft.content, Content::default());
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
        published.content,
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
                Gate::Levels,
                Gate::Checklist,
                Gate::Sessions {
                    held: 8,
                    minutes: 480
                },
            ],
        }
    );
    assert_eq!(retired.content.gates, [Gate::Levels]);
    assert_eq!(
        (
            published.material,
            published.revision,
            published.published_by
        ),
        (false, 0, None)
    );

    match &mut c {
        Conn::Sqlite(s) => s.revert_last_migration(SQLITE).map(|_| ()).unwrap(),
        Conn::Pg(p) => p.revert_last_migration(POSTGRES).map(|_| ()).unwrap(),
    }
    assert_eq!(told_of_old(&mut c), before);
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
fn eight_at_once_lose_nothing_and_never_find_it_locked() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let (threads, writes) = (8, 200);
    // Reads the head of the chain, then writes what follows from it.
    let write = |c: &mut Conn, n, write| {
        let entry = Entry::new("test.wrote", format!("write:{n}-{write}"));
        audit::record(c, &Act::operator(at("2026-11-23T09:00:00Z")), entry)
    };
    at_once(threads + 1, |n| {
        if n < threads {
            for number in 0..writes {
                block_on(db.write(move |c| write(c, n, number))).unwrap();
            }
        } else {
            // And another process beside it: somebody at the command line.
            let mut c = database.connect();
            for number in 0..writes {
                transaction(&mut c, Purpose::Write, |c| write(c, n, number)).unwrap();
            }
        }
    });
    match audit::verify(&mut database.connect()).unwrap() {
        Verdict::Whole { entries, .. } => {
            assert_eq!(entries, i64::try_from((threads + 1) * writes).unwrap())
        }
        broken @ Verdict::Broken { .. } => panic!("{broken:?}"),
    }
}

/// Waits for locks 50 milliseconds instead of seconds.
fn wait_shortly(c: &mut Conn) {
    let sql = match c {
        Conn::Sqlite(_) => "PRAGMA busy_timeout = 50",
        Conn::Pg(_) => "SET lock_timeout = '50ms'",
    };
    c.batch_execute(sql).unwrap();
}

#[test]
fn a_write_behind_the_lock_of_another_is_told_to_try_again_and_waits_only_once() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let write = |c: &mut Conn, number: u8| {
        let entry = Entry::new("test.wrote", format!("write:{number}"));
        audit::record(c, &Act::operator(at("2026-11-23T09:00:00Z")), entry)
    };
    let impatient = |number| {
        block_on(db.write(move |c| {
            wait_shortly(c);
            write(c, number)
        }))
    };
    impatient(1).unwrap();
    transaction(&mut database.connect(), Purpose::Write, |c| {
        write(c, 2)?;
        assert!(matches!(impatient(3), Err(Error::Busy)));
        Ok(())
    })
    .unwrap();
    impatient(4).unwrap();
    let mut written = block_on(db.write(|c| {
        // A connection opened anew would have waited its five seconds once more.
        if let Conn::Sqlite(_) = c {
            assert_eq!(
                lines(c, "SELECT timeout || '' AS line FROM pragma_busy_timeout"),
                ["50"]
            );
        }
        Ok(lines(c, "SELECT object AS line FROM audit_entries"))
    }))
    .unwrap();
    written.sort();
    assert_eq!(written, ["write:1", "write:2", "write:4"]);
}

#[test]
fn of_two_that_wait_for_each_other_one_is_told_to_try_again() {
    if On::this_run() == On::Sqlite {
        return; // One writer at a time: nobody can wait for a second lock.
    }
    let database = Database::migrated();
    let teams = ["One", "Other"].map(|name| {
        let name = Name::parse(name).unwrap();
        let made = team_named(&mut database.connect(), &name, at("2026-11-23T09:00:00Z"));
        made.unwrap().0
    });
    let both_hold_one = std::sync::Barrier::new(2);
    let ended = at_once(2, |n| {
        let rename = |c: &mut Conn, id: i64| {
            use checkride::db::schema::teams::dsl;
            let team = dsl::teams.find(id);
            diesel::update(team)
                .set(dsl::name.eq(format!("Team {id}")))
                .execute(c)
        };
        transaction(&mut database.connect(), Purpose::Write, |c| {
            rename(c, teams[n])?;
            both_hold_one.wait();
            rename(c, teams[1 - n])?;
            Ok(())
        })
    });
    let gave_way = ended
        .iter()
        .filter(|e| matches!(e, Err(Error::Busy)))
        .count();
    let went_on = ended.iter().filter(|e| e.is_ok()).count();
    assert_eq!((gave_way, went_on), (1, 1), "{ended:?}");
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
        ["10s"]
    );
}

#[test]
fn a_use_case_that_fails_leaves_nothing() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let failed = block_on(db.write(|c| {
        team_named(c, &Name::parse("Half").unwrap(), at("2026-11-23T09:00:00Z"))?;
        Err::<(), _>(Error::Conflict("no".into()))
    }));
    assert!(failed.is_err());
    let teams = block_on(db.read(checkride::people::store::teams)).unwrap();
    assert!(teams.is_empty());
}

#[test]
fn a_read_cannot_write() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let name = Name::parse("Sneaked in").unwrap();
    let refused = block_on(db.read(move |c| team_named(c, &name, at("2026-11-23T09:00:00Z"))));
    let words = refused.unwrap_err().to_string();
    let expected = match On::this_run() {
        On::Sqlite => "attempt to write a readonly database",
        On::Postgres => "cannot execute INSERT in a read-only transaction",
    };
    assert!(words.contains(expected), "{words}");
}

#[test]
fn a_job_that_panics_takes_nobody_with_it() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    for _ in 0..10 {
        let failed = block_on(db.write(|c| {
            team_named(c, &Name::parse("Half").unwrap(), at("2026-11-23T09:00:00Z"))?;
            assert!(!is_empty(c)?, "on purpose");
            Ok(())
        }));
        assert!(failed.is_err());
    }
    let (_, is_new) = block_on(
        db.write(|c| team_named(c, &Name::parse("Half").unwrap(), at("2026-11-23T09:00:00Z"))),
    )
    .unwrap();
    assert!(is_new);
}

/// Five writes that wait for the one before them, each adding a team and then ending as `ends` says: whether it was told
/// that its team is kept, and whether it is.
fn waiting_together(ends: fn(usize) -> Result<(), Error>) -> Vec<(bool, bool)> {
    let database = Database::migrated();
    let db = &Db::open(&database.target).unwrap();
    let name = |n: usize| Name::parse(&format!("Team {n}")).unwrap();
    let write = |n: usize| {
        db.write(move |c| {
            team_named(c, &name(n), at("2026-11-23T09:00:00Z"))?;
            ends(n)
        })
    };
    let (release, held) = std::sync::mpsc::channel::<()>();
    let holding = db.write(move |_| held.recv().map_err(Error::fault));
    let told = block_on(async {
        let (_, a, b, c, d, e, _) = tokio::join!(
            holding,
            write(0),
            write(1),
            write(2),
            write(3),
            write(4),
            // Asked for last, so all of them wait by now.
            async { release.send(()).unwrap() }
        );
        [a, b, c, d, e].map(|outcome| outcome.is_ok())
    });
    let mut c = database.connect();
    let is_kept = |n: usize| {
        let of_that_name = teams::table.filter(teams::name.eq(format!("Team {n}")));
        of_that_name.count().get_result::<i64>(&mut c).unwrap() == 1
    };
    told.into_iter().zip((0..5).map(is_kept)).collect()
}

#[test]
fn of_writes_that_wait_together_each_is_kept_or_undone_by_itself() {
    let ended = waiting_together(|n| match n {
        1 | 4 => Err(Error::Conflict("somebody was faster".into())),
        _ => Ok(()),
    });
    let kept = [true, false, true, true, false];
    assert_eq!(ended, kept.map(|kept| (kept, kept)));
}

#[test]
fn nobody_is_told_that_something_is_kept_which_a_panic_beside_it_undid() {
    let ended = waiting_together(|n| {
        assert_ne!(n, 2, "on purpose");
        Ok(())
    });
    for (n, (told, kept)) in ended.into_iter().enumerate() {
        assert_eq!(told, kept, "{n}");
        assert!(n != 2 || !kept);
    }
}
