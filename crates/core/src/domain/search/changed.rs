//! The index follows what is changed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, store, texts};
use crate::db::{Conn, locks};
use crate::error::Result;

/// Most things that are locked one by one; a database has room for so many locks.
const ONE_BY_ONE: usize = 64;

/// What was changed, by row, so that what is found of it may have changed too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    rows: BTreeMap<Kind, BTreeSet<i64>>,
    standards: BTreeSet<i64>,
}

impl Changed {
    pub fn add(&mut self, kind: Kind, rows: impl IntoIterator<Item = i64>) {
        self.rows.entry(kind).or_default().extend(rows);
    }

    pub fn add_all(&mut self, other: Self) {
        for (kind, rows) in other.rows {
            self.add(kind, rows);
        }
        self.standards.extend(other.standards);
    }

    /// Notes what an audit entry is about. An action of a kind changes texts of an object of that kind and no other:
    /// `session.signed_in` is about a person, whose texts stay.
    pub fn note(&mut self, action: &str, object: &str) {
        let (Some((of, _)), Some((word, id))) = (action.split_once('.'), object.split_once(':'))
        else {
            return;
        };
        let Ok(id) = id.parse() else {
            return;
        };
        match Kind::parse(word) {
            _ if of != word => {}
            Some(kind) => self.add(kind, [id]),
            None if word == "standard" => {
                self.standards.insert(id);
            }
            None => {}
        }
    }

    /// Whether other things show the names of what was changed, or it is too much to lock one by one. Then nobody else writes
    /// to the index meanwhile: a thing that is made just now could show the old name, and not be found among those that do.
    pub fn reaches_others(&self) -> bool {
        let shown =
            |(kind, rows): (&Kind, &BTreeSet<i64>)| kind.is_shown_elsewhere() && !rows.is_empty();
        let all: usize = self.rows.values().map(BTreeSet::len).sum();
        self.rows.iter().any(shown) || all + self.standards.len() > ONE_BY_ONE
    }

    /// A number for each thing that may have changed, in order.
    fn keys(&self) -> Vec<i64> {
        let kinds = (1_i64..).zip(Kind::ALL);
        let keys =
            kinds.flat_map(|(n, kind)| self.of(*kind).into_iter().map(move |id| (n << 48) | id));
        keys.collect()
    }

    /// The rows of which something of that kind may have changed.
    fn of(&self, kind: Kind) -> Vec<i64> {
        let rows = [Some(kind), kind.kept_under()].into_iter().flatten();
        let rows = rows.filter_map(|kind| self.rows.get(&kind)).flatten();
        rows.copied()
            .collect::<BTreeSet<i64>>()
            .into_iter()
            .collect()
    }
}

/// Writes what is found of these anew, and of everything that shows their names. [`crate::domain::audit`] calls it for
/// every entry. It reads and writes what was changed, however much there is besides. Either the caller is alone
/// ([`Changed::reaches_others`]), or each thing is locked before its texts are read, so that the last of two writes what
/// both have changed.
pub fn refresh(c: &mut Conn, mut changed: Changed, is_alone: bool) -> Result<()> {
    let standards: Vec<i64> = changed.standards.iter().copied().collect();
    let of_standards = texts::shown::areas_of_standards(c, &standards)?;
    changed.add(Kind::Competency, of_standards);
    let sessions = changed.of(Kind::Session);
    changed.add(Kind::Session, texts::shown::replaced(c, &sessions)?);
    if !is_alone {
        locks::found(c, &changed.keys())?;
    }
    // A kind comes after those whose names it shows.
    for kind in Kind::ALL {
        let rows = changed.of(*kind);
        let found = texts::read(c, *kind, &rows)?;
        let written = store::write(c, *kind, &rows, found)?;
        texts::shown::add(c, *kind, &written, &mut changed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(action: &str, object: &str) -> Changed {
        let mut changed = Changed::default();
        changed.note(action, object);
        changed
    }

    #[test]
    fn an_action_changes_the_texts_of_its_own_kind_only() {
        let table = [
            ("session.signed_in", "person:7"),
            ("item.marked", "ramp:7"),
            ("membership.changed", "team:7"),
            ("comment.written", "drill:7"),
            ("person.changed", "person:x"),
            ("person.changed", "person"),
        ];
        for (action, object) in table {
            assert_eq!(
                noted(action, object),
                Changed::default(),
                "{action} {object}"
            );
        }
        let rows = |action, object, kind| noted(action, object).of(kind);
        assert_eq!(rows("person.changed", "person:7", Kind::Person), [7]);
        assert_eq!(rows("shift.moved", "shift:3", Kind::Shift), [3]);
        assert!(rows("drill.debriefed", "drill:3", Kind::Comment).is_empty());
    }

    #[test]
    fn who_changes_a_name_that_others_show_or_very_much_is_alone() {
        let table = [
            ("person.changed", "person:7", true),
            ("area.changed", "area:7", true),
            ("drill.debriefed", "drill:7", true),
            ("postmortem.edited", "postmortem:7", true),
            ("session.recorded", "session:7", false),
            ("standard.published", "standard:7", false),
            ("session.signed_in", "person:7", false),
        ];
        for (action, object, is_alone) in table {
            assert_eq!(noted(action, object).reaches_others(), is_alone, "{action}");
        }
        let mut many = Changed::default();
        many.add(Kind::Session, 1..=64);
        assert!(!many.reaches_others());
        many.add(Kind::Shift, [1]);
        assert!(many.reaches_others());
    }

    #[test]
    fn each_thing_has_a_key_of_its_own_in_order() {
        let mut changed = Changed::default();
        changed.add(Kind::Shift, [1, 9]);
        changed.add(Kind::Session, [9, 2]);
        let keys = changed.keys();
        assert_eq!(keys.len(), 4);
        assert!(keys.is_sorted_by(|one, other| one < other), "{keys:?}");
    }

    #[test]
    fn with_an_area_goes_what_is_kept_under_its_row() {
        let renamed = noted("area.changed", "area:4");
        for kind in [Kind::Area, Kind::System, Kind::Competency] {
            assert_eq!(renamed.of(kind), [4]);
        }
    }
}
