//! Changes of ramps in the demo: one waits to be accepted, one is paused, one was paused, one changed its mentor, one
//! ended early, and one is planned for later because its area needs another one first.

use super::cast::Cast;
use super::history::{Script, open_ramp};
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::ramp::PairingRole;
use crate::error::{Error, Result};
use crate::usecases::ramp::actions::pair::{HandOver, OverReason, hand_over};
use crate::usecases::ramp::actions::{Reason, StartRamp, accept, arrange, start};

/// The reason wherever a mentor takes more than was agreed.
const OVER: &str = "Nobody else who is cleared is free before the peak season.";

pub(super) fn add_steps(script: &mut Script<'_>) {
    proposed(script);
    paused_for_a_while(script);
    paused(script);
    handed_over(script);
    ended(script);
    comes_later(script);
}

/// The reason for a pairing over capacity.
pub(super) fn over_capacity() -> Result<OverReason> {
    OverReason::parse(OVER).map_err(Error::fault)
}

fn because(text: &str) -> Result<Reason> {
    Reason::parse(text).map_err(Error::fault)
}

/// Proposes a ramp that begins in that many days; negative is before today.
fn propose(
    c: &mut Conn,
    (cast, at): (&Cast, UtcTime),
    (mentee, area, primary): (&str, &str, &str),
    lead: &str,
    starts_in: i64,
) -> Result<i64> {
    let input = StartRamp {
        area_id: cast.area(area)?.0.id,
        mentee_id: cast.id(mentee)?,
        primary_id: cast.id(primary)?,
        secondary_id: None,
        starts_on: at.day().plus_days(starts_in),
        target_on: None,
        interval_days: 7,
        over_capacity: over_capacity()?,
    };
    start(c, &cast.act(lead, at)?, &input)
}

/// Two days old; neither of the two has answered.
fn proposed(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(2, 13, move |c, at| {
        let who = ("amara.okafor", "orders", "ingrid.solberg");
        propose(c, (cast, at), who, "ruth.abrams", 42).map(|_| ())
    });
}

/// Paused between two sessions; the target moved too.
fn paused_for_a_while(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(52, 9, move |c, at| {
        let id = open_ramp(c, cast, "rafael.costa", "orders")?;
        let why = because("The ERP supplier’s freeze: nothing can be practised this week.")?;
        arrange::pause(c, &cast.act("priya.raman", at)?, id, &why)
    });
    script.at(46, 8, move |c, at| {
        let id = open_ramp(c, cast, "rafael.costa", "orders")?;
        let why = because("The freeze is over.")?;
        arrange::resume(c, &cast.act("priya.raman", at)?, id, &why).map(|_| ())
    });
}

/// Begun, and paused since.
fn paused(script: &mut Script<'_>) {
    let cast = script.cast;
    let who = ("rafael.costa", "catalogue", "mei-ling.zhou");
    script.at(40, 9, move |c, at| {
        let id = propose(c, (cast, at), who, "ruth.abrams", 1)?;
        accept::accept(c, &cast.act(who.0, at)?, id)?;
        accept::accept(c, &cast.act(who.2, at)?, id).map(|_| ())
    });
    script.at(31, 11, move |c, at| {
        let id = open_ramp(c, cast, who.0, who.1)?;
        let why = because("Orders first: one ramp at a time, both of us agree.")?;
        arrange::pause(c, &cast.act(who.2, at)?, id, &why)
    });
}

/// The secondary mentor changes.
fn handed_over(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(6, 15, move |c, at| {
        let id = open_ramp(c, cast, "noor.haddad", "edge")?;
        let input = HandOver {
            role: PairingRole::Secondary,
            from_id: Some(cast.id("kenji.watanabe")?),
            to_id: cast.id("sofia.marchetti")?,
            reason: Some(because(
                "Sofia shares Noor’s working hours; Kenji is asleep when she practises.",
            )?),
            over_capacity: over_capacity()?,
        };
        hand_over(c, &cast.act("kenji.watanabe", at)?, id, &input).map(|_| ())
    });
}

/// Ended in favour of another area.
fn ended(script: &mut Script<'_>) {
    let cast = script.cast;
    let who = ("hana.kim", "edge", "kenji.watanabe");
    script.at(150, 9, move |c, at| {
        let id = propose(c, (cast, at), who, "tomas.herrera", 1)?;
        accept::accept(c, &cast.act(who.0, at)?, id)?;
        accept::accept(c, &cast.act(who.2, at)?, id).map(|_| ())
    });
    script.at(110, 14, move |c, at| {
        let id = open_ramp(c, cast, who.0, who.1)?;
        let why =
            because("The platform needs a third pair of hands sooner. Edge can wait a year.")?;
        arrange::end(c, &cast.act("tomas.herrera", at)?, id, &why)
    });
}

/// Planned for when he is cleared for the platform, as commanders must be.
fn comes_later(script: &mut Script<'_>) {
    let cast = script.cast;
    let who = ("lukas.novak", "command", "kenji.watanabe");
    script.at(3, 12, move |c, at| {
        let id = propose(c, (cast, at), who, "ruth.abrams", 63)?;
        accept::accept(c, &cast.act(who.0, at)?, id)?;
        accept::accept(c, &cast.act(who.2, at)?, id).map(|_| ())
    });
}
