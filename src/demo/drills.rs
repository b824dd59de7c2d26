//! Drills of the demo: some debriefed, one without its debrief, one in the future.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::cast::Cast;
use super::history::Script;
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::Reason;
use crate::domain::drill::{
    DrillKind, LineKind, LineWords, NewDrill, Note, Participants, Reply, template,
};
use crate::domain::session::Minutes;
use crate::domain::standard::Level;
use crate::error::{Error, Result};
use crate::usecases::drill::actions;
use crate::usecases::drill::debrief;
use crate::usecases::drill::debrief::{NewDebrief, Observed, from_ticks};
use crate::usecases::drill::detail::DrillDetail;
use crate::usecases::drill::run;
use crate::usecases::drill::run::{Mark, Sighting};
use crate::words::{Title, Words};

/// A drill of the script. Days are before today; a future one is below zero.
struct Exercise {
    area: &'static str,
    /// When it was planned, and when it is.
    planned: i64,
    day: i64,
    hour: i64,
    minutes: i64,
    kind: DrillKind,
    title: &'static str,
    scenario: &'static str,
    master: &'static str,
    primary: &'static str,
    secondary: Option<&'static str>,
    observers: &'static [&'static str],
    /// Participants who did not come.
    absent: &'static [&'static str],
    injects: &'static str,
    /// Expected lines, and how much help each needed; none where it was not observed.
    expected: &'static [(&'static str, Option<i64>)],
    outcome: Outcome,
}

/// How far the drill has come.
enum Outcome {
    Ahead,
    /// It was run; its debrief is missing.
    Waits,
    /// What went badly, what went well.
    Debriefed(&'static str, &'static str),
}

