//! Whatever happens, in whatever order: what was known at a moment is known of it ever after, and was what the tables
//! said then.

use std::cell::RefCell;

use checkride::db::types::{Day, UtcTime};
use checkride::db::{Conn, Purpose, past, transaction};
use checkride::domain::audit::Act;
use checkride::domain::clearance;
use checkride::domain::clearance::ClearanceState;
use checkride::domain::currency;
use checkride::domain::currency::ActivityKind;
use checkride::domain::people;
use checkride::domain::people::Actor;
use checkride::domain::standard;
use checkride::domain::standard::store::{NewVersion, Publication};
use checkride::domain::waiver;
use checkride::domain::waiver::Subject;
use checkride::domain::{area, ramp};
use checkride::error::{Error, Result};
use checkride::usecases::board;
use checkride::usecases::board::{Board, Filter};
use checkride::usecases::dossier::Dossier;
use checkride::usecases::dossier::progress::Progress;
use checkride::usecases::kpi;
use checkride::usecases::register::{Register, Scope};
use diesel::connection::SimpleConnection;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::deeds::{Deed, deed, next_step};
use super::organisation::{ADMINISTRATOR, MENTEE, MENTOR, Organisation, PEOPLE, QUALIFIER};
use crate::past::tables::{assert_same, known, looking_back, rows};
use crate::support::Database;

const CASES: u32 = 12;

/// What happens around a ramp: each moves a fact that a past day shows.
#[derive(Debug, Clone)]
pub(super) enum Turn {
    /// Somebody tries something.
    Try(usize, Deed),
    /// The clearance of somebody is led from one state to the other, or back.
    Suspend(usize),
    /// Somebody practised that many days ago.
    Practise(usize, i64),
    /// The latest of what was practised is taken back.
    TakeBack,
    /// Somebody leaves, or comes back.
    Leave(usize),
    /// Somebody comes into the owner team, leads it, or goes.
    Place(usize, Option<bool>),
    /// The area asks for so many.
    Minimum(i32),
    /// It is put away, or brought back.
    Archive,
    /// The ramp's target moves.
    Target(i64),
    /// A new version is published, material or not.
    Publish(bool),
    /// The ramp moves to the newest.
    Upgrade,
    /// A gate is to be excused, is, or is not any more.
    Waive,
}

pub(super) fn turn() -> impl Strategy<Value = Turn> {
    let who = || 0..PEOPLE;
    prop_oneof![
        12 => deed().prop_map(|(who, deed)| Turn::Try(who, deed)),
        1 => who().prop_map(Turn::Suspend),
        2 => (who(), 0..20_i64).prop_map(|(who, days)| Turn::Practise(who, days)),
        1 => Just(Turn::TakeBack),
        1 => who().prop_map(Turn::Leave),
        1 => (who(), prop::option::of(any::<bool>())).prop_map(|(who, leads)| Turn::Place(who, leads)),
        1 => (0..5).prop_map(Turn::Minimum),
        1 => Just(Turn::Archive),
        1 => (1..90_i64).prop_map(Turn::Target),
        1 => any::<bool>().prop_map(Turn::Publish),
        1 => Just(Turn::Upgrade),
        2 => Just(Turn::Waive),
    ]
}

