//! Fills a database with an organisation and its year, in bulk: every table by a few statements over whole sets, so
//! that millions of rows take seconds. Nothing in it is random: the same shape gives the same rows.

use std::fmt::Write;

use checkride::db::types::UtcTime;
use checkride::db::{Conn, Purpose, Target, conn, migrate, transaction};
use checkride::domain::auth::password::{Password, hash_now};
use checkride::domain::standard::{
    Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level, StandardState, store,
};
use diesel::connection::SimpleConnection;

use crate::Result;

/// The password of everybody.
pub const PASSWORD: &str = "the wide harbour at dawn";
/// Competencies and checklist items of a standard.
pub const COMPETENCIES: i64 = 25;
/// See [`COMPETENCIES`].
pub const ITEMS: i64 = 40;
/// People in a team; the first of them leads it.
const TEAM: i64 = 10;
/// Who looks after accounts.
pub const ADMINISTRATOR: i64 = 10;
/// Of each ramp.
const SESSIONS: i64 = 14;
/// Days before today on which the organisation began to use Checkride.
const YEAR: i64 = 365;

/// How large an organisation is, and how much happened in it.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// In the names of files and databases.
    pub name: &'static str,
    /// People.
    pub people: i64,
    /// Areas.
    pub areas: i64,
    /// Ramps of everybody that ended in a clearance within the year.
    pub cleared: i64,
    /// Every so many people, one is on an open ramp.
    pub open_every: i64,
    /// Years of history. Where it is more than one, each of the ramps that ended renewed the clearance of the one before.
    pub years: i64,
}

impl Shape {
    /// 200 people in 20 teams, 12 areas, 300 ramps.
    pub const SMALL: Self = Self {
        name: "small",
        people: 200,
        areas: 12,
        cleared: 1,
        open_every: 2,
        years: 1,
    };
    /// The same, a hundred times: 20,000 people in 2,000 teams, 30,000 ramps.
    pub const LARGE: Self = Self {
        name: "large",
        people: 20_000,
        ..Self::SMALL
    };
    /// A board of 25 people by 40 areas that is half full.
    pub const MATRIX: Self = Self {
        name: "matrix",
        people: 25,
        areas: 40,
        cleared: 20,
        open_every: 1,
        years: 1,
    };
    /// 200 people who recertified every year for ten years, and practised every month.
    pub const DECADE: Self = Self {
        name: "decade",
        cleared: 10,
        years: 10,
        ..Self::SMALL
    };

    /// 20,000 people who recertified every year for five years: 110,000 ramps.
    pub const FIVE: Self = Self {
        name: "five",
        cleared: 5,
        years: 5,
        ..Self::LARGE
    };

    /// Ramps that ended.
    fn closed(self) -> i64 {
        self.people * self.cleared
    }

    /// A ramp that is open, by its place among them from 1. Its mentee is person `n * open_every`.
    #[must_use]
    pub fn open_ramp(self, n: i64) -> i64 {
        self.closed() + n
    }

    /// How many ramps are open.
    #[must_use]
    pub fn open_ramps(self) -> i64 {
        self.people / self.open_every
    }

    /// The person who, as a second mentor, may record sessions of every open ramp.
    #[must_use]
    pub fn coach(self) -> i64 {
        self.people + 1
    }
}

/// The first session of a ramp.
pub fn session_of(ramp: i64) -> i64 {
    (ramp - 1) * SESSIONS + 1
}

/// Migrates a database and fills it, as of `now`.
pub fn fill(target: &Target, shape: Shape, now: UtcTime) -> Result<()> {
    migrate::run(target)?;
    let mut c = Conn::open(target, Purpose::Write)?;
    if let Conn::Pg(_) = &c {
        // Rows that fit each other by how they are made; looking each one up takes most of the time.
        run(&mut c, "SET session_replication_role = replica")?;
    }
    transaction(&mut c, Purpose::Write, |c| {
        everything(c, shape, now).map_err(checkride::error::Error::fault)
    })?;
    if let Conn::Pg(_) = &c {
        run(&mut c, "VACUUM ANALYZE")?;
    }
    Ok(conn::checkpoint(&mut c)?)
}

