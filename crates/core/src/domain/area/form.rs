//! The form of an area: its values, and how they are read.

use serde::Deserialize;

use super::model::{Area, Fields};
use super::practice::{ActivityKind, Need, Unit};
use super::validity::Ends;
use super::{
    MINIMUM_COVER, RECENCY_DAYS, TARGET_WEEKS, TIERS, USUAL_MONTHS, VALIDITY_MONTHS, is_slug,
    labels, parse_code,
};
use crate::domain::people::Name;
use crate::error::{FieldErrors, Result};
use crate::words::Words;

/// The form as typed, or as first shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AreaForm {
    pub template: String,
    pub slug: String,
    pub code: String,
    pub name: String,
    pub summary: String,
    pub tier: String,
    pub owner_team: String,
    pub minimum_cover: String,
    pub target_weeks: String,
    pub validity_months: String,
    pub recency_days: String,
    pub labels: String,
    /// `months`, `day` or `never`.
    pub ends: String,
    pub ends_each: String,
    pub practice_amount: String,
    pub practice_unit: String,
    pub practice_shift: String,
    pub practice_drill: String,
    pub practice_incident: String,
    pub practice_drill_led: String,
    pub revision: String,
}

impl AreaForm {
    /// An area's current values.
    pub fn of(area: &Area) -> Self {
        Self {
            owner_team: area.owner_team.clone(),
            revision: area.revision.to_string(),
            ..Self::saying(&area.slug, &Fields::of(area))
        }
    }

    pub fn saying(slug: &str, fields: &Fields) -> Self {
        let ticked = |kind| match fields.practice.kinds().contains(&kind) {
            true => "yes".to_owned(),
            false => String::new(),
        };
        Self {
            slug: slug.to_owned(),
            code: fields.code.clone(),
            name: fields.name.clone(),
            summary: fields.summary.clone(),
            tier: fields.tier.to_string(),
            minimum_cover: fields.minimum_cover.to_string(),
            target_weeks: fields.target_weeks.to_string(),
            validity_months: fields.validity_months.to_string(),
            recency_days: fields.recency_days.to_string(),
            labels: fields.labels.clone(),
            ends: match fields.ends {
                Ends::AfterMonths => "months".into(),
                Ends::EachYear(_) => "day".into(),
                Ends::Never => "never".into(),
            },
            ends_each: match fields.ends {
                Ends::EachYear(day) => day.to_string(),
                _ => String::new(),
            },
            practice_amount: fields.practice.amount().to_string(),
            practice_unit: fields.practice.unit().word().to_owned(),
            practice_shift: ticked(ActivityKind::Shift),
            practice_drill: ticked(ActivityKind::Drill),
            practice_incident: ticked(ActivityKind::Incident),
            practice_drill_led: ticked(ActivityKind::DrillLed),
            ..Self::default()
        }
    }

    /// The kinds of practice that are ticked.
    pub fn kinds(&self) -> Vec<ActivityKind> {
        let fields = [
            (&self.practice_shift, ActivityKind::Shift),
            (&self.practice_drill, ActivityKind::Drill),
            (&self.practice_incident, ActivityKind::Incident),
            (&self.practice_drill_led, ActivityKind::DrillLed),
        ];
        let ticked = fields.into_iter().filter(|(field, _)| !field.is_empty());
        ticked.map(|(_, kind)| kind).collect()
    }

    /// Defaults of a new area.
    pub fn usual() -> Self {
        Self {
            tier: "2".into(),
            minimum_cover: "3".into(),
            target_weeks: "12".into(),
            validity_months: "12".into(),
            recency_days: "90".into(),
            ends: "months".into(),
            practice_amount: "1".into(),
            practice_unit: Unit::Practices.word().to_owned(),
            ..Self::default()
        }
    }

    /// The values. The owner team is looked up by the name that was typed.
    pub fn read(&self) -> Result<Fields> {
        let mut errors = FieldErrors::default();
        let fields = self.fields(&mut errors);
        self.owner(&mut errors);
        errors.or(fields)
    }

    /// As [`AreaForm::read`], with the name in URLs and the code of a new area.
    pub fn read_new(&self) -> Result<(String, Fields)> {
        let mut errors = FieldErrors::default();
        let mut fields = self.fields(&mut errors);
        if !is_slug(&self.slug) {
            errors.add(
                "slug",
                "Write lower-case letters, digits and hyphens, like checkout-payments.",
            );
        }
        match parse_code(&self.code) {
            Ok(code) => fields.code = code,
            Err(sentence) => errors.add("code", sentence),
        }
        self.owner(&mut errors);
        errors.or((self.slug.clone(), fields))
    }

    fn owner(&self, errors: &mut FieldErrors) {
        if self.owner_team.trim().is_empty() {
            errors.add("owner_team", "Choose the team that owns the area.");
        }
    }

