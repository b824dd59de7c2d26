//! Whatever people do, in whatever order: the rules that never bend hold after every act.
//!
//! Acts go through the use cases, on one database with new people and a new area for every history.

use std::cell::RefCell;

use checkride::assessment::{self, Entries, Evidence, Judged, Stream};
use checkride::audit::{self, Act, Verdict};
use checkride::clearance;
use checkride::clearance::standing;
use checkride::db::schema::{areas, audit_entries, pairings, qualifiers};
use checkride::db::types::UtcTime;
use checkride::db::{Conn, Purpose, transaction};
use checkride::error::{Error, Result};
use checkride::people::{self, Email, Name, NewPerson, ZoneName};
use checkride::ramp::actions::StartRamp;
use checkride::ramp::dossier::Dossier;
use checkride::ramp::{self, MarkKind, PairingRole, RampState};
use checkride::readiness::Readiness;
use checkride::session::next::NextWords;
use checkride::session::plan::{Absent, NewPlan};
use checkride::session::planning;
use checkride::session::store::Session;
use checkride::session::{self, Minutes, NewSession, SessionKind, SessionState, Summary, amend};
use checkride::signoff::actions::{decide, request, turn_first_key, withdraw};
use checkride::signoff::point::actions::close_gap;
use checkride::signoff::record::Record;
use checkride::signoff::store::Signoff;
use checkride::signoff::{Decision, Note, SignoffState, point};
use checkride::standard::{
    self, Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level, StandardState,
};
use checkride::words::Words;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Database, at};

const CASES: u32 = 24;

/// Whoever acts, by their place in [`House::people`].
const MENTEE: usize = 0;
const MENTOR: usize = 1;
const HELPER: usize = 2;
/// Mentored the ramp before; a cleared qualifier and a lead of the owner team besides.
const FORMER: usize = 3;
const QUALIFIER: usize = 4;
/// Designated, but not cleared.
const UNCLEARED: usize = 5;
const OWNER_LEAD: usize = 6;
const MENTEE_LEAD: usize = 7;
const ADMINISTRATOR: usize = 8;
const PEOPLE: usize = 9;

/// Something that somebody tries.
#[derive(Debug, Clone)]
enum Deed {
    Mark(MarkKind),
    Assess(Stream, Vec<i64>),
    /// By its plan where there is one.
    Session,
    Plan,
    Move,
    Cancel,
    NoShow,
    /// The latest record.
    Undo,
    Correct,
    Tick,
    Request,
    FirstKey,
    Approve,
    /// With that many gaps.
    Return(usize),
    CloseGap,
    Withdraw,
    /// Somebody takes the secondary mentor's place; there is no use case for it yet.
    HandOver,
    /// Whoever may do it takes the next step towards the clearance.
    Advance,
    /// Nobody does anything for a day.
    Wait,
}

fn anybody() -> impl Strategy<Value = usize> {
    0..PEOPLE
}

/// Mostly whoever may, sometimes anybody.
fn mostly(who: &'static [usize]) -> impl Strategy<Value = usize> {
    prop_oneof![4 => prop::sample::select(who), 1 => anybody()]
}

/// As often whoever may as anybody.
fn half_the_time(who: &'static [usize]) -> impl Strategy<Value = usize> {
    prop_oneof![prop::sample::select(who), anybody()]
}

