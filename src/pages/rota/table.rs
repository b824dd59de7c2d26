//! The shifts of an area for a spreadsheet: one line a finding of a shift, and one for each shift without.

use actix_web::{HttpRequest, HttpResponse, web};

use super::show::shown_name;
use crate::domain::area::may_change;
use crate::error::Result;
use crate::pages::parts::table::download_at;
use crate::pages::request::past_day;
use crate::usecases::rota::{Judged, OfArea, of_area};
use crate::web::Fields;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 8] = [
    "Starts",
    "Ends",
    "Person",
    "Handle",
    "Duty",
    "Finding",
    "Why",
    "Accepted until",
];

pub(crate) async fn download(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = past_day(&req, &query)?;
    download_at(&req, query, &past, move |c, context, _| {
        let mut table = Table::new(format!("rota-{slug}"), &HEADER);
        let found = of_area(c, &context.actor, &slug, context.now)?;
        let may_change = may_change(&context.actor, found.area.owner_team_id);
        table.rows = lines(&found, may_change);
        Ok(table)
    })
    .await
}

fn lines(found: &OfArea, may_change: bool) -> Vec<Vec<Cell>> {
    let checked = &found.checked;
    let people = &checked.facts.people;
    let why = |judged: Option<&Judged>| match judged {
        None => [Cell::Empty, Cell::Empty, Cell::Empty],
        Some((finding, accepted)) => [
            Cell::text(finding.identity.kind.label()),
            Cell::text(finding.sentence()),
            Cell::maybe(accepted.as_ref(), |a| Cell::Day(a.until_on)),
        ],
    };
    let mut lines = Vec::new();
    for shift in &checked.shifts {
        let entry = &shift.entry;
        let (name, handle) = match shift.person {
            Some(id) => (
                people.name(id).to_owned(),
                people.person(id).handle.to_owned(),
            ),
            None => (shown_name(&entry.name, may_change), String::new()),
        };
        let mut found: Vec<Option<&Judged>> = checked.of_shift(shift).map(Some).collect();
        if found.is_empty() {
            found.push(None);
        }
        for judged in found {
            let [word, sentence, until] = why(judged);
            lines.push(vec![
                Cell::Moment(entry.starts_at),
                Cell::Moment(entry.ends_at),
                Cell::text(&name),
                Cell::text(&handle),
                Cell::text(entry.duty.label()),
                word,
                sentence,
                until,
            ]);
        }
    }
    let without_shift = checked.findings.iter().filter(|(f, _)| f.ends_at.is_none());
    for judged in without_shift {
        let [word, sentence, until] = why(Some(judged));
        let handle = judged
            .0
            .identity
            .who
            .person()
            .map(|id| people.person(id).handle);
        lines.push(vec![
            Cell::Empty,
            Cell::Empty,
            Cell::text(shown_name(&judged.0.name, may_change)),
            Cell::maybe(handle, Cell::text),
            Cell::Empty,
            word,
            sentence,
            until,
        ]);
    }
    lines
}
