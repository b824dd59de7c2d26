//! The lists below the board: keys that wait, and what ends.

use crate::domain::people::Actor;
use crate::domain::signoff::Key;
use crate::time::{LocalTime, TimeText};
use crate::usecases::board::Spot;
use crate::usecases::register::{Register, keys};
use crate::web::Past;

/// Clearances listed under "Next to expire" and "Ends before then".
const ENDING: usize = 6;

/// A line of a list below the board.
pub struct LineView {
    pub href: String,
    pub title: String,
    pub note: String,
    pub day: Option<TimeText>,
}

pub fn due(register: &Register, actor: &Actor, local: &LocalTime) -> Vec<LineView> {
    let today = register.today();
    keys::due(register, actor)
        .into_iter()
        .map(|(signoff, ramp)| {
            let (by, at) = match (
                signoff.due(today),
                signoff.first_key_by,
                signoff.first_key_at,
            ) {
                (Some(Key::Second), Some(by), Some(at)) => {
                    (format!("{} turned the first key", register.name(by)), at)
                }
                _ => (
                    format!("{} asked", register.name(signoff.requested_by)),
                    signoff.requested_at,
                ),
            };
            LineView {
                href: format!("/sign-offs/{}", signoff.id),
                title: whose(register, ramp.mentee_id, ramp.area_id),
                note: format!("{by} {}", local.day_of(at).relative),
                day: None,
            }
        })
        .collect()
}

/// What holds today and no longer on the day to come, the soonest first.
pub fn ended(lapsed: &[Spot], past: &Past) -> Vec<Spot> {
    let holds_today = |spot: &&Spot| {
        past.ahead_of
            .is_some_and(|today| spot.ends_on >= Some(today))
    };
    let mut all: Vec<Spot> = lapsed.iter().filter(holds_today).copied().collect();
    all.sort_by_key(|spot| spot.ends_on);
    all
}

pub fn lines(spots: &[Spot], register: &Register, local: &LocalTime, past: &Past) -> Vec<LineView> {
    spots
        .iter()
        .take(ENDING)
        .filter_map(|spot| {
            let clearance = register.clearance(spot.person_id, spot.area_id)?;
            Some(LineView {
                href: match register.person(spot.person_id) {
                    Some(person) if past.is_other_day() => past.of("/people/", &person.handle),
                    _ => format!("/clearances/{}", clearance.id),
                },
                title: whose(register, spot.person_id, spot.area_id),
                note: clearance.end_words(),
                day: Some(local.day(clearance.holds_until)),
            })
        })
        .collect()
}

pub fn whose(register: &Register, person_id: i64, area_id: i64) -> String {
    format!(
        "{}, {}",
        register.name(person_id),
        register.area_name(area_id)
    )
}
