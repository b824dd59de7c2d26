//! The people of an area for a spreadsheet: who is cleared, who ramps, with whom and until when.

use actix_web::{HttpRequest, HttpResponse, web};

use super::show;
use super::show::Part;
use crate::db::types::Day;
use crate::error::Result;
use crate::pages::parts::table::download_at;
use crate::pages::request::other_day;
use crate::web::table::{Cell, Table};
use crate::web::{Fields, Page};

const HEADER: [&str; 8] = [
    "Person", "Handle", "Status", "Detail", "Also", "Day", "Day is", "Mentors",
];

/// The rows of the area's page, of today or of a past day.
pub(crate) async fn download(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = other_day(&req, &query)?;
    let asked = past.clone();
    download_at(&req, query, &past, move |c, context, _| {
        let shown = show::load(
            c,
            context,
            Page::signed_out(""),
            (&slug, Part::Whole),
            asked,
        )?;
        let mut table = Table::new(format!("people-of-{}", *slug), &HEADER);
        table.rows.extend(shown.roster.into_iter().map(|line| {
            vec![
                Cell::text(line.name),
                Cell::text(line.handle),
                Cell::text(line.mark.word),
                Cell::text(line.mark.detail),
                Cell::maybe(line.also, |mark| Cell::text(mark.word)),
                Cell::maybe(line.date.and_then(|day| Day::parse(&day.iso)), Cell::Day),
                Cell::text(line.date_word),
                Cell::text(line.mentors),
            ]
        }));
        Ok(table)
    })
    .await
}
