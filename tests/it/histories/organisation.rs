//! One history's people, area and ramp.

use checkride::db::schema::{pairings, qualifiers};
use checkride::db::types::UtcTime;
use checkride::db::{Conn, locks};
use checkride::domain::area;
use checkride::domain::audit::Act;
use checkride::domain::clearance;
use checkride::domain::people;
use checkride::domain::people::{Email, Name, NewPerson, ZoneName};
use checkride::domain::ramp::PairingRole;
use checkride::domain::standard;
use checkride::domain::standard::StandardState;
use checkride::error::Result;
use checkride::usecases::ramp::actions::StartRamp;
use diesel::prelude::*;

use crate::support::{at, sample};

/// Whoever acts, by their place in [`Organisation::people`].
pub const MENTEE: usize = 0;
pub const MENTOR: usize = 1;
pub const HELPER: usize = 2;
/// Mentored the ramp before; a cleared qualifier and a lead of the owner team besides.
pub const FORMER: usize = 3;
pub const QUALIFIER: usize = 4;
/// Designated, but not cleared.
pub const UNCLEARED: usize = 5;
pub const OWNER_LEAD: usize = 6;
pub const MENTEE_LEAD: usize = 7;
pub const ADMINISTRATOR: usize = 8;
pub const PEOPLE: usize = 9;

/// One history: its people, area and ramp.
pub struct Organisation {
    pub people: [i64; PEOPLE],
    pub area_id: i64,
    pub ramp_id: i64,
    pub now: UtcTime,
}

impl Organisation {
    pub fn found(c: &mut Conn, number: usize) -> Result<Self> {
        let now = at("2026-11-23T09:00:00Z");
        let operator = Act::operator(now);
        let mut ids = Vec::new();
        for n in 0..PEOPLE {
            let new = NewPerson {
                name: Name::parse(&format!("Person {n} of {number}")).unwrap(),
                email: Email::parse(&format!("p{n}.{number}@example.com")).unwrap(),
                time_zone: ZoneName::parse("UTC").unwrap(),
            };
            ids.push(checkride::usecases::people::actions::add(
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
            people::store::put_membership(c, (team, people[who]), leads, now)?;
        }
        let fields = area::model::Fields {
            code: format!("H{number}"),
            name: format!("Area {number}"),
            summary: String::new(),
            tier: 1,
            minimum_cover: 1,
            target_weeks: 12,
            validity_months: 12,
            recency_days: 90,
            labels: String::new(),
            practice: area::practice::Need::ONE,
            ends: area::validity::Ends::AfterMonths,
        };
        let area_id = area::store::insert(c, &format!("area-{number}"), &fields, owners, now)?;
        let first = standard::store::NewVersion {
            area_id,
            version: 1,
            state: StandardState::Published,
            note: "",
            content: &sample::short(),
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
            clearance::store::insert(
                c,
                &clearance::model::NewClearance::full(key, now, now.day().plus_days(300)),
            )?;
        }
        let mut organisation = Self {
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
        let lead = organisation.act(c, MENTEE_LEAD)?;
        organisation.ramp_id = checkride::usecases::ramp::actions::start(c, &lead, &start)?;
        for who in [MENTEE, MENTOR] {
            let act = organisation.act(c, who)?;
            checkride::usecases::ramp::actions::accept::accept(c, &act, organisation.ramp_id)?;
        }
        organisation.hand_over(c, HELPER)?;
        Ok(organisation)
    }

    pub fn act(&self, c: &mut Conn, who: usize) -> Result<Act> {
        let person = people::store::by_id(c, self.people[who])?.unwrap();
        locks::begin();
        Ok(Act {
            actor: people::store::actor(c, person)?,
            ..Act::operator(self.now)
        })
    }

    pub fn hand_over(&self, c: &mut Conn, to: usize) -> Result<()> {
        let current = pairings::table
            .filter(pairings::ramp_id.eq(self.ramp_id))
            .filter(pairings::role.eq(PairingRole::Secondary))
            .filter(pairings::until.is_null());
        diesel::update(current)
            .set(pairings::until.eq(self.now))
            .execute(c)?;
        let secondary = PairingRole::Secondary;
        crate::support::factory::pair(c, self.ramp_id, self.people[to], secondary, 7, self.now)
    }
}
