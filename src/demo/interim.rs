//! Interim clearances in the demo: one with a supervisor, and one whose supervisor was suspended later.

use super::cast::Cast;
use super::history::{Script, open_ramp};
use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::signoff::Note;
use crate::error::{Error, Result};
use crate::usecases::interim::actions::{Granting, grant};

/// Grants one on a person's open ramp in an area.
fn grants(
    c: &mut Conn,
    (cast, at): (&Cast, UtcTime),
    (who, mentee, area): (&str, &str, &str),
    (supervisor, ends_on): (&str, Day),
    reason: &str,
) -> Result<()> {
    let ramp = open_ramp(c, cast, mentee, area)?;
    let terms = Granting {
        supervisor_id: cast.id(supervisor)?,
        ends_on,
        reason: Note::parse(reason).map_err(Error::fault)?,
    };
    grant(c, &cast.act(who, at)?, ramp, &terms).map(|_| ())
}

pub(super) fn add_steps(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day());
    // Jonas supervised Lukas for a day; he is suspended now.
    script.at(4, 10, move |c, at| {
        let who = ("ruth.abrams", "lukas.novak", "catalogue");
        let why = "The import window of the season needs a second pair of hands in Europe before both keys are turned.";
        let under = ("jonas.weber", today.plus_days(40));
        grants(c, (cast, at), who, under, why)
    });
    script.at(1, 11, move |c, at| {
        let who = ("ruth.abrams", "jonas.weber", "command");
        let why = "Three commanders are asleep when Singapore is awake. He leads calls there, Ingrid takes over above \
                   severity two.";
        let under = ("ingrid.solberg", today.plus_days(45));
        grants(c, (cast, at), who, under, why)
    });
}
