//! Asking for an observation, answering, and declining.

use serde_json::json;

use crate::db::types::Day;
use crate::db::{Conn, exactly_one};
use crate::domain::asked::model::Asked;
use crate::domain::asked::{Answer, Event, NewAsk, WORDS, audience, check_day, store};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance;
use crate::domain::notification::Kind;
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::standard::Competency;
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::asked::detail::AskedDetail;
use crate::usecases::dossier::Dossier;
use crate::usecases::home::waiting::causes::asked_waits;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::session::actions::require_open;
use crate::usecases::shift::actions::on_call;
use crate::words::Words;

/// The mentee may ask, on an open ramp.
///
/// Errors: [`Error::Forbidden`] for everyone else; [`Error::Conflict`] when the ramp is closed or not accepted.
pub fn may_ask(dossier: &Dossier, actor: &Actor) -> Result<()> {
    if !dossier.parties.is_mentee(actor) {
        return Err(Error::Forbidden(format!(
            "Only {} can ask for an observation on this ramp.",
            dossier.mentee().name
        )));
    }
    require_open(dossier)
}

/// Everyone who can be asked, by name: cleared in the area, has not left, and not the mentee.
pub fn can_be_asked(c: &mut Conn, dossier: &Dossier, today: Day) -> Result<Vec<Person>> {
    on_call(c, dossier.area.id, dossier.ramp.mentee_id, today)
}

/// Asks someone cleared what they saw of a competency; returns the request. `new` is the form as it was read: who may not ask
/// learns that before any mistake in it.
///
/// Errors: As [`may_ask`]; [`Error::Invalid`] when the person is not cleared, or was asked and has not answered yet.
pub fn ask(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    code: &str,
    new: Result<NewAsk>,
) -> Result<Asked> {
    let today = act.now.day();
    let dossier = Dossier::lock(c, ramp_id, today)?;
    may_ask(&dossier, &act.actor)?;
    competency(&dossier, code)?;
    let new = &new?;
    let mut errors = FieldErrors::default();
    clearance::store::lock_latest_of(c, (new.asked_id, dossier.area.id))?;
    let people = can_be_asked(c, &dossier, today)?;
    if people.iter().all(|p| p.id != new.asked_id) {
        let area = &dossier.area.name;
        errors.add(
            "asked",
            format!("Choose someone who is cleared in {area} today."),
        );
    } else if let Some(open) = store::open_of(c, (ramp_id, code, new.asked_id), act.now)? {
        errors.add(
            "asked",
            format!(
                "You asked them about {code} already. They can answer until {}.",
                act.moment(open.expires_at)
            ),
        );
    }
    if let Err(sentence) = check_day(new.worked_on, today, dossier.ramp.starts_on) {
        errors.add("worked_on", sentence);
    }
    errors.or(())?;
    let asked = store::insert(c, ramp_id, code, new, act.now)?;
    let ramp = &dossier.ramp;
    let cause = asked_waits(asked.id, code, asked.expires_at).of_ramp(
        ramp.id,
        ramp.mentee_id,
        ramp.area_id,
    );
    let to = audience(
        Event::Asked,
        &asked,
        ramp.mentee_id,
        &dossier.parties.mentors,
    );
    notify::tell(c, act, &cause, to)?;
    let details = json!({
        "ramp": ramp_id,
        "code": code,
        "asked": asked.asked_id,
        "worked_on": asked.worked_on.to_string(),
        "work": asked.work,
        "expires_at": asked.expires_at.iso(),
    });
    audit::record(
        c,
        act,
        entry("observation.asked", &dossier, asked.id).details(details),
    )?;
    Ok(asked)
}

/// A competency of the ramp's standard.
pub fn competency<'a>(dossier: &'a Dossier, code: &str) -> Result<&'a Competency> {
    let found = dossier.standard.content.competency(code);
    found.ok_or(Error::NotFound("competency"))
}

/// Stores what the person who was asked saw; from then on it can back a judgement.
///
/// Errors: As [`AskedDetail::may_answer`].
pub fn answer(c: &mut Conn, act: &Act, id: i64, answer: Result<Answer>) -> Result<()> {
    let detail = lock(c, act, id)?;
    let answer = answer?;
    exactly_one(store::answer(c, id, &answer, act.now)?)?;
    tell_answered(c, act, &detail, Event::Answered)?;
    let details = json!({
        "code": detail.asked.competency_code,
        "seen": answer.seen,
        "help": answer.help,
        "words": answer.words.as_str(),
    });
    let entry = entry("observation.answered", &detail.dossier, id);
    audit::record(c, act, entry.details(details))
}

/// Stores that the person who was asked saw nothing they can speak of.
///
/// Errors: As [`AskedDetail::may_answer`].
pub fn decline(c: &mut Conn, act: &Act, id: i64, why: Result<Words<WORDS>>) -> Result<()> {
    let detail = lock(c, act, id)?;
    let why = why?;
    exactly_one(store::decline(c, id, why.as_str(), act.now)?)?;
    tell_answered(c, act, &detail, Event::Declined)?;
    let details = json!({ "code": detail.asked.competency_code, "why": why.as_str() });
    let entry = entry("observation.declined", &detail.dossier, id);
    audit::record(c, act, entry.details(details))
}

/// Tells that a request was answered or declined; it no longer waits.
fn tell_answered(c: &mut Conn, act: &Act, detail: &AskedDetail, event: Event) -> Result<()> {
    let (asked, ramp) = (&detail.asked, &detail.dossier.ramp);
    notify::done(
        c,
        act,
        Kind::ObservationAsked,
        &format!("asked:{}", asked.id),
    )?;
    let path = format!("/competencies/{}", asked.competency_code);
    let cause = causes::ramp(Kind::ObservationAnswered, ramp, &path).titled(&asked.competency_code);
    let mentors = &detail.dossier.parties.mentors;
    let to = audience(event, asked, ramp.mentee_id, mentors);
    notify::tell(c, act, &cause, to)
}

/// A locked request, if the actor may answer it.
fn lock(c: &mut Conn, act: &Act, id: i64) -> Result<AskedDetail> {
    let detail = AskedDetail::lock(c, id, act)?;
    detail.may_answer(&act.actor, act.now)?;
    Ok(detail)
}

fn entry(action: &'static str, dossier: &Dossier, id: i64) -> Entry {
    Entry::new(action, format!("asked:{id}"))
        .person(dossier.ramp.mentee_id)
        .area(dossier.area.id)
}
