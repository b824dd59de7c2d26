//! The rows behind a figure for a spreadsheet.

use actix_web::{HttpRequest, HttpResponse};

use super::{asked, file_word, named_figure};
use crate::error::{Error, Result};
use crate::pages::parts::table::download_at;
use crate::usecases::kpi::subject::find;
use crate::web::Fields;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 3] = ["Row", "Adds", "Page"];

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let (whose, kpi) = named_figure(&req)?;
    let mut asked = asked(&req, &whose, |day| vec![day], Some(kpi)).await?;
    // Those of the day itself: they are kept by the time somebody asks again.
    let is_of_day = asked.shown == asked.day;
    let behind = asked.behind.take().filter(|_| is_of_day);
    let (past, behind) = (asked.past.clone(), behind.ok_or(Error::Busy)?);
    download_at(&req, query, &past, move |c, context, _| {
        let subject = find(c, context, &whose)?;
        let name = format!("{}-{}-rows", kpi.word(), file_word(&subject));
        let mut table = Table::new(name, &HEADER);
        let count = behind.count;
        let rows = behind.rows(c, usize::MAX)?;
        let more = count.saturating_sub(rows.len());
        table.rows.extend(rows.into_iter().map(|row| {
            let address = row.address.unwrap_or_default();
            vec![
                Cell::text(row.what),
                Cell::text(row.adds),
                Cell::text(address),
            ]
        }));
        if more > 0 {
            let left_out = format!("and {more} more rows");
            table
                .rows
                .push(vec![Cell::text(left_out), Cell::text(""), Cell::text("")]);
        }
        Ok(table)
    })
    .await
}
