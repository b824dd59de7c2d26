//! On-call shifts in the demo: shadow shifts with different people, a reverse-shadow shift with its ledger, a future
//! one, one without its debrief and one whose debrief is overdue.

use super::cast::Cast;
use super::history::{Script, open_ramp};
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::shift::model::Shift;
use crate::domain::shift::store::{alerts, of_ramp};
use crate::domain::shift::{Brief, Hours, NewAlert, NewDebrief, NewShift, ShiftKind, Verdict};
use crate::domain::standard::Level;
use crate::error::{Error, Result};
use crate::usecases::shift::{actions, debrief, ledger};
use crate::words::{Title, Words};

use ShiftKind::{ReverseShadow, Shadow};

/// A shift. Days are before today, hours are UTC.
struct ShiftData {
    mentee: &'static str,
    area: &'static str,
    kind: ShiftKind,
    with: &'static str,
    day: i64,
    from: i64,
    hours: i64,
    debrief: Option<DebriefData>,
}

/// The debrief by the person on call.
struct DebriefData {
    /// Days after the shift.
    after: i64,
    well: &'static str,
    badly: &'static str,
    /// Competency codes, and how much help each needed.
    helped: &'static [(&'static str, i64)],
}

static SHIFTS: [ShiftData; 9] = [
    ShiftData {
        mentee: "amara.okafor",
        area: "payments",
        kind: Shadow,
        with: "ingrid.solberg",
        day: 47,
        from: 13,
        hours: 4,
        debrief: Some(DebriefData {
            after: 1,
            well: "Amara read the funnel aloud before I did and named the step.",
            badly: "She did not know which provider alerts are ours to act on.",
            helped: &[("PAY-O1", 2)],
        }),
    },
    ShiftData {
        mentee: "amara.okafor",
        area: "payments",
        kind: Shadow,
        with: "priya.raman",
        day: 37,
        from: 14,
        hours: 72,
        debrief: Some(DebriefData {
            after: 2,
            well: "Two pages at night; she kept the timeline and had the runbook open each time.",
            badly: "Tracing one order took too long: the shop’s and the provider’s number were mixed up.",
            helped: &[("PAY-O2", 2), ("PAY-I1", 2)],
        }),
    },
    ShiftData {
        mentee: "amara.okafor",
        area: "payments",
        kind: Shadow,
        with: "sofia.marchetti",
        day: 24,
        from: 8,
        hours: 10,
        debrief: Some(DebriefData {
            after: 1,
            well: "She said what she would do before I did it, and was right four times of five.",
            badly: "Nothing worth a line; a quiet day.",
            helped: &[("PAY-O3", 3)],
        }),
    },
    ShiftData {
        mentee: "amara.okafor",
        area: "payments",
        kind: ReverseShadow,
        with: "priya.raman",
        day: 13,
        from: 8,
        hours: 24,
        debrief: Some(DebriefData {
            after: 1,
            well: "She took eleven of twelve pages within a minute and asked for help at the right two.",
            badly: "The credential alert was new to her; the runbook for it is thin.",
            helped: &[("PAY-I1", 3), ("PAY-I2", 3), ("PAY-O2", 4)],
        }),
    },
    ShiftData {
        mentee: "amara.okafor",
        area: "payments",
        kind: ReverseShadow,
        with: "ingrid.solberg",
        day: -4,
        from: 13,
        hours: 8,
        debrief: None,
    },
    ShiftData {
        mentee: "hana.kim",
        area: "platform",
        kind: Shadow,
        with: "dele.adeyemi",
        day: 68,
        from: 13,
        hours: 6,
        debrief: Some(DebriefData {
            after: 1,
            well: "Hana followed one alert through metrics, logs and traces without a hint.",
            badly: "Replication lag and lock waits still look alike to her.",
            helped: &[("PLT-O1", 3)],
        }),
    },
    ShiftData {
        mentee: "hana.kim",
        area: "platform",
        kind: Shadow,
        with: "mei-ling.zhou",
        day: 51,
        from: 1,
        hours: 9,
        debrief: Some(DebriefData {
            after: 2,
            well: "She drained the node while I read the steps back to her.",
            badly: "She silenced an alert without an end; we set one together.",
            helped: &[("PLT-O3", 2), ("PLT-I1", 2)],
        }),
    },
    // Nobody has debriefed it, and the debrief is late.
    ShiftData {
        mentee: "lukas.novak",
        area: "platform",
        kind: Shadow,
        with: "kenji.watanabe",
        day: 8,
        from: 0,
        hours: 10,
        debrief: None,
    },
    // It ended yesterday.
    ShiftData {
        mentee: "rafael.costa",
        area: "orders",
        kind: Shadow,
        with: "ingrid.solberg",
        day: 1,
        from: 6,
        hours: 3,
        debrief: None,
    },
];

