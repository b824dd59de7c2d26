//! Administration of people and teams: add, change, join and leave teams, leave and come back.

pub mod store;

use super::model::Person;
use super::{Email, Name, ZoneName};

/// Which people the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Everyone who has not left.
    Here,
    /// Those of them without a password: they cannot sign in yet.
    Waiting,
    Left,
}

impl Show {
    /// All of them, in the order of the filter.
    pub const ALL: [Self; 3] = [Self::Here, Self::Waiting, Self::Left];

    /// The word in the URL.
    pub fn word(self) -> &'static str {
        match self {
            Self::Here => "",
            Self::Waiting => "waiting",
            Self::Left => "left",
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Here => "Everyone here",
            Self::Waiting => "Not joined yet",
            Self::Left => "Left",
        }
    }

    /// The filter of a word in the URL; an unknown word shows everyone.
    pub fn parse(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|show| show.word() == word);
        known.unwrap_or(Self::Here)
    }
}

/// What an administrator sees and changes of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub name: Name,
    /// E-mail; the person signs in with it.
    pub email: Email,
    /// Their time zone.
    pub time_zone: ZoneName,
    pub is_admin: bool,
}

/// What a form showed when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub name: String,
    pub email: String,
    /// IANA name of their time zone.
    pub time_zone: String,
    pub is_admin: bool,
}

impl Shown {
    /// Whether a person is still as the form showed them.
    pub fn still_fits(&self, person: &Person) -> bool {
        self.name == person.name
            && self.email == person.email
            && self.time_zone == person.time_zone
            && self.is_admin == person.is_admin
    }
}

/// Why the last administrator cannot leave; `others` is how many more there are. An installation always has one.
pub fn last_administrator(person: &Person, others: i64) -> Option<String> {
    let is_one = person.is_admin && person.deactivated_at.is_none();
    (is_one && others == 0).then(|| {
        let name = &person.name;
        format!("{name} is the only administrator. Make someone else an administrator first.")
    })
}

/// Why a person may not join a team, or change place in it.
pub fn cannot_move(person: &Person, to: super::Place) -> Option<String> {
    let left = person.deactivated_at.is_some() && to != super::Place::Outside;
    left.then(|| format!("{} has left. Reactivate the account first.", person.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(is_admin: bool, has_left: bool) -> Person {
        let at = crate::sample::at("2026-11-01T00:00:00Z");
        Person {
            id: 1,
            handle: "mina-sato".into(),
            name: "Mina Sato".into(),
            email: "mina.sato@example.com".into(),
            time_zone: "Asia/Tokyo".into(),
            is_admin,
            deactivated_at: has_left.then_some(at),
        }
    }

    #[test]
    fn only_the_last_administrator_who_is_here_must_stay() {
        for (is_admin, has_left, others, stays) in [
            (true, false, 0, true),
            (true, false, 1, false),
            (false, false, 0, false),
            (true, true, 0, false),
        ] {
            let sentence = last_administrator(&person(is_admin, has_left), others);
            assert_eq!(sentence.is_some(), stays, "{is_admin} {has_left} {others}");
        }
    }

    #[test]
    fn a_person_who_left_can_only_be_removed_from_a_team() {
        use crate::domain::people::Place::{Lead, Member, Outside};
        for to in [Member, Lead] {
            assert!(cannot_move(&person(false, true), to).is_some());
            assert!(cannot_move(&person(false, false), to).is_none());
        }
        assert!(cannot_move(&person(false, true), Outside).is_none());
    }

    #[test]
    fn a_form_notices_that_the_person_changed_under_it() {
        let shown = Shown {
            name: "Mina Sato".into(),
            email: "mina.sato@example.com".into(),
            time_zone: "Asia/Tokyo".into(),
            is_admin: false,
        };
        assert!(shown.still_fits(&person(false, false)));
        assert!(!shown.still_fits(&person(true, false)));
        let moved = Person {
            time_zone: "Europe/Oslo".into(),
            ..person(false, false)
        };
        assert!(!shown.still_fits(&moved));
    }

    #[test]
    fn filters_are_known_by_their_words() {
        for show in Show::ALL {
            assert_eq!(Show::parse(show.word()), show);
        }
        assert_eq!(Show::parse("nonsense"), Show::Here);
    }
}
