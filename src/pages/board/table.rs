//! The board for a spreadsheet: one line a cell, in the words of the page.

use actix_web::{HttpRequest, HttpResponse};

use super::shown;
use crate::domain::clearance::End;
use crate::error::Result;
use crate::pages::parts::table::download_at;
use crate::pages::request::other_day;
use crate::usecases::board::Board;
use crate::usecases::register::Register;
use crate::web::Fields;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 11] = [
    "Person",
    "Handle",
    "Teams",
    "Area",
    "Status",
    "Also",
    "Share of ramp in percent",
    "Counts as cover",
    "Practise by",
    "Cleared until",
    "Delta review due",
];

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = other_day(&req, &query)?;
    download_at(&req, query, &past, |c, context, query| {
        let shown = shown(c, context, query)?;
        Ok(table(&shown.register, &shown.board))
    })
    .await
}

/// People and areas as they are shown, line by line.
pub(super) fn table(register: &Register, board: &Board) -> Table {
    let mut table = Table::new("board", &HEADER);
    for row in &board.rows {
        let person = register.person(row.person_id);
        let handle = person.map_or("", |p| p.handle.as_str());
        let teams = register.team_names(row.person_id).collect::<Vec<_>>();
        let teams = teams.join(", ");
        for shown in &row.cells {
            let (cell, held) = (&shown.cell, shown.clearance.as_ref());
            // Empty where the last day is the sooner one.
            let practise = held.and_then(|held| match End::of(held) {
                End::Practice(day) => Some(day),
                End::LastDay(_) => None,
            });
            let cover = held.filter(|_| cell.is_cover);
            let delta = cover.and_then(|held| register.delta_due(held.id));
            table.rows.push(vec![
                Cell::text(register.name(row.person_id)),
                Cell::text(handle),
                Cell::text(&teams),
                Cell::text(register.area_name(shown.area_id)),
                Cell::text(cell.status.label()),
                Cell::maybe(cell.second, |s| Cell::text(s.label())),
                Cell::maybe(cell.percent, |p| Cell::Number(p.into())),
                Cell::flag(cell.is_cover),
                Cell::maybe(practise, Cell::Day),
                Cell::maybe(held, |held| Cell::Day(held.ends_on)),
                Cell::maybe(delta, Cell::Day),
            ]);
        }
    }
    table
}
