//! Observations on request in the demo: one answered, one declined, one that waits for an answer.

use super::history::{Script, open_ramp};
use crate::domain::asked::{Answer, NewAsk, Seen, store};
use crate::domain::standard::Level;
use crate::error::{Error, Result};
use crate::usecases::asked::actions;
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
        actions::ask(c, &cast.act(MENTEE, at)?, ramp, data.code, &new).map(|_| ())
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
                actions::answer(c, &act, id, &answer)
            }
            Reply::Declined(why) => actions::decline(c, &act, id, &words(why)?),
        }
    });
}
