//! Months of history: founding clearances, ramps in every state, sign-offs granted, returned and waiting.

use std::collections::BTreeMap;

use super::cast::Cast;
use super::ramps_data::{Answer, FOUNDING, PLANNED, RAMPS, REVIEWS, RampData};
use super::words;
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::assessment::{Entries, EvidenceNote, Judged, Stream};
use crate::domain::ramp;
use crate::domain::ramp::MarkKind;
use crate::domain::session;
use crate::domain::session::next::NextWords;
use crate::domain::session::{Minutes, NewSession, SessionKind, Summary};
use crate::domain::signoff;
use crate::domain::signoff::{Decision, Note, point};
use crate::domain::standard::Level;
use crate::error::{Error, Result};
use crate::usecases::clearance::takeover::{Existing, record_existing};
use crate::usecases::ramp::actions::StartRamp;
use crate::usecases::ramp::actions::mark::mark;

type Step<'a> = Box<dyn FnOnce(&mut Conn, UtcTime) -> Result<()> + 'a>;

/// All events, sorted by time before they run, because the audit chain stores them in order.
pub(super) struct Script<'a> {
    pub(super) cast: &'a Cast,
    pub(super) now: UtcTime,
    steps: Vec<(UtcTime, Step<'a>)>,
}

impl<'a> Script<'a> {
    /// Adds a step that many days ago, at that hour (UTC); never in the future.
    pub(super) fn at(
        &mut self,
        days_ago: i64,
        hour: i64,
        step: impl FnOnce(&mut Conn, UtcTime) -> Result<()> + 'a,
    ) {
        let midnight = self.now.day().plus_days(-days_ago).start();
        let at = midnight.plus_hours(hour).min(self.now.plus_seconds(-60));
        self.steps.push((at, Box::new(step)));
    }
}

/// Runs the whole script.
pub(super) fn run(c: &mut Conn, cast: &Cast, now: UtcTime) -> Result<()> {
    let mut script = Script {
        cast,
        now,
        steps: Vec::new(),
    };
    for (who, area, ends_in) in FOUNDING {
        script.at(329, 9, move |c, at| {
            let (id, area_id) = (cast.id(who)?, cast.area(area)?.0.id);
            let act = cast.act("tomas.herrera", at)?;
            let existing = Existing {
                person_id: id,
                area_id,
                since: at,
                ends_on: now.day().plus_days(ends_in),
                rests_on: None,
            };
            record_existing(c, &act, &existing).map(|_| ())
        });
    }
    for data in &RAMPS {
        ramp_up(&mut script, data)?;
    }
    planned(&mut script);
    super::people::add_steps(&mut script);
    super::practice::add_steps(&mut script);
    super::drills::add_steps(&mut script);
    super::ramps::add_steps(&mut script);
    super::standards::add_steps(&mut script);
    sign_offs(&mut script);
    super::sessions::arrange(&mut script);
    super::reviews::add_steps(&mut script);
    super::shifts::add_steps(&mut script);
    super::asked::add_steps(&mut script);
    super::waivers::add_steps(&mut script);
    super::interim::add_steps(&mut script);
    super::library::add_steps(&mut script);
    super::discussion::add_steps(&mut script);
    super::hooks::add_steps(&mut script);
    super::kpis::add_steps(&mut script);
    super::rotas::add_steps(&mut script);
    super::mails::add_steps(&mut script);
    script.steps.sort_by_key(|(at, _)| *at);
    for (at, step) in script.steps {
        step(c, at)?;
    }
    Ok(())
}

pub(super) fn open_ramp(c: &mut Conn, cast: &Cast, mentee: &str, area: &str) -> Result<i64> {
    let area_id = cast.area(area)?.0.id;
    let ramps = ramp::store::of_mentee(c, cast.id(mentee)?)?;
    let ramp = ramps
        .into_iter()
        .find(|r| r.area_id == area_id && r.closed_at.is_none());
    ramp.map(|r| r.id).ok_or(Error::NotFound("ramp"))
}

fn start(script: &mut Script<'_>, data: &'static RampData) {
    let (cast, today) = (script.cast, script.now.day());
    script.at(data.set_up, 10, move |c, at| {
        let input = StartRamp {
            area_id: cast.area(data.area)?.0.id,
            mentee_id: cast.id(data.mentee)?,
            primary_id: cast.id(data.primary)?,
            secondary_id: data.secondary.map(|s| cast.id(s)).transpose()?,
            starts_on: today.plus_days(-data.starts),
            target_on: None,
            interval_days: 7,
            over_capacity: super::ramps::over_capacity()?,
        };
        crate::usecases::ramp::actions::start(c, &cast.act(data.lead, at)?, &input).map(|_| ())
    });
    for (hour, who) in [(11, data.mentee), (12, data.primary)] {
        script.at(data.set_up, hour, move |c, at| {
            let id = open_ramp(c, cast, data.mentee, data.area)?;
            crate::usecases::ramp::actions::accept::accept(c, &cast.act(who, at)?, id).map(|_| ())
        });
    }
}

