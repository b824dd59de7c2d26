//! Sessions of the demo that did not go as planned: moved, cancelled, missed, forgotten, corrected.

use std::collections::BTreeSet;

use super::history::{Script, open_ramp};
use crate::db::types::UtcTime;
use crate::db::{Conn, locks};
use crate::domain::session;
use crate::domain::session::plan::{Absent, NewPlan};
use crate::domain::session::{Minutes, NewSession, SessionKind, Summary};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::amend;
use crate::usecases::session::planning;
use crate::usecases::session::planning::Reason;
use crate::words::Words;

/// A planned session. Days are before today; future ones are below zero.
struct Booked {
    by: &'static str,
    mentee: &'static str,
    area: &'static str,
    planned: i64,
    day: i64,
    hour: i64,
    kind: SessionKind,
    agenda: &'static str,
    topics: &'static [&'static str],
    outcome: Outcome,
}

/// What happened to it.
enum Outcome {
    /// It is in the future, or was forgotten.
    Nothing,
    /// Who, days before today, to which day, why.
    Moved(&'static str, i64, i64, &'static str),
    /// Who, days before today, why.
    Cancelled(&'static str, i64, &'static str),
    /// Who says so on that day, and what happened.
    NoShow(&'static str, &'static str),
}

static BOOKED: [Booked; 7] = [
    Booked {
        by: "ingrid.solberg",
        mentee: "amara.okafor",
        area: "payments",
        planned: 3,
        day: -3,
        hour: 9,
        kind: SessionKind::Lab,
        agenda: "Bring the abort criteria you wrote for the canary. You drive, I keep the time.",
        topics: &["PAY-C1", "PAY-C3"],
        outcome: Outcome::Nothing,
    },
    Booked {
        by: "ingrid.solberg",
        mentee: "amara.okafor",
        area: "payments",
        planned: 10,
        day: -2,
        hour: 13,
        kind: SessionKind::PostMortem,
        agenda: "",
        topics: &["PAY-C2"],
        outcome: Outcome::Moved(
            "amara.okafor",
            1,
            -8,
            "The partner test takes the whole afternoon.",
        ),
    },
    Booked {
        by: "amara.okafor",
        mentee: "amara.okafor",
        area: "payments",
        planned: 16,
        day: 12,
        hour: 9,
        kind: SessionKind::CheckIn,
        agenda: "",
        topics: &[],
        outcome: Outcome::Cancelled(
            "ingrid.solberg",
            13,
            "On call that week; the pager went all night.",
        ),
    },
    Booked {
        by: "dele.adeyemi",
        mentee: "noor.haddad",
        area: "edge",
        planned: 9,
        day: 6,
        hour: 10,
        kind: SessionKind::Walkthrough,
        agenda: "Edge logs, one hour of last Tuesday.",
        topics: &["EDGE-O2"],
        outcome: Outcome::NoShow("dele.adeyemi", "Noor was pulled into the search incident."),
    },
    // Nobody recorded or cancelled it: it waits on the mentor's home page.
    Booked {
        by: "ingrid.solberg",
        mentee: "jonas.weber",
        area: "command",
        planned: 5,
        day: 1,
        hour: 13,
        kind: SessionKind::AssessmentTalk,
        agenda: "Look back at the five updates together.",
        topics: &[],
        outcome: Outcome::Nothing,
    },
    Booked {
        by: "rafael.costa",
        mentee: "rafael.costa",
        area: "orders",
        planned: 4,
        day: -4,
        hour: 8,
        kind: SessionKind::Pairing,
        agenda: "The ERP outage once more, with the warehouse on the call.",
        topics: &["ORD-I2"],
        outcome: Outcome::Nothing,
    },
    Booked {
        by: "dele.adeyemi",
        mentee: "lukas.novak",
        area: "platform",
        planned: 7,
        day: -1,
        hour: 9,
        kind: SessionKind::Lab,
        agenda: "",
        topics: &["PLT-I2", "PLT-O2"],
        outcome: Outcome::Nothing,
    },
];