fn deed() -> impl Strategy<Value = (usize, Deed)> {
    let mark = prop_oneof![
        1 => Just(MarkKind::Open), 2 => Just(MarkKind::Done), 5 => Just(MarkKind::Checked),
    ];
    let levels = || prop::collection::vec(prop_oneof![1 => 0..3_i64, 2 => 3..=5_i64], 2);
    prop_oneof![
        3 => (mostly(&[MENTEE, MENTOR]), mark.prop_map(Deed::Mark)),
        3 => (mostly(&[MENTOR, HELPER]), levels().prop_map(|l| Deed::Assess(Stream::Mentor, l))),
        2 => (mostly(&[MENTEE]), levels().prop_map(|l| Deed::Assess(Stream::Self_, l))),
        1 => (mostly(&[MENTOR, HELPER]), Just(Deed::Session)),
        2 => (mostly(&[MENTEE, MENTOR, HELPER]), prop_oneof![
            2 => Just(Deed::Plan), 1 => Just(Deed::Move), 1 => Just(Deed::Cancel), 1 => Just(Deed::NoShow),
            1 => Just(Deed::Tick),
        ]),
        1 => (mostly(&[MENTOR, HELPER]), prop_oneof![Just(Deed::Undo), Just(Deed::Correct)]),
        3 => (mostly(&[MENTEE, MENTOR]), Just(Deed::Request)),
        3 => (half_the_time(&[MENTOR]), Just(Deed::FirstKey)),
        3 => (half_the_time(&[QUALIFIER, OWNER_LEAD]), Just(Deed::Approve)),
        4 => (half_the_time(&[MENTOR, QUALIFIER, OWNER_LEAD]), (0..3_usize).prop_map(Deed::Return)),
        2 => (half_the_time(&[MENTOR, HELPER]), Just(Deed::CloseGap)),
        1 => (half_the_time(&[MENTEE, MENTOR]), Just(Deed::Withdraw)),
        1 => (anybody(), Just(Deed::HandOver)),
        1 => (anybody(), Just(Deed::Wait)),
        6 => (anybody(), Just(Deed::Advance)),
    ]
}

fn content() -> Content {
    let competency = |code: &str, required| Competency {
        code: code.into(),
        group: Group::Incident,
        statement: format!("Does {code}"),
        required_level: Level::new(required).unwrap(),
        critical: required > 3,
        behaviours: Default::default(),
    };
    Content {
        competencies: vec![competency("H-I1", 3), competency("H-I2", 4)],
        items: vec![Item {
            code: "H-K1".into(),
            group: ItemGroup::Read,
            text: "Read it".into(),
            done_by: DoneBy::Mentee,
            link: None,
        }],
        gates: vec![
            Gate::Levels,
            Gate::Checklist,
            Gate::Sessions {
                held: 1,
                minutes: 10,
            },
        ],
    }
}

/// One history: its people, area and ramp.
struct House {
    people: [i64; PEOPLE],
    area_id: i64,
    ramp_id: i64,
    now: UtcTime,
}

impl House {
    fn found(c: &mut Conn, number: usize) -> Result<Self> {
        let now = at("2026-11-23T09:00:00Z");
        let operator = Act::operator(now);
        let mut ids = Vec::new();
        for n in 0..PEOPLE {
            let new = NewPerson {
                name: Name::parse(&format!("Person {n} of {number}")).unwrap(),
                email: Email::parse(&format!("p{n}.{number}@example.com")).unwrap(),
                time_zone: ZoneName::parse("UTC").unwrap(),
            };
            ids.push(people::actions::add(
                c,
                &operator,
                &new,
                n == ADMINISTRATOR,
            )?);
        }
        let people: [i64; PEOPLE] = ids.try_into().unwrap();
        let team = |c: &mut Conn, word: &str| {
            people::store::team_named(c, &Name::parse(&format!("{word} {number}")).unwrap(), now)
        };
        let (owners, mentees) = (team(c, "Owners")?.0, team(c, "Mentees")?.0);
        for (team, who, leads) in [
            (owners, OWNER_LEAD, true),
            (owners, FORMER, true),
            (mentees, MENTEE, false),
            (mentees, MENTEE_LEAD, true),
        ] {
            people::store::put_membership(c, team, people[who], leads)?;
        }
        let area_id: i64 = diesel::insert_into(areas::table)
            .values((
                areas::slug.eq(format!("area-{number}")),
                areas::code.eq(format!("H{number}")),
                areas::name.eq(format!("Area {number}")),
                areas::summary.eq(""),
                areas::tier.eq(1),
                areas::owner_team_id.eq(owners),
                areas::minimum_cover.eq(1),
                areas::target_weeks.eq(12),
                areas::validity_months.eq(12),
                areas::recency_days.eq(90),
                areas::created_at.eq(now),
            ))
            .returning(areas::id)
            .get_result(c)?;
        let first = standard::store::NewVersion {
            area_id,
            version: 1,
            state: StandardState::Published,
            note: "",
            content: &content(),
            by: None,
            now,
        };
        standard::store::insert(c, &first)?;
        // The mentee is designated too: it must not help.
        for who in [MENTEE, MENTOR, HELPER, FORMER, QUALIFIER, UNCLEARED] {
            diesel::insert_into(qualifiers::table)
                .values((
                    qualifiers::area_id.eq(area_id),
                    qualifiers::person_id.eq(people[who]),
                    qualifiers::since.eq(now),
                ))
                .execute(c)?;
        }
        for who in [MENTOR, HELPER, FORMER, QUALIFIER] {
            let key = (people[who], area_id);
            clearance::store::insert(c, key, now, now.day().plus_days(300), None)?;
        }
        let mut house = Self {
            people,
            area_id,
            ramp_id: 0,
            now,
        };
        let start = StartRamp {
            area_id,
            mentee_id: people[MENTEE],
            primary_id: people[MENTOR],
            secondary_id: Some(people[FORMER]),
            starts_on: now.day(),
            target_on: None,
            interval_days: 7,
            over_capacity: Default::default(),
        };
        let lead = house.act(c, MENTEE_LEAD)?;
        house.ramp_id = ramp::actions::start(c, &lead, &start)?;
        for who in [MENTEE, MENTOR] {
            let act = house.act(c, who)?;
            ramp::actions::accept::accept(c, &act, house.ramp_id)?;
        }
        house.hand_over(c, HELPER)?;
        Ok(house)
    }

