//! Whatever people do: what the search finds of anything is what its page shows to that person, and the index that
//! followed every change is the one that is made from everything there is.

use std::cell::RefCell;

use checkride::db::schema::search_entries as entries;
use checkride::db::{Conn, Purpose, transaction};
use checkride::domain::area;
use checkride::domain::people;
use checkride::domain::people::admin::{Details, Shown};
use checkride::domain::people::{Actor, Email, Name, ZoneName};
use checkride::domain::postmortem;
use checkride::domain::postmortem::{Document, Transition};
use checkride::domain::search::{Changed, Kind, Sought, refresh};
use checkride::error::{Error, Result};
use checkride::usecases::dossier::Dossier;
use checkride::usecases::postmortem::actions::{Note, add, make_transition};
use checkride::usecases::search::{Wanted, find, rebuild};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::deeds::{Deed, deed, next_step};
use super::organisation::{ADMINISTRATOR, MENTEE_LEAD, OWNER_LEAD, Organisation, PEOPLE};
use crate::support::{Database, sample};

const CASES: u32 = 12;
/// More than there are.
const ALL: i64 = 10_000;

/// Something that changes what is found.
#[derive(Debug, Clone)]
enum Turn {
    Try(usize, Deed),
    /// Somebody gets another name.
    Rename(usize, String),
    RenameArea(String),
    /// Somebody writes a post-mortem, of the area or of none.
    Write(usize, bool),
    /// Somebody leads a post-mortem on.
    Lead(usize, usize, Transition),
    /// Somebody comes into a team, leads it, or goes.
    Place(usize, bool, Option<bool>),
}

fn turn() -> impl Strategy<Value = Turn> {
    let who = || 0..PEOPLE;
    let name = "(Amara|Øyvind|Łukasz|李|佐藤) [A-Z][a-z]{2,6}";
    let transition = prop::sample::select(Transition::ALL);
    prop_oneof![
        8 => deed().prop_map(|(who, deed)| Turn::Try(who, deed)),
        1 => (who(), name).prop_map(|(who, name)| Turn::Rename(who, name)),
        1 => "[A-Z][a-z]{3,9} ?障?".prop_map(Turn::RenameArea),
        2 => (who(), any::<bool>()).prop_map(|(who, of_area)| Turn::Write(who, of_area)),
        4 => (who(), 0..3_usize, transition).prop_map(|(who, which, how)| Turn::Lead(who, which, how)),
        1 => (who(), any::<bool>(), prop::option::of(any::<bool>()))
            .prop_map(|(who, owners, leads)| Turn::Place(who, owners, leads)),
    ]
}

impl Organisation {
    fn follow(&self, c: &mut Conn, turn: &Turn, written: &mut Vec<String>) -> Result<()> {
        let found = area::store::by_id(c, self.area_id)?;
        match turn {
            Turn::Try(who, deed) => {
                self.try_deed(c, *who, deed)?;
                // It is done by hand, so no entry tells of it.
                let by_hand = Changed {
                    ramps: [self.ramp_id].into(),
                    ..Changed::default()
                };
                match deed {
                    Deed::HandOver => refresh(c, &by_hand),
                    _ => Ok(()),
                }
            }
            Turn::Rename(who, name) => {
                let act = self.act(c, ADMINISTRATOR)?;
                let person = people::store::by_id(c, self.people[*who])?.unwrap();
                let to = Details {
                    name: Name::parse(name).unwrap(),
                    email: Email::parse(&person.email).unwrap(),
                    time_zone: ZoneName::parse(&person.time_zone).unwrap(),
                    is_admin: person.is_admin,
                };
                let shown = Shown {
                    name: person.name,
                    email: person.email,
                    time_zone: person.time_zone,
                    is_admin: person.is_admin,
                };
                checkride::usecases::people::admin::edit(c, &act, &person.handle, &shown, &to)
                    .map(|_| ())
            }
            Turn::RenameArea(name) => {
                let act = self.act(c, ADMINISTRATOR)?;
                let fields = area::model::Fields {
                    name: name.clone(),
                    ..area::model::Fields::of(&found)
                };
                let to = (&fields, found.owner_team_id);
                checkride::usecases::area::actions::change(c, &act, &found.slug, found.revision, to)
            }
            Turn::Write(who, of_area) => {
                let act = self.act(c, *who)?;
                let mut document = Document {
                    title: format!("Incident {}", written.len()),
                    areas: vec![found.slug],
                    ..sample::document()
                };
                for point in &mut document.points {
                    point.teaches.clear();
                }
                if !of_area {
                    document.areas.clear();
                }
                written.push(add(c, &act, &document, true)?);
                Ok(())
            }
            Turn::Lead(who, which, how) => {
                let Some(slug) = written.get(*which) else {
                    return Ok(());
                };
                let act = self.act(c, *who)?;
                let revision = postmortem::store::named(c, slug)?.revision;
                let note = Note::parse("So it is").unwrap();
                make_transition(c, &act, slug, (*how, revision), &note).map(|_| ())
            }
            Turn::Place(who, owners, place) => {
                let led = if *owners { OWNER_LEAD } else { MENTEE_LEAD };
                let lead = self.act(c, led)?;
                let Some(team) = lead.actor.leads.first() else {
                    return Ok(());
                };
                let key = (*team, self.people[*who]);
                match place {
                    Some(leads) => people::store::put_membership(c, key, *leads, self.now),
                    None => people::store::end_membership(c, key, self.now),
                }
            }
        }
    }
}

