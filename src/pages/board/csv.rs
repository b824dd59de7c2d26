//! The board for a spreadsheet: one line a cell, in the words of the page, days in ISO.

use actix_web::{HttpRequest, HttpResponse};

use super::shown;
use crate::domain::clearance::End;
use crate::error::Result;
use crate::pages::request::{past_day, read_at};
use crate::usecases::board::Board;
use crate::usecases::register::Register;
use crate::web::{Fields, csv};

const HEADER: [&str; 11] = [
    "Person",
    "Handle",
    "Teams",
    "Area",
    "Status",
    "Also",
    "Share of ramp in percent",
    "Counts as cover",
    "Last day",
    "Practise by",
    "Delta review due",
];

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = past_day(&req, &query)?;
    past.errors.clone().or(())?;
    let (today, file) = read_at(&req, &past, move |c, context| {
        let shown = shown(c, context, &query)?;
        let file = file(&shown.register, &shown.board)?;
        Ok((context.now.day(), file))
    })
    .await?;
    Ok(csv::attachment(&format!("board-{today}.csv"), file))
}

/// The file: people and areas as they are shown, line by line.
pub(super) fn file(register: &Register, board: &Board) -> Result<Vec<u8>> {
    let lines = board.rows.iter().flat_map(|row| {
        let person = register.person(row.person_id);
        let handle = person.map_or("", |p| p.handle.as_str());
        let teams = register.team_names(row.person_id).collect::<Vec<_>>();
        let teams = teams.join(", ");
        row.cells.iter().map(move |shown| {
            let cell = &shown.cell;
            [
                register.name(row.person_id).to_owned(),
                handle.to_owned(),
                teams.clone(),
                register.area_name(shown.area_id).to_owned(),
                cell.status.label().to_owned(),
                cell.second.map_or("", |s| s.label()).to_owned(),
                cell.percent.map(|p| p.to_string()).unwrap_or_default(),
                if cell.is_cover { "yes" } else { "no" }.to_owned(),
                shown
                    .clearance
                    .as_ref()
                    .map(|held| held.ends_on.for_files())
                    .unwrap_or_default(),
                // Empty where the last day is the sooner one.
                shown
                    .clearance
                    .as_ref()
                    .and_then(|held| match End::of(held) {
                        End::Practice(day) => Some(day.to_string()),
                        End::LastDay(_) => None,
                    })
                    .unwrap_or_default(),
                shown
                    .clearance
                    .as_ref()
                    .filter(|_| cell.is_cover)
                    .and_then(|held| register.delta_due(held.id))
                    .map(|due| due.to_string())
                    .unwrap_or_default(),
            ]
        })
    });
    csv::table(&HEADER, lines)
}
