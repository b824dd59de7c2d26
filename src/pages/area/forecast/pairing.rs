//! Who is suggested to ramp next with whom, and why.

use crate::domain::forecast::Risk;
use crate::domain::forecast::pairing::{Candidate, Mentor, Pairing};
use crate::domain::people::model::Person;
use crate::time::LocalTime;
use crate::usecases::forecast::Forecast;
use crate::usecases::ramp::renewal;

pub(super) struct MentorView {
    pub(super) name: String,
    pub(super) handle: String,
    pub(super) reasons: Vec<String>,
}

/// Somebody who could ramp next with a mentor, and what speaks for both.
pub(super) struct PairingView {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) handle: String,
    pub(super) why: Vec<String>,
    pub(super) mentor: Option<(i64, MentorView)>,
}

pub(super) fn mentor_view(
    mentor: &Mentor,
    found: &Forecast,
    local: &LocalTime,
) -> Option<MentorView> {
    let person = found.register.person(mentor.person_id)?;
    let away = found.away.get(&mentor.person_id);
    Some(MentorView {
        name: person.name.clone(),
        handle: person.handle.clone(),
        reasons: reasons(mentor, away.map_or("", String::as_str), found, local),
    })
}

pub(super) fn pairing_view(
    (person, pairing): &(Person, Pairing),
    risk: Risk,
    found: &Forecast,
    local: &LocalTime,
) -> PairingView {
    let best = pairing.mentors.first();
    let mentor = best.and_then(|m| Some((m.person_id, mentor_view(m, found, local)?)));
    PairingView {
        id: person.id,
        name: person.name.clone(),
        handle: person.handle.clone(),
        why: why(&pairing.candidate, risk, found, local),
        mentor,
    }
}

/// Why somebody is suggested to ramp next.
fn why(who: &Candidate, risk: Risk, found: &Forecast, local: &LocalTime) -> Vec<String> {
    let (area, today) = (&found.area, found.register.today());
    let weeks = match who.renews {
        true => renewal::WEEKS,
        false => area.target_weeks.into(),
    };
    let cleared_on = today.plus_days(weeks * 7);
    let in_team = format!("Member of {}", area.owner_team);
    let mut all = match (who.asked_on, who.renews) {
        (Some(day), false) => vec![format!("Asked to ramp on {}", local.day(day).text)],
        (Some(day), true) => vec![
            format!("Asked to ramp on {}", local.day(day).text),
            "Was cleared here: a ramp renews it".into(),
        ],
        (None, true) => vec![in_team, "Was cleared here: a ramp renews it".into()],
        (None, false) => vec![in_team],
    };
    if let Some(is_in_time) = risk.is_met_on(cleared_on) {
        let word = if is_in_time { "before" } else { "after" };
        all.push(format!(
            "A ramp from today ends on {}, {word} cover falls below {}",
            local.day(cleared_on).text,
            area.minimum_cover
        ));
    }
    all
}

/// What threatens the cover, and whether a ramp is expected before.
pub(super) fn risk_words(risk: Risk, found: &Forecast, local: &LocalTime) -> String {
    let minimum = found.area.minimum_cover;
    match risk {
        Risk::Short(1) => "Cover is short by 1 person now.".into(),
        Risk::Short(n) => format!("Cover is short by {n} people now."),
        Risk::FallsShort(day) => {
            let mut expected = found.ramps.iter().filter_map(|ramp| ramp.expected);
            let ramp = match expected.any(|range| range.last < day) {
                true => "A clearance is expected before that.",
                false => "No clearance is expected before that.",
            };
            let day = local.day(day).text;
            format!("Cover falls below {minimum} on {day}. {ramp}")
        }
        Risk::NoSpare => "Cover has no spare: one leaver breaks it.".into(),
        Risk::Calm => "Cover holds for 90 days, also without one person today.".into(),
    }
}

/// Why somebody is suggested as a mentor.
fn reasons(mentor: &Mentor, away: &str, found: &Forecast, local: &LocalTime) -> Vec<String> {
    let room = match mentor.has_room() {
        true => "Has room",
        false => "Has no room",
    };
    let until = found.register.today().plus_days(mentor.days_left);
    let mut all = vec![
        format!("{room}: now {}", mentor.load.words()),
        format!("Cleared {}", local.until(until)),
        format!("{} of 8 working hours in common", mentor.common_hours),
    ];
    if mentor.is_qualifier {
        all.push("Qualifier: can turn the first key".into());
    }
    if !away.is_empty() {
        all.push(format!("Is {away}"));
    }
    all
}
