//! What a hook tells, and nothing else. An event holds no text of people: names are looked up when it is sent. So nothing
//! sealed or private can be in it, and erasing a person leaves no name here.

use serde::{Deserialize, Serialize};

use super::{Kind, Owner};
use crate::db::types::{Day, UtcTime};
use crate::domain::clearance::End;
use crate::domain::clearance::model::Clearance;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    kind: Kind,
    /// The row of the clearance, sign-off, session, rota, or hook that is tried.
    id: i64,
    /// When it happened, RFC 3339.
    at: String,
    area_id: Option<i64>,
    person_id: Option<i64>,
    last_day: Option<String>,
    /// The words before that day, as pages have them.
    #[serde(default)]
    until: Option<String>,
    /// The team that a key figure is of.
    #[serde(default)]
    team_id: Option<i64>,
    /// The word and the label of a key figure.
    #[serde(default)]
    figure: Option<(String, String)>,
}

impl Event {
    /// Something of an area. `id` is the row that its kind is about; `at` tells two of one kind on one row apart: what is
    /// told again for the same moment is not sent again.
    pub fn new(kind: Kind, id: i64, area_id: i64, at: UtcTime) -> Self {
        Self {
            kind,
            id,
            at: at.iso_micros(),
            area_id: Some(area_id),
            person_id: None,
            last_day: None,
            until: None,
            team_id: None,
            figure: None,
        }
    }

    /// A key figure of a team or an area, by its word and its label, on the day that begins then.
    pub fn figure(
        kind: Kind,
        id: i64,
        of: Owner,
        (word, label): (&str, &str),
        at: UtcTime,
    ) -> Self {
        let (team_id, area_id) = match of {
            Owner::Team(id) => (Some(id), None),
            Owner::Area(id) => (None, Some(id)),
        };
        Self {
            team_id,
            area_id,
            figure: Some((word.to_owned(), label.to_owned())),
            ..Self::new(kind, id, 0, at)
        }
    }

    pub fn test(hook_id: i64, at: UtcTime) -> Self {
        Self {
            area_id: None,
            ..Self::new(Kind::Test, hook_id, 0, at)
        }
    }

    /// Whose clearance it is. Other kinds name nobody.
    pub fn of(self, person_id: i64) -> Self {
        let person_id = self.kind.names_person().then_some(person_id);
        Self { person_id, ..self }
    }

