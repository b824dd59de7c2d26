//! Who could mentor: qualifiers and cleared people of the area, people found by a search, and what each carries.

use crate::db::Conn;
use crate::domain::people::model::Person;
use crate::domain::people::store::Search;
use crate::domain::ramp::load::Load;
use crate::domain::{area, clearance, people};
use crate::error::Result;
use crate::pages::parts::choice::Choice;
use crate::text;
use crate::time::LocalTime;
use crate::usecases::availability;
use crate::usecases::people::find;
use crate::usecases::ramp::loads;

/// People shown at most without a search; the search finds the others.
const SHOWN: usize = 40;
/// People a search gives at most.
pub(crate) const FOUND: i64 = 20;

/// A person who could mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// What they are in the area, in a word; empty for anyone else.
    pub(crate) word: &'static str,
    pub(crate) load: Load,
    /// When they are away, if it is now or soon; may be empty.
    pub(crate) away: String,
}

impl Candidate {
    /// Name, word and load as one of the mentors to choose.
    pub(crate) fn choice(&self, chosen: Option<i64>) -> Choice {
        let word = match self.word {
            "" => String::new(),
            word => format!(", {word}"),
        };
        let away = match self.away.as_str() {
            "" => String::new(),
            away => format!("; {away}"),
        };
        let label = format!("{}{word}: {}{away}", self.name, self.load.words());
        Choice::new(self.id, label, chosen == Some(self.id))
    }
}

/// Whether nobody among them is cleared in the area.
pub(crate) fn nobody_is_cleared(all: &[Candidate]) -> bool {
    all.iter().all(|candidate| candidate.word.is_empty())
}

/// What is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// Words of a name or handle.
    pub(crate) words: &'a str,
    /// Shown in any case: they were chosen before.
    pub(crate) chosen: &'a [i64],
    pub(crate) without: &'a [i64],
}

/// Candidates for an area: found by the search first, then qualifiers, then cleared people, each by name. Where nobody is
/// cleared, the people of the owner team.
pub(crate) fn mentors(
    c: &mut Conn,
    area_id: i64,
    wanted: Wanted<'_>,
    local: &LocalTime,
) -> Result<Vec<Candidate>> {
    let now = local.now();
    let cleared: Vec<i64> = clearance::store::latest_in_area(c, area_id)?
        .into_iter()
        .filter(|held| clearance::standing(Some(held), now.day()).is_cover())
        .map(|held| held.person_id)
        .collect();
    let designated: Vec<i64> = area::store::qualifiers_of(c, area_id)?
        .into_iter()
        .map(|q| q.person_id)
        .filter(|id| cleared.contains(id))
        .collect();
    let found = find::by_words(c, wanted.words, FOUND)?;
    let known: Vec<i64> = designated
        .iter()
        .chain(&cleared)
        .chain(wanted.chosen)
        .copied()
        .collect();
    let mut known: Vec<Person> = people::store::by_ids(c, &known)?;
    if cleared.is_empty() {
        let owner = area::store::by_id(c, area_id)?.owner_team_id;
        let of_team = Search {
            q: "",
            team: Some(owner),
            after: "",
        };
        let members = people::store::page(c, &of_team, SHOWN)?.into_iter();
        known.extend(members.filter(|p| !wanted.chosen.contains(&p.id)));
    }
    known.retain(|p| p.deactivated_at.is_none());
    known.sort_by_cached_key(|p| {
        let is_chosen = wanted.chosen.contains(&p.id);
        let is_designated = designated.contains(&p.id);
        (!is_chosen, !is_designated, text::sort_key(&p.name), p.id)
    });
    known.truncate(SHOWN);
    known.retain(|p| !found.iter().any(|f| f.id == p.id));
    let mut people: Vec<Person> = found.into_iter().chain(known).collect();
    people.retain(|p| !wanted.without.contains(&p.id));
    let ids: Vec<i64> = people.iter().map(|p| p.id).collect();
    let loads = loads::loads(c, &ids, now)?;
    let mut away = availability::named(c, &ids, local)?;
    Ok(people
        .into_iter()
        .map(|p| Candidate {
            id: p.id,
            word: if designated.contains(&p.id) {
                "qualifier"
            } else if cleared.contains(&p.id) {
                "cleared"
            } else {
                ""
            },
            load: loads.get(&p.id).copied().unwrap_or_default(),
            away: away.remove(&p.id).unwrap_or_default(),
            name: p.name,
        })
        .collect())
}
