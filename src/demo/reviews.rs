//! After the sign-offs of the demo: questions, a closed gap and an open one, a clearance with a condition, and a
//! suspended one.

use super::cast::Cast;
use super::history::{Script, open_ramp};
use crate::db::Conn;
use crate::domain::clearance;
use crate::domain::clearance::oversight::Transition;
use crate::domain::signoff;
use crate::domain::signoff::Note;
use crate::error::{Error, Result};

fn note(text: &str) -> Result<Note> {
    Note::parse(text).map_err(Error::fault)
}

/// The latest sign-off of a person's open ramp.
fn open_signoff(c: &mut Conn, cast: &Cast, mentee: &str, area: &str) -> Result<i64> {
    let ramp = open_ramp(c, cast, mentee, area)?;
    let latest = signoff::store::of_ramps(c, &[ramp])?.into_iter().next();
    latest.map(|s| s.id).ok_or(Error::NotFound("sign-off"))
}

pub(super) fn add_steps(script: &mut Script<'_>) {
    questions(script);
    gaps(script);
    condition(script);
    suspension(script);
}

/// While Ruth's key is due: one question answered, one open.
fn questions(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(1, 12, move |c, at| {
        let id = open_signoff(c, cast, "lukas.novak", "catalogue")?;
        let body = note("Which import did he stop himself, and who was told?")?;
        crate::usecases::signoff::question::ask(c, &cast.act("ruth.abrams", at)?, id, &body)
    });
    script.at(1, 14, move |c, at| {
        let id = open_signoff(c, cast, "lukas.novak", "catalogue")?;
        let body = note(
            "The supplier feed of the week before last. I stopped it at nine per cent, and wrote to retail and to \
             Mei-Ling before it was rolled back.",
        )?;
        let question = signoff::question::store::of_signoff(c, id)?
            .first()
            .map(|m| m.id)
            .ok_or(Error::NotFound("question"))?;
        crate::usecases::signoff::question::answer(c, &cast.act("lukas.novak", at)?, id, question, &body)
    });
    script.at(1, 16, move |c, at| {
        let id = open_signoff(c, cast, "lukas.novak", "catalogue")?;
        let body = note("Has he swapped an alias on a Monday morning, under load?")?;
        crate::usecases::signoff::question::ask(c, &cast.act("priya.raman", at)?, id, &body)
    });
}

/// One of the gaps of Rafael's returned sign-off is closed.
fn gaps(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(3, 14, move |c, at| {
        let ramp = open_ramp(c, cast, "rafael.costa", "orders")?;
        let kind = signoff::point::PointKind::Gap;
        let last = signoff::point::store::of_ramps(c, kind, &[ramp])?
            .into_iter()
            .next_back();
        let gap = last.ok_or(Error::NotFound("gap"))?.id;
        let words =
            note("He called them out before both replays, and Ingrid wrote them into the ticket.")?;
        let act = cast.act("priya.raman", at)?;
        crate::usecases::signoff::point::close_gap(c, &act, ramp, gap, &words)
    });
}

/// One of the conditions of Sofia's clearance is met.
fn condition(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(41, 10, move |c, at| {
        let area = cast.area("edge")?.0.id;
        let held = clearance::store::of_person(c, cast.id("sofia.marchetti")?)?
            .into_iter()
            .find(|held| held.area_id == area)
            .ok_or(Error::NotFound("clearance"))?;
        let granted: Vec<i64> = held.signoff_id.into_iter().collect();
        let kind = signoff::point::PointKind::Condition;
        let first = signoff::point::store::of_signoffs(c, kind, &granted)?
            .first()
            .map(|point| point.id)
            .ok_or(Error::NotFound("condition"))?;
        let seen = note("Three purges by path, each with the before and after in the ticket.")?;
        let act = cast.act("dele.adeyemi", at)?;
        crate::usecases::clearance::actions::tick(c, &act, held.id, first, &seen)
    });
}

/// Jonas does not work on the catalogue for a while.
fn suspension(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(3, 13, move |c, at| {
        let area = cast.area("catalogue")?.0.id;
        let held = clearance::store::of_person(c, cast.id("jonas.weber")?)?
            .into_iter()
            .find(|held| held.area_id == area)
            .ok_or(Error::NotFound("clearance"))?;
        let reason = note(
            "On the command rota until the new year, and has not seen the new index build. To be reinstated once he \
             has walked it with Mei-Ling.",
        )?;
        let act = cast.act("ruth.abrams", at)?;
        let transition = (Transition::Suspend, held.state);
        crate::usecases::clearance::actions::change(c, &act, held.id, transition, &reason).map(|_| ())
    });
}