fn reason(text: &str) -> Result<Reason> {
    Reason::parse(text).map_err(Error::fault)
}

/// The plan on that ramp for that time.
fn planned_for(c: &mut Conn, ramp_id: i64, at: UtcTime) -> Result<i64> {
    let rows = session::store::of_ramps(c, &[ramp_id])?;
    let found = rows.iter().find(|s| s.is_plan() && s.starts_at == at);
    found.map(|s| s.id).ok_or(Error::NotFound("session"))
}

pub(super) fn arrange(script: &mut Script<'_>) {
    for booked in &BOOKED {
        book(script, booked);
    }
    correct(script);
}

fn book(script: &mut Script<'_>, b: &'static Booked) {
    let (cast, today) = (script.cast, script.now.day());
    let start = move |day: i64| today.plus_days(-day).start().plus_hours(b.hour);
    let ramp = move |c: &mut Conn| open_ramp(c, cast, b.mentee, b.area);
    script.at(b.planned, 17, move |c, at| {
        let new = NewPlan {
            starts_at: start(b.day),
            minutes: Minutes::new(60).unwrap_or(Minutes::USUAL),
            kind: b.kind,
            mentor_id: None,
            agenda: Words::parse(b.agenda).map_err(Error::fault)?,
            topics: b.topics.iter().map(|t| (*t).to_owned()).collect(),
            postmortem_id: match b.kind {
                SessionKind::PostMortem => {
                    let slug = "a-campaign-spike-emptied-the-connection-pool";
                    Some(crate::domain::postmortem::store::named(c, slug)?.id)
                }
                _ => None,
            },
        };
        let ramp_id = ramp(c)?;
        planning::plan(c, &cast.act(b.by, at)?, ramp_id, &new).map(|_| ())
    });
    match b.outcome {
        Outcome::Nothing => {}
        Outcome::Moved(who, day, to, why) => script.at(day, 8, move |c, at| {
            let ramp_id = ramp(c)?;
            let id = planned_for(c, ramp_id, start(b.day))?;
            let times = (start(b.day), start(to));
            planning::reschedule(c, &cast.act(who, at)?, id, times, &reason(why)?)
        }),
        Outcome::Cancelled(who, day, why) => script.at(day, 8, move |c, at| {
            let ramp_id = ramp(c)?;
            let id = planned_for(c, ramp_id, start(b.day))?;
            planning::cancel(c, &cast.act(who, at)?, id, &reason(why)?)
        }),
        Outcome::NoShow(who, what) => script.at(b.day, 14, move |c, at| {
            let ramp_id = ramp(c)?;
            let id = planned_for(c, ramp_id, start(b.day))?;
            let act = cast.act(who, at)?;
            planning::no_show(c, &act, id, Absent::Mentee, &reason(what)?)
        }),
    }
}

/// The last session with Amara took longer than was first recorded.
fn correct(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(2, 9, move |c, at| {
        let ramp_id = open_ramp(c, cast, "amara.okafor", "payments")?;
        locks::begin();
        let d = Dossier::lock(c, ramp_id, at.day())?;
        let last = d.sessions.iter().find(|s| s.counts());
        let last = last.ok_or(Error::NotFound("session"))?;
        let before = session::next::store::of_sessions(c, &[last.id])?;
        let told = amend::snapshot(&d, last, &before);
        let lines = told.next_actions.join("\n");
        let new = NewSession {
            kind: told.kind,
            starts_at: told.starts_at,
            minutes: Minutes::new(90).unwrap_or(Minutes::USUAL),
            summary: Summary::parse(&told.summary).map_err(Error::fault)?,
            next_actions: session::next::NextWords::lines(&lines).map_err(Error::fault)?,
            done: BTreeSet::new(),
            plan_id: None,
            postmortem_id: told.postmortem_id,
            another: true,
            observations: told.observations,
        };
        let why = reason("We stayed on for the reconciliation.")?;
        let act = cast.act("ingrid.solberg", at)?;
        amend::correct(c, &act, last.id, &new, &why).map(|_| ())
    });
}