fn ramp_up(script: &mut Script<'_>, data: &'static RampData) -> Result<()> {
    start(script, data);
    let cast = script.cast;
    let content = cast.area(data.area)?.1;
    let mentee_started = data.starts - 2;
    let span = mentee_started - data.last_session;
    let goal = content.competencies.len() * data.level_percent / 100;
    let checked = content.items.len() * data.checked_percent / 100;
    for n in 0..data.sessions {
        let share = i64::try_from(n + 1).unwrap_or(1);
        let of = i64::try_from(data.sessions).unwrap_or(1);
        let day = mentee_started - span * (share - 1) / (of - 1).max(1);
        // Competencies that reach their level with this session, and those just begun.
        let reached = goal * (n + 1) / data.sessions;
        let before = goal * n / data.sessions;
        let begun = (reached + 2).min(content.competencies.len());
        hold(script, data, day, n, before, begun);
        assess(script, data, day, (before, reached, begun));
        let (from, to) = (
            checked * n / data.sessions,
            checked * (n + 1) / data.sessions,
        );
        tick(script, data, day, (from, to));
    }
    // One item is done and waits for a mentor.
    if let Some(item) = content.items.get(checked) {
        script.at(data.last_session.min(2), 8, move |c, at| {
            let id = open_ramp(c, cast, data.mentee, data.area)?;
            let act = cast.act(data.mentee, at)?;
            let items = [(item.code.clone(), MarkKind::Open)].into();
            mark(c, &act, id, &items, MarkKind::Done).map(|_| ())
        });
    }
    Ok(())
}

fn hold(
    script: &mut Script<'_>,
    data: &'static RampData,
    day: i64,
    n: usize,
    from: usize,
    to: usize,
) {
    let cast = script.cast;
    script.at(day, 15, move |c, at| {
        let id = open_ramp(c, cast, data.mentee, data.area)?;
        let content = cast.area(data.area)?.1;
        let texts = words::sessions(data.area);
        let (summary, next) = texts
            .get(n % texts.len().max(1))
            .copied()
            .unwrap_or_default();
        let minutes = [60, 90, 45, 75].get(n % 4).copied().unwrap_or(60);
        let kinds = [
            SessionKind::Walkthrough,
            SessionKind::Pairing,
            SessionKind::Lab,
            SessionKind::Pairing,
        ];
        let help = if n * 2 > data.sessions {
            4
        } else {
            2 + i64::try_from(n % 2).unwrap_or(0)
        };
        let observations: BTreeMap<_, _> = content
            .competencies
            .iter()
            .skip(from)
            .take((to - from).min(3))
            .filter_map(|k| Some((k.code.clone(), Level::new(help)?)))
            .collect();
        // Most of what was agreed last time is done.
        let open = session::next::store::open(c, &[id])?;
        let done = open.iter().skip(n % 3 / 2).map(|a| a.id).collect();
        let new = NewSession {
            kind: kinds.get(n % 4).copied().unwrap_or(SessionKind::Pairing),
            starts_at: at.plus_seconds(-60 * minutes),
            minutes: Minutes::new(minutes).ok_or_else(|| Error::fault("minutes"))?,
            summary: Summary::parse(summary).map_err(Error::fault)?,
            next_actions: NextWords::lines(next).map_err(Error::fault)?,
            done,
            plan_id: None,
            postmortem_id: None,
            another: true,
            observations,
        };
        crate::usecases::session::actions::record(c, &cast.act(data.primary, at)?, id, &new)
            .map(|_| ())
    });
}

/// After a session the mentee rates what was practised, then the mentor does.
fn assess(
    script: &mut Script<'_>,
    data: &'static RampData,
    day: i64,
    (before, reached, begun): (usize, usize, usize),
) {
    let cast = script.cast;
    let entries = move |own: bool| -> Result<Entries> {
        let content = cast.area(data.area)?.1;
        let mut all = Entries::new();
        for (n, competency) in content
            .competencies
            .iter()
            .enumerate()
            .take(begun)
            .skip(before)
        {
            let required = i64::from(competency.required_level.number());
            let sees = if n < reached { required } else { required - 1 };
            // Some rate themselves higher: the two streams show that.
            let level = if own && n % 5 == 3 { sees + 1 } else { sees };
            let words = if own { "" } else { words::evidence(level, n) };
            let evidence = EvidenceNote::parse(words).map_err(Error::fault)?;
            all.insert(
                competency.code.clone(),
                Judged {
                    level: Level::new(level),
                    evidence,
                    source: None,
                },
            );
        }
        Ok(all)
    };
    script.at(day, 17, move |c, at| {
        let id = open_ramp(c, cast, data.mentee, data.area)?;
        let act = cast.act(data.mentee, at)?;
        crate::usecases::assessment::actions::assess(c, &act, id, Stream::Self_, &entries(true)?)
            .map(|_| ())
    });
    script.at(day, 18, move |c, at| {
        let id = open_ramp(c, cast, data.mentee, data.area)?;
        let act = cast.act(data.primary, at)?;
        crate::usecases::assessment::actions::assess(c, &act, id, Stream::Mentor, &entries(false)?)
            .map(|_| ())
    });
}

