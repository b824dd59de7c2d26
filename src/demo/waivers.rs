//! Waivers in the demo: one that excuses an item, one of a gate that waits for a decision, one that ended and one that
//! was revoked.

use super::cast::Cast;
use super::history::{Script, open_ramp};
use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::readiness::Excused;
use crate::domain::signoff::Note;
use crate::domain::waiver::store;
use crate::error::{Error, Result};
use crate::usecases::waiver::actions::{Decision, WaiverRequest, ask, decide, revoke};

fn note(text: &str) -> Result<Note> {
    Note::parse(text).map_err(Error::fault)
}

fn item(code: &str) -> Excused {
    Excused::Item(code.into())
}

/// Someone asks for a waiver on a ramp.
fn asks(
    c: &mut Conn,
    (cast, at): (&Cast, UtcTime),
    (who, mentee, area): (&str, &str, &str),
    (excused, ends_on): (Excused, Day),
    reason: &str,
) -> Result<()> {
    let ramp = open_ramp(c, cast, mentee, area)?;
    let asked = WaiverRequest {
        excused,
        reason: note(reason)?,
        ends_on,
    };
    ask(c, &cast.act(who, at)?, ramp, &asked).map(|_| ())
}

/// Someone grants the one asked for last on a ramp.
fn grants(
    c: &mut Conn,
    (cast, at): (&Cast, UtcTime),
    (who, mentee, area): (&str, &str, &str),
    ends_on: Day,
    words: &str,
) -> Result<()> {
    let ramp = open_ramp(c, cast, mentee, area)?;
    let decision = Decision::Grant {
        ends_on,
        note: note(words)?,
    };
    let id = latest(c, ramp)?;
    decide(c, &cast.act(who, at)?, ramp, id, &decision).map(|_| ())
}

fn latest(c: &mut Conn, ramp: i64) -> Result<i64> {
    let newest = store::of_ramp(c, ramp)?.into_iter().next();
    newest.map(|w| w.id).ok_or(Error::NotFound("waiver"))
}

pub(super) fn add_steps(script: &mut Script<'_>) {
    active(script);
    pending(script);
    expired(script);
    revoked(script);
}

/// Lukas works on the platform before he may hold the emergency role; it is granted for less time than he asked for.
fn active(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day());
    script.at(6, 9, move |c, at| {
        let who = ("lukas.novak", "lukas.novak", "platform");
        let what = (item("PLT-K5"), today.plus_days(60));
        let why = "Emergency roles are handed out again after the access review, which ends next month. Dele holds \
                   mine until then.";
        asks(c, (cast, at), who, what, why)
    });
    script.at(5, 13, move |c, at| {
        let who = ("tomas.herrera", "lukas.novak", "platform");
        let words = "Until the review is through, with a week to spare.";
        grants(c, (cast, at), who, today.plus_days(38), words)
    });
}

/// Dele asks for Noor; Tomás has not answered.
fn pending(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day());
    script.at(1, 15, move |c, at| {
        let who = ("dele.adeyemi", "noor.haddad", "edge");
        let what = (Excused::Gate("sessions".into()), today.plus_days(75));
        let why = "The provider move takes every free hour of both of us until the new year. She learns on it daily, \
                   but not in sessions that we would count.";
        asks(c, (cast, at), who, what, why)
    });
}

/// Rafael wrote the review when there was an incident to write about.
fn expired(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day());
    let until = today.plus_days(-30);
    script.at(60, 9, move |c, at| {
        let who = ("rafael.costa", "rafael.costa", "orders");
        let why =
            "There was no incident of ours this quarter that a review could be written about.";
        asks(c, (cast, at), who, (item("ORD-K8"), until), why)
    });
    script.at(59, 14, move |c, at| {
        let who = ("ruth.abrams", "rafael.costa", "orders");
        let words = "Fine for a month. The next one is yours.";
        grants(c, (cast, at), who, until, words)
    });
}

/// Hana got her access sooner than expected.
fn revoked(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day());
    let until = today.plus_days(10);
    let who = ("tomas.herrera", "hana.kim", "platform");
    script.at(85, 9, move |c, at| {
        let asks_it = ("hana.kim", "hana.kim", "platform");
        let why = "The cluster team grants no write access while the region is moved.";
        asks(c, (cast, at), asks_it, (item("PLT-K4"), until), why)
    });
    script.at(84, 11, move |c, at| {
        grants(c, (cast, at), who, until, "As long as the move lasts.")
    });
    script.at(61, 10, move |c, at| {
        let ramp = open_ramp(c, cast, "hana.kim", "platform")?;
        let id = latest(c, ramp)?;
        let why = note("The move ended early and the access is there. It can be done now.")?;
        revoke(c, &cast.act(who.0, at)?, ramp, id, &why)
    });
}