static EXERCISES: [Exercise; 6] = [
    Exercise {
        area: "edge",
        planned: 146,
        day: 140,
        hour: 13,
        minutes: 60,
        kind: DrillKind::Tabletop,
        title: "A slow Tuesday at the edge",
        scenario: "A crawler with a plausible name multiplies requests for search pages by nine. The origin slows, the hit \
                   ratio falls from 94 to 71 percent, shoppers see spinners. The shield is off in one region since last \
                   week's change.",
        master: "kenji.watanabe",
        primary: "sofia.marchetti",
        secondary: None,
        observers: &["noor.haddad"],
        absent: &[],
        injects: "Page: origin latency above two seconds, one region\nSupport: spinners on search, what do we tell them?\nThe \
                  provider's desk offers to block the whole network",
        expected: &[
            (
                "EDGE-O1 Tells edge from origin within five minutes",
                Some(3),
            ),
            ("EDGE-I1 Turns the shield on before limiting rates", Some(2)),
            (
                "EDGE-I2 Asks for a narrow block, and says until when",
                Some(3),
            ),
            ("Writes the first update with impact in numbers", None),
        ],
        outcome: Outcome::Debriefed(
            "Nobody knew that the shield was off: the change of last week names it only in its last line.",
            "The board was open within two minutes, and stayed the only truth.",
        ),
    },
    Exercise {
        area: "edge",
        planned: 108,
        day: 101,
        hour: 12,
        minutes: 90,
        kind: DrillKind::Restore,
        title: "Something old, on a quiet host",
        scenario: "A certificate on a host that only the returns portal uses ends tonight. The usual renewal fails: the account \
                   it uses was closed with the person who opened it.",
        master: "dele.adeyemi",
        primary: "sofia.marchetti",
        secondary: Some("kenji.watanabe"),
        observers: &["hana.kim"],
        absent: &[],
        injects: "Page: certificate ends in six hours\nThe renewal answers: account unknown",
        expected: &[
            (
                "EDGE-C3 Replaces the certificate by the second way of the runbook",
                Some(4),
            ),
            (
                "EDGE-I3 Says when the maintenance page would come, and who decides",
                Some(4),
            ),
        ],
        outcome: Outcome::Debriefed(
            "The second way of the runbook asks for an approval that nobody can give at night.",
            "Sofia led, Kenji kept the list. Forty minutes from page to proof.",
        ),
    },
    Exercise {
        area: "payments",
        planned: 65,
        day: 58,
        hour: 14,
        minutes: 75,
        kind: DrillKind::Replay,
        title: "An evening in spring, again",
        scenario: "Provider time-outs after the charge: money is taken, the order is not placed. Played from the logs of that \
                   evening, ten minutes at a time.",
        master: "ingrid.solberg",
        primary: "sofia.marchetti",
        secondary: Some("amara.okafor"),
        observers: &["rafael.costa", "lukas.novak"],
        absent: &["lukas.novak"],
        injects: "Page: authorisation rate below 80 percent, one provider\nFinance: charges without orders, eleven so far\nThe \
                  provider's status page is green",
        expected: &[
            ("PAY-O1 Finds the failing step on the funnel board", Some(4)),
            (
                "PAY-I2 Finds orders paid but not placed, and stops the count from growing",
                Some(3),
            ),
            (
                "PAY-I3 Brings finance and the provider into one call",
                Some(3),
            ),
        ],
        outcome: Outcome::Debriefed(
            "We believed the green status page for twelve minutes. The list of affected orders was made by hand, twice.",
            "The switch was quick once it was decided, and Amara's trace of one order turned the talk.",
        ),
    },
    Exercise {
        area: "payments",
        planned: 31,
        day: 27,
        hour: 14,
        minutes: 60,
        kind: DrillKind::Command,
        title: "Three calls at once",
        scenario: "A canary of checkout raises declines for one card brand while the fraud team changes a rule. Two causes, one \
                   graph. What is rolled back, and who says so?",
        master: "priya.raman",
        primary: "ingrid.solberg",
        secondary: Some("sofia.marchetti"),
        observers: &["amara.okafor"],
        absent: &[],
        injects: "The canary board turns yellow\nFraud: we changed a rule an hour ago, is that you?\nRetail asks for numbers in \
                  five minutes",
        expected: &[
            (
                "PAY-O3 Tells declines by the issuer from errors of ours",
                Some(4),
            ),
            (
                "PAY-C1 Stops the canary by its abort criteria, not by feeling",
                Some(4),
            ),
            ("PAY-I4 Gives impact in numbers, with the next time", None),
        ],
        outcome: Outcome::Debriefed(
            "The abort criteria name a graph that was renamed. Nobody owned the numbers for retail.",
            "One person spoke for the call throughout.",
        ),
    },
    Exercise {
        area: "payments",
        planned: 6,
        day: 1,
        hour: 9,
        minutes: 60,
        kind: DrillKind::BreakAndFix,
        title: "A morning in staging",
        scenario: "In staging the credential of the second provider is rotated without the worker being told. Payments by \
                   invoice fail, and only those.",
        master: "ingrid.solberg",
        primary: "amara.okafor",
        secondary: None,
        observers: &["jonas.weber"],
        absent: &[],
        injects: "Page: invoice payments fail\nSupport: a large customer cannot order",
        expected: &[
            (
                "PAY-O2 Follows one order from its number to the refusal",
                Some(3),
            ),
            (
                "PAY-C2 Rotates the credential once more, without downtime",
                Some(2),
            ),
            (
                "PAY-I1 Says which method is switched off until then, and does it",
                Some(3),
            ),
        ],
        outcome: Outcome::Waits,
    },
    Exercise {
        area: "payments",
        planned: 2,
        day: -6,
        hour: 13,
        minutes: 90,
        kind: DrillKind::HandOver,
        title: "Half-time",
        scenario: "A provider outage is in its second hour when the primary's line goes dead. The person who takes over has the call, \
                   the timeline as it was kept, and nothing else.",
        master: "ingrid.solberg",
        primary: "amara.okafor",
        secondary: Some("rafael.costa"),
        observers: &["lukas.novak"],
        absent: &[],
        injects: "The commander's line goes dead\nThe provider calls back: which of the two tests was ours?",
        expected: &[
            ("PAY-I3 Takes the call over within two minutes, aloud", None),
            ("PAY-I4 Gives an update from the timeline alone", None),
            (
                "PAY-C3 Says what must be reconciled before anyone goes home",
                None,
            ),
        ],
        outcome: Outcome::Ahead,
    },
];

pub(super) fn add_steps(script: &mut Script<'_>) {
    let (cast, now) = (script.cast, script.now);
    for exercise in &EXERCISES {
        let midnight = now.day().plus_days(-exercise.day).start();
        let starts_at = midnight.plus_hours(exercise.hour);
        // The drill's row, known after planning.
        let planned = Rc::new(Cell::new(0));
        let id = Rc::clone(&planned);
        script.at(exercise.planned, 8, move |c, at| {
            let new = plan(exercise, cast, starts_at)?;
            let act = cast.act(exercise.master, at)?;
            planned.set(actions::plan(c, &act, exercise.area, &new)?);
            Ok(())
        });
        if matches!(exercise.outcome, Outcome::Ahead) {
            continue;
        }
        let drill = Rc::clone(&id);
        script.at(exercise.day, exercise.hour, move |c, at| {
            run(c, exercise, cast, (drill.get(), at))
        });
        if let Outcome::Debriefed(badly, well) = exercise.outcome {
            script.at(exercise.day, exercise.hour + 1, move |c, at| {
                talked_through(c, exercise, cast, (id.get(), at), (badly, well))
            });
        }
    }
}

