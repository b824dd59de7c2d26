//! Everything about a ramp that a page shows or a decision needs, loaded in one go.

pub mod evidence;
pub mod practice;
pub mod progress;
pub mod store;

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::assessment::blind;
use crate::domain::assessment::blind::Sealed;
use crate::domain::assessment::evidence::{Evidence, Source};
use crate::domain::assessment::model::Assessment;
use crate::domain::assessment::{Stream, counting};
use crate::domain::audit::Act;
use crate::domain::people::{Actor, Names, PersonRef};
use crate::domain::ramp::arrange;
use crate::domain::ramp::arrange::Acceptance;
use crate::domain::ramp::model::{Mark, Pairing, Ramp};
use crate::domain::ramp::store as ramps;
use crate::domain::ramp::store::changes;
use crate::domain::ramp::store::pairs::PairingHistory;
use crate::domain::ramp::{Parties, RampState};
use crate::domain::readiness;
use crate::domain::readiness::{
    Facts, Gap, Held, Judgement, ObstacleKind, Readiness, Recorded, in_order,
};
use crate::domain::session::SessionState;
use crate::domain::session::model::{Observation, Session};
use crate::domain::session::next::store::NextAction;
use crate::domain::session::plan::Plan;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::point::model::Point;
use crate::domain::standard::Standard;
use crate::domain::waiver::model::Line;
use crate::domain::{assessment, session};
use crate::error::{Error, Result};
use crate::usecases::asked::waiting::Unanswered;
use crate::usecases::dossier::store::Work;
use crate::usecases::shift;

#[derive(Debug, Clone)]
pub struct Dossier {
    pub ramp: Ramp,
    pub area: Area,
    pub standard: Standard,
    pub parties: Parties,
    /// Past and present.
    pub pairings: Vec<Pairing>,
    /// The same with their reasons, in the order they began.
    pub pairing_history: Vec<PairingHistory>,
    /// Row and number of a newer published version.
    pub newer: Option<(i64, i32)>,
    /// Checklist items of the area with a stale flag that no version has answered.
    pub flagged: Vec<String>,
    /// Who accepted it, while it is proposed.
    pub accepted: Vec<Acceptance>,
    /// Newest first, also those that do not count.
    pub sessions: Vec<Session>,
    /// Planned sessions, the next one first.
    pub plans: Vec<Plan>,
    /// Open next actions, oldest first.
    pub next_actions: Vec<NextAction>,
    /// Observations in those sessions.
    pub observations: Vec<Observation>,
    /// Evidence for an assessment, newest first.
    pub evidence: Vec<Evidence>,
    /// Requests for observations on this ramp without answer, the first to expire first; expired ones included.
    pub asked: Vec<Unanswered>,
    /// Evidence of assessments that were carried over from an earlier ramp.
    pub carried: Vec<Evidence>,
    /// Latest first.
    pub shifts: Vec<shift::lists::Line>,
    pub assessments: Vec<Assessment>,
    /// The latest mark of each item.
    pub marks: Vec<Mark>,
    pub signoffs: Vec<Signoff>,
    /// Gaps that returned sign-offs named, in that order.
    pub gaps: Vec<Point>,
    /// Waivers that were neither refused nor revoked, oldest first; pending and expired ones included.
    pub waivers: Vec<Line>,
    pub readiness: Readiness,
    /// Assessments of one side that the other cannot see yet; only the two sides know of them.
    pub sealed: Vec<Sealed>,
    names: Names,
}

impl Dossier {
    /// Loads it as the actor may see it. Refuses people who may not read it.
    pub fn load_for(c: &mut Conn, ramp_id: i64, actor: &Actor, now: UtcTime) -> Result<Self> {
        Self::load_with(c, ramp_id, actor, &[], now)
    }

    /// The same, with rows of more people to name.
    pub fn load_with(
        c: &mut Conn,
        ramp_id: i64,
        actor: &Actor,
        others: &[i64],
        now: UtcTime,
    ) -> Result<Self> {
        let mut dossier = Self::complete(c, ramp_id, others, now.day())?;
        if dossier.parties.may_read(actor) {
            dossier.seal(actor, now);
            Ok(dossier)
        } else {
            Err(refusal(dossier.mentee().name, &dossier.area))
        }
    }

    /// Loads it for everyone: for use cases that decide themselves who sees what of it.
    pub fn unchecked(c: &mut Conn, ramp_id: i64, others: &[i64], today: Day) -> Result<Self> {
        Self::complete(c, ramp_id, others, today)
    }

    /// Locks the ramp, then loads it: for use cases that write.
    pub fn lock(c: &mut Conn, ramp_id: i64, today: Day) -> Result<Self> {
        ramps::lock(c, ramp_id)?;
        Self::complete(c, ramp_id, &[], today)
    }