    fn act(&self, c: &mut Conn, who: usize) -> Result<Act> {
        let person = people::store::by_id(c, self.people[who])?.unwrap();
        Ok(Act {
            actor: people::store::actor(c, person)?,
            ..Act::operator(self.now)
        })
    }

    fn hand_over(&self, c: &mut Conn, to: usize) -> Result<()> {
        let current = pairings::table
            .filter(pairings::ramp_id.eq(self.ramp_id))
            .filter(pairings::role.eq(PairingRole::Secondary))
            .filter(pairings::until.is_null());
        diesel::update(current)
            .set(pairings::until.eq(self.now))
            .execute(c)?;
        let secondary = PairingRole::Secondary;
        ramp::store::insert_pairing(c, self.ramp_id, self.people[to], secondary, 7, self.now)
    }

    /// Tries the deed, and gives back how many entries of the chain it is worth.
    fn try_deed(&self, c: &mut Conn, who: usize, deed: &Deed) -> Result<usize> {
        let act = self.act(c, who)?;
        let dossier = Dossier::lock(c, self.ramp_id)?;
        let latest = dossier.signoffs.first().map_or(0, |s| s.id);
        let words = |text| Note::parse(text).unwrap();
        match deed {
            Deed::Mark(to) => {
                let from = dossier.readiness.mark("H-K1");
                ramp::actions::mark(c, &act, self.ramp_id, "H-K1", from, *to)?;
                Ok(usize::from(from != *to))
            }
            Deed::Assess(stream, levels) => {
                let codes = ["H-I1", "H-I2"].into_iter();
                let entries: Entries = codes
                    .zip(levels)
                    .map(|(code, level)| (code.to_owned(), judged(*level)))
                    .collect();
                let done = assessment::actions::assess(c, &act, self.ramp_id, *stream, &entries)?;
                Ok(usize::from(!done.changes.is_empty()))
            }
            Deed::Session => {
                let new = NewSession {
                    kind: SessionKind::Pairing,
                    starts_at: self.now.plus_hours(-1),
                    minutes: Minutes::USUAL,
                    summary: Summary::parse("Worked on it").unwrap(),
                    next_actions: NextWords::lines("Do it alone").unwrap(),
                    done: dossier.next_actions.iter().map(|a| a.id).collect(),
                    plan_id: dossier.plans.first().map(|p| p.id),
                    observations: Default::default(),
                };
                session::actions::record(c, &act, self.ramp_id, &new).map(|_| 1)
            }
            Deed::Plan => {
                let new = NewPlan {
                    starts_at: self.now.plus_hours(2),
                    minutes: Minutes::USUAL,
                    kind: SessionKind::Lab,
                    mentor_id: None,
                    agenda: Words::default(),
                    topics: ["H-I2".to_owned()].into(),
                };
                planning::plan(c, &act, self.ramp_id, &new).map(|_| 1)
            }
            Deed::Move => {
                let (id, from) = dossier
                    .plans
                    .first()
                    .map_or((0, self.now), |p| (p.id, p.starts_at));
                let times = (from, self.now.plus_hours(30));
                planning::reschedule(c, &act, id, times, &Words::default()).map(|()| 1)
            }
            Deed::Cancel => {
                let id = dossier.plans.first().map_or(0, |p| p.id);
                planning::cancel(c, &act, id, &Words::parse("Ill").unwrap()).map(|()| 1)
            }
            Deed::NoShow => {
                let id = dossier.plans.first().map_or(0, |p| p.id);
                planning::no_show(c, &act, id, Absent::Both, &Words::default()).map(|()| 1)
            }
            Deed::Undo => amend::undo(c, &act, latest_record(&dossier)).map(|_| 1),
            Deed::Correct => {
                let id = latest_record(&dossier);
                let before = dossier.sessions.iter().find(|s| s.id == id);
                let longer = before.map_or(10, |s| s.minutes + 1);
                let new = NewSession {
                    kind: SessionKind::Lab,
                    starts_at: self.now.plus_hours(-2),
                    minutes: Minutes::new(longer.into()).unwrap_or(Minutes::USUAL),
                    summary: Summary::parse("Worked on it longer").unwrap(),
                    next_actions: NextWords::lines("Do it alone\nTell the others").unwrap(),
                    done: Default::default(),
                    plan_id: None,
                    observations: Default::default(),
                };
                amend::correct(c, &act, id, &new, &Words::default()).map(|_| 1)
            }
            Deed::Tick => {
                let id = dossier.next_actions.first().map_or(0, |a| a.id);
                session::next::actions::tick(c, &act, self.ramp_id, id, true).map(|_| 1)
            }
            Deed::Request => request(c, &act, self.ramp_id, &words("")).map(|_| 1),
            Deed::FirstKey => turn_first_key(c, &act, latest, &words("Ready")).map(|()| 1),
            Deed::Approve => {
                let decision = Decision::Approve {
                    ends_on: self.now.day().plus_days(200),
                    note: words(""),
                    conditions: point::lines("Calls before acting", 5).unwrap(),
                };
                decide(c, &act, latest, &decision).map(|_| 2)
            }
            Deed::Return(gaps) => {
                let decision = Decision::Return {
                    reasons: words("Not yet"),
                    gaps: point::lines(&"H-I1 once more\n".repeat(*gaps), 10).unwrap(),
                };
                decide(c, &act, latest, &decision).map(|_| 1)
            }
            Deed::CloseGap => {
                let open = dossier.gaps.iter().find(|gap| gap.is_open());
                let id = open.map_or(0, |gap| gap.id);
                close_gap(c, &act, self.ramp_id, id, &words("Seen")).map(|()| 1)
            }
            Deed::Withdraw => withdraw(c, &act, latest, &words("Too early")).map(|()| 1),
            Deed::HandOver if dossier.ramp.closed_at.is_some() => {
                Err(Error::Conflict("The ramp is closed.".into()))
            }
            Deed::HandOver if dossier.parties.mentors.contains(&self.people[who]) => {
                Err(Error::Conflict("Mentors it already.".into()))
            }
            Deed::HandOver => self.hand_over(c, who).map(|()| 0),
            Deed::Advance | Deed::Wait => Ok(0),
        }
    }
}