    fn fields(&self, errors: &mut FieldErrors) -> Fields {
        let name = Name::parse(&self.name).map_err(|s| errors.add("name", s));
        let summary = match Words::<1000>::parse(&self.summary) {
            Ok(words) if words.is_empty() => {
                errors.add("summary", "Say in a sentence what the area covers.");
                String::new()
            }
            Ok(words) => words.as_str().to_owned(),
            Err(sentence) => {
                errors.add("summary", sentence);
                String::new()
            }
        };
        let labels = labels::parse(&self.labels).map_err(|s| errors.add("labels", s));
        let mut number = |name: &str, text: &str, range: std::ops::RangeInclusive<i32>| {
            let number = text.parse().ok().filter(|n| range.contains(n));
            number.unwrap_or_else(|| {
                let (low, high) = (range.start(), range.end());
                errors.add(name, format!("Enter a whole number from {low} to {high}."));
                *low
            })
        };
        let unit = Unit::parse(&self.practice_unit).unwrap_or(Unit::Practices);
        let amount = number("practice_amount", &self.practice_amount, unit.range());
        // Months are kept while the clearances end in another way.
        let months = match self.ends.as_str() {
            "day" | "never" if self.validity_months.is_empty() => USUAL_MONTHS,
            _ => number("validity_months", &self.validity_months, VALIDITY_MONTHS),
        };
        let fields = Fields {
            tier: number("tier", &self.tier, TIERS),
            minimum_cover: number("minimum_cover", &self.minimum_cover, MINIMUM_COVER),
            target_weeks: number("target_weeks", &self.target_weeks, TARGET_WEEKS),
            validity_months: months,
            recency_days: number("recency_days", &self.recency_days, RECENCY_DAYS),
            practice: Need::new(amount, unit, &self.kinds()).unwrap_or(Need::ONE),
            ends: Ends::AfterMonths,
            code: self.code.clone(),
            name: name.map(|n| n.as_str().to_owned()).unwrap_or_default(),
            summary,
            labels: labels.unwrap_or_default(),
        };
        Fields {
            ends: self.ends(errors),
            ..fields
        }
    }

    fn ends(&self, errors: &mut FieldErrors) -> Ends {
        match self.ends.as_str() {
            "day" => match self.ends_each.parse() {
                Ok(day) => return Ends::EachYear(day),
                Err(sentence) => errors.add("ends_each", sentence),
            },
            "never" => return Ends::Never,
            "months" => {}
            _ => errors.add("ends", "Choose how clearances end."),
        }
        Ends::AfterMonths
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use proptest::prelude::*;

    fn whole() -> AreaForm {
        AreaForm {
            slug: "search".into(),
            code: "SRC".into(),
            name: "Search".into(),
            summary: "Finds things.".into(),
            owner_team: "1".into(),
            ..AreaForm::usual()
        }
    }

    #[test]
    fn every_wrong_field_is_reported_at_once() {
        assert!(whole().read_new().is_ok());
        let Err(Error::Invalid(errors)) = AreaForm::default().read_new() else {
            panic!("an empty form was read");
        };
        let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(
            fields,
            [
                "name",
                "summary",
                "practice_amount",
                "validity_months",
                "tier",
                "minimum_cover",
                "target_weeks",
                "recency_days",
                "ends",
                "slug",
                "code",
                "owner_team"
            ]
        );
    }

    proptest! {
        #[test]
        fn the_form_shows_again_what_was_read(
            tier in TIERS, cover in MINIMUM_COVER, weeks in TARGET_WEEKS, months in VALIDITY_MONTHS, days in RECENCY_DAYS,
            amount in 1..=100_i32, is_minutes: bool, kinds in prop::collection::vec(any::<bool>(), 4), ends in 0..3_usize,
        ) {
            // All kinds are the same as none.
            let tick = |n: usize| if kinds[n] && kinds.contains(&false) { "yes".to_owned() } else { String::new() };
            let form = AreaForm {
                tier: tier.to_string(),
                minimum_cover: cover.to_string(),
                target_weeks: weeks.to_string(),
                validity_months: months.to_string(),
                recency_days: days.to_string(),
                practice_amount: amount.to_string(),
                practice_unit: if is_minutes { "minutes".into() } else { "practices".into() },
                practice_shift: tick(0),
                practice_drill: tick(1),
                practice_incident: tick(2),
                practice_drill_led: tick(3),
                ends: ["months", "day", "never"][ends].into(),
                ends_each: if ends == 1 { "03-31".into() } else { String::new() },
                ..whole()
            };
            let (slug, fields) = form.read_new().unwrap();
            let again = AreaForm { owner_team: form.owner_team.clone(), ..AreaForm::saying(&slug, &fields) };
            prop_assert_eq!(again, form);
        }
    }
}