    /// The same, by the running number of `what` that belongs to the ramp: for who may not read the ramp it is not there.
    pub fn lock_of(c: &mut Conn, ramp_id: i64, act: &Act, what: &'static str) -> Result<Self> {
        let dossier = Self::lock(c, ramp_id, act.now.day())?;
        match dossier.parties.may_read(&act.actor) {
            true => Ok(dossier),
            false => Err(Error::NotFound(what)),
        }
    }

    /// The same, as the actor may see it.
    pub fn as_seen_by(mut self, actor: &Actor, now: UtcTime) -> Self {
        self.seal(actor, now);
        self
    }

    /// Removes what the actor's side cannot see yet. Gates, obstacles and shares still count everything: a clearance
    /// never waits for someone to look.
    fn seal(&mut self, actor: &Actor, now: UtcTime) {
        let hidden = if self.parties.is_mentee(actor) {
            Stream::Mentor
        } else if self.parties.is_mentor(actor) {
            Stream::Self_
        } else {
            return;
        };
        self.sealed = blind::sealed(&self.assessments, now);
        let is_hidden = |id: i64| self.sealed.iter().any(|s| s.id == id && s.stream == hidden);
        self.assessments.retain(|a| !is_hidden(a.id));
        for s in self.sealed.iter().filter(|s| s.stream == hidden) {
            let open = counting(&self.assessments, &s.code, hidden).and_then(|a| a.level);
            let state = self
                .readiness
                .competencies
                .iter_mut()
                .find(|c| c.code == s.code);
            if let Some(state) = state {
                match hidden {
                    Stream::Mentor => state.mentor_level = open,
                    Stream::Self_ => state.self_level = open,
                }
            }
            let obstacle = self.readiness.obstacles.iter_mut();
            for o in obstacle.filter(|_| hidden == Stream::Mentor) {
                if o.kind == ObstacleKind::Competency(s.code.clone()) {
                    o.detail = "assessed, opens when you have assessed yourself".into();
                }
            }
        }
    }

    /// Assessments of the other side that the viewer cannot see yet.
    pub fn sealed_from(&self, actor: &Actor) -> impl Iterator<Item = &Sealed> {
        let own = if self.parties.is_mentee(actor) {
            Stream::Self_
        } else {
            Stream::Mentor
        };
        self.sealed.iter().filter(move |s| s.stream != own)
    }

    /// Six queries; three before it is accepted, when it has no records yet.
    fn complete(c: &mut Conn, ramp_id: i64, others: &[i64], today: Day) -> Result<Self> {
        let head = store::head(c, ramp_id)?;
        let (ramp, pairings) = (head.ramp, head.pairings);
        let (mut accepted, mut work) = (Vec::new(), Work::default());
        let (mut assessments, mut marks) = (Vec::new(), Vec::new());
        let (mut signoffs, mut gaps) = (Vec::new(), Vec::new());
        if ramp.state == RampState::Proposed {
            accepted = changes::acceptances(c, ramp_id)?;
        } else {
            work = store::work(c, ramp_id)?;
            assessments = assessment::store::of_ramp(c, ramp_id)?;
            marks = ramps::marks(c, ramp_id)?;
            (signoffs, gaps) = store::reviews(c, ramp_id)?;
        }
        let ids: Vec<i64> = std::iter::once(ramp.mentee_id)
            .chain(others.iter().copied())
            .chain(head.qualifiers.iter().copied())
            .chain(
                head.pairing_history
                    .iter()
                    .flat_map(|p| [Some(p.mentor_id), p.ended_by].into_iter().flatten()),
            )
            .chain(
                work.sessions
                    .iter()
                    .flat_map(|s| [s.mentor_id, s.recorder()]),
            )
            .chain(
                head.waivers
                    .iter()
                    .flat_map(|w| [Some(w.asked_by), w.decided_by].into_iter().flatten()),
            )
            .chain(head.shifts.iter().map(|s| s.with_id))
            .chain(head.asked.iter().map(|a| a.asked_id))
            .chain(assessments.iter().map(|a| a.by_id))
            .chain(marks.iter().map(|m| m.by_id))
            .chain(signoffs.iter().flat_map(|s| {
                [Some(s.requested_by), s.first_key_by, s.decided_by]
                    .into_iter()
                    .flatten()
            }))
            .chain(
                gaps.iter()
                    .flat_map(|g| [Some(g.by_id), g.closed_by].into_iter().flatten()),
            )
            .collect();
        let names = Names::load(c, ids)?;
        let parties = Parties {
            mentored_before: head.mentored_before,
            ..Parties::of(
                ramp.mentee_id,
                &pairings,
                head.mentee_teams,
                head.area.owner_team_id,
                head.qualifiers,
            )
        };
        let mut facts = facts(&work.sessions, &assessments, &marks, &gaps);
        practice::read_into(&mut facts, head.practice)?;
        let (in_shifts, in_drills, incidents, on_request, carried) = head.evidence;
        let observed = (in_shifts, in_drills, incidents, on_request);
        let evidence = evidence::all(&work.sessions, &work.observations, observed)?;
        let readiness = readiness::evaluate(&head.standard.content, &facts, today);
        Ok(Self {
            ramp,
            area: head.area,
            standard: head.standard,
            newer: head.newer,
            flagged: head.flagged,
            parties,
            pairings,
            pairing_history: head.pairing_history,
            accepted,
            plans: session::plan::plans(&work.sessions, &work.topics),
            sessions: work.sessions,
            next_actions: work.next_actions,
            evidence,
            asked: head.asked,
            carried: evidence::carried(carried)?,
            observations: work.observations,
            shifts: head.shifts,
            assessments,
            marks,
            signoffs,
            gaps,
            waivers: head.waivers,
            readiness,
            sealed: Vec::new(),
            names,
        })
    }

