//! What people try, and how it is tried.

use checkride::db::Conn;
use checkride::domain::assessment::{Entries, EvidenceNote, Judged, Stream};
use checkride::domain::ramp::MarkKind;
use checkride::domain::session::next::NextWords;
use checkride::domain::session::plan::{Absent, NewPlan};
use checkride::domain::session::{Minutes, NewSession, SessionKind, SessionState, Summary};
use checkride::domain::signoff::{Decision, Note, SignoffState, point};
use checkride::domain::standard::Level;
use checkride::error::{Error, Result};
use checkride::usecases::dossier::Dossier;
use checkride::usecases::session::amend;
use checkride::usecases::session::planning;
use checkride::usecases::signoff::actions::{decide, request, shown, turn_first_key, withdraw};
use checkride::usecases::signoff::point::close_gap;
use checkride::words::Words;
use proptest::prelude::*;

use super::organisation::*;

/// Something that somebody tries.
#[derive(Debug, Clone)]
pub enum Deed {
    Mark(MarkKind),
    Assess(Stream, Vec<i64>),
    /// By its plan where there is one.
    Session,
    Plan,
    Move,
    Cancel,
    NoShow,
    /// The latest record.
    Undo,
    Correct,
    Tick,
    Request,
    FirstKey,
    Approve,
    /// With that many gaps.
    Return(usize),
    CloseGap,
    Withdraw,
    /// Somebody takes the secondary mentor's place: straight in the rows, so that it can be anybody.
    HandOver,
    /// Whoever may do it takes the next step towards the clearance.
    Advance,
    /// Nobody does anything for a day.
    Wait,
}

fn anybody() -> impl Strategy<Value = usize> {
    0..PEOPLE
}

/// Mostly whoever may, sometimes anybody.
fn mostly(who: &'static [usize]) -> impl Strategy<Value = usize> {
    prop_oneof![4 => prop::sample::select(who), 1 => anybody()]
}

/// As often whoever may as anybody.
fn half_the_time(who: &'static [usize]) -> impl Strategy<Value = usize> {
    prop_oneof![prop::sample::select(who), anybody()]
}

pub fn deed() -> impl Strategy<Value = (usize, Deed)> {
    let mark = prop_oneof![
        1 => Just(MarkKind::Open), 2 => Just(MarkKind::Done), 5 => Just(MarkKind::Checked),
    ];
    let levels = || prop::collection::vec(prop_oneof![1 => 0..3_i64, 2 => 3..=5_i64], 2);
    prop_oneof![
        3 => (mostly(&[MENTEE, MENTOR]), mark.prop_map(Deed::Mark)),
        3 => (mostly(&[MENTOR, HELPER]), levels().prop_map(|l| Deed::Assess(Stream::Mentor, l))),
        2 => (mostly(&[MENTEE]), levels().prop_map(|l| Deed::Assess(Stream::Self_, l))),
        1 => (mostly(&[MENTOR, HELPER]), Just(Deed::Session)),
        2 => (mostly(&[MENTEE, MENTOR, HELPER]), prop_oneof![
            2 => Just(Deed::Plan), 1 => Just(Deed::Move), 1 => Just(Deed::Cancel), 1 => Just(Deed::NoShow),
            1 => Just(Deed::Tick),
        ]),
        1 => (mostly(&[MENTOR, HELPER]), prop_oneof![Just(Deed::Undo), Just(Deed::Correct)]),
        3 => (mostly(&[MENTEE, MENTOR]), Just(Deed::Request)),
        3 => (half_the_time(&[MENTOR]), Just(Deed::FirstKey)),
        3 => (half_the_time(&[QUALIFIER, OWNER_LEAD]), Just(Deed::Approve)),
        4 => (half_the_time(&[MENTOR, QUALIFIER, OWNER_LEAD]), (0..3_usize).prop_map(Deed::Return)),
        2 => (half_the_time(&[MENTOR, HELPER]), Just(Deed::CloseGap)),
        1 => (half_the_time(&[MENTEE, MENTOR]), Just(Deed::Withdraw)),
        1 => (anybody(), Just(Deed::HandOver)),
        1 => (anybody(), Just(Deed::Wait)),
        6 => (anybody(), Just(Deed::Advance)),
    ]
}

