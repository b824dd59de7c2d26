//! The audit log as CSV: the same entries as the page, all of them, sent while they are read.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, rt};

use crate::db::Conn;
use crate::domain::audit::filter::FilterForm;
use crate::domain::audit::sentences::Kind;
use crate::domain::audit::store::Row;
use crate::domain::people::Actor;
use crate::error::{FieldErrors, Result};
use crate::pages::audit::sentence::words;
use crate::pages::audit::view::Named;
use crate::pages::request::{app, read};
use crate::usecases::audit::actions;
use crate::usecases::audit::actions::{PersonMatch, Search};
use crate::web::{Fields, csv, stream};

/// Entries read at a time, each time in a snapshot of its own; what is added meanwhile is newer, and not missed.
const BATCH: usize = 500;

const HEADER: [&str; 15] = [
    "number",
    "time",
    "actor",
    "actor_handle",
    "action",
    "kind",
    "what",
    "person",
    "person_handle",
    "area",
    "object",
    "details",
    "address",
    "request_id",
    "hash",
];

/// Lines of the file, and the entry to go on from when there are more.
type Batch = (Vec<u8>, Option<i64>);

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let asked = FilterForm::of(&Fields::parse(req.query_string().as_bytes())?);
    let (actor, day, search, first) = read(&req, move |c, context| {
        let search = actions::parse_search(c, &context.actor, &context.local, &asked)?;
        let search = clear(search, &asked)?;
        let first = batch(c, &context.actor, &search, None)?;
        Ok((context.actor.clone(), context.now.day(), search, first))
    })
    .await?;
    let db = app(&req)?.db.clone();
    let header = csv::begin(&HEADER)?;
    let (sender, body) = stream::body();
    let wanted = Arc::new((actor, search));
    rt::spawn(async move {
        let (mut bytes, mut before) = first;
        bytes.splice(0..0, header);
        // Sending fails when nobody reads any more.
        while sender.send(Ok(bytes.into())).await.is_ok() {
            let (Some(seq), wanted) = (before, Arc::clone(&wanted)) else {
                return;
            };
            let next = db.read(move |c| batch(c, &wanted.0, &wanted.1, Some(seq)));
            match next.await {
                Ok(batch) => (bytes, before) = batch,
                Err(e) => {
                    tracing::error!(error = %e, "an export of the audit log broke off");
                    // The connection is cut, so that nobody takes the file for complete.
                    return sender.send(Err(e)).await.unwrap_or_default();
                }
            }
        }
    });
    Ok(csv::attachment(&format!("audit-{day}.csv"), body))
}

/// Refuses what does not say which entries are wanted.
fn clear(search: Search, asked: &FilterForm) -> Result<Search> {
    let mut errors = search.errors.clone();
    match search.person {
        PersonMatch::NoMatch => errors.add("who", format!("Nobody is called “{}”.", asked.who)),
        PersonMatch::Several(_) => errors.add(
            "who",
            format!(
                "“{}” matches several people. Name one by handle or e-mail.",
                asked.who
            ),
        ),
        PersonMatch::Everyone | PersonMatch::One(_) | PersonMatch::Operator => {}
    }
    FieldErrors::or(errors, search)
}

fn batch(c: &mut Conn, actor: &Actor, wanted: &Search, before: Option<i64>) -> Result<Batch> {
    let (rows, more) = actions::page(c, actor, &wanted.filter, before, BATCH)?;
    let named = Named::look_up(c, &rows, &wanted.areas, actor)?;
    let lines = rows.into_iter().map(|row| cells(row, &named));
    Ok((csv::rows(lines)?, more))
}

fn cells(row: Row, named: &Named) -> [String; 15] {
    let handle = |id| named.person(id).map(|p| p.handle.clone());
    let what = words(&named.sentence(&row));
    let kind = Kind::of(&row.action).map_or("", Kind::word);
    let person = named.person(row.person_id).map(|p| p.name.clone());
    let area = named.area(row.area_id).map(|(_, slug)| slug.clone());
    [
        row.seq.to_string(),
        row.at.iso_micros(),
        row.actor_name,
        handle(row.actor_id).unwrap_or_default(),
        row.action,
        kind.to_owned(),
        what,
        person.unwrap_or_default(),
        handle(row.person_id).unwrap_or_default(),
        area.unwrap_or_default(),
        row.object,
        row.details,
        row.address,
        row.request_id,
        row.hash,
    ]
}
