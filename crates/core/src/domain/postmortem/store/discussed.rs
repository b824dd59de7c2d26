//! SQL for "who has discussed a post-mortem": one text, for the gate of a ramp and for the lists of what is still open.

use crate::domain::session::store::counting;

/// Whose discussions count.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// A person's, at any place and time: SQL that gives the person.
    Person(&'a str),
    /// Those that count for a ramp: in its area, from the day from which its evidence counts. The alias of its row in
    /// the statement.
    Ramp(&'a str),
}

impl Whose<'_> {
    fn person(self) -> String {
        match self {
            Self::Person(person) => person.to_owned(),
            Self::Ramp(row) => format!("{row}.mentee_id"),
        }
    }

    /// The extra condition on a discussion at `at` of the post-mortem in `column`.
    fn within(self, column: &str, at: &str) -> String {
        match self {
            Self::Person(_) => String::new(),
            Self::Ramp(row) => format!(
                " AND {at} >= {row}.counts_from AND EXISTS (SELECT 1 FROM postmortem_areas t \
                 WHERE t.postmortem_id = {column} AND t.area_id = {row}.area_id)"
            ),
        }
    }
}

/// SQL of the sessions in which they discussed one; `k.postmortem_id` is the post-mortem.
pub fn in_sessions(whose: Whose<'_>) -> String {
    let of_area = match whose {
        Whose::Person(_) => String::new(),
        Whose::Ramp(row) => format!(" AND o.area_id = {row}.area_id"),
    };
    format!(
        "ramps o JOIN sessions k ON k.ramp_id = o.id WHERE o.mentee_id = {}{of_area} AND k.postmortem_id IS NOT NULL \
         AND {}{}",
        whose.person(),
        counting("k"),
        whose.within("k.postmortem_id", "k.starts_at")
    )
}

/// SQL of the reading clubs that count for them; `b.postmortem_id` is the post-mortem. A club counts when it was held
/// and they were there; for its leader, only with at least two others. Nobody confirms themselves.
/// [`crate::domain::postmortem::club::counts_for`] says the same.
pub fn in_clubs(whose: Whose<'_>) -> String {
    format!(
        "club_people v JOIN clubs b ON b.id = v.club_id WHERE v.person_id = {} AND v.was_there AND b.state = 'held' \
         AND v.person_id <> b.closed_by AND (v.person_id <> b.led_by \
         OR (SELECT count(*) FROM club_people y WHERE y.club_id = b.id AND y.was_there AND y.person_id <> b.led_by) >= 2){}",
        whose.person(),
        whose.within("b.postmortem_id", "b.starts_at")
    )
}

/// SQL that is true when they have discussed the post-mortem in `column`.
pub fn discussed(whose: Whose<'_>, column: &str) -> String {
    format!(
        "(EXISTS (SELECT 1 FROM {} AND k.postmortem_id = {column}) OR EXISTS (SELECT 1 FROM {} AND b.postmortem_id = {column}))",
        in_sessions(whose),
        in_clubs(whose)
    )
}

/// SQL that is true when a person has not yet discussed the post-mortem in `column`. For someone on a ramp in one of
/// its areas (in `area`, if given): while it does not count for that ramp. For anyone else: until they discussed it.
pub fn still_to_discuss(person_id: i64, area: Option<i64>, column: &str) -> String {
    let in_area = area.map_or_else(String::new, |id| format!(" AND h.area_id = {id}"));
    let ramps = format!(
        "ramps h WHERE h.mentee_id = {person_id} AND h.closed_at IS NULL AND h.state <> 'proposed'{in_area} \
         AND EXISTS (SELECT 1 FROM postmortem_areas g WHERE g.postmortem_id = {column} AND g.area_id = h.area_id)"
    );
    let person = person_id.to_string();
    format!(
        "CASE WHEN EXISTS (SELECT 1 FROM {ramps}) THEN EXISTS (SELECT 1 FROM {ramps} AND NOT {}) ELSE NOT {} END",
        discussed(Whose::Ramp("h"), column),
        discussed(Whose::Person(&person), column)
    )
}
