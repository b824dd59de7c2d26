//! From the request to the clearance on a database of its own, with the pages everybody sees on the way.

pub mod keys;
pub mod pages;

use diesel::prelude::*;

use super::*;
use crate::db::schema::{areas, assessments, qualifiers, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, Purpose, Target, transaction};
use crate::domain::assessment::Stream;
use crate::domain::audit::Act;
use crate::domain::people::{Email, Name, NewPerson, ZoneName};
use crate::domain::ramp::store::NewRamp;
use crate::domain::ramp::{MarkKind, PairingRole};
use crate::domain::session::{SessionKind, SessionState};
use crate::domain::standard::{
    Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level, StandardState,
};
use crate::domain::{clearance, people, ramp, standard};
use crate::error::Result;
use crate::usecases::signoff::actions;
use crate::usecases::signoff::actions::{Outcome, request};

struct House {
    _folder: tempfile::TempDir,
    target: Target,
    area_id: i64,
    ramp_id: i64,
    mentee: Actor,
    mentor: Actor,
    lead: Actor,
    second_lead: Actor,
    stranger: Actor,
}

fn now() -> UtcTime {
    UtcTime::from("2026-11-10T08:00:00Z".parse::<jiff::Timestamp>().unwrap())
}

fn act(actor: &Actor) -> Act {
    Act {
        actor: actor.clone(),
        ..Act::operator(now())
    }
}

fn words(text: &str) -> Note {
    Note::parse(text).unwrap()
}

fn content() -> Content {
    Content {
        competencies: vec![Competency {
            code: "SRC-I1".into(),
            group: Group::Incident,
            statement: "Runs an index-lag page".into(),
            required_level: Level::new(4).unwrap(),
            critical: true,
            behaviours: Default::default(),
        }],
        items: vec![Item {
            code: "SRC-K1".into(),
            group: ItemGroup::Read,
            text: "Read the runbook".into(),
            done_by: DoneBy::Mentee,
            link: None,
        }],
        gates: vec![
            Gate::Levels {
                critical_evidence: None,
            },
            Gate::Checklist,
            Gate::Sessions {
                held: 1,
                minutes: 30,
            },
        ],
    }
}

/// Turns the first key as somebody does who has just read the page.
fn turn_first_key(c: &mut Conn, act: &Act, id: i64, words: &Note) -> Result<()> {
    let shown = actions::shown(c, act, id)?;
    actions::turn_first_key(c, act, id, words, &shown)
}

