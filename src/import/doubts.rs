//! What a list of people may not mean: a team that is mistyped, a second person of one name.

use std::collections::{BTreeMap, HashSet};

use super::PersonEntry;
use super::existing::Existing;
use crate::domain::people::Name;
use crate::domain::people::near::{folded, is_near};
use crate::text::email::email_key;

/// The field at which an undecided doubt is told.
pub const DOUBTS: &str = "doubts";

/// A team that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTeam {
    pub name: Name,
    /// Teams that may be meant: those that exist first, then others of the list.
    pub near: Vec<String>,
}

/// A new person whose name somebody has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    pub name: String,
    pub email: String,
    /// The others, in words: `elodie@example.com (Search)`.
    pub others: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubts {
    pub teams: Vec<NewTeam>,
    pub namesakes: Vec<Namesake>,
}

impl Doubts {
    pub fn of(people: &[PersonEntry], existing: &Existing) -> Self {
        Self {
            teams: new_teams(people, existing),
            namesakes: namesakes(people, existing),
        }
    }

    /// The same as notes of an import, which asks nobody.
    pub fn notes(&self) -> Vec<String> {
        let near = self.teams.iter().filter(|team| !team.near.is_empty());
        let teams = near.map(|team| {
            let (name, near) = (team.name.as_str(), team.near.join(" or "));
            format!("team {name}: it is new. Did you mean {near}?")
        });
        let namesakes = self.namesakes.iter().map(|who| {
            let (email, name, others) = (&who.email, &who.name, who.others.join(", "));
            format!(
                "person {email}: there is another {name}: {others}. If they are one person, change the e-mail in Checkride \
                 instead"
            )
        });
        teams.chain(namesakes).collect()
    }
}

fn new_teams(people: &[PersonEntry], existing: &Existing) -> Vec<NewTeam> {
    let mut seen: HashSet<String> = existing.teams.keys().cloned().collect();
    let teams = people.iter().flat_map(|entry| &entry.teams);
    let new: Vec<&Name> = teams
        .map(|(team, _)| team)
        .filter(|team| seen.insert(team.key()))
        .collect();
    let known = existing.teams.values().map(|team| team.name.as_str());
    // Folded once: every new one is compared with all.
    let all: Vec<(&str, String)> = known
        .chain(new.iter().map(|team| team.as_str()))
        .map(|name| (name, folded(name)))
        .collect();
    let near = |name: &Name| {
        let own = folded(name.as_str());
        all.iter()
            .filter(|(other, fold)| *other != name.as_str() && is_near(&own, fold))
            .map(|(other, _)| (*other).to_owned())
            .collect()
    };
    new.iter()
        .map(|name| NewTeam {
            name: (*name).clone(),
            near: near(name),
        })
        .collect()
}

fn namesakes(people: &[PersonEntry], existing: &Existing) -> Vec<Namesake> {
    /// E-mail key of everyone of a name, with their teams in words.
    type Of<'a> = BTreeMap<String, Vec<(String, Vec<&'a str>)>>;
    let mut of: Of<'_> = BTreeMap::new();
    for (email, person) in &existing.people {
        let teams = person
            .teams
            .keys()
            .filter_map(|key| existing.teams.get(key));
        let mut words: Vec<&str> = teams.map(|team| team.name.as_str()).collect();
        if person.left.is_some() {
            words = vec!["has left"];
        }
        of.entry(folded(&person.name))
            .or_default()
            .push((email.clone(), words));
    }
    let is_new = |entry: &PersonEntry| !existing.people.contains_key(&entry.person.email.key());
    let new: Vec<&PersonEntry> = people.iter().filter(|entry| is_new(entry)).collect();
    for entry in &new {
        let teams = entry.teams.iter().map(|(team, _)| team.as_str()).collect();
        let name = folded(entry.person.name.as_str());
        of.entry(name)
            .or_default()
            .push((entry.person.email.key(), teams));
    }
    let found = new.into_iter().filter_map(|entry| {
        let key = entry.person.email.key();
        let all = of.get(&folded(entry.person.name.as_str()))?.iter();
        let others: Vec<String> = all
            .filter(|(email, _)| *email != key)
            .map(|(email, teams)| match teams.as_slice() {
                [] => email.clone(),
                teams => format!("{email} ({})", teams.join(", ")),
            })
            .collect();
        (!others.is_empty()).then(|| Namesake {
            name: entry.person.name.as_str().to_owned(),
            email: entry.person.email.as_str().to_owned(),
            others,
        })
    });
    found.collect()
}