/// The record made last, whatever became of it; 0 where there is none.
fn latest_record(d: &Dossier) -> i64 {
    let held = d.sessions.iter().filter(|s| s.state == SessionState::Held);
    held.map(|s| s.id).max().unwrap_or_default()
}

/// Nothing of a record is ever lost or told anew: rows stay, and what they say stays.
fn check_history(before: &Dossier, after: &Dossier) {
    for row in &before.sessions {
        let now = after.sessions.iter().find(|s| s.id == row.id);
        let now = now.expect("a session is gone");
        if row.state == SessionState::Held {
            let as_it_was = Session {
                superseded_at: row.superseded_at,
                undone_at: row.undone_at,
                ..now.clone()
            };
            assert_eq!(&as_it_was, row, "a record was overwritten");
            assert!(row.undone_at.is_none() || now == row, "undone for good");
        }
    }
    assert!(
        before
            .observations
            .iter()
            .all(|o| after.observations.contains(o))
    );
}

/// Undone at once, a record leaves everything as it was before it. What is tried here is rolled back.
fn check_undo(c: &mut Conn, house: &House, who: usize, before: &Dossier) {
    let tried = transaction(c, Purpose::Write, |c| {
        let act = house.act(c, who)?;
        let id = latest_record(&Dossier::lock(c, house.ramp_id)?);
        amend::undo(c, &act, id)?;
        let back = Dossier::lock(c, house.ramp_id)?;
        assert_eq!(back.readiness, before.readiness);
        assert_eq!(back.plans, before.plans);
        assert_eq!(back.next_actions, before.next_actions);
        Err::<(), _>(Error::Conflict("rolled back".into()))
    });
    assert!(
        matches!(&tried, Err(Error::Conflict(s)) if s == "rolled back"),
        "{tried:?}"
    );
}

