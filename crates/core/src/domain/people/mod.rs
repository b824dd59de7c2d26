//! People and teams.

pub mod admin;
pub mod mentoring;
pub mod model;
pub mod names;
pub mod near;
pub mod next;
pub mod place;
pub mod store;
pub mod welcome;

use std::sync::LazyLock;

use jiff::tz::TimeZone;

use crate::db::types::UtcTime;
use crate::text;
use crate::time::LocalTime;
use crate::words::{Words, clipped};

use model::{Membership, Person, Team};
pub use names::{Names, PersonRef};
pub use place::{Place, effects};

/// The person (or the operator at the command line) who reads or does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Row of `people`; `None` for the operator at the command line.
    pub id: Option<i64>,
    pub name: String,
    pub handle: String,
    /// E-mail as it was entered.
    pub email: String,
    /// IANA time zone; times are shown in it.
    pub time_zone: String,
    /// Administrators run the installation. This gives no right in sign-offs.
    pub is_admin: bool,
    /// Teams the person belongs to.
    pub teams: Vec<i64>,
    /// Teams the person leads.
    pub leads: Vec<i64>,
}

impl Actor {
    /// A moment in their zone, seen from `now`, with the zone.
    pub fn moment(&self, at: UtcTime, now: UtcTime) -> String {
        let zone = &self.time_zone;
        format!("{} ({zone})", LocalTime::new(zone, now).moment(at).text)
    }

    /// The operator at the command line: anyone who may run the binary on the data.
    pub fn operator() -> Self {
        Self {
            id: None,
            name: "Command line".into(),
            handle: String::new(),
            email: String::new(),
            time_zone: "UTC".into(),
            is_admin: true,
            teams: Vec::new(),
            leads: Vec::new(),
        }
    }

    /// A person with their teams.
    pub fn of(person: Person, memberships: &[Membership]) -> Self {
        let leads = memberships.iter().filter(|m| m.is_lead);
        Self {
            id: Some(person.id),
            name: person.name,
            handle: person.handle,
            email: person.email,
            time_zone: person.time_zone,
            is_admin: person.is_admin,
            teams: memberships.iter().map(|m| m.team_id).collect(),
            leads: leads.map(|m| m.team_id).collect(),
        }
    }

    /// Whether they still have every right they had before.
    pub fn keeps_rights_of(&self, before: &Self) -> bool {
        let has_all = |now: &[i64], before: &[i64]| before.iter().all(|team| now.contains(team));
        (self.is_admin || !before.is_admin)
            && has_all(&self.teams, &before.teams)
            && has_all(&self.leads, &before.leads)
    }

    pub fn is(&self, person_id: i64) -> bool {
        self.id == Some(person_id)
    }

    pub fn leads(&self, team_id: i64) -> bool {
        self.leads.contains(&team_id)
    }

    pub fn leads_any(&self, teams: &[i64]) -> bool {
        teams.iter().any(|t| self.leads(*t))
    }
}

/// At most two capital letters for a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|w| w.chars().next());
    let first = words.next();
    let last = words.next_back();
    [first, last]
        .into_iter()
        .flatten()
        .flat_map(char::to_uppercase)
        .collect()
}

/// A person's, team's or area's name: one line of 1 to 100 characters in which nothing is invisible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    pub fn parse(typed: &str) -> Result<Self, String> {
        let name = text::line(typed, "The name")?;
        match name.chars().count() {
            0 => Err("Enter a name.".into()),
            1..=100 => Ok(Self(name)),
            n => Err(format!("The name has {n} characters. The limit is 100.")),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for two spellings of one name; a unique column stores it.
    pub fn key(&self) -> String {
        text::key(&self.0)
    }

    pub fn sort_key(&self) -> String {
        text::sort_key(&self.0)
    }

    pub fn search_key(&self) -> String {
        text::search_key(&self.0)
    }
}

/// One bare e-mail address of at most 254 characters, in the case it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address as it is pasted, with a name or `mailto:` around it.
    pub fn parse(typed: &str) -> Result<Self, String> {
        let email = text::email::unwrapped(typed);
        if email.is_empty() {
            Err("Enter an e-mail address.".into())
        } else if text::email::is_address(&email) {
            Ok(Self(email))
        } else {
            Err(format!(
                "“{}” is not an e-mail address like name@example.com.",
                clipped(&email, 80)
            ))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for two spellings of one address.
    pub fn key(&self) -> String {
        text::email::email_key(&self.0)
    }

    /// The name in URLs for this address: `ada.king@…` gives `ada-king`.
    pub fn handle(&self) -> String {
        let handle = text::dashed(self.0.split('@').next().unwrap_or_default());
        if handle.is_empty() {
            "person".into()
        } else {
            handle
        }
    }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneName(String);

impl ZoneName {
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.trim();
        match TimeZone::get(name) {
            Ok(zone) => Ok(Self(zone.iana_name().unwrap_or(name).to_owned())),
            Err(_) => Err(format!(
                "“{name}” is not a time zone. Use an IANA name such as Europe/Lisbon."
            )),
        }
    }

    /// The names of places, and UTC, for a list to choose from.
    pub fn known() -> &'static [String] {
        const CONTINENTS: [&str; 10] = [
            "Africa",
            "America",
            "Antarctica",
            "Arctic",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
        ];
        static KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
            let all = jiff::tz::db().available();
            let is_place = |name: &String| {
                let continent = name.split_once('/').map(|(continent, _)| continent);
                name == "UTC" || continent.is_some_and(|c| CONTINENTS.contains(&c))
            };
            let mut known: Vec<String> =
                all.map(|name| name.to_string()).filter(is_place).collect();
            known.sort();
            known
        });
        &KNOWN
    }

    /// The IANA name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone)]