fn run(c: &mut Conn, sql: &str) -> Result<()> {
    match c {
        Conn::Pg(pg) => pg.batch_execute(sql),
        Conn::Sqlite(lite) => lite.batch_execute(sql),
    }
    .map_err(|e| format!("{e}, in: {sql}").into())
}

fn everything(c: &mut Conn, shape: Shape, now: UtcTime) -> Result<()> {
    helpers(c, shape, now)?;
    let hash = hash_now(&Password::parse(PASSWORD, &[])?)?;
    for sql in people_and_areas(shape, &hash) {
        run(c, &sql)?;
    }
    for area in 1..=shape.areas {
        let began = now.plus_hours(-24 * YEAR * shape.years);
        let first = store::NewVersion {
            area_id: area,
            version: 1,
            state: StandardState::Published,
            note: "First version",
            content: &content(area),
            by: None,
            now: began,
        };
        store::insert(c, &first)?;
    }
    for sql in ramps(shape).into_iter().chain(history()) {
        run(c, &sql)?;
    }
    if let Conn::Pg(_) = c {
        for table in TABLES {
            run(
                c,
                &format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM {table}))"
                ),
            )?;
        }
    }
    Ok(())
}

/// Tables whose rows were numbered here.
const TABLES: [&str; 8] = [
    "teams",
    "people",
    "areas",
    "systems",
    "ramps",
    "sessions",
    "signoffs",
    "clearances",
];

/// Numbers to count with, names to call people by, and days as each database writes them: `n` days from today.
fn helpers(c: &mut Conn, shape: Shape, now: UtcTime) -> Result<()> {
    run(c, "CREATE TEMPORARY TABLE numbers (i BIGINT PRIMARY KEY)")?;
    let most = (shape.people + 1) * shape.cleared.max(1).max(12);
    run(
        c,
        &format!(
            "INSERT INTO numbers WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})
             SELECT i FROM n"
        ),
    )?;
    run(
        c,
        "CREATE TEMPORARY TABLE days (n BIGINT PRIMARY KEY, day DATE, at TIMESTAMP)",
    )?;
    let mut rows = String::new();
    for n in -(shape.years + 1) * YEAR..=2 * YEAR {
        let day = now.day().plus_days(n);
        let comma = if rows.is_empty() { "" } else { "," };
        write!(rows, "{comma}({n},'{day}','{day} 09:00:00.000000')")?;
    }
    run(c, &format!("INSERT INTO days VALUES {rows}"))?;
    run(
        c,
        "CREATE TEMPORARY TABLE names (n BIGINT PRIMARY KEY, first TEXT, last TEXT)",
    )?;
    let rows: Vec<String> = (0..)
        .zip(FIRST.iter().zip(LAST))
        .map(|(n, (first, last))| format!("({n},'{first}','{last}')"))
        .collect();
    run(c, &format!("INSERT INTO names VALUES {}", rows.join(",")))
}

const FIRST: [&str; 20] = [
    "Ada", "Bela", "Chidi", "Dara", "Elif", "Farid", "Greta", "Hana", "Imani", "Jonas", "Kiri",
    "Luca", "Mina", "Noor", "Oskar", "Paz", "Rafa", "Sana", "Tove", "Yara",
];
const LAST: [&str; 20] = [
    "Albrecht",
    "Barros",
    "Castell",
    "Dubois",
    "Ekholm",
    "Ferrante",
    "Gupta",
    "Hoffmann",
    "Ibarra",
    "Jensen",
    "Kaplan",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okoye",
    "Petrov",
    "Quintana",
    "Rossi",
    "Sato",
    "Tanaka",
];