impl Organisation {
    pub(super) fn take(&self, c: &mut Conn, turn: &Turn, logged: &mut Vec<i64>) -> Result<()> {
        let now = self.now;
        let found = area::store::by_id(c, self.area_id)?;
        match turn {
            Turn::Try(who, deed) => self.try_deed(c, *who, deed).map(|_| ()),
            Turn::Suspend(who) => {
                let key = (self.people[*who], self.area_id);
                let Some(held) = clearance::store::latest_of(c, key)? else {
                    return Ok(());
                };
                let to = match held.state {
                    ClearanceState::Valid => ClearanceState::Suspended,
                    ClearanceState::Suspended | ClearanceState::Revoked => ClearanceState::Valid,
                };
                clearance::store::set_state(c, held.id, (held.state, to), now)?;
                let change = clearance::store::Change {
                    state: to,
                    reason: "So".into(),
                    by_id: self.people[QUALIFIER],
                    at: now,
                    ends_on: None,
                    supervisor_id: None,
                };
                clearance::store::insert_change(c, held.id, &change)
            }
            Turn::Practise(who, days) => {
                let new = currency::store::NewActivity {
                    person_id: self.people[*who],
                    area_id: self.area_id,
                    kind: ActivityKind::Incident,
                    day: now.day().plus_days(-days),
                    note: String::new(),
                    link: None,
                    shift_id: None,
                    drill_id: None,
                    by_id: self.people[*who],
                    recorded_at: now,
                    minutes: None,
                };
                logged.push(currency::store::record(c, &new)?);
                Ok(())
            }
            Turn::TakeBack => {
                if let Some(id) = logged.pop() {
                    let activity = currency::store::by_id(c, id)?;
                    currency::store::take_back(c, &activity, activity.person_id, now)?;
                }
                Ok(())
            }
            Turn::Leave(who) => {
                let id = self.people[*who];
                if !people::store::deactivate(c, id, now)? {
                    people::admin::store::reactivate(c, id, now)?;
                }
                Ok(())
            }
            Turn::Place(who, place) => {
                let key = (found.owner_team_id, self.people[*who]);
                match place {
                    Some(leads) => people::store::put_membership(c, key, *leads, now),
                    None => people::store::end_membership(c, key, now),
                }
            }
            Turn::Minimum(minimum_cover) => {
                let fields = area::model::Fields {
                    minimum_cover: *minimum_cover,
                    ..area::model::Fields::of(&found)
                };
                area::store::update(c, found.id, &fields, found.owner_team_id, now)
            }
            Turn::Archive => {
                let act = self.act(c, ADMINISTRATOR)?;
                checkride::usecases::area::actions::archive(
                    c,
                    &act,
                    &found.slug,
                    found.archived_at.is_none(),
                )
            }
            Turn::Target(days) => {
                let to = now.day().plus_days(*days);
                let by = self.people[MENTOR];
                ramp::store::changes::set_target(c, self.ramp_id, to, "Later", by, now)
            }
            Turn::Publish(material) => self.publish(c, *material),
            Turn::Upgrade => {
                let dossier = Dossier::lock(c, self.ramp_id, now.day())?;
                let newest = standard::store::of_area(c, self.area_id)?.remove(0).version;
                let act = self.act(c, MENTOR)?;
                let versions = (dossier.standard.version, newest);
                checkride::usecases::ramp::upgrade::upgrade(c, &act, self.ramp_id, versions)
                    .map(|_| ())
            }
            Turn::Waive => self.waive(c),
        }
    }

    fn publish(&self, c: &mut Conn, material: bool) -> Result<()> {
        let mut all = standard::store::of_area(c, self.area_id)?;
        let before = all.remove(0);
        let mut content = (*before.content).clone();
        content.items[0].text.push('.');
        let draft = NewVersion {
            area_id: self.area_id,
            version: before.version + 1,
            state: standard::StandardState::Draft,
            note: "",
            content: &content,
            by: None,
            now: self.now,
        };
        let id = standard::store::insert(c, &draft)?;
        let draft = standard::store::load_one(c, id)?;
        let how = Publication {
            note: "A full stop",
            material,
            by: None,
            now: self.now,
        };
        assert!(standard::store::publish(c, &draft, &how)?);
        if material {
            let new = standard::store::load_one(c, id)?;
            let act = Act::operator(self.now);
            checkride::usecases::clearance::delta::ask(c, &act, &new, &before)?;
        }
        Ok(())
    }

    fn waive(&self, c: &mut Conn) -> Result<()> {
        let now = self.now;
        let by = self.people[QUALIFIER];
        let latest = waiver::store::of_ramp(c, self.ramp_id)?.into_iter().next();
        match latest {
            Some(asked) if asked.decided_at.is_none() => {
                let decided = waiver::store::Decided {
                    granted: asked.id % 3 > 0,
                    ends_on: asked.ends_on.plus_days(-1),
                    by,
                    at: now,
                    note: "Fine",
                };
                waiver::store::decide(c, asked.id, decided).map(|_| ())
            }
            Some(given) if given.granted == Some(true) && given.revoked_at.is_none() => {
                waiver::store::revoke(c, given.id, by, "No more", now).map(|_| ())
            }
            _ => {
                let new = waiver::store::NewWaiver {
                    ramp_id: self.ramp_id,
                    subject: Subject::Gate,
                    code: "sessions",
                    reason: "Away",
                    asked_until: now.day().plus_days(30),
                    ends_on: now.day().plus_days(30),
                    asked_by: self.people[MENTEE],
                    asked_at: now,
                };
                waiver::store::insert(c, &new).map(|_| ())
            }
        }
    }
}

