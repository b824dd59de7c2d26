//! One request with its ramp, and who may do what with it.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::asked::model::Asked;
use crate::domain::asked::{State, state, store};
use crate::domain::audit::Act;
use crate::domain::people::Actor;
use crate::domain::standard::Competency;
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::actions::require_open;
use crate::usecases::signoff::actions::{hold_clearances, is_cleared};

#[derive(Debug, Clone)]
pub struct AskedDetail {
    pub asked: Asked,
    pub dossier: Dossier,
    /// The person who reads or acts is cleared in the area.
    is_cleared: bool,
}

impl AskedDetail {
    /// Loads it for the person who was asked, and for everyone who may read the ramp. For others it is not there.
    pub fn load_for(c: &mut Conn, id: i64, actor: &Actor, now: UtcTime) -> Result<Self> {
        let asked = store::by_id(c, id)?;
        let dossier = Dossier::unchecked(c, asked.ramp_id, &[asked.asked_id], now.day())?;
        Self::checked(c, (asked, dossier), actor, now)
    }

    /// The same, with the ramp locked, and the clearance that the right to answer rests on.
    pub fn lock(c: &mut Conn, id: i64, act: &Act) -> Result<Self> {
        let ramp_id = store::by_id(c, id)?.ramp_id;
        let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
        hold_clearances(c, &act.actor, &[])?;
        let asked = store::by_id(c, id)?;
        Self::checked(c, (asked, dossier), &act.actor, act.now)
    }

    fn checked(
        c: &mut Conn,
        (asked, dossier): (Asked, Dossier),
        actor: &Actor,
        now: UtcTime,
    ) -> Result<Self> {
        if !actor.is(asked.asked_id) && !dossier.parties.may_read(actor) {
            return Err(Error::NotFound("observation"));
        }
        let is_cleared = is_cleared(c, actor, dossier.area.id, now.day())?;
        Ok(Self {
            asked,
            dossier,
            is_cleared,
        })
    }

    /// `None` when the ramp took a newer standard without it.
    pub fn competency(&self) -> Option<&Competency> {
        let code = &self.asked.competency_code;
        self.dossier.standard.content.competency(code)
    }

    pub fn state(&self, now: UtcTime) -> State {
        state(&self.asked, self.dossier.ramp.closed_at.is_some(), now)
    }

    /// The person who was asked may answer or decline while they are cleared. Never the mentee, whoever was asked.
    ///
    /// Errors: [`Error::Forbidden`]; [`Error::Conflict`] when the ramp is closed, or it is no longer open.
    pub fn may_answer(&self, actor: &Actor, now: UtcTime) -> Result<()> {
        let (asked, dossier) = (&self.asked, &self.dossier);
        let mentee = dossier.mentee().name;
        if !actor.is(asked.asked_id) || dossier.parties.is_mentee(actor) {
            return Err(Error::Forbidden(format!(
                "Only {} can answer what {mentee} asked here.",
                dossier.person(asked.asked_id).name
            )));
        }
        if !self.is_cleared {
            return Err(Error::Forbidden(format!(
                "You are not cleared in {} now. Only someone who is cleared says what they saw.",
                dossier.area.name
            )));
        }
        require_open(dossier)?;
        let on = |at: UtcTime| actor.moment(at, now);
        match (self.state(now), asked.closed_at) {
            (State::Open, _) => Ok(()),
            (State::Expired, _) => Err(Error::Conflict(format!(
                "This request expired on {}. {mentee} can ask again.",
                on(asked.expires_at)
            ))),
            (done, at) => Err(Error::Conflict(format!(
                "You {} this request already, on {}.",
                done.label().to_lowercase(),
                on(at.unwrap_or(asked.asked_at))
            ))),
        }
    }
}
