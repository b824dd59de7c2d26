//! What is arranged about ramps in the demo: one that waits to be accepted.

use super::history::Script;
use crate::ramp;
use crate::ramp::actions::StartRamp;

/// Plays it.
pub(super) fn play(script: &mut Script<'_>) {
    proposed(script);
}

/// Two days old, and neither of the two has answered.
fn proposed(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day());
    script.at(2, 13, move |c, at| {
        let input = StartRamp {
            area_id: cast.area("orders")?.0.id,
            mentee_id: cast.id("amara.okafor")?,
            primary_id: cast.id("ingrid.solberg")?,
            secondary_id: None,
            starts_on: today.plus_days(40),
            target_on: None,
            interval_days: 7,
        };
        ramp::actions::start(c, &cast.act("ruth.abrams", at)?, &input).map(|_| ())
    });
}