/// What somebody decided about the doubts of a list.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// By the key of a new team: the team that is meant, itself when it is to be created.
    pub teams: BTreeMap<String, Name>,
    /// E-mail keys of namesakes who are other people, and of those who are not and stay out.
    pub others: HashSet<String>,
    pub same: HashSet<String>,
}

impl Decisions {
    /// Whether every doubt is decided, each by one of its answers.
    pub fn settle(&self, doubts: &Doubts) -> bool {
        let is_meant = |team: &NewTeam| {
            let meant = self.teams.get(&team.name.key());
            meant.is_some_and(|meant| {
                let mut near = team.near.iter();
                let is_answer = *meant == team.name || near.any(|near| near == meant.as_str());
                is_answer && self.is_settled(&team.name)
            })
        };
        let is_known = |who: &Namesake| {
            let key = email_key(&who.email);
            self.others.contains(&key) || self.same.contains(&key)
        };
        doubts.teams.iter().all(is_meant) && doubts.namesakes.iter().all(is_known)
    }

    /// The list as it is meant.
    pub fn apply(&self, people: Vec<PersonEntry>) -> Vec<PersonEntry> {
        let stays = |entry: &PersonEntry| !self.same.contains(&entry.person.email.key());
        let meant = |mut entry: PersonEntry| {
            let mut teams: Vec<(Name, bool)> = Vec::new();
            for (team, lead) in entry.teams {
                let team = self.meant(team);
                match teams
                    .iter_mut()
                    .find(|(other, _)| other.key() == team.key())
                {
                    Some((_, leads)) => *leads |= lead,
                    None => teams.push((team, lead)),
                }
            }
            entry.teams = teams;
            entry
        };
        people.into_iter().filter(stays).map(meant).collect()
    }

    /// Whether what is meant ends at a team: two that are each meant for the other are none.
    fn is_settled(&self, team: &Name) -> bool {
        let end = self.meant(team.clone());
        let beyond = self.teams.get(&end.key());
        beyond.is_none_or(|beyond| beyond.key() == end.key())
    }

    /// The team that is meant in the end: a new one may be meant for another new one.
    fn meant(&self, mut team: Name) -> Name {
        for _ in 0..self.teams.len() {
            match self.teams.get(&team.key()) {
                Some(meant) => team = meant.clone(),
                None => break,
            }
        }
        team
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[test]
    fn answers_that_mean_one_another_settle_nothing() {
        let team = |own: &str, near: &str| NewTeam {
            name: name(own),
            near: vec![near.to_owned()],
        };
        let doubts = Doubts {
            teams: vec![team("Payment", "Payments"), team("Payments", "Payment")],
            namesakes: Vec::new(),
        };
        let answered = |answers: &[(&str, &str)]| {
            let teams = answers
                .iter()
                .map(|(of, meant)| (name(of).key(), name(meant)));
            let decisions = Decisions {
                teams: teams.collect(),
                ..Decisions::default()
            };
            decisions.settle(&doubts)
        };
        assert!(answered(&[
            ("Payment", "Payments"),
            ("Payments", "Payments")
        ]));
        assert!(!answered(&[
            ("Payment", "Payments"),
            ("Payments", "Payment")
        ]));
    }
}
