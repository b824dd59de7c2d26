//! What the cleared people of the demo practise: an incident every few weeks, logged with a link.

use super::history::Script;
use super::ramps_data::FOUNDING;
use crate::domain::currency::Incident;
use crate::error::Error;
use crate::usecases::currency::actions::log;
use crate::words::Words;

/// Days between two incidents; well within the recency of every area.
const EVERY: i64 = 38;

/// What the person did; used in turn.
const NOTES: [&str; 5] = [
    "Took the page, narrowed it down to one provider, switched over within the hour.",
    "Led the call; rolled back after twelve minutes.",
    "Found the lock holder and ended it, then wrote to support what customers saw.",
    "Second on call: kept the timeline and talked to the business.",
    "",
];

pub(super) fn add_steps(script: &mut Script<'_>) {
    let cleared = FOUNDING
        .into_iter()
        .chain([("sofia.marchetti", "edge", 295)]);
    for ((who, area, ends_in), turn) in cleared.zip(0..) {
        let since = if who == "sofia.marchetti" && area == "edge" {
            60
        } else {
            300
        };
        let mut days_ago = 6 + turn * 3 % 23;
        while days_ago < since {
            if days_ago > -ends_in {
                logged(script, (who, area), days_ago, turn + days_ago);
            }
            days_ago += EVERY;
        }
    }
}

fn logged(
    script: &mut Script<'_>,
    (who, area): (&'static str, &'static str),
    days_ago: i64,
    number: i64,
) {
    let cast = script.cast;
    script.at(days_ago, 16, move |c, at| {
        let note = usize::try_from(number)
            .ok()
            .and_then(|n| NOTES.get(n % NOTES.len()));
        let incident = Incident {
            area_id: cast.area(area)?.0.id,
            day: at.day(),
            note: Words::parse(note.copied().unwrap_or_default()).map_err(Error::fault)?,
            link: format!(
                "https://incidents.harbour.example/{area}/{}",
                4000 - 3 * days_ago
            ),
            minutes: Some(45),
            another: true,
        };
        log(c, &cast.act(who, at)?, &incident).map(|_| ())
    });
}
