//! People and mentoring agreements of the demo: everyone has an account but one who is invited; two mentors have an
//! agreement, and two say when they can meet.

use super::history::Script;
use crate::domain::availability::{Absence, Week};
use crate::domain::people::mentoring::Agreed;
use crate::domain::people::{Email, Name, NewPerson, Place, ZoneName, store};
use crate::error::Error;
use crate::usecases::auth::actions::set_password;
use crate::usecases::availability::{add_absence, set_week};
use crate::usecases::people::admin::add_to_team;
use crate::usecases::people::mentoring::agree;

pub(super) fn add_steps(script: &mut Script<'_>) {
    choose_passwords(script);
    agreements(script);
    availability(script);
    invited(script);
}

/// A hash that no password has: people sign in to the demo with its buttons.
const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$ZGVtb2RlbW9kZW1v$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Everyone in the folder chose a password on the first day.
fn choose_passwords(script: &mut Script<'_>) {
    let cast = script.cast;
    for who in cast.names() {
        script.at(329, 10, move |c, at| {
            let act = cast.act(who, at)?;
            set_password(c, &act, cast.id(who)?, NO_PASSWORD, (None, None))
        });
    }
}

/// One of the two mentors has more than was agreed.
fn agreements(script: &mut Script<'_>) {
    let cast = script.cast;
    let agreed = [
        ("dele.adeyemi", "tomas.herrera", 2, 8, 120),
        ("ingrid.solberg", "ingrid.solberg", 3, 12, 75),
    ];
    for (who, by, mentees, hours, days_ago) in agreed {
        script.at(days_ago, 15, move |c, at| {
            let (handle, act) = (cast.actor(who)?.handle.clone(), cast.act(by, at)?);
            let agreed = Agreed {
                mentees: Some(mentees),
                hours: Some(hours),
            };
            agree(c, &act, &handle, Agreed::default(), agreed).map(|_| ())
        });
    }
}

/// A mentor with hours of her own, and one who is away soon.
fn availability(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(70, 16, move |c, at| {
        let week = Week::parse(|day| match day {
            "Saturday" | "Sunday" => "",
            "Friday" => "08:00-12:00",
            _ => "08:00-12:00, 13:00-16:00",
        })?;
        let act = cast.act("ingrid.solberg", at)?;
        set_week(c, &act, &Week::usual().line(), &week)
    });
    script.at(4, 11, move |c, at| {
        let absence = Absence {
            first_on: at.day().plus_days(16),
            last_on: at.day().plus_days(24),
        };
        add_absence(c, &cast.act("dele.adeyemi", at)?, absence)
    });
}

/// Invited two days ago with a link that is not used yet.
fn invited(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(2, 9, move |c, at| {
        let new = NewPerson {
            name: Name::parse("Elif Demir").map_err(Error::fault)?,
            email: Email::parse("elif.demir@harbour.example").map_err(Error::fault)?,
            time_zone: ZoneName::parse("Europe/Istanbul").map_err(Error::fault)?,
        };
        let teams = store::teams(c)?;
        let team = teams.iter().find(|t| t.name == "Platform SRE");
        let team = team.map(|t| (t.id, Place::Member));
        add_to_team(c, &cast.act("tomas.herrera", at)?, &new, team, true).map(|_| ())
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_of_the_demo_is_one_and_fits_no_password() {
        use argon2::password_hash::phc::PasswordHash;
        assert!(PasswordHash::new(super::NO_PASSWORD).is_ok());
    }
}
