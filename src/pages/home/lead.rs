//! The areas and the ramps of a lead, as tables: what needs them comes first.

use std::cmp::Reverse;

use crate::domain::area::model::Area;
use crate::domain::area::{ENOUGH_QUALIFIERS, number_word};
use crate::domain::people::model::Person;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::BoardStatus;
use crate::pages::home::build::Home;
use crate::pages::home::{LedArea, LedRamp};
use crate::pages::status;
use crate::pages::status::StatusBadge;

/// What someone in an area has that a lead should know of, the most urgent first.
const EXCEPTIONS: [BoardStatus; 6] = [
    BoardStatus::Suspended,
    BoardStatus::Revoked,
    BoardStatus::Signoff,
    BoardStatus::Expiring,
    BoardStatus::Interim,
    BoardStatus::Lapsed,
];

impl Home {
    /// Areas owned by the teams the person leads, those that are short first.
    pub(super) fn areas(&self) -> Vec<LedArea> {
        let led = self.led_areas().into_iter();
        let mut rows: Vec<(i64, LedArea)> = led.map(|area| self.area(area)).collect();
        rows.sort_by_key(|(spare, _)| *spare);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// How many people it has beyond its minimum, and its row.
    fn area(&self, area: &Area) -> (i64, LedArea) {
        let register = &self.register;
        let cover = register.cover(area);
        let (css, icon) = status::cover(cover.cover);
        let people = register.active().iter();
        let spare = cover.cleared - cover.minimum;
        let signers = self.signers.get(&area.id).copied().unwrap_or_default();
        let row = LedArea {
            name: area.name.clone(),
            slug: area.slug.clone(),
            css,
            icon,
            word: cover.cover.label(),
            share: cover.share(),
            ramping: number_word(cover.ramping),
            signers,
            has_signers: signers >= ENOUGH_QUALIFIERS.into(),
            ending: people.filter_map(|p| self.exception(p, area.id)).collect(),
        };
        (spare, row)
    }

    /// Somebody's exception in an area: their name, where it leads, and how it is shown.
    fn exception(&self, person: &Person, area_id: i64) -> Option<(String, String, StatusBadge)> {
        let (register, local) = (&self.register, &self.local);
        let cell = register.cell(person.id, area_id, &self.progress.readiness);
        let word = EXCEPTIONS.into_iter().find(|w| cell.has_status(*w))?;
        let (first, second) = status::marks(&cell, register, local);
        let badge = if cell.cell.status == word {
            first
        } else {
            second?
        };
        let href = status::href(&cell, register, &self.actor);
        Some((person.name.clone(), href, badge))
    }

    /// Ramps of people in the teams the person leads, and through the areas they own: past their target first, then
    /// stale pairings, then by target.
    pub(super) fn led_ramps(&self) -> Vec<LedRamp> {
        let mut led = self.led();
        led.sort_by_key(|ramp| {
            (
                Reverse(self.is_past(ramp)),
                self.stale_since(ramp).is_none(),
            )
        });
        led.into_iter().map(|ramp| self.led_ramp(ramp)).collect()
    }

    fn is_past(&self, ramp: &Ramp) -> bool {
        ramp.is_late(self.register.today())
    }

    fn led_ramp(&self, ramp: &Ramp) -> LedRamp {
        let mentee = self.register.name(ramp.mentee_id);
        let last = self.progress.last_held.get(&ramp.id);
        LedRamp {
            id: ramp.id,
            mentee: mentee.to_owned(),
            area: self.register.area_name(ramp.area_id).to_owned(),
            badge: self.badge(ramp),
            pace: self.pace(ramp),
            mentors: self.mentors(ramp),
            target: self.local.day(ramp.target_on),
            is_late: self.is_past(ramp),
            last: last.map(|at| self.local.day_of(*at)),
            is_stale: self.stale_since(ramp).is_some(),
        }
    }
}