type Row = (
    Kind,
    i64,
    String,
    Option<i64>,
    String,
    String,
    String,
    String,
    String,
);

/// The index, but for the numbers of its rows.
fn index(c: &mut Conn) -> Result<Vec<Row>> {
    Ok(entries::table
        .order((entries::kind, entries::ref_id, entries::code))
        .select((
            entries::kind,
            entries::ref_id,
            entries::code,
            entries::ramp_id,
            entries::title,
            entries::body,
            entries::context,
            entries::address,
            entries::digest,
        ))
        .load(c)?)
}

/// Whether the page of an entry opens for somebody, as the page itself decides it.
fn opens(c: &mut Conn, organisation: &Organisation, actor: &Actor, row: &Row) -> Result<bool> {
    let (kind, id, _, ramp, ..) = row;
    Ok(match (kind, ramp) {
        (Kind::Ramp | Kind::Session, Some(ramp)) => {
            match Dossier::load_for(c, *ramp, actor, organisation.now) {
                Ok(_) => true,
                Err(Error::Forbidden(_) | Error::NotFound(_)) => false,
                Err(e) => return Err(e),
            }
        }
        (Kind::Postmortem, _) => postmortem::store::named(c, &id.to_string())?
            .access()
            .may_read(actor),
        _ => true,
    })
}

/// Lives through it, then has everybody look for everything. Gives back how many were kept from somebody.
fn live(c: &mut Conn, history: &[Turn]) -> Result<usize> {
    let mut organisation = transaction(c, Purpose::Write, |c| Organisation::found(c, 1))?;
    // It was founded by hand.
    transaction(c, Purpose::Write, rebuild)?;
    let mut written = Vec::new();
    for turn in history {
        organisation.now = organisation.now.plus_seconds(600);
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
        let before = written.clone();
        match transaction(c, Purpose::Write, |c| {
            organisation.follow(c, turn, &mut written)
        }) {
            Ok(()) => {}
            Err(Error::Fault(cause)) => panic!("{turn:?}: {cause}"),
            Err(_) => written = before,
        }
    }
    let followed = index(c)?;
    let mut kept_back = 0;
    for who in 0..PEOPLE {
        let actor = organisation.act(c, who)?.actor;
        for row in &followed {
            let sought = Sought::parse(&row.4).unwrap();
            let wanted = Wanted {
                sought,
                kind: None,
                after: 0,
                limit: ALL,
            };
            let hits = find(c, &actor, &wanted)?;
            let is_found = hits.iter().any(|hit| hit.address == row.7);
            let opens = opens(c, &organisation, &actor, row)?;
            assert_eq!(is_found, opens, "{who} looks for {row:?}");
            kept_back += usize::from(!opens);
        }
    }
    transaction(c, Purpose::Write, rebuild)?;
    assert_eq!(followed, index(c)?, "the index did not follow");
    Ok(kept_back)
}

#[test]
fn what_is_found_is_what_its_page_shows() {
    let kept_back = RefCell::new(0);
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 50,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&prop::collection::vec(turn(), 20..60), |history| {
        let database = Database::migrated();
        let mut conn = database.connect();
        if let Conn::Sqlite(lite) = &mut conn {
            // Nothing here is about losing power.
            lite.batch_execute("PRAGMA synchronous = OFF").unwrap();
        }
        *kept_back.borrow_mut() +=
            live(&mut conn, &history).map_err(|e| TestCaseError::fail(e.to_string()))?;
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
    assert!(
        kept_back.into_inner() > 100,
        "hardly anything was kept back"
    );
}