pub struct NewPerson {
    pub name: Name,
    /// E-mail; the person signs in with it.
    pub email: Email,
    /// Time zone of the person.
    pub time_zone: ZoneName,
}

/// Why someone leaves; may be empty at the command line.
pub type Reason = Words<500>;

/// A team's word in URLs: the key of its name, which is unique.
pub fn team_word(team: &Team) -> String {
    text::key(&team.name)
}

/// The team of a word in a URL: a [`team_word`], or a number.
pub fn team_of(word: &str, teams: &[Team]) -> Option<i64> {
    let word = text::key(word);
    let named = teams.iter().find(|t| team_word(t) == word);
    named
        .or_else(|| teams.iter().find(|t| t.id.to_string() == word))
        .map(|t| t.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_team_is_found_by_its_name_or_its_number() {
        let teams = [(1, "Commerce SRE"), (2, "チーム"), (3, "1")].map(|(id, name)| Team {
            id,
            name: name.into(),
        });
        assert_eq!(
            teams.each_ref().map(team_word),
            ["commerce sre", "チーム", "1"]
        );
        let asked = ["Commerce SRE", "commerce sre", "チーム", "1", "2", "nobody"];
        assert_eq!(
            asked.map(|word| team_of(word, &teams)),
            [Some(1), Some(1), Some(2), Some(3), Some(2), None]
        );
    }

    proptest! {
        #[test]
        fn who_lost_a_right_does_not_keep_them_and_who_gained_one_does(
            before in prop::collection::btree_set(0..4_i64, 0..4),
            now in prop::collection::btree_set(0..4_i64, 0..4),
            was_admin: bool,
            is_admin: bool,
        ) {
            let actor = |leads: &std::collections::BTreeSet<i64>, is_admin| Actor {
                is_admin,
                leads: leads.iter().copied().collect(),
                ..Actor::operator()
            };
            let kept = now.is_superset(&before) && (is_admin || !was_admin);
            prop_assert_eq!(actor(&now, is_admin).keeps_rights_of(&actor(&before, was_admin)), kept);
        }
    }

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Mei-Ling Zhou"), "MZ");
        assert_eq!(initials("Noor"), "N");
        assert_eq!(initials("Ana de la Cruz"), "AC");
    }

    #[test]
    fn an_email_needs_both_sides() {
        for bad in ["", "x", "@x", "x@", "a b@c", "a@b@c"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        let read = Email::parse("Ada King <Ada.King@Example.com>; ").unwrap();
        assert_eq!(read.as_str(), "Ada.King@Example.com");
        assert_eq!(read.key(), "ada.king@example.com");
        assert_eq!(Email::parse("zoë@example.com").unwrap().handle(), "zoe");
        assert_eq!(Email::parse("障@example.com").unwrap().handle(), "person");
    }

    #[test]
    fn a_name_is_one_line_of_100_characters_in_any_script() {
        let read = |text: &str| Name::parse(text).map(|name| name.as_str().to_owned());
        assert_eq!(read(" E\u{301}quipe\u{a0} 1 "), Ok("Équipe 1".into()));
        assert_eq!(
            Name::parse("Équipe").unwrap().key(),
            Name::parse("E\u{301}QUIPE").unwrap().key()
        );
        assert!(read(&"障".repeat(100)).is_ok());
        assert!(read(&"障".repeat(101)).is_err());
        assert!(read(" \u{3000}").is_err());
        assert!(read("Ada\u{202e}Lind").is_err());
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        assert!(ZoneName::parse("Europe/Atlantis").is_err());
        assert_eq!(
            ZoneName::parse("Europe/Lisbon").unwrap().as_str(),
            "Europe/Lisbon"
        );
    }

    proptest! {
        #[test]
        fn a_handle_is_always_safe_in_a_url(local in "\\PC{1,20}") {
            if let Ok(email) = Email::parse(&format!("{local}@example.com")) {
                let handle = email.handle();
                prop_assert!(!handle.is_empty());
                prop_assert!(handle.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            }
        }
    }
}