/// A standard with lines as long as people write them.
fn content(area: i64) -> Content {
    let [_, _, reachable, alone, _] = Level::ALL;
    let groups = Group::ALL.iter().cycle();
    let behaviour = |level: &str| {
        format!(
            "{level}: finds the dashboards, names the failure, chooses the runbook and says what would prove it wrong."
        )
    };
    let competencies = (1..=COMPETENCIES).zip(groups).map(|(n, group)| Competency {
        code: format!("A{area}-C{n}"),
        group: *group,
        statement: format!(
            "Traces a failed request through service {n} and says where the time went"
        ),
        required_level: if n % 8 == 0 { alone } else { reachable },
        critical: n % 8 == 0,
        behaviours: ["Watches", "Beside", "Reachable", "Alone", "Supervises"].map(behaviour),
    });
    let kinds = ItemGroup::ALL.iter().cycle();
    let items = (1..=ITEMS).zip(kinds).map(|(n, group)| Item {
        code: format!("A{area}-K{n}"),
        group: *group,
        text: format!("Read runbook {n} and walk through its last three changes with a mentor"),
        done_by: DoneBy::Mentee,
        link: (n % 2 == 0).then(|| format!("https://wiki.example.com/runbooks/{area}/{n}")),
    });
    Content {
        competencies: competencies.collect(),
        items: items.collect(),
        gates: vec![
            Gate::Levels {
                critical_evidence: None,
            },
            Gate::Checklist,
            Gate::Sessions {
                held: 12,
                minutes: 600,
            },
        ],
    }
}

fn people_and_areas(shape: Shape, hash: &str) -> Vec<String> {
    let Shape {
        people,
        areas,
        years,
        ..
    } = shape;
    let coach = shape.coach();
    let teams = (people + TEAM - 1) / TEAM;
    let began = format!("(SELECT at FROM days WHERE n = -{})", YEAR * years);
    vec![
        format!(
            "INSERT INTO teams (id, name, name_key, created_at)
             SELECT i, 'Crew ' || i, 'crew ' || i, {began} FROM numbers WHERE i <= {teams}"
        ),
        format!(
            "INSERT INTO people (id, handle, name, name_key, sort_key, search_key, email, email_key, time_zone,
               is_admin, password_hash, created_at)
             SELECT i, 'person-' || i, f.first || ' ' || l.last || ' ' || i,
               lower(f.first || ' ' || l.last || ' ' || i), lower(f.first || ' ' || l.last || ' ' || i),
               lower(f.first || ' ' || l.last || ' ' || i), 'person-' || i || '@example.com',
               'person-' || i || '@example.com', 'Europe/Lisbon', (i = {ADMINISTRATOR}), '{hash}', {began}
             FROM numbers JOIN names f ON f.n = i % 20 JOIN names l ON l.n = i * 7 / 20 % 20 WHERE i <= {coach}"
        ),
        // The rounds looked at everybody, and begin again after the run: what they cost is no part of a request.
        "INSERT INTO rounds (person_id, looked_at) SELECT p.id, d.at FROM people p, days d WHERE d.n = 365".into(),
        format!(
            "INSERT INTO memberships (team_id, person_id, is_lead)
             SELECT (i - 1) / {TEAM} + 1, i, (i % {TEAM} = 1) FROM numbers WHERE i <= {people}"
        ),
        format!(
            "INSERT INTO membership_spells (team_id, person_id, is_lead, since)
             SELECT team_id, person_id, is_lead, {began} FROM memberships"
        ),
        format!(
            "INSERT INTO areas (id, slug, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks,
               validity_months, recency_days, created_at)
             SELECT i, 'area-' || i, 'A' || i, 'Area ' || i, 'What area ' || i || ' is answerable for.', i % 3 + 1,
               (i - 1) % {teams} + 1, 3, 12, 12, 90, {began} FROM numbers WHERE i <= {areas}"
        ),
        "INSERT INTO area_versions (area_id, at, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks,
           validity_months, recency_days)
         SELECT id, created_at, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks, validity_months,
           recency_days FROM areas"
            .into(),
        format!(
            "INSERT INTO systems (id, area_id, position, name)
             SELECT i, (i - 1) / 2 + 1, i % 2, 'System ' || i FROM numbers WHERE i <= 2 * {areas}"
        ),
        format!(
            "INSERT INTO qualifiers (area_id, person_id, since)
             SELECT a.i, (a.i - 1) % {teams} * {TEAM} + q.i, {began} FROM numbers a, numbers q
             WHERE a.i <= {areas} AND q.i <= 3"
        ),
    ]
}