/// What the pager said on the reverse-shadow shift; then whether the mentee acknowledged it, understood it, and
/// escalated.
static PAGES: [(&str, bool, bool, bool); 12] = [
    (
        "Authorisation rate below band, provider A",
        true,
        true,
        false,
    ),
    ("Funnel: step 3 slower than 2 s", true, true, false),
    ("Capture queue older than 5 min", true, true, false),
    ("Provider A time-outs above 2 %", true, true, false),
    ("Credential expires in 7 days", true, false, true),
    ("Orders paid but not placed: 4", true, true, false),
    ("Refund batch late", true, true, false),
    (
        "Authorisation rate below band, provider B",
        true,
        true,
        false,
    ),
    ("Checkout 5xx above 0.5 %", true, true, false),
    ("Duplicate idempotency key", true, false, true),
    ("Settlement file missing", false, false, true),
    ("Funnel: step 3 slower than 2 s", true, true, false),
];

pub(super) fn add_steps(script: &mut Script<'_>) {
    for data in &SHIFTS {
        planned(script, data);
        if data.kind == ReverseShadow && data.debrief.is_some() {
            paged(script, data);
        }
        if let Some(debrief) = &data.debrief {
            debriefed(script, data, debrief);
        }
    }
}

fn planned(script: &mut Script<'_>, data: &'static ShiftData) {
    let cast = script.cast;
    let begins = script.now.day().plus_days(-data.day).start();
    let begins = begins.plus_hours(data.from);
    // A few days before it; never later than now.
    script.at((data.day + 5).max(1), 16, move |c, at| {
        let ramp = open_ramp(c, cast, data.mentee, data.area)?;
        let new = NewShift {
            kind: data.kind,
            with_id: cast.id(data.with)?,
            hours: Hours::new(begins, begins.plus_hours(data.hours)).map_err(Error::fault)?,
            brief: brief(data.area, data.kind)?,
        };
        actions::plan(c, &cast.act(data.mentee, at)?, ramp, &new).map(|_| ())
    });
}

fn brief(area: &str, kind: ShiftKind) -> Result<Brief> {
    let pages = match area {
        "payments" => {
            "Authorisation rate, the funnel board and the capture queue. The settlement file is late most Mondays."
        }
        "platform" => {
            "Nodes, connections, replication lag. Disk alerts of the batch pool are known to be noisy."
        }
        _ => {
            "Queue age, the dead-letter queue and the feeds. The nightly import pages when it starts late."
        }
    };
    let (job, touch) = match kind {
        Shadow => (
            "Watch, keep the timeline, and say aloud what you think it means before you are told.",
            "The person on call changes production. The mentee reads.",
        ),
        ReverseShadow => (
            "Take every page first. Say what you see, what you will do and when you will stop; then do it.",
            "The mentee, after asking the person on call. Anything that moves money stays with them.",
        ),
    };
    let words = |text: &str| Words::parse(text).map_err(Error::fault);
    Ok(Brief {
        may_page: words(pages)?,
        runbooks: words(&format!(
            "Start at https://wiki.harbour.example/{area}/on-call and keep it open."
        ))?,
        learner_job: words(job)?,
        who_may_touch: words(touch)?,
    })
}

fn find_shift(c: &mut Conn, cast: &Cast, data: &ShiftData) -> Result<Shift> {
    let ramp = open_ramp(c, cast, data.mentee, data.area)?;
    let with = cast.id(data.with)?;
    let mut all = of_ramp(c, ramp)?.into_iter();
    let found = all.find(|s| s.with_id == with && s.kind == data.kind);
    found.ok_or(Error::NotFound("shift"))
}

fn paged(script: &mut Script<'_>, data: &'static ShiftData) {
    let cast = script.cast;
    for (page, hour) in PAGES.iter().zip(data.from + 1..) {
        script.at(data.day, hour, move |c, at: UtcTime| {
            let (title, acknowledged, understood, escalated) = *page;
            let new = NewAlert {
                title: Title::parse(title).map_err(Error::fault)?,
                acknowledged,
                actionable: title != "Refund batch late",
                understood,
                escalated,
            };
            let shift = find_shift(c, cast, data)?;
            ledger::add(c, &cast.act(data.mentee, at)?, shift.id, &new).map(|_| ())
        });
    }
}

fn debriefed(script: &mut Script<'_>, data: &'static ShiftData, debrief: &'static DebriefData) {
    let cast = script.cast;
    let day = data.day - (data.from + data.hours) / 24 - debrief.after;
    script.at(day, 17, move |c, at| {
        let shift = find_shift(c, cast, data)?;
        let words = |text: &str| Words::parse(text).map_err(Error::fault);
        let helped = debrief.helped.iter();
        let lines = alerts(c, shift.id)?.into_iter();
        let new = NewDebrief {
            went_well: words(debrief.well)?,
            went_badly: words(debrief.badly)?,
            observations: helped
                .filter_map(|(code, help)| Some(((*code).to_owned(), Level::new(*help)?)))
                .collect(),
            lines: lines.map(|line| (line.id, Verdict::Stands)).collect(),
            corrects: None,
        };
        debrief::write(c, &cast.act(data.with, at)?, shift.id, &new)
    });
}