/// The next step towards the clearance, and who takes it.
fn next_step(d: &Dossier) -> (usize, Deed) {
    let is_missing = |n: usize| d.readiness.gates.get(n).is_some_and(|gate| !gate.met);
    match d.open_signoff().map(|s| s.state) {
        _ if is_missing(0) => (MENTOR, Deed::Assess(Stream::Mentor, vec![3, 4])),
        _ if is_missing(1) => (MENTOR, Deed::Mark(MarkKind::Checked)),
        _ if is_missing(2) => (MENTOR, Deed::Session),
        _ if d.readiness.gaps_open > 0 => (MENTOR, Deed::CloseGap),
        None => (MENTEE, Deed::Request),
        Some(SignoffState::Requested) => (MENTOR, Deed::FirstKey),
        Some(_) => (QUALIFIER, Deed::Approve),
    }
}

fn judged(level: i64) -> Judged {
    Judged {
        level: Level::new(level),
        evidence: Evidence::parse("Seen").unwrap(),
        session_id: None,
    }
}

/// How far a ramp is: gates met one by one, lines met, and how much is missing.
fn worse(before: &Readiness, after: &Readiness) -> bool {
    let mut gates = before.gates.iter().zip(&after.gates);
    gates.any(|(b, a)| b.met && !a.met)
        || after.lines_met < before.lines_met
        || after.obstacles.len() > before.obstacles.len()
}

/// Whether every level the deed gave is at least what counted before.
fn is_favourable(deed: &Deed, before: &Readiness) -> bool {
    match deed {
        Deed::Mark(to) => *to == MarkKind::Checked,
        Deed::Session | Deed::CloseGap => true,
        Deed::Assess(Stream::Mentor, levels) => before
            .competencies
            .iter()
            .zip(levels)
            .all(|(state, level)| *level == 0 || Level::new(*level) >= state.mentor_level),
        _ => false,
    }
}

fn has_key(house: &House, c: &mut Conn, person: i64) -> Result<bool> {
    let held = clearance::store::of_person(c, person)?;
    let held = held.into_iter().find(|k| k.area_id == house.area_id);
    Ok(standing(held.as_ref(), house.now.day()).is_cover())
}

/// What must be so of a key that was just turned.
fn check_keys(
    c: &mut Conn,
    house: &House,
    (before, after): (&Signoff, &Signoff),
    d: &Dossier,
) -> Result<()> {
    let mentee = house.people[MENTEE];
    if before.first_key_by != after.first_key_by {
        let first = after.first_key_by.unwrap();
        assert_ne!(first, mentee, "the mentee turned the first key");
        assert!(d.parties.mentors.contains(&first) && d.parties.qualifiers.contains(&first));
        assert!(has_key(house, c, first)?);
    }
    if let Some(second) = after.decided_by.filter(|_| before.decided_by.is_none()) {
        let is_withdrawn = after.state == SignoffState::Withdrawn;
        assert!(
            second != mentee || is_withdrawn,
            "the mentee decided their own sign-off"
        );
        if before.state == SignoffState::FirstKey && !is_withdrawn {
            assert_ne!(after.first_key_by, Some(second), "one person, both keys");
            assert!(
                !d.parties.mentors_ever.contains(&second),
                "a mentor, second"
            );
            let leads = [house.people[OWNER_LEAD]];
            let is_qualifier = d.parties.qualifiers.contains(&second) && has_key(house, c, second)?;
            assert!(leads.contains(&second) || is_qualifier);
        }
    }
    if after.state == SignoffState::Granted {
        assert_eq!(
            before.state,
            SignoffState::FirstKey,
            "granted without a first key"
        );
        let record = Record::thaw(after.record.as_deref().unwrap())?;
        assert!(record.gates.len() == 3 && record.gates.iter().all(|g| g.met));
        assert!(
            record
                .competencies
                .iter()
                .all(|k| k.mentor_level >= Some(k.required))
        );
        assert!(record.items.iter().all(|i| i.mark == "checked"));
        assert!(record.gaps.iter().all(|gap| gap.closed.is_some()));
        assert_eq!(record.gaps.len(), d.gaps.len());
        assert_eq!(d.ramp.state, RampState::Cleared);
        let held = clearance::store::of_person(c, mentee)?;
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].signoff_id, Some(after.id));
    }
    Ok(())
}