/// Ramps, each with a mentor of the mentee's team. Those that ended did so after 90 days within the year; those that
/// are open began two to three months ago.
fn ramps(shape: Shape) -> Vec<String> {
    let Shape {
        people,
        areas,
        cleared,
        open_every,
        years,
        ..
    } = shape;
    let (closed, open, coach) = (shape.closed(), shape.open_ramps(), shape.coach());
    let home = format!("((person - 1) / {TEAM} + person % 7)");
    // Somebody among the first three of the team, or the fourth for who would be their own mentor.
    let start = format!("(person - 1) / {TEAM} * {TEAM}");
    let mentor = format!(
        "CASE WHEN {start} + 1 + person % 3 = person THEN {start} + 4 ELSE {start} + 1 + person % 3 END"
    );
    // Either as many areas within the year, or one area year after year; `later` counts the renewals that followed.
    let (others, later, began) = if years > 1 {
        (
            "0",
            format!("({cleared} - 1 - k)"),
            "-350 + person * 37 % 240",
        )
    } else {
        ("k", "0".to_owned(), "-350 + i * 37 % 240")
    };
    let next = if years > 1 { 1 } else { cleared };
    vec![
        "CREATE TEMPORARY TABLE ways (id BIGINT PRIMARY KEY, person BIGINT, area BIGINT, mentor BIGINT, began BIGINT,
           length BIGINT, is_open BOOLEAN, later BIGINT)"
            .into(),
        format!(
            "INSERT INTO ways SELECT i, person, ({home} + {others}) % {areas} + 1, {mentor}, {began} - {YEAR} * {later},
               90, (i < 0), {later} FROM (
               SELECT i, (i - 1) / {cleared} + 1 AS person, (i - 1) % {cleared} AS k
               FROM numbers WHERE i <= {closed}) AS ended"
        ),
        format!(
            "INSERT INTO ways SELECT {closed} + i, person, ({home} + {next}) % {areas} + 1, {mentor}, began, 84, (i > 0), 0
             FROM (SELECT i, i * {open_every} AS person, -90 + i % 25 AS began FROM numbers WHERE i <= {open}) AS running"
        ),
        "INSERT INTO ramps (id, mentee_id, area_id, standard_id, state, starts_on, target_on, started_by, created_at, closed_at)
         SELECT w.id, person, area, area, CASE WHEN NOT is_open THEN 'cleared' WHEN w.id % 20 = 0 THEN 'in_review' ELSE 'active' END,
           s.day, e.day, mentor, s.at, CASE WHEN is_open THEN NULL ELSE e.at END
         FROM ways w JOIN days s ON s.n = began JOIN days e ON e.n = began + length"
            .into(),
        "INSERT INTO ramp_changes (ramp_id, state, reason, by_id, at)
         SELECT w.id, 'active', '', mentor, at FROM ways w JOIN days ON n = began"
            .into(),
        "INSERT INTO pairings (ramp_id, mentor_id, role, interval_days, since)
         SELECT w.id, mentor, 'primary', 7, at FROM ways w JOIN days ON n = began"
            .into(),
        format!(
            "INSERT INTO pairings (ramp_id, mentor_id, role, interval_days, since)
             SELECT w.id, {coach}, 'secondary', 7, at FROM ways w JOIN days ON n = began WHERE is_open AND {people} > 0"
        ),
    ]
}

