//! SQL of who has discussed a post-mortem: one text, for the gate of a ramp and for the lists of what is not discussed yet.

use crate::domain::session::store::counting;

/// Whose discussions are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Somebody's, wherever and whenever they were: SQL that gives the person.
    Person(&'a str),
    /// Those that count for a ramp: in its area, from the day from which its evidence counts. What its row is called in the
    /// statement.
    Ramp(&'a str),
}

impl Whose<'_> {
    fn person(self) -> String {
        match self {
            Self::Person(person) => person.to_owned(),
            Self::Ramp(row) => format!("{row}.mentee_id"),
        }
    }

    /// What else a discussion at `at` of the post-mortem that `column` names must hold.
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

/// SQL of the sessions in which they discussed one; `k.postmortem_id` is what they discussed.
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

/// SQL of the reading clubs that count for them; `b.postmortem_id` is what was discussed. A club counts when it was held,
/// they were there, and whoever led it had at least two others with them; nobody's own word counts for themselves.
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

/// SQL that holds where they have discussed the post-mortem that `column` names.
pub fn discussed(whose: Whose<'_>, column: &str) -> String {
    format!(
        "(EXISTS (SELECT 1 FROM {} AND k.postmortem_id = {column}) OR EXISTS (SELECT 1 FROM {} AND b.postmortem_id = {column}))",
        in_sessions(whose),
        in_clubs(whose)
    )
}

/// SQL that holds where somebody has still to discuss the post-mortem that `column` names: whoever ramps in an area of it
/// (in that `area`, where one is asked for) as long as it does not count for such a ramp; anybody else until they did.
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
