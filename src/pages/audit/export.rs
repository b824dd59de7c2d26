//! The audit log as a file: the same entries as the page, all of them, written while they are read.

use std::sync::Arc;

use actix_web::web::block;
use actix_web::{HttpRequest, HttpResponse, rt};

use crate::db::{Conn, Db};
use crate::domain::audit::filter::FilterForm;
use crate::domain::audit::sentences::Kind;
use crate::domain::audit::store::Row;
use crate::domain::people::Actor;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::audit::sentence::words;
use crate::pages::audit::view::Named;
use crate::pages::request::{app, read};
use crate::usecases::audit::actions;
use crate::usecases::audit::actions::{PersonMatch, Search};
use crate::web::csv::Separator;
use crate::web::table::{Cell, Format, Workbook, attachment, csv_rows, sent};
use crate::web::{Fields, csv, stream};

/// Entries read at a time, each time in a snapshot of its own; what is added meanwhile is newer, and not missed.
const BATCH: usize = 500;

const HEADER: [&str; 16] = [
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
    "place",
];

/// Rows of the file, and the entry to go on from when there are more.
type Batch = (Vec<Vec<Cell>>, Option<i64>);

/// Who asks for what.
type Wanted = Arc<(Actor, Search)>;

/// What is asked for, and the first rows of it.
async fn begun(req: &HttpRequest) -> Result<(Wanted, String, Batch)> {
    let asked = FilterForm::of(&Fields::parse(req.query_string().as_bytes())?);
    read(req, move |c, context| {
        let search = actions::parse_search(c, &context.actor, &context.local, &asked)?;
        let search = clear(search, &asked)?;
        let first = batch(c, &context.actor, &search, None)?;
        let name = format!("audit-{}", context.now.day());
        Ok((Arc::new((context.actor.clone(), search)), name, first))
    })
    .await
}

async fn next(db: &Db, wanted: &Wanted, before: i64) -> Result<Batch> {
    let wanted = Arc::clone(wanted);
    db.read(move |c| batch(c, &wanted.0, &wanted.1, Some(before)))
        .await
}

/// Sent while it is read.
pub(crate) async fn csv(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let format = Format::asked(req.path(), &query);
    let separator = match format {
        Format::Csv(separator) => separator,
        Format::Xlsx => Separator::Comma,
    };
    let (wanted, name, first) = begun(&req).await?;
    let db = app(&req)?.db.clone();
    let header = csv::begin(&HEADER, separator)?;
    let (sender, body) = stream::body();
    rt::spawn(async move {
        let (mut rows, mut before) = first;
        let mut begun = header;
        loop {
            let bytes = match csv_rows(&rows, separator) {
                Ok(bytes) => [std::mem::take(&mut begun), bytes].concat(),
                Err(e) => return sender.send(Err(e)).await.unwrap_or_default(),
            };
            // Sending fails when nobody reads any more.
            let is_read = sender.send(Ok(bytes.into())).await.is_ok();
            let Some(seq) = before.filter(|_| is_read) else {
                return;
            };
            match next(&db, &wanted, seq).await {
                Ok(batch) => (rows, before) = batch,
                Err(e) => {
                    tracing::error!(error = %e, "an export of the audit log broke off");
                    // The connection is cut, so that nobody takes the file for complete.
                    return sender.send(Err(e)).await.unwrap_or_default();
                }
            }
        }
    });
    Ok(attachment(format, &name).body(body))
}

/// Written to the disk batch by batch, then sent.
pub(crate) async fn workbook(req: HttpRequest) -> Result<HttpResponse> {
    let (wanted, name, (mut rows, mut before)) = begun(&req).await?;
    let db = app(&req)?.db.clone();
    let mut book = Workbook::begin("audit", &HEADER)?;
    loop {
        let written = block(move || book.add(&rows).map(|()| book)).await;
        book = written.map_err(Error::fault)??;
        let Some(seq) = before else { break };
        (rows, before) = next(&db, &wanted, seq).await?;
    }
    let file = block(move || book.finish()).await;
    Ok(sent(&name, file.map_err(Error::fault)??))
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
    let rows = rows.into_iter().map(|row| cells(row, &named));
    Ok((rows.collect(), more))
}

fn cells(row: Row, named: &Named) -> Vec<Cell> {
    let handle = |id| named.person(id).map(|p| p.handle.clone());
    let what = words(&named.sentence(&row));
    let kind = Kind::of(&row.action).map_or("", Kind::word);
    let person = named.person(row.person_id).map(|p| p.name.clone());
    let area = named.area(row.area_id).map(|(_, slug)| slug.clone());
    vec![
        Cell::Number(row.seq),
        // As the hash has it, to the microsecond.
        Cell::text(row.at.iso_micros()),
        Cell::text(row.actor_name),
        Cell::maybe(handle(row.actor_id), Cell::text),
        Cell::text(row.action),
        Cell::text(kind),
        Cell::text(what),
        Cell::maybe(person, Cell::text),
        Cell::maybe(handle(row.person_id), Cell::text),
        Cell::maybe(area, Cell::text),
        Cell::text(row.object),
        Cell::text(row.details),
        Cell::text(row.address),
        Cell::text(row.request_id),
        Cell::text(row.hash),
        Cell::maybe(row.position, Cell::Number),
    ]
}
