//! The gates of a sign-off for a spreadsheet.

use actix_web::{HttpRequest, HttpResponse, web};

use super::show::{SentForm, load};
use crate::error::Result;
use crate::pages::form::Form;
use crate::pages::parts::table::download;
use crate::web::Page;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 5] = ["Gate", "State", "Progress", "Waiver", "Evidence"];

/// The rows of the sign-off's page, drawn now or frozen.
pub(crate) async fn table(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    download(&req, move |c, context, _| {
        let sent = (*id, SentForm::Key);
        let page = load(c, context, Page::signed_out(""), sent, Form::default())?;
        let mut table = Table::new(format!("gates-of-sign-off-{id}"), &HEADER);
        table.rows.extend(page.record.gates.into_iter().map(|gate| {
            vec![
                Cell::text(gate.label),
                Cell::text(if gate.met { "met" } else { "open" }),
                Cell::text(gate.progress),
                Cell::maybe(gate.waived, Cell::text),
                Cell::text(gate.evidence.1),
            ]
        }));
        Ok(table)
    })
    .await
}