    pub fn mentee(&self) -> PersonRef<'_> {
        self.person(self.ramp.mentee_id)
    }

    /// Someone who takes part in the ramp.
    pub fn person(&self, id: i64) -> PersonRef<'_> {
        self.names.person(id)
    }

    /// Accepted and not closed: work can be recorded.
    pub fn is_open(&self) -> bool {
        self.ramp.closed_at.is_none() && self.ramp.state != RampState::Proposed
    }

    /// Who has not accepted it yet, in words; `None` when everyone has.
    pub fn awaited(&self) -> Option<String> {
        if self.ramp.state != RampState::Proposed {
            return None;
        }
        let accepted: Vec<i64> = self.accepted.iter().map(|a| a.person_id).collect();
        let ids = arrange::awaited(self.ramp.mentee_id, &self.pairings, &accepted);
        let names: Vec<_> = ids.iter().map(|id| self.person(*id).name).collect();
        (!names.is_empty()).then(|| names.join(" and "))
    }

    /// Refuses a proposed ramp: nothing is recorded before it is accepted.
    ///
    /// Errors: [`Error::Conflict`] that says who has not accepted it yet.
    pub fn require_accepted(&self) -> Result<()> {
        match self.awaited() {
            None => Ok(()),
            Some(who) => Err(Error::Conflict(format!(
                "This ramp is proposed: {who} must accept it first. Until then nothing is recorded, assessed or ticked \
                 off."
            ))),
        }
    }

    /// What an assessment rests on; a corrected session is replaced by its correction.
    pub fn source_of(&self, assessment: &Assessment) -> Option<Source> {
        match assessment.source()? {
            Source::Session(id) => {
                session::lifecycle::standing(&self.sessions, id).map(|s| Source::Session(s.id))
            }
            other => Some(other),
        }
    }

    pub fn evidence_of(&self, assessment: &Assessment) -> Option<&Evidence> {
        let own = self.source_of(assessment).and_then(|source| {
            self.evidence
                .iter()
                .find(|evidence| evidence.source == source)
        });
        own.or_else(|| {
            let source = assessment.source()?;
            self.carried
                .iter()
                .find(|evidence| evidence.source == source)
        })
    }

    /// The sign-off that waits for a key.
    pub fn open_signoff(&self) -> Option<&Signoff> {
        self.signoffs.iter().find(|s| s.decided_at.is_none())
    }
}

/// Who may read a ramp, told to somebody who may not.
pub fn refusal(mentee: &str, area: &Area) -> Error {
    Error::Forbidden(format!(
        "This ramp is open to {mentee}, their mentors and leads, and the qualifiers of {}.",
        area.name
    ))
}

fn held(sessions: &[Session]) -> Held {
    let held = sessions.iter().filter(|s| s.state == SessionState::Held);
    let rows: Vec<Recorded> = held
        .map(|s| Recorded {
            id: s.id,
            supersedes: s.supersedes_id,
            span: s
                .counts()
                .then(|| (s.starts_at, u32::try_from(s.minutes).unwrap_or_default())),
        })
        .collect();
    Held::of(in_order(&rows))
}

/// What the engine needs to know.
fn facts(
    sessions: &[Session],
    assessments: &[Assessment],
    marks: &[Mark],
    gaps: &[Point],
) -> Facts {
    Facts {
        gaps: gaps
            .iter()
            .map(|g| Gap {
                id: g.id,
                about: g.code.clone(),
                what: g.body.clone(),
                is_closed: !g.is_open(),
            })
            .collect(),
        judgements: assessments
            .iter()
            .map(|a| Judgement {
                id: a.id,
                code: a.competency_code.clone(),
                stream: a.stream,
                level: a.level,
                strength: a.strength,
            })
            .collect(),
        marks: marks
            .iter()
            .map(|m| (m.item_code.clone(), m.mark))
            .collect(),
        held: held(sessions),
        ..Facts::default()
    }
}
