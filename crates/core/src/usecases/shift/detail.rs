//! A shift with everything that its pages show and its use cases decide on: its ramp, its area and its people.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::model::Area;
use crate::domain::people::{Actor, Names, PersonRef};
use crate::domain::ramp;
use crate::domain::ramp::Parties;
use crate::domain::ramp::model::Ramp;
use crate::domain::shift::model::Shift;
use crate::domain::shift::store;
use crate::domain::standard::Standard;
use crate::error::{Error, Result};
use crate::usecases::dossier;

#[derive(Debug, Clone)]
pub struct ShiftDetail {
    pub shift: Shift,
    pub ramp: Ramp,
    pub area: Area,
    /// The version the ramp is pinned to.
    pub standard: Standard,
    /// The people of the ramp.
    pub parties: Parties,
    names: Names,
}

impl ShiftDetail {
    /// Loads it for someone who may read it: the people of the ramp, and the person on call. `others` are rows of more
    /// people to name.
    pub fn load_for(c: &mut Conn, id: i64, actor: &Actor, others: &[i64]) -> Result<Self> {
        let shift = store::by_id(c, id)?;
        Self::of(c, shift, others)?.readable(actor)
    }

    /// Locks ramp and shift, then loads it for someone who may read it: for use cases that write.
    pub fn lock(c: &mut Conn, id: i64, actor: &Actor) -> Result<Self> {
        let ramp_id = store::by_id(c, id)?.ramp_id;
        ramp::store::lock(c, ramp_id)?;
        let shift = store::lock(c, id)?;
        Self::of(c, shift, &[])?.readable(actor)
    }

    /// For who may not read it, it is not there.
    fn readable(self, actor: &Actor) -> Result<Self> {
        if self.parties.may_read(actor) || actor.is(self.shift.with_id) {
            Ok(self)
        } else {
            Err(Error::NotFound("shift"))
        }
    }

    fn of(c: &mut Conn, shift: Shift, others: &[i64]) -> Result<Self> {
        let head = dossier::store::head(c, shift.ramp_id)?;
        let parties = Parties::of(
            head.ramp.mentee_id,
            &head.pairings,
            head.mentee_teams,
            head.area.owner_team_id,
            head.qualifiers,
        );
        let own = [shift.mentee_id, shift.with_id, shift.planned_by];
        let named = own.iter().chain(&parties.mentors).chain(others);
        let names = Names::load(c, named.copied())?;
        Ok(Self {
            shift,
            ramp: head.ramp,
            area: head.area,
            standard: head.standard,
            parties,
            names,
        })
    }

    pub fn person(&self, id: i64) -> PersonRef<'_> {
        self.names.person(id)
    }

    pub fn mentee(&self) -> PersonRef<'_> {
        self.person(self.shift.mentee_id)
    }

    pub fn with(&self) -> PersonRef<'_> {
        self.person(self.shift.with_id)
    }

    /// The current mentors of the ramp, in words.
    pub fn mentors(&self) -> String {
        let names: Vec<&str> = self
            .parties
            .mentors
            .iter()
            .map(|id| self.person(*id).name)
            .collect();
        names.join(" and ")
    }

    /// The mentee, the person on call and a mentor of the ramp may change what they agreed on.
    ///
    /// Errors: [`Error::Forbidden`] with who may.
    pub fn may_arrange(&self, actor: &Actor) -> Result<()> {
        if self.is_on_it(actor) || self.parties.is_mentor(actor) {
            return Ok(());
        }
        Err(Error::Forbidden(format!(
            "This shift can be arranged only by {}, {} who is on call, and the mentors of the ramp: {}.",
            self.mentee().name,
            self.with().name,
            self.mentors()
        )))
    }

    /// Who may arrange it, until it begins. From then on it says something about the mentee, and is cancelled by those who
    /// would debrief it.
    ///
    /// Errors: [`Error::Forbidden`] with who may.
    pub fn may_cancel(&self, actor: &Actor, now: UtcTime) -> Result<()> {
        self.may_arrange(actor)?;
        if self.shift.starts_at > now {
            return Ok(());
        }
        self.may_debrief(actor)
    }

    /// The two on the shift write the lines of the ledger.
    ///
    /// Errors: [`Error::Forbidden`] with who may.
    pub fn may_write(&self, actor: &Actor) -> Result<()> {
        if self.is_on_it(actor) {
            return Ok(());
        }
        Err(Error::Forbidden(format!(
            "Only the two people on the shift can write in the ledger: {} and {}.",
            self.mentee().name,
            self.with().name
        )))
    }

    /// The person on call or a mentor of the ramp writes the debrief, never the mentee: what mentees say of themselves
    /// counts toward no gate.
    ///
    /// Errors: [`Error::Forbidden`] with who may.
    pub fn may_debrief(&self, actor: &Actor) -> Result<()> {
        let is_other = actor.is(self.shift.with_id) && !self.parties.is_mentee(actor);
        if is_other || self.parties.is_mentor(actor) {
            return Ok(());
        }
        Err(Error::Forbidden(format!(
            "Only {} who was on call, or a mentor of the ramp, can debrief the shift: {}. \
             The mentee cannot, because it counts toward a gate.",
            self.with().name,
            self.mentors()
        )))
    }

    fn is_on_it(&self, actor: &Actor) -> bool {
        self.parties.is_mentee(actor) || actor.is(self.shift.with_id)
    }
}