/// The board of a day, as the page is built from it.
fn board(c: &mut Conn, day: Day) -> Result<Board> {
    let operator = Actor::operator();
    let register = Register::load(c, &Scope::Everyone, &operator, day)?;
    let progress = Progress::load(c, register.ramps(), register.standards(), day)?;
    Ok(board::build(&register, &progress.readiness, Filter::ALL))
}

/// The figures of everybody and of two people, as pages show them.
fn figures(c: &mut Conn, people: [i64; 2], now: UtcTime) -> Result<Vec<Vec<kpi::Figure>>> {
    let [one, other] = people.map(kpi::Scope::Person);
    [kpi::Scope::Organisation, one, other]
        .iter()
        .map(|scope| {
            let all = kpi::figures(c, scope, now)?.into_iter();
            Ok(all.map(|(figure, _)| figure).collect())
        })
        .collect()
}

fn concerned(organisation: &Organisation) -> [i64; 2] {
    [MENTEE, MENTOR].map(|who| organisation.people[who])
}

/// Lives through it, and looks back at every moment of it.
fn live(database: &Database, c: &mut Conn, number: usize, history: &[Turn]) -> Result<usize> {
    let mut organisation = transaction(c, Purpose::Write, |c| Organisation::found(c, number))?;
    let (mut logged, mut seen, mut done) = (Vec::new(), Vec::new(), 0);
    for (n, turn) in history.iter().enumerate() {
        organisation.now = organisation.now.plus_hours(5);
        let turn = match turn {
            Turn::Try(_, Deed::Advance) => {
                let dossier = transaction(c, Purpose::Write, |c| {
                    Dossier::lock(c, organisation.ramp_id, organisation.now.day())
                })?;
                let (who, deed) = next_step(&dossier);
                &Turn::Try(who, deed)
            }
            turn => turn,
        };
        match transaction(c, Purpose::Write, |c| {
            organisation.take(c, turn, &mut logged)
        }) {
            Ok(()) => done += 1,
            Err(Error::Fault(cause)) => panic!("{turn:?}: {cause}"),
            Err(_) => {}
        }
        if n % 3 == 0 {
            let moment = organisation.now.plus_seconds(1);
            let shown = board(c, moment.day())?;
            let counted = figures(c, concerned(&organisation), moment)?;
            let when = format!("after {turn:?}");
            seen.push((moment, rows(c), (shown, counted), when));
        }
    }
    let mut back = looking_back(database);
    for (moment, then, shown, when) in &seen {
        assert_same(then, &known(&mut back, *moment), when);
        let again = transaction(&mut back, Purpose::Past, |c| {
            past::view_at(c, *moment)?;
            let shown = board(c, moment.day())?;
            let counted = figures(c, concerned(&organisation), *moment)?;
            Ok((shown, counted))
        })?;
        assert_eq!(&again, shown, "board and figures {when}");
    }
    Ok(done)
}

#[test]
fn a_past_moment_never_changes_and_is_what_the_tables_said_then() {
    let state = RefCell::new((0_usize, 0_usize));
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 50,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&prop::collection::vec(turn(), 40..80), |history| {
        let database = Database::migrated();
        let mut conn = database.connect();
        if let Conn::Sqlite(lite) = &mut conn {
            // Nothing here is about losing power.
            lite.batch_execute("PRAGMA synchronous = OFF").unwrap();
        }
        let (number, done) = &mut *state.borrow_mut();
        *number += 1;
        *done += live(&database, &mut conn, *number, &history)
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
    let (_, done) = state.into_inner();
    assert!(done > 100, "only {done} turns did anything");
}
