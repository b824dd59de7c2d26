//! Observations on request in the demo: one answered, one declined, one that waits for an answer. And feedback after
//! sessions: open, and sealed. And someone who asks to ramp.

use super::history::{Script, open_ramp};
use crate::domain::asked::{Answer, NewAsk, Seen, store};
use crate::domain::session;
use crate::domain::session::feedback::NewFeedback;
use crate::domain::standard::Level;
use crate::error::{Error, Result};
use crate::usecases::asked::actions;
use crate::usecases::queue;
use crate::usecases::session::feedback;
use crate::words::Words;

enum Reply {
    Saw(Seen, i64, &'static str),
    Declined(&'static str),
}

struct AskData {
    code: &'static str,
    asked: &'static str,
    /// Days ago.
    day: i64,
    work: &'static str,
    reply: Option<Reply>,
}

const MENTEE: &str = "amara.okafor";
const AREA: &str = "payments";

static ASKS: [AskData; 3] = [
    AskData {
        code: "PAY-I2",
        asked: "priya.raman",
        day: 12,
        work: "Moved authorisations to provider B when provider A timed out on Tuesday evening.",
        reply: Some(Reply::Saw(
            Seen::There,
            4,
            "Read the error rate first, said what she would do and when she would stop. Asked me once: whether to wait \
             for the retries to drain.",
        )),
    },
    AskData {
        code: "PAY-O2",
        asked: "sofia.marchetti",
        day: 9,
        work: "Found the slow step of the funnel from the board before the alert came.",
        reply: Some(Reply::Declined(
            "I was on a train then and saw nothing of it.",
        )),
    },
    AskData {
        code: "PAY-C2",
        asked: "ingrid.solberg",
        day: 2,
        work: "Rolled the new capture worker back after the queue grew.",
        reply: None,
    },
];

pub(super) fn add_steps(script: &mut Script<'_>) {
    for data in &ASKS {
        asked(script, data);
        if let Some(reply) = &data.reply {
            replied(script, data, reply);
        }
    }
    for data in &FEEDBACK {
        told(script, data);
    }
    let cast = script.cast;
    script.at(3, 11, move |c, at| {
        let why = words("I take its night shifts from spring on, and want to know it before.")?;
        queue::actions::ask(c, &cast.act("noor.haddad", at)?, "platform", Ok(why))
    });
}

/// Who says what of a session, so many sessions before the latest.
static FEEDBACK: [(&str, usize, &str, &str); 3] = [
    (
        MENTEE,
        0,
        "You let me drive and asked what I expected before each step.",
        "Stop me earlier when I read the wrong board.",
    ),
    (
        "ingrid.solberg",
        0,
        "You said aloud what you saw before you touched anything.",
        "Try the next one without asking me first.",
    ),
    (MENTEE, 1, "The drawing of which service calls which.", ""),
];

fn told(script: &mut Script<'_>, data: &'static (&'static str, usize, &'static str, &'static str)) {
    let cast = script.cast;
    script.at(0, 9, move |c, at| {
        let (who, before, first, second) = *data;
        let ramp = open_ramp(c, cast, MENTEE, AREA)?;
        let all = session::store::of_ramps(c, &[ramp])?;
        let mut counting = all.iter().filter(|s| s.counts());
        let held = counting.nth(before).ok_or(Error::NotFound("session"))?;
        let new = NewFeedback::new(words(first)?, words(second)?)?;
        feedback::give(c, &cast.act(who, at)?, held.id, Ok((new, 0))).map(|_| ())
    });
}

fn words<const MAX: usize>(text: &str) -> Result<Words<MAX>> {
    Words::parse(text).map_err(Error::fault)
}

fn asked(script: &mut Script<'_>, data: &'static AskData) {
    let cast = script.cast;
    script.at(data.day, 17, move |c, at| {
        let ramp = open_ramp(c, cast, MENTEE, AREA)?;
        let new = NewAsk {
            asked_id: cast.id(data.asked)?,
            worked_on: at.day(),
            work: words(data.work)?,
        };
        actions::ask(c, &cast.act(MENTEE, at)?, ramp, data.code, Ok(new)).map(|_| ())
    });
}

fn replied(script: &mut Script<'_>, data: &'static AskData, reply: &'static Reply) {
    let cast = script.cast;
    script.at(data.day - 1, 9, move |c, at| {
        let ramp = open_ramp(c, cast, MENTEE, AREA)?;
        let mut all = store::of_ramp(c, ramp)?.into_iter();
        let asked = all.find(|a| a.competency_code == data.code);
        let id = asked.ok_or(Error::NotFound("observation"))?.id;
        let act = cast.act(data.asked, at)?;
        match reply {
            Reply::Saw(seen, help, text) => {
                let help = Level::new(*help).ok_or_else(|| Error::fault("no such level"))?;
                let answer = Answer {
                    seen: *seen,
                    help,
                    words: words(text)?,
                };
                actions::answer(c, &act, id, Ok(answer))
            }
            Reply::Declined(why) => actions::decline(c, &act, id, words(why)),
        }
    });
}