fn plan(exercise: &Exercise, cast: &Cast, starts_at: UtcTime) -> Result<NewDrill> {
    let ids = |names: &[&str]| -> Result<Vec<i64>> { names.iter().map(|n| cast.id(n)).collect() };
    let secondaries: Vec<&str> = exercise.secondary.into_iter().collect();
    let who = Participants::new(
        cast.id(exercise.master)?,
        cast.id(exercise.primary)?,
        &ids(&secondaries)?,
        &ids(exercise.observers)?,
    );
    let expected: Vec<&str> = exercise.expected.iter().map(|(line, _)| *line).collect();
    let lines = |text: &str| LineWords::lines(text, 9).map_err(Error::fault);
    Ok(NewDrill {
        kind: exercise.kind,
        title: Title::parse(exercise.title).map_err(Error::fault)?,
        scenario: Words::parse(exercise.scenario).map_err(Error::fault)?,
        starts_at,
        minutes: Minutes::new(exercise.minutes).ok_or_else(|| Error::fault("minutes"))?,
        participants: who.map_err(|_| Error::fault("someone is twice in a drill of the demo"))?,
        injects: lines(exercise.injects)?,
        expected: lines(&expected.join("\n"))?,
        postmortem_id: None,
        another: true,
    })
}

/// Runs the drill line by line, within an hour.
fn run(c: &mut Conn, exercise: &Exercise, cast: &Cast, (drill, at): (i64, UtcTime)) -> Result<()> {
    let act = |minutes: i64| cast.act(exercise.master, at.plus_seconds(60 * minutes));
    run::begin(c, &act(0)?, drill, &Reason::default())?;
    let helped: BTreeMap<&str, Option<i64>> = exercise.expected.iter().copied().collect();
    for (n, line) in (0_i64..).zip(DrillDetail::load(c, drill)?.lines) {
        let typed = template::typed(line.competency_code.as_deref(), &line.body);
        let mark = match (line.kind, helped.get(typed.as_str()).copied().flatten()) {
            (LineKind::Inject, _) if n == 1 => Mark::Given(Reply::Acknowledged),
            (LineKind::Inject, _) => Mark::Given(Reply::Understood),
            (LineKind::Expected, None) => continue,
            (LineKind::Expected, help) => Mark::Seen(Sighting {
                person_id: cast.id(exercise.primary)?,
                help: help.and_then(Level::new),
                note: Note::default(),
            }),
        };
        run::tick(c, &act(5 * n + 3)?, (drill, line.id), line.revision, &mark)?;
    }
    run::end(c, &act(exercise.minutes.min(55))?, drill)
}

fn talked_through(
    c: &mut Conn,
    exercise: &Exercise,
    cast: &Cast,
    (drill, at): (i64, UtcTime),
    (badly, well): (&str, &str),
) -> Result<()> {
    let mut observed = from_ticks(&DrillDetail::load(c, drill)?.lines);
    seen_of_the_secondary(&mut observed, exercise, cast)?;
    let new = NewDebrief {
        went_well: Words::parse(well).map_err(Error::fault)?,
        went_badly: Words::parse(badly).map_err(Error::fault)?,
        observed,
        absent: exercise
            .absent
            .iter()
            .map(|who| cast.id(who))
            .collect::<Result<_>>()?,
    };
    debrief::debrief(c, &cast.act(exercise.master, at)?, drill, &new)
}

/// What the debrief records about the secondary: the first expected line, with a mentor's help.
fn seen_of_the_secondary(observed: &mut Observed, exercise: &Exercise, cast: &Cast) -> Result<()> {
    let first = exercise
        .expected
        .first()
        .and_then(|(line, _)| line.split(' ').next());
    if let (Some(who), Some(code), Some(help)) = (exercise.secondary, first, Level::new(3)) {
        observed.insert((cast.id(who)?, code.to_owned()), help);
    }
    Ok(())
}
