//! What a judgement can rest on (a session, shift, drill, real incident, or what someone was asked to say they saw) and how strong that is.

use crate::db::types::UtcTime;
use crate::domain::standard::{Level, Strength};

/// A record that backs a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    Session(i64),
    /// A shadow or reverse-shadow shift.
    Shift(i64),
    Drill(i64),
    /// A real incident that someone logged.
    Incident(i64),
    /// What someone saw on real work, said on request.
    Asked(i64),
}

impl Source {
    /// Reads `session-9`.
    pub fn parse(word: &str) -> Option<Self> {
        let (kind, id) = word.split_once('-')?;
        let id = id.parse().ok()?;
        match kind {
            "session" => Some(Self::Session(id)),
            "shift" => Some(Self::Shift(id)),
            "drill" => Some(Self::Drill(id)),
            "incident" => Some(Self::Incident(id)),
            "asked" => Some(Self::Asked(id)),
            _ => None,
        }
    }

    /// `session-9`
    pub fn word(self) -> String {
        match self {
            Self::Session(id) => format!("session-{id}"),
            Self::Shift(id) => format!("shift-{id}"),
            Self::Drill(id) => format!("drill-{id}"),
            Self::Incident(id) => format!("incident-{id}"),
            Self::Asked(id) => format!("asked-{id}"),
        }
    }

    /// Its address; an incident is on the page with its person's practice.
    pub fn href(self, handle: &str) -> String {
        match self {
            Self::Session(id) => format!("/sessions/{id}"),
            Self::Shift(id) => format!("/shifts/{id}"),
            Self::Drill(id) => format!("/drills/{id}"),
            Self::Incident(_) => format!("/people/{handle}/practice"),
            Self::Asked(id) => format!("/observations/{id}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub source: Source,
    pub at: UtcTime,
    /// What kind of record it is.
    pub what: &'static str,
    /// What it was about; may be empty.
    pub summary: String,
    /// How strong it is.
    pub strength: Strength,
    /// How much help each competency needed; empty for an incident, where nobody observes single competencies.
    pub observed: Vec<(String, Level)>,
}

impl Evidence {
    pub fn backs(&self, code: &str) -> bool {
        matches!(self.source, Source::Incident(_)) || self.help(code).is_some()
    }

    /// How much help that competency needed.
    pub fn help(&self, code: &str) -> Option<Level> {
        let mut observed = self.observed.iter();
        observed.find(|(c, _)| c == code).map(|(_, help)| *help)
    }
}

/// What to propose for a new judgement: the strongest that was observed since the last one, of equals the newest.
/// `all`: the newest first.
pub fn strongest_since<'a>(
    all: impl Iterator<Item = &'a Evidence>,
    code: &str,
    last: Option<UtcTime>,
) -> Option<&'a Evidence> {
    all.filter(|e| e.help(code).is_some() && last.is_none_or(|at| e.at > at))
        .reduce(|best, e| match e.strength > best.strength {
            true => e,
            false => best,
        })
}

pub fn of_shift(kind: &str) -> (&'static str, Strength) {
    match kind {
        "shadow" => ("Shadow shift", Strength::Shadowed),
        _ => ("Reverse-shadow shift", Strength::Real),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_reads_as_it_was_written() {
        for source in [
            Source::Session(9),
            Source::Shift(1),
            Source::Drill(20),
            Source::Incident(3),
            Source::Asked(4),
        ] {
            assert_eq!(Source::parse(&source.word()), Some(source));
        }
        for wrong in ["", "9", "session", "session-x", "talk-9"] {
            assert_eq!(Source::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_strongest_since_the_last_judgement_is_proposed_and_of_equals_the_newest() {
        let at = |hour: i64| UtcTime::stored(&format!("2026-11-10T{hour:02}:00:00")).unwrap();
        let seen = |id, strength| Evidence {
            source: Source::Session(id),
            at: at(id),
            what: "",
            summary: String::new(),
            strength,
            observed: vec![("PAY-A1".into(), Level::new(3).unwrap())],
        };
        let all = [
            seen(4, Strength::Lab),
            seen(3, Strength::Drill),
            seen(2, Strength::Drill),
            seen(1, Strength::Real),
        ];
        let proposed = |code: &str, last: Option<i64>| {
            strongest_since(all.iter(), code, last.map(at)).map(|e| e.source)
        };
        assert_eq!(proposed("PAY-A1", None), Some(Source::Session(1)));
        assert_eq!(proposed("PAY-A1", Some(1)), Some(Source::Session(3)));
        assert_eq!(proposed("PAY-A1", Some(3)), Some(Source::Session(4)));
        assert_eq!(proposed("PAY-A1", Some(4)), None);
        assert_eq!(proposed("PAY-A2", None), None);
    }

    #[test]
    fn strength_is_ordered_as_the_rule_says() {
        let order = ["talked_through", "lab", "drill", "shadowed", "real"];
        let mut words = order.map(|word| Strength::parse(word).unwrap());
        words.sort();
        assert_eq!(words.map(Strength::word), order);
    }
}