fn tick(script: &mut Script<'_>, data: &'static RampData, day: i64, (from, to): (usize, usize)) {
    let cast = script.cast;
    let move_all = move |c: &mut Conn, at, who: &str, step: (MarkKind, MarkKind)| -> Result<()> {
        let id = open_ramp(c, cast, data.mentee, data.area)?;
        let items = cast.area(data.area)?.1.items.iter().take(to).skip(from);
        let items: BTreeMap<_, _> = items.map(|item| (item.code.clone(), step.0)).collect();
        match items.is_empty() {
            true => Ok(()),
            false => mark(c, &cast.act(who, at)?, id, &items, step.1).map(|_| ()),
        }
    };
    script.at(day, 12, move |c, at| {
        move_all(c, at, data.mentee, (MarkKind::Open, MarkKind::Done))
    });
    script.at(day, 16, move |c, at| {
        move_all(c, at, data.primary, (MarkKind::Done, MarkKind::Checked))
    });
}

fn planned(script: &mut Script<'_>) {
    start(script, &PLANNED);
}

fn sign_offs(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day());
    for review in &REVIEWS {
        let ramp_id = move |c: &mut Conn| open_ramp(c, cast, review.mentee, review.area);
        let waiting = move |c: &mut Conn| -> Result<i64> {
            let id = ramp_id(c)?;
            let open = signoff::store::of_ramps(c, &[id])?
                .into_iter()
                .find(|s| s.decided_at.is_none());
            open.map(|s| s.id).ok_or(Error::NotFound("sign-off"))
        };
        script.at(review.asked, 9, move |c, at| {
            let (id, note) = (ramp_id(c)?, Note::parse("").map_err(Error::fault)?);
            crate::usecases::signoff::actions::request(c, &cast.act(review.mentee, at)?, id, &note)
                .map(|_| ())
        });
        script.at(review.signed, 10, move |c, at| {
            let (id, note) = (
                waiting(c)?,
                Note::parse(review.recommendation).map_err(Error::fault)?,
            );
            let act = cast.act(review.mentor, at)?;
            let shown = crate::usecases::signoff::actions::shown(c, &act, id)?;
            crate::usecases::signoff::actions::turn_first_key(c, &act, id, &note, &shown)
        });
        if let Some((day, who, answer)) = review.decided {
            script.at(day, 11, move |c, at| {
                let id = waiting(c)?;
                let note = |text| Note::parse(text).map_err(Error::fault);
                let decision = match answer {
                    Answer::Grant(ends_in, conditions) => Decision::Approve {
                        ends_on: today.plus_days(ends_in),
                        note: note("")?,
                        conditions: point::lines(conditions, point::MAX_CONDITIONS)
                            .map_err(Error::fault)?,
                    },
                    Answer::Return(reasons, gaps) => Decision::Return {
                        reasons: note(reasons)?,
                        gaps: point::lines(gaps, point::MAX_GAPS).map_err(Error::fault)?,
                    },
                };
                let act = cast.act(who, at)?;
                let shown = crate::usecases::signoff::actions::shown(c, &act, id)?;
                crate::usecases::signoff::actions::decide(c, &act, id, &decision, &shown)
                    .map(|_| ())
            });
        }
    }
    // After the return, the mentor takes one judgement back until they see it again.
    script.at(5, 14, move |c, at| {
        let id = open_ramp(c, cast, "rafael.costa", "orders")?;
        let evidence = EvidenceNote::parse(
            "After the review: seen on paper only, to be run with the warehouse.",
        );
        let judged = Judged {
            level: Level::new(2),
            evidence: evidence.map_err(Error::fault)?,
            source: None,
        };
        let entries = Entries::from([("ORD-I2".to_owned(), judged)]);
        crate::usecases::assessment::actions::assess(
            c,
            &cast.act("priya.raman", at)?,
            id,
            Stream::Mentor,
            &entries,
        )
        .map(|_| ())
    });
}