/// What happened on the ramps: a session every six days with two things observed, everybody's own assessment, two of
/// the mentor's, the checklist; and for those that ended the sign-off and the clearance.
fn history() -> Vec<String> {
    let one_of = |n: &str| format!("(w.id + {n}) % {COMPETENCIES} + 1");
    let code = "'A' || area || '-C' || ";
    let judged = |stream: &str, by: &str, level: &str, after: i64, which: &str| {
        format!(
            "INSERT INTO assessments (ramp_id, competency_code, stream, level, by_id, at, evidence)
             SELECT w.id, {code} k.i, '{stream}', {level}, {by}, at, 'Said what the traces showed, and what would prove it wrong.'
             FROM ways w JOIN numbers k ON k.i <= {COMPETENCIES} JOIN days ON n = began + {after} {which}"
        )
    };
    let at_level = "CASE WHEN k.i % 8 = 0 THEN 4 ELSE 3 END";
    vec![
        format!(
            "INSERT INTO sessions (id, ramp_id, mentor_id, kind, state, starts_at, minutes, summary, recorded_at, recorded_by)
             SELECT (w.id - 1) * {SESSIONS} + s.i, w.id, mentor, 'pairing', 'held', at, 45 + s.i % 3 * 15,
               'Walked through the failed deploy of last week and read the traces together.', at, mentor
             FROM ways w JOIN numbers s ON s.i <= {SESSIONS} JOIN days ON n = began + s.i * 6 WHERE n < 0"
        ),
        // What was said last is still to be done.
        format!(
            "INSERT INTO next_actions (ramp_id, session_id, body, at, done_at)
             SELECT ramp_id, id, 'Try the runbook alone.', recorded_at,
               CASE WHEN id % {SESSIONS} = 0 THEN NULL ELSE recorded_at END FROM sessions"
        ),
        format!(
            "INSERT INTO observations (session_id, competency_code, help_level)
             SELECT x.id, {code} ({first}), 1 + w.id % 4 FROM ways w JOIN sessions x ON x.ramp_id = w.id
             UNION ALL SELECT x.id, {code} ({second}), 1 + w.id % 4 FROM ways w JOIN sessions x ON x.ramp_id = w.id",
            first = one_of("x.id"),
            second = one_of("x.id + 1"),
        ),
        judged("self", "person", "1 + k.i % 3", 7, ""),
        judged("mentor", "mentor", "1 + k.i % 2", 30, ""),
        // Of an open ramp three in five are at their level by now.
        judged("mentor", "mentor", at_level, 60, "WHERE n < 0 AND (NOT is_open OR k.i % 5 < 3)"),
        format!(
            "INSERT INTO item_marks (ramp_id, item_code, mark, by_id, at)
             SELECT w.id, 'A' || area || '-K' || k.i, 'checked', mentor, at FROM ways w
             JOIN numbers k ON k.i <= {ITEMS} JOIN days ON n = began + k.i WHERE NOT is_open OR k.i % 5 < 3"
        ),
        "INSERT INTO signoffs (id, ramp_id, state, requested_by, requested_at, request_note, first_key_by, first_key_at,
           first_key_note, decided_by, decided_at, decision_note, ends_on)
         SELECT w.id, w.id, 'granted', person, e.at, 'Ready.', mentor, e.at, 'Seen alone.', mentor, e.at, 'Agreed.', x.day
         FROM ways w JOIN days e ON e.n = began + length JOIN days x ON x.n = began + length + 365 WHERE NOT is_open"
            .into(),
        "INSERT INTO signoffs (id, ramp_id, state, requested_by, requested_at, request_note)
         SELECT w.id, w.id, 'requested', person, at, 'Ready.' FROM ways w JOIN days ON n = -1 WHERE is_open AND w.id % 20 = 0"
            .into(),
        // Practised every month, and so held until 60 to 90 days from the last time, or until the next.
        "INSERT INTO clearances (id, person_id, area_id, granted_at, recorded_at, ends_on, signoff_id, standard_id,
           practice_from, practised_on, holds_until, replaced_at)
         SELECT s.id, person, area, decided_at, decided_at, ends_on, s.id, area, p.day, p.day, ends_on,
           CASE WHEN later > 0 THEN x.at END
         FROM ways w JOIN signoffs s ON s.id = w.id JOIN days p ON p.n = began + length
         JOIN days x ON x.n = began + length + 365 WHERE NOT is_open"
            .into(),
        "INSERT INTO clearance_versions (clearance_id, at, state, standard_id, ends_on, practised_on, holds_until)
         SELECT c.id, d.at, 'valid', standard_id, ends_on, d.day, ends_on
         FROM clearances c JOIN ways w ON w.id = c.signoff_id JOIN numbers m ON m.i <= 12
         JOIN days d ON d.n = began + length + (m.i - 1) * 30 WHERE d.n <= 0"
            .into(),
        "INSERT INTO activities (person_id, area_id, kind, day, note, by_id, recorded_at)
         SELECT c.person_id, c.area_id, 'incident', v.practised_on, '', c.person_id, v.at
         FROM clearances c JOIN clearance_versions v ON v.clearance_id = c.id"
            .into(),
    ]
}
