//! The small organisation that every site begins with.

use std::sync::LazyLock;

use checkride::db::Conn;
use checkride::db::schema::qualifiers;
use checkride::db::types::UtcTime;
use checkride::domain::area;
use checkride::domain::audit::Act;
use checkride::domain::auth;
use checkride::domain::auth::password::{Cost, Hasher, Password};
use checkride::domain::clearance;
use checkride::domain::people;
use checkride::domain::people::{Email, Name, NewPerson, ZoneName};
use checkride::domain::ramp;
use checkride::domain::ramp::model::NewRamp;
use checkride::domain::ramp::{PairingRole, RampState};
use checkride::domain::standard;
use checkride::domain::standard::StandardState;
use checkride::error::Result;
use diesel::prelude::*;

use super::{block_on, sample};

/// Everybody's password.
pub const PASSWORD: &str = "seven quiet herons";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: i64,
    pub name: String,
    pub handle: String,
    pub email: String,
}

/// What was made, by row.
pub struct Made {
    pub people: [Member; 7],
    pub area_id: i64,
    pub standard_id: i64,
    pub ramp_id: i64,
}

/// Makes it: two teams, an area with a published standard, everybody, and a ramp that began today.
pub fn organisation(c: &mut Conn, now: UtcTime) -> Result<Made> {
    let (owners, _) = people::store::team_named(c, &Name::parse("Payments").unwrap(), now)?;
    let (mentees, _) = people::store::team_named(c, &Name::parse("Storefront").unwrap(), now)?;
    let cast = [
        ("Ines Duarte", "Europe/Lisbon", None),
        ("Tomasz Wilk", "Europe/Warsaw", Some((mentees, false))),
        ("Leila Haddad", "Africa/Tunis", Some((mentees, false))),
        ("Marcus Oyelaran", "Europe/London", Some((owners, false))),
        ("Sofia Lindqvist", "Europe/Stockholm", Some((owners, false))),
        ("Ruth Abara", "UTC", Some((owners, true))),
        ("Kenji Mori", "Asia/Tokyo", Some((mentees, true))),
    ];
    let mut people = Vec::new();
    for (name, zone, team) in cast {
        people.push(member(c, now, name, zone, team)?);
    }
    let people: [Member; 7] = people.try_into().unwrap();
    let [_, _, mentee, mentor, qualifier, owner_lead, _] = &people;

    let fields = area::model::Fields {
        code: "PAY".to_owned(),
        name: "Payments".to_owned(),
        summary: "Takes the money: authorisation, capture, refunds.".to_owned(),
        tier: 1,
        minimum_cover: 2,
        target_weeks: 12,
        validity_months: 12,
        recency_days: 90,
        labels: String::new(),
        practice: area::practice::Need::ONE,
        ends: area::validity::Ends::AfterMonths,
    };
    let area_id = area::store::insert(c, "payments", &fields, owners, now)?;
    let first = standard::store::NewVersion {
        area_id,
        version: 1,
        state: StandardState::Published,
        note: "First version",
        content: &sample::content(),
        by: Some(qualifier.id),
        now,
    };
    let standard_id = standard::store::insert(c, &first)?;
    for signer in [mentor, qualifier] {
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(area_id),
                qualifiers::person_id.eq(signer.id),
                qualifiers::since.eq(now.plus_hours(-24 * 100)),
            ))
            .execute(c)?;
        let (from, to) = (now.plus_hours(-24 * 100), now.day().plus_days(200));
        clearance::store::insert(
            c,
            &clearance::model::NewClearance {
                recorded_at: now,
                ..clearance::model::NewClearance::full((signer.id, area_id), from, to)
            },
        )?;
    }

    let ramp_id = ramp::store::insert(
        c,
        &NewRamp {
            mentee_id: mentee.id,
            area_id,
            standard_id,
            state: RampState::Active,
            starts_on: now.day(),
            target_on: now.day().plus_days(84),
            started_by: owner_lead.id,
            created_at: now,
        },
    )?;
    ramp::store::insert_change(c, ramp_id, RampState::Active, "", owner_lead.id, now)?;
    crate::support::factory::pair(c, ramp_id, mentor.id, PairingRole::Primary, 14, now)?;
    Ok(Made {
        people,
        area_id,
        standard_id,
        ramp_id,
    })
}

/// Adds a person who can sign in. The first one is an administrator.
pub fn member(
    c: &mut Conn,
    now: UtcTime,
    name: &str,
    zone: &str,
    team: Option<(i64, bool)>,
) -> Result<Member> {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let hasher = Hasher::start(Cost::Test).unwrap();
        block_on(hasher.hash(Password::parse(PASSWORD, &[]).unwrap())).unwrap()
    });
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    let new = NewPerson {
        name: Name::parse(name).unwrap(),
        email: Email::parse(&email).unwrap(),
        time_zone: ZoneName::parse(zone).unwrap(),
    };
    let handle = new.email.handle();
    let id = checkride::usecases::people::actions::add(c, &Act::operator(now), &new, false)?;
    auth::store::set_password_hash(c, id, &HASH)?;
    if let Some((team_id, is_lead)) = team {
        people::store::put_membership(c, (team_id, id), is_lead, now)?;
    }
    Ok(Member {
        id,
        name: name.to_owned(),
        handle,
        email,
    })
}