    /// What ends the clearance first; nothing is said of one without an end date.
    pub fn until(self, held: &Clearance) -> Self {
        let day = held.holds_until;
        let says = self.kind.names_person() && day != Day::NEVER;
        Self {
            last_day: says.then(|| day.to_string()),
            until: says.then(|| End::of(held).words(held)),
            ..self
        }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn area_id(&self) -> Option<i64> {
        self.area_id
    }

    pub fn team_id(&self) -> Option<i64> {
        self.team_id
    }

    pub fn person_id(&self) -> Option<i64> {
        self.person_id
    }

    pub fn at(&self) -> &str {
        &self.at
    }

    pub fn last_day(&self) -> Option<Day> {
        Day::parse(self.last_day.as_deref()?)
    }

    /// The page of it, which asks who may read.
    pub fn path(&self) -> String {
        let id = self.id;
        match self.kind {
            Kind::Requested => format!("/sign-offs/{id}"),
            Kind::Planned | Kind::Held => format!("/sessions/{id}"),
            Kind::RotaFindings => format!("/rotas/{id}"),
            Kind::Test => format!("/hooks/{id}"),
            Kind::KpiMissed | Kind::KpiMet => self.figure_path(),
            _ => format!("/clearances/{id}"),
        }
    }

    fn figure_path(&self) -> String {
        let word = self.figure.as_ref().map_or("", |(word, _)| word);
        match (self.team_id, self.area_id) {
            (Some(id), _) => format!("/kpis/teams/{id}/{word}"),
            (None, Some(id)) => format!("/kpis/areas/{id}/{word}"),
            (None, None) => "/kpis".into(),
        }
    }

    /// The same for one cause, for one hook.
    pub fn key(&self, hook_id: i64) -> String {
        let (kind, id, at) = (self.kind.word(), self.id, &self.at);
        format!("hook:{hook_id}:{kind}:{id}:{at}")
    }

    /// What happened, in a sentence that begins with our own words: names cannot begin a list or a heading.
    pub fn sentence(&self, names: &Names) -> String {
        let figure = self
            .figure
            .as_ref()
            .map_or("A key figure", |(_, label)| label);
        let (area, person) = (&names.area, names.person.as_deref().unwrap_or("someone"));
        let words = self.until.as_deref().unwrap_or("until");
        let until = self
            .last_day()
            .map_or_else(String::new, |d| format!(", {words} {}", d.words()));
        match self.kind {
            Kind::Granted => format!("Cleared for {area}: {person}{until}."),
            Kind::Interim => format!("Interim clearance for {area}: {person}{until}."),
            Kind::Expiring => format!("A clearance for {area} expires: {person}{until}."),
            Kind::Lapsed => format!("A clearance for {area} lapsed: {person}."),
            Kind::Suspended => format!("A clearance for {area} is suspended: {person}."),
            Kind::Revoked => format!("A clearance for {area} is revoked: {person}."),
            Kind::Reinstated => format!("A clearance for {area} is reinstated: {person}{until}."),
            Kind::Requested => format!("A sign-off in {area} waits for its keys."),
            Kind::Planned => format!("A session in {area} is planned."),
            Kind::Held => format!("A session in {area} was held."),
            Kind::KpiMissed => format!("{figure} misses its target: {area}."),
            Kind::KpiMet => format!("{figure} meets its target again: {area}."),
            Kind::RotaFindings => format!("The rota of {area} has new findings."),
            Kind::Test => format!("This is a test of the hook {area}."),
        }
    }

    /// Errors: A fault, which never happens: it is always JSON.
    pub fn to_json(&self) -> crate::error::Result<String> {
        serde_json::to_string(self).map_err(crate::error::Error::fault)
    }

    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// The names of an event, as they are when it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The area; of a test, the hook.
    pub area: String,
    /// The name of the area in addresses; empty for a test.
    pub slug: String,
    pub person: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    #[test]
    fn only_a_clearance_names_somebody() {
        let names = Names {
            area: "Payments".into(),
            slug: "payments".into(),
            person: Some("Amara Okafor".into()),
        };
        for kind in Kind::ALL {
            let held = crate::sample::clearance(5, 3, Day::parse("2027-02-27").unwrap());
            let event = Event::new(*kind, 7, 3, at("2026-11-23T09:00:00Z"))
                .of(5)
                .until(&held);
            assert_eq!(event.person_id().is_some(), kind.names_person(), "{kind:?}");
            let said = event.sentence(&names);
            assert_eq!(said.contains("Amara"), kind.names_person(), "{said}");
            assert!(said.contains("Payments") && said.ends_with('.'), "{said}");
            let stored = event.to_json().unwrap();
            assert!(
                !stored.contains("Amara") && !stored.contains("Payments"),
                "{stored}"
            );
            assert_eq!(Event::from_json(&stored), Some(event.clone()));
            let is_figure = matches!(kind, Kind::KpiMissed | Kind::KpiMet);
            let path = event.path();
            assert!(is_figure || path.ends_with("/7"), "{path}");
        }
    }

    #[test]
    fn a_key_figure_is_named_with_its_team_or_area() {
        let names = Names {
            area: "Payments".into(),
            ..Names::default()
        };
        for (of, path) in [
            (Owner::Team(2), "/kpis/teams/2/coverage"),
            (Owner::Area(3), "/kpis/areas/3/coverage"),
        ] {
            let figure = ("coverage", "Coverage");
            let then = at("2026-11-23T00:00:00Z");
            let event = Event::figure(Kind::KpiMissed, 7, of, figure, then);
            assert_eq!(event.path(), path);
            assert_eq!(
                event.sentence(&names),
                "Coverage misses its target: Payments."
            );
        }
    }

    #[test]
    fn the_same_cause_has_one_key_for_each_hook() {
        let event = |id, time| Event::new(Kind::Suspended, id, 3, at(time));
        let first = event(7, "2026-11-23T09:00:00Z");
        assert_eq!(first.key(1), first.clone().of(5).key(1));
        for other in [
            event(8, "2026-11-23T09:00:00Z").key(1),
            event(7, "2026-11-24T09:00:00Z").key(1),
            first.key(2),
        ] {
            assert_ne!(other, first.key(1));
        }
    }
}