/// Decides as somebody does who has just read the page.
fn decide(c: &mut Conn, act: &Act, id: i64, decision: &Decision) -> Result<Outcome> {
    let shown = actions::shown(c, act, id)?;
    actions::decide(c, act, id, decision, &shown)
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("story.db"));
        crate::db::migrate::run(&target).unwrap();
        let mut c = Conn::open(&target, Purpose::Write).unwrap();
        let owners = people::store::team_named(&mut c, &Name::parse("Discovery").unwrap(), now())
            .unwrap()
            .0;
        let mut person = |name: &str, is_lead: bool| {
            let new = NewPerson {
                name: Name::parse(name).unwrap(),
                email: Email::parse(&format!("{}@example.com", name.to_lowercase())).unwrap(),
                time_zone: ZoneName::parse("Europe/Lisbon").unwrap(),
            };
            let id = people::store::insert_person(&mut c, &new, false, now()).unwrap();
            if is_lead {
                people::store::put_membership(&mut c, (owners, id), true, now()).unwrap();
            }
            let row = people::store::by_id(&mut c, id).unwrap().unwrap();
            people::store::actor(&mut c, row).unwrap()
        };
        let (mentee, mentor, stranger) = (
            person("Lukas", false),
            person("Mei", false),
            person("Sam", false),
        );
        let (lead, second_lead) = (person("Ruth", true), person("Ola", true));
        let area_id: i64 = diesel::insert_into(areas::table)
            .values((
                areas::slug.eq("search"),
                areas::code.eq("SRC"),
                areas::name.eq("Search"),
                areas::summary.eq(""),
                areas::tier.eq(1),
                areas::owner_team_id.eq(owners),
                areas::minimum_cover.eq(2),
                areas::target_weeks.eq(12),
                areas::validity_months.eq(6),
                areas::recency_days.eq(90),
                areas::created_at.eq(now()),
            ))
            .returning(areas::id)
            .get_result(&mut c)
            .unwrap();
        let version = standard::store::NewVersion {
            area_id,
            version: 1,
            state: StandardState::Published,
            note: "",
            content: &content(),
            by: None,
            now: now(),
        };
        let standard_id = standard::store::insert(&mut c, &version).unwrap();
        let new = NewRamp {
            mentee_id: mentee.id.unwrap(),
            area_id,
            standard_id,
            state: RampState::Active,
            starts_on: now().day().plus_days(-60),
            target_on: now().day().plus_days(10),
            started_by: lead.id.unwrap(),
            created_at: now(),
        };
        let ramp_id = ramp::store::insert(&mut c, &new).unwrap();
        let mentor_id = mentor.id.unwrap();
        ramp::store::insert_pairing(&mut c, ramp_id, mentor_id, PairingRole::Primary, 7, now())
            .unwrap();
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(area_id),
                qualifiers::person_id.eq(mentor_id),
                qualifiers::since.eq(now()),
            ))
            .execute(&mut c)
            .unwrap();
        clearance::store::insert(
            &mut c,
            &clearance::store::NewClearance::full(
                (mentor_id, area_id),
                now(),
                now().day().plus_days(90),
            ),
        )
        .unwrap();
        Self {
            _folder: folder,
            target,
            area_id,
            ramp_id,
            mentee,
            mentor,
            lead,
            second_lead,
            stranger,
        }
    }

    /// One use case, as a page would do it.
    fn act<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut c = Conn::open(&self.target, Purpose::Write).unwrap();
        transaction(&mut c, Purpose::Write, f)
    }

    fn finish_ramp(&self) {
        let by_id = self.mentor.id.unwrap();
        self.act(|c| {
            let session_id: i64 = diesel::insert_into(sessions::table)
                .values((
                    sessions::ramp_id.eq(self.ramp_id),
                    sessions::mentor_id.eq(by_id),
                    sessions::kind.eq(SessionKind::Pairing),
                    sessions::state.eq(SessionState::Held),
                    sessions::starts_at.eq(now()),
                    sessions::minutes.eq(45),
                    sessions::summary.eq("Index lag, from alert to all-clear"),
                    sessions::recorded_at.eq(now()),
                ))
                .returning(sessions::id)
                .get_result(c)?;
            ramp::store::insert_mark(c, self.ramp_id, "SRC-K1", MarkKind::Checked, by_id, now())?;
            self.assess(c, 4, session_id)
        })
        .unwrap();
    }

    fn assess(&self, c: &mut Conn, level: i64, session_id: i64) -> Result<()> {
        diesel::insert_into(assessments::table)
            .values((
                assessments::ramp_id.eq(self.ramp_id),
                assessments::competency_code.eq("SRC-I1"),
                assessments::stream.eq(Stream::Mentor),
                assessments::level.eq(Level::new(level)),
                assessments::by_id.eq(self.mentor.id.unwrap()),
                assessments::at.eq(now()),
                assessments::evidence.eq("I said nothing"),
                assessments::evidence_session_id.eq(session_id),
            ))
            .execute(c)?;
        Ok(())
    }

    fn requested(&self) -> i64 {
        self.finish_ramp();
        self.act(|c| request(c, &act(&self.mentee), self.ramp_id, &words("Please")))
            .unwrap()
    }

    fn recommended(&self) -> i64 {
        let id = self.requested();
        self.act(|c| turn_first_key(c, &act(&self.mentor), id, &words("Ready.")))
            .unwrap();
        id
    }

    fn approval(&self) -> Decision {
        Decision::Approve {
            ends_on: usual_end(now().day(), 6),
            note: Note::default(),
            conditions: Vec::new(),
        }
    }

    fn ramp_state(&self) -> RampState {
        self.act(|c| ramp::store::by_id(c, self.ramp_id))
            .unwrap()
            .state
    }
}
