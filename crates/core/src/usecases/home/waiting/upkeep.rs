//! What keeps areas in order: figures, standards, rotas.

use super::Wait;
use super::causes::flags_wait;

use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::usecases::home::mine::Mine;
use crate::usecases::kpi;
use crate::usecases::rota::waiting::OpenRota;

impl Mine {
    /// Notes on key figures whose target the person owns.
    pub(super) fn notes_due(&self) -> Vec<Wait> {
        let due = kpi::waiting::due(&self.owned, self.register.today());
        due.into_iter()
            .map(|note| {
                let last = note.last.map(|day| self.local.day(day).text);
                let said = match last {
                    Some(day) => {
                        format!("Your last note is of {day}. Say why, and what comes next")
                    }
                    None => "You own its target. Say why it is so, and what comes next".into(),
                };
                let deed = format!("Write a note on {}", note.title);
                Wait::new(note.cause, (deed, note.title), said, "Write a note")
            })
            .collect()
    }

    /// A line an area whose stale flags nobody has answered yet, for its qualifiers.
    pub(super) fn flagged(&self) -> Vec<Wait> {
        let open = |area_id: i64| {
            let of_area = self.flags.iter().filter(|(f, ..)| f.area_id == area_id);
            of_area.filter(|(f, ..)| f.closed_at.is_none()).count()
        };
        let areas = self.register.areas().iter().map(|a| (a, open(a.id)));
        areas
            .filter(|(_, count)| *count > 0)
            .map(|(area, count)| {
                Wait::new(
                    flags_wait(area.id, &area.slug),
                    (
                        format!("Look at flagged lines of {}", area.name),
                        format!("{}, standard", area.name),
                    ),
                    format!(
                        "{count} checklist {} flagged as stale",
                        if count == 1 { "line" } else { "lines" }
                    ),
                    "Look",
                )
            })
            .collect()
    }
}

/// A line an area whose rotas do not agree with the clearances, for its leads. A new finding is told again.
pub(super) fn rota(open: &OpenRota) -> Wait {
    let count = match open.count {
        1 => "1 finding".to_owned(),
        n => format!("{n} findings"),
    };
    let (object, path) = (
        format!("area:{}", open.area_id),
        format!("/areas/{}/rota", open.slug),
    );
    let cause = Cause::new(Kind::RotaFindings, object, path)
        .area(open.area_id)
        .titled(count.clone())
        .apart_by(open.newest);
    let note = format!("{count} in the rota. Change the rota, or accept them");
    let deed = format!("Settle the rota of {}", open.area);
    Wait::new(
        cause,
        (deed, format!("{}, rota", open.area)),
        note,
        "See the rota",
    )
}
