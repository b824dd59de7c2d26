//! Drills that wait for their game master: to run or cancel, to end, to debrief.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::UtcTime;
use crate::domain::drill::{DrillState, Role};
use crate::error::Result;

/// A drill that is not over: one that someone leads, or one that runs and that they have a part in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedDrill {
    pub id: i64,
    pub title: String,
    pub area: String,
    pub state: DrillState,
    /// The planned start.
    pub starts_at: UtcTime,
    /// The planned length.
    pub minutes: i32,
    /// The person leads it.
    pub is_led: bool,
}

impl LedDrill {
    fn ends_at(&self) -> UtcTime {
        self.starts_at.plus_seconds(60 * i64::from(self.minutes))
    }

    /// It is under way, or it is the time for which it is planned.
    pub fn is_on(&self, now: UtcTime) -> bool {
        let is_planned_now = (self.starts_at..=self.ends_at()).contains(&now);
        match self.state {
            DrillState::Running => true,
            DrillState::Planned => is_planned_now,
            DrillState::Run | DrillState::Debriefed | DrillState::Cancelled => false,
        }
    }

    /// The deed that it waits for, why, and the button that leads there; `None` before the planned start.
    pub fn waits_for(&self, now: UtcTime) -> Option<(&'static str, &'static str, &'static str)> {
        match self.state {
            DrillState::Run => Some((
                "Debrief",
                "The drill has ended. Its debrief is due",
                "Debrief",
            )),
            DrillState::Running => Some(("Run", "The drill is under way", "Open the sheet")),
            DrillState::Planned if self.is_on(now) => {
                Some(("Begin", "The drill is planned for now", "Open the sheet"))
            }
            DrillState::Planned if self.ends_at() < now => Some((
                "Run or cancel",
                "The time of the drill has passed",
                "Run or cancel",
            )),
            DrillState::Planned | DrillState::Debriefed | DrillState::Cancelled => None,
        }
    }

    /// The page to continue on.
    pub fn href(&self, now: UtcTime) -> String {
        let page = match self.state {
            DrillState::Run => "/debrief",
            DrillState::Running | DrillState::Planned if self.is_led && self.is_on(now) => "/sheet",
            DrillState::Running
            | DrillState::Planned
            | DrillState::Debriefed
            | DrillState::Cancelled => "",
        };
        format!("/drills/{}{page}", self.id)
    }
}

/// The drills of each row of `people`: those they lead and that are not over, and those that run and that they have a
/// part in.
pub fn of_person() -> Listed {
    listed(
        &[
            "CAST(d.id AS TEXT)",
            &plain("d.title"),
            &plain("a.name"),
            "d.state",
            "CAST(d.starts_at AS TEXT)",
            "CAST(d.minutes AS TEXT)",
            "p.role",
        ],
        "drill_roles p JOIN drills d ON d.id = p.drill_id JOIN areas a ON a.id = d.area_id \
         WHERE p.person_id = people.id AND (d.state = 'running' \
         OR p.role = 'game_master' AND d.state IN ('planned', 'run'))",
    )
}

/// The earliest first.
pub fn led(list: List) -> Result<Vec<LedDrill>> {
    let mut all = entries(list, |parts| {
        let [id, title, area, state, starts_at, minutes, role] = parts else {
            return None;
        };
        Some(LedDrill {
            id: id.parse().ok()?,
            title: (*title).to_owned(),
            area: (*area).to_owned(),
            state: DrillState::parse(state)?,
            starts_at: UtcTime::stored(starts_at)?,
            minutes: minutes.parse().ok()?,
            is_led: *role == Role::GameMaster.word(),
        })
    })?;
    all.sort_by_key(|d| (d.starts_at, d.id));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::Day;

    #[test]
    fn a_drill_waits_for_its_game_master_from_its_start_until_its_debrief() {
        let starts_at = Day::parse("2026-11-12").unwrap().start();
        let waits = |state, minutes_later: i64| {
            let led = LedDrill {
                id: 7,
                title: "Monday morning".into(),
                area: "Payments".into(),
                state,
                starts_at,
                minutes: 60,
                is_led: true,
            };
            let now = starts_at.plus_seconds(60 * minutes_later);
            led.waits_for(now)
                .map(|(_, _, button)| (button, led.href(now)))
        };
        let at = |button, page: &str| Some((button, format!("/drills/7{page}")));
        assert_eq!(waits(DrillState::Planned, -1), None);
        for minutes in [0, 60] {
            let sheet = at("Open the sheet", "/sheet");
            assert_eq!(waits(DrillState::Planned, minutes), sheet);
        }
        assert_eq!(waits(DrillState::Planned, 61), at("Run or cancel", ""));
        assert_eq!(
            waits(DrillState::Running, -5),
            at("Open the sheet", "/sheet")
        );
        assert_eq!(waits(DrillState::Run, 0), at("Debrief", "/debrief"));
        assert_eq!(waits(DrillState::Debriefed, 600), None);
        assert_eq!(waits(DrillState::Cancelled, 600), None);
    }
}