/// Lives one history, and gives back how its sign-offs ended.
fn live(c: &mut Conn, number: usize, history: &[(usize, Deed)]) -> Result<Vec<SignoffState>> {
    let mut house = transaction(c, Purpose::Write, |c| House::found(c, number))?;
    let entries = |c: &mut Conn| Ok::<i64, Error>(audit_entries::table.count().get_result(c)?);
    let mut expected = entries(c)?;
    let dossier = |c: &mut Conn, house: &House| {
        transaction(c, Purpose::Write, |c| Dossier::lock(c, house.ramp_id))
    };
    let mut before = dossier(c, &house)?;
    let mut afterwards = 0;
    for (who, deed) in history {
        // A closed ramp has little more to tell.
        afterwards += usize::from(before.ramp.closed_at.is_some());
        if afterwards > 5 {
            break;
        }
        house.now = house.now.plus_seconds(if matches!(deed, Deed::Wait) {
            86_400
        } else {
            60
        });
        let (who, deed) = &match deed {
            Deed::Advance => next_step(&before),
            deed => (*who, deed.clone()),
        };
        let done = transaction(c, Purpose::Write, |c| house.try_deed(c, *who, deed));
        let after = dossier(c, &house)?;
        match done {
            Ok(worth) => {
                expected += i64::try_from(worth).unwrap();
                if matches!(deed, Deed::Session | Deed::Correct) {
                    check_undo(c, &house, *who, &before);
                }
            }
            Err(Error::Fault(cause)) => panic!("{who} {deed:?}: {cause}"),
            Err(_) => {
                assert_eq!(after.readiness, before.readiness, "refused, but written");
                assert_eq!(after.signoffs, before.signoffs, "refused, but written");
                assert_eq!(after.ramp, before.ramp, "refused, but written");
                assert_eq!(after.sessions, before.sessions, "refused, but written");
            }
        }
        check_history(&before, &after);
        if matches!(deed, Deed::Assess(Stream::Self_, _)) {
            assert_eq!(after.readiness.gates, before.readiness.gates);
            assert_eq!(after.readiness.obstacles, before.readiness.obstacles);
        }
        if is_favourable(deed, &before.readiness) {
            assert!(
                !worse(&before.readiness, &after.readiness),
                "{deed:?} made it worse: {:#?} {:#?}",
                before.readiness,
                after.readiness
            );
        }
        for signoff in &before.signoffs {
            let now = after.signoffs.iter().find(|s| s.id == signoff.id).unwrap();
            if signoff.decided_at.is_some() {
                assert_eq!(now, signoff, "what was decided does not change");
            } else if now != signoff {
                check_keys(c, &house, (signoff, now), &after)?;
            }
        }
        before = after;
    }
    assert_eq!(entries(c)?, expected, "an entry for each successful write");
    assert_eq!(
        std::mem::discriminant(&audit::verify(c)?),
        std::mem::discriminant(&Verdict::Whole {
            entries: 0,
            head: String::new()
        })
    );
    Ok(before.signoffs.iter().map(|s| s.state).collect())
}

#[test]
fn no_history_bends_the_rules() {
    let database = Database::migrated();
    let mut conn = database.connect();
    if let Conn::Sqlite(lite) = &mut conn {
        // Nothing here is about losing power.
        lite.batch_execute("PRAGMA synchronous = OFF").unwrap();
    }
    let state = RefCell::new((conn, 0_usize, Vec::new()));
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&prop::collection::vec(deed(), 15..70), |history| {
        let (conn, number, ends) = &mut *state.borrow_mut();
        *number += 1;
        ends.extend(live(conn, *number, &history).map_err(|e| TestCaseError::fail(e.to_string()))?);
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
    let (_, _, ends) = state.into_inner();
    // The rules were put to the test: of so many histories, some went all the way.
    assert!(
        ends.contains(&SignoffState::Granted),
        "nobody was cleared in {CASES} histories"
    );
}
