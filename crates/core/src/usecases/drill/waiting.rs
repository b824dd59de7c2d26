//! Drills that wait for their game master: to run or cancel, to end, to debrief.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::UtcTime;
use crate::domain::drill::DrillState;
use crate::error::Result;

/// A drill that someone leads and that is not over.
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
}

impl LedDrill {
    /// What it waits for, and the button that leads there; `None` before the planned end.
    pub fn waits_for(&self, now: UtcTime) -> Option<(&'static str, &'static str)> {
        let is_past = self.starts_at.plus_seconds(60 * i64::from(self.minutes)) < now;
        match self.state {
            DrillState::Run => Some(("The drill has ended. Its debrief is due", "Debrief")),
            DrillState::Running => Some(("The drill is under way", "Open the sheet")),
            DrillState::Planned if is_past => {
                Some(("The time of the drill has passed", "Run or cancel"))
            }
            DrillState::Planned | DrillState::Debriefed | DrillState::Cancelled => None,
        }
    }

    /// The page to continue on.
    pub fn href(&self) -> String {
        let page = match self.state {
            DrillState::Run => "/debrief",
            DrillState::Running => "/sheet",
            DrillState::Planned | DrillState::Debriefed | DrillState::Cancelled => "",
        };
        format!("/drills/{}{page}", self.id)
    }
}

/// The drills that each row of `people` leads and that are not over.
pub fn of_person() -> Listed {
    listed(
        &[
            "CAST(d.id AS TEXT)",
            &plain("d.title"),
            &plain("a.name"),
            "d.state",
            "CAST(d.starts_at AS TEXT)",
            "CAST(d.minutes AS TEXT)",
        ],
        "drill_roles p JOIN drills d ON d.id = p.drill_id JOIN areas a ON a.id = d.area_id \
         WHERE p.person_id = people.id AND p.role = 'game_master' AND d.state IN ('planned', 'running', 'run')",
    )
}

/// The earliest first.
pub fn led(list: List) -> Result<Vec<LedDrill>> {
    let mut all = entries(list, |parts| {
        let [id, title, area, state, starts_at, minutes] = parts else {
            return None;
        };
        Some(LedDrill {
            id: id.parse().ok()?,
            title: (*title).to_owned(),
            area: (*area).to_owned(),
            state: DrillState::parse(state)?,
            starts_at: UtcTime::stored(starts_at)?,
            minutes: minutes.parse().ok()?,
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
    fn a_drill_waits_for_its_game_master_from_its_end_until_its_debrief() {
        let starts_at = Day::parse("2026-11-12").unwrap().start();
        let waits = |state, minutes_later: i64| {
            let led = LedDrill {
                id: 7,
                title: "Monday morning".into(),
                area: "Payments".into(),
                state,
                starts_at,
                minutes: 60,
            };
            let now = starts_at.plus_seconds(60 * minutes_later);
            led.waits_for(now).map(|(_, button)| (button, led.href()))
        };
        let at = |button, page: &str| Some((button, format!("/drills/7{page}")));
        assert_eq!(waits(DrillState::Planned, 60), None);
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
