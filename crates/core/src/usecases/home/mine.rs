//! What concerns a person now: their ramps, those they mentor or lead, what is planned, and what waits for them.

use std::collections::{BTreeSet, HashMap};

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::kpi::store::Owned;
use crate::domain::people::Actor;
use crate::domain::people::welcome;
use crate::domain::people::welcome::Part;
use crate::domain::ramp::clock::stale_since;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::{BoardStatus, Readiness};
use crate::domain::session::plan::Plan;
use crate::domain::stale::NOTICE_DAYS;
use crate::domain::stale::model::Flag;
use crate::error::Result;
use crate::time::LocalTime;
use crate::usecases::asked::waiting::OpenAsk;
use crate::usecases::dossier::progress::Progress;
use crate::usecases::drill::waiting::LedDrill;
use crate::usecases::home::ahead::Ahead;
use crate::usecases::home::store;
use crate::usecases::postmortem::anniversary::Anniversary;
use crate::usecases::postmortem::club::waiting::Joined;
use crate::usecases::queue::waiting::Applicant;
use crate::usecases::register::{Register, Scope};
use crate::usecases::rota::waiting::OpenRota;
use crate::usecases::shift::lists::PlannedShift;

pub struct Mine {
    pub register: Register,
    pub progress: Progress,
    pub ahead: Ahead,
    /// Stale flags that wait for the person as a qualifier, and their own that were closed lately; with slug and name of
    /// the area.
    pub flags: Vec<(Flag, String, String)>,
    /// Planned shifts the person has a part in.
    pub shifts: Vec<PlannedShift>,
    /// Drills the person leads and that are not over, and those that run and that they have a part in.
    pub drills: Vec<LedDrill>,
    /// Observations the person was asked for and has not given.
    pub asked: Vec<OpenAsk>,
    /// Areas the person leads whose rotas have open findings.
    pub rotas: Vec<OpenRota>,
    /// People who ask to ramp, and whom the person answers as a lead.
    pub applicants: Vec<Applicant>,
    /// Reading clubs the person is in and that are not closed.
    pub clubs: Vec<Joined>,
    /// What happened about this day in another year, in whatever area.
    pub anniversaries: Vec<Anniversary>,
    /// Targets of key figures that they own.
    pub owned: Vec<Owned>,
    /// What they rated themselves on their open ramps: the ramp, and the code of the competency.
    pub rated: BTreeSet<(i64, String)>,
    /// The parts whose first steps they have put away.
    pub welcomed: Vec<Part>,
    /// How many qualifiers may sign, in each area that a team they lead owns.
    pub signers: HashMap<i64, i64>,
    pub actor: Actor,
    pub now: UtcTime,
    pub local: LocalTime,
    /// Their own ramps, those they mentor, and those of teams and areas they lead.
    pub shown: Vec<Ramp>,
}

impl Mine {
    /// Eight queries at most, whatever the rows. `most` of what they lead and may sign, of each.
    pub fn load(c: &mut Conn, context: &ReadContext, most: i64) -> Result<Self> {
        let (actor, now) = (&context.actor, context.now);
        let register = Register::load(c, &Scope::Mine { most }, actor, now.day())?;
        // The engine is asked only about ramps this person sees on the page.
        let shown: Vec<Ramp> = register
            .ramps()
            .iter()
            .filter(|r| concerns(r, &register, actor))
            .cloned()
            .collect();
        let progress = Progress::load(c, &shown, register.standards(), register.today())?;
        let ahead = Ahead::load(c, &shown)?;
        let me = actor.id.unwrap_or_default();
        let answers_for: Vec<i64> = register
            .areas()
            .iter()
            .filter(|a| a.archived_at.is_none())
            .map(|a| a.id)
            .filter(|id| register.qualifiers(*id).contains(&me))
            .collect();
        let since = now.plus_hours(-24 * NOTICE_DAYS);
        let days = (since, context.local.today(), now);
        let found = store::concerns(c, &answers_for, me, days)?;
        Ok(Self {
            register,
            progress,
            ahead,
            flags: found.flags,
            shifts: found.shifts,
            drills: found.drills,
            clubs: found.clubs,
            asked: found.asked,
            rotas: found.rotas,
            applicants: found.applicants,
            anniversaries: found.anniversaries,
            owned: found.owned,
            rated: found.rated,
            signers: found.signers,
            welcomed: welcome::parts(&found.welcomed),
            actor: actor.clone(),
            now,
            local: context.local.clone(),
            shown,
        })
    }

    pub fn me(&self) -> i64 {
        self.actor.id.unwrap_or_default()
    }

    pub fn readiness(&self, ramp: &Ramp) -> Option<&Readiness> {
        self.progress.readiness.get(&ramp.id)
    }

    pub fn plans(&self, ramp: &Ramp) -> &[Plan] {
        self.ahead.plans(ramp.id)
    }

    /// Who holds a planned session.
    pub fn holder(&self, ramp: &Ramp, plan: &Plan) -> i64 {
        let mentors: Vec<i64> = self
            .register
            .mentors(ramp.id)
            .iter()
            .map(|p| p.mentor_id)
            .collect();
        crate::domain::session::plan::holder(plan.mentor_id, &mentors)
    }

    /// `Amara Okafor, Payments`
    pub fn title(&self, ramp: &Ramp) -> String {
        format!(
            "{}, {}",
            self.register.name(ramp.mentee_id),
            self.register.area_name(ramp.area_id)
        )
    }

    /// Their own ramps, the next target first.
    pub fn own(&self) -> Vec<&Ramp> {
        self.of(|ramp| ramp.mentee_id == self.me())
    }

    /// The ramps they mentor, the next target first.
    pub fn mentored(&self) -> Vec<&Ramp> {
        self.of(|ramp| self.register.parties(ramp).is_mentor(&self.actor))
    }

    /// The areas that teams they lead own.
    pub fn led_areas(&self) -> Vec<&Area> {
        let areas = self.register.areas().iter();
        let led = areas.filter(|a| a.archived_at.is_none() && self.actor.leads(a.owner_team_id));
        led.collect()
    }

    /// The ramps in teams and areas they lead, the next target first.
    pub fn led(&self) -> Vec<&Ramp> {
        self.of(|ramp| self.register.parties(ramp).is_lead(&self.actor))
    }

    /// Since when a running ramp has no session, where that is too long for what the person agreed as its mentor, or the
    /// primary one did.
    pub fn stale_since(&self, ramp: &Ramp) -> Option<UtcTime> {
        let register = &self.register;
        if register.ramp_status(ramp) != BoardStatus::Ramping {
            return None;
        }
        let mentors = register.mentors(ramp.id);
        let own = mentors.iter().find(|p| self.actor.is(p.mentor_id));
        let pairing = own.or(mentors.first())?;
        let last = self.progress.last_held.get(&ramp.id).copied();
        let pairing = (pairing.since, pairing.interval_days);
        stale_since(last, pairing, ramp.starts_on, register.today())
    }

    fn of(&self, is_wanted: impl Fn(&Ramp) -> bool) -> Vec<&Ramp> {
        let mut ramps: Vec<&Ramp> = self.shown.iter().filter(|r| is_wanted(r)).collect();
        ramps.sort_by_key(|r| (r.target_on, r.id));
        ramps
    }
}

/// The person's own ramp, one they mentor, or one of a team or area they lead.
fn concerns(ramp: &Ramp, register: &Register, actor: &Actor) -> bool {
    let parties = register.parties(ramp);
    parties.is_mentee(actor) || parties.is_mentor(actor) || parties.is_lead(actor)
}
