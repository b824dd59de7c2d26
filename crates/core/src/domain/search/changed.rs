//! The index follows what is changed.

use std::collections::BTreeSet;

use super::{Kind, store, texts};
use crate::db::Conn;
use crate::error::Result;

/// What was changed, by row, so that what is found of it may have changed too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    pub people: BTreeSet<i64>,
    pub areas: BTreeSet<i64>,
    pub standards: BTreeSet<i64>,
    pub ramps: BTreeSet<i64>,
    pub sessions: BTreeSet<i64>,
    pub postmortems: BTreeSet<i64>,
    pub drills: BTreeSet<i64>,
}

impl Changed {
    /// Notes what an audit entry is about. An action of a kind changes texts of an object of that kind and no other:
    /// `session.signed_in` is about a person, whose texts stay.
    pub fn note(&mut self, action: &str, object: &str) {
        let Some((kind, id)) = object.split_once(':') else {
            return;
        };
        let of_kind = match kind {
            "person" => &mut self.people,
            "area" => &mut self.areas,
            "standard" => &mut self.standards,
            "ramp" => &mut self.ramps,
            "session" => &mut self.sessions,
            "postmortem" => &mut self.postmortems,
            "drill" => &mut self.drills,
            _ => return,
        };
        if let (Some((of, _)), Ok(id)) = (action.split_once('.'), id.parse())
            && of == kind
        {
            of_kind.insert(id);
        }
    }
}

/// Writes what is found of these anew, and of everything that shows their names. [`crate::domain::audit`] calls it for
/// every entry, under the lock of the chain's head: nobody else writes to the index meanwhile.
pub fn refresh(c: &mut Conn, changed: &Changed) -> Result<()> {
    let list = |set: &BTreeSet<i64>| set.iter().copied().collect::<Vec<i64>>();
    let people = list(&changed.people);
    let found = texts::people(c, &people)?;
    let renamed = store::write(c, Kind::Person, &people, found)?;
    let mut named = texts::ramps_of_people(c, &renamed)?;

    let areas = list(&changed.areas);
    let found = texts::areas(c, &areas)?;
    let renamed = store::write(c, Kind::Area, &areas, found)?;
    let found = texts::systems(c, &areas)?;
    store::write(c, Kind::System, &areas, found)?;
    named.extend(texts::ramps_in(c, &renamed)?);
    let mut drills = list(&changed.drills);
    drills.extend(texts::drills_in(c, &renamed)?);
    let mut areas = texts::areas_of_standards(c, &list(&changed.standards))?;
    areas.extend(renamed);
    let found = texts::competencies(c, &areas)?;
    store::write(c, Kind::Competency, &areas, found)?;

    let mut ramps = list(&changed.ramps);
    ramps.extend(&named);
    let found = texts::ramps(c, &ramps)?;
    store::write(c, Kind::Ramp, &ramps, found)?;
    let mut sessions = texts::with_replaced(c, &list(&changed.sessions))?;
    sessions.extend(texts::sessions_of(c, &named)?);
    let found = texts::sessions(c, &sessions)?;
    store::write(c, Kind::Session, &sessions, found)?;

    let postmortems = list(&changed.postmortems);
    let found = texts::postmortems(c, &postmortems)?;
    store::write(c, Kind::Postmortem, &postmortems, found)?;
    let found = texts::drills(c, &drills)?;
    store::write(c, Kind::Drill, &drills, found)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_changes_the_texts_of_its_own_kind_only() {
        let of = |action, object| {
            let mut changed = Changed::default();
            changed.note(action, object);
            changed
        };
        let nothing = Changed::default();
        let table = [
            ("session.signed_in", "person:7"),
            ("item.marked", "ramp:7"),
            ("membership.changed", "team:7"),
            ("person.changed", "person:x"),
            ("person.changed", "person"),
        ];
        for (action, object) in table {
            assert_eq!(of(action, object), nothing, "{action} {object}");
        }
        assert_eq!(of("person.changed", "person:7").people, BTreeSet::from([7]));
        assert_eq!(of("drill.debriefed", "drill:3").drills, BTreeSet::from([3]));
    }
}