impl Organisation {
    /// Tries the deed, and gives back how many entries of the chain it is worth.
    pub fn try_deed(&self, c: &mut Conn, who: usize, deed: &Deed) -> Result<usize> {
        let act = self.act(c, who)?;
        let dossier = Dossier::lock(c, self.ramp_id, self.now.day())?;
        let latest = dossier.signoffs.first().map_or(0, |s| s.id);
        let words = |text| Note::parse(text).unwrap();
        match deed {
            Deed::Mark(to) => {
                let from = dossier.readiness.mark("H-K1");
                let items = [("H-K1".to_owned(), from)].into();
                checkride::usecases::ramp::actions::mark::mark(c, &act, self.ramp_id, &items, *to)?;
                Ok(usize::from(from != *to))
            }
            Deed::Assess(stream, levels) => {
                let codes = ["H-I1", "H-I2"].into_iter();
                let entries: Entries = codes
                    .zip(levels)
                    .map(|(code, level)| (code.to_owned(), judged(*level)))
                    .collect();
                let done = checkride::usecases::assessment::actions::assess(
                    c,
                    &act,
                    self.ramp_id,
                    *stream,
                    &entries,
                )?;
                Ok(usize::from(!done.changes.is_empty()))
            }
            Deed::Session => {
                let new = NewSession {
                    kind: SessionKind::Pairing,
                    starts_at: self.now.plus_hours(-1),
                    minutes: Minutes::USUAL,
                    summary: Summary::parse("Worked on it").unwrap(),
                    next_actions: NextWords::lines("Do it alone").unwrap(),
                    done: dossier.next_actions.iter().map(|a| a.id).collect(),
                    plan_id: dossier.plans.first().map(|p| p.id),
                    postmortem_id: None,
                    another: true,
                    observations: Default::default(),
                };
                checkride::usecases::session::actions::record(c, &act, self.ramp_id, &new)
                    .map(|_| 1)
            }
            Deed::Plan => {
                let new = NewPlan {
                    starts_at: self.now.plus_hours(2),
                    minutes: Minutes::USUAL,
                    kind: SessionKind::Lab,
                    mentor_id: None,
                    agenda: Words::default(),
                    topics: ["H-I2".to_owned()].into(),
                    postmortem_id: None,
                };
                planning::plan(c, &act, self.ramp_id, &new).map(|_| 1)
            }
            Deed::Move => {
                let (id, from) = dossier
                    .plans
                    .first()
                    .map_or((0, self.now), |p| (p.id, p.starts_at));
                let times = (from, self.now.plus_hours(30));
                planning::reschedule(c, &act, id, times, &Words::default()).map(|()| 1)
            }
            Deed::Cancel => {
                let id = dossier.plans.first().map_or(0, |p| p.id);
                planning::cancel(c, &act, id, &Words::parse("Ill").unwrap()).map(|()| 1)
            }
            Deed::NoShow => {
                let id = dossier.plans.first().map_or(0, |p| p.id);
                planning::no_show(c, &act, id, Absent::Both, &Words::default()).map(|()| 1)
            }
            Deed::Undo => amend::undo(c, &act, latest_record(&dossier)).map(|_| 1),
            Deed::Correct => {
                let id = latest_record(&dossier);
                let before = dossier.sessions.iter().find(|s| s.id == id);
                let longer = before.map_or(10, |s| s.minutes + 1);
                let new = NewSession {
                    kind: SessionKind::Lab,
                    starts_at: self.now.plus_hours(-2),
                    minutes: Minutes::new(longer.into()).unwrap_or(Minutes::USUAL),
                    summary: Summary::parse("Worked on it longer").unwrap(),
                    next_actions: NextWords::lines("Do it alone\nTell the others").unwrap(),
                    done: Default::default(),
                    plan_id: None,
                    postmortem_id: None,
                    another: true,
                    observations: Default::default(),
                };
                amend::correct(c, &act, id, &new, &Words::default()).map(|_| 1)
            }
            Deed::Tick => {
                let id = dossier.next_actions.first().map_or(0, |a| a.id);
                checkride::usecases::session::next::tick(c, &act, self.ramp_id, id, true).map(|_| 1)
            }
            Deed::Request => request(c, &act, self.ramp_id, &words("")).map(|_| 1),
            Deed::FirstKey => {
                let shown = shown(c, &act, latest)?;
                turn_first_key(c, &act, latest, &words("Ready"), &shown).map(|()| 1)
            }
            Deed::Approve => {
                let decision = Decision::Approve {
                    ends_on: self.now.day().plus_days(200),
                    note: words(""),
                    conditions: point::lines("Calls before acting", 5).unwrap(),
                };
                let shown = shown(c, &act, latest)?;
                decide(c, &act, latest, &decision, &shown).map(|_| 2)
            }
            Deed::Return(gaps) => {
                let decision = Decision::Return {
                    reasons: words("Not yet"),
                    gaps: point::lines(&"H-I1 once more\n".repeat(*gaps), 10).unwrap(),
                };
                let shown = shown(c, &act, latest)?;
                decide(c, &act, latest, &decision, &shown).map(|_| 1)
            }
            Deed::CloseGap => {
                let open = dossier.gaps.iter().find(|gap| gap.is_open());
                let id = open.map_or(0, |gap| gap.id);
                close_gap(c, &act, self.ramp_id, id, &words("Seen")).map(|()| 1)
            }
            Deed::Withdraw => withdraw(c, &act, latest, &words("Too early")).map(|()| 1),
            Deed::HandOver if dossier.ramp.closed_at.is_some() => {
                Err(Error::Conflict("The ramp is closed.".into()))
            }
            Deed::HandOver if dossier.parties.mentors.contains(&self.people[who]) => {
                Err(Error::Conflict("Mentors it already.".into()))
            }
            Deed::HandOver => self.hand_over(c, who).map(|()| 0),
            Deed::Advance | Deed::Wait => Ok(0),
        }
    }
}

fn judged(level: i64) -> Judged {
    Judged {
        level: Level::new(level),
        evidence: EvidenceNote::parse("Seen").unwrap(),
        source: None,
    }
}

/// The record made last, whatever became of it; 0 where there is none.
pub fn latest_record(d: &Dossier) -> i64 {
    let held = d.sessions.iter().filter(|s| s.state == SessionState::Held);
    held.map(|s| s.id).max().unwrap_or_default()
}

/// The next step towards the clearance, and who takes it.
pub fn next_step(d: &Dossier) -> (usize, Deed) {
    let is_missing = |n: usize| d.readiness.gates.get(n).is_some_and(|gate| !gate.met);
    match d.open_signoff().map(|s| s.state) {
        _ if is_missing(0) => (MENTOR, Deed::Assess(Stream::Mentor, vec![3, 4])),
        _ if is_missing(1) => (MENTOR, Deed::Mark(MarkKind::Checked)),
        _ if is_missing(2) => (MENTOR, Deed::Session),
        _ if d.readiness.gaps_open > 0 => (MENTOR, Deed::CloseGap),
        None => (MENTEE, Deed::Request),
        Some(SignoffState::Requested) => (MENTOR, Deed::FirstKey),
        Some(_) => (QUALIFIER, Deed::Approve),
    }
}
