//! The waivers of a ramp for a spreadsheet.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::waiver::{label, state, store};
use crate::error::Result;
use crate::pages::parts::table;
use crate::usecases::dossier::Dossier;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 10] = [
    "Waived",
    "State",
    "Last day",
    "Reason",
    "Asked by",
    "Asked (UTC)",
    "Decided by",
    "Decided (UTC)",
    "Revoked by",
    "Revoked (UTC)",
];

pub(crate) async fn download(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    table::download(&req, move |c, context, _| {
        let all = store::of_ramp(c, *id)?;
        let named = all
            .iter()
            .flat_map(|w| [Some(w.asked_by), w.decided_by, w.revoked_by])
            .flatten();
        let named: Vec<i64> = named.collect();
        let d = Dossier::load_with(c, *id, &context.actor, &named, context.now)?;
        let name = |by: Option<i64>| Cell::maybe(by, |id| Cell::text(d.person(id).name));
        let mut table = Table::new(format!("waivers-of-ramp-{id}"), &HEADER);
        table.rows.extend(all.iter().map(|w| {
            vec![
                Cell::text(label(&w.excused(), &d.standard.content)),
                Cell::text(state(w, context.now.day()).label()),
                Cell::Day(w.ends_on),
                Cell::text(&w.reason),
                name(Some(w.asked_by)),
                Cell::Moment(w.asked_at),
                name(w.decided_by),
                Cell::maybe(w.decided_at, Cell::Moment),
                name(w.revoked_by),
                Cell::maybe(w.revoked_at, Cell::Moment),
            ]
        }));
        Ok(table)
    })
    .await
}
