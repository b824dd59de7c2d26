//! The form of a new rota.

use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::area::model::Area;
use crate::domain::rota::MOST_BYTES;
use crate::domain::rota::form::{From, NewRota};
use crate::domain::rota::source::Source;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{app, read, submit};
use crate::usecases::area::actions::area_to_change;
use crate::usecases::rota::actions;
use crate::web::upload::{self, File, Sent};
use crate::web::{Done, Errors, Fields, Page};

const FIELD: &str = "file";
/// Says that a file was chosen, and which one.
const DIGEST: &str = "file_digest";

/// A form, and the file that was chosen in it.
pub(super) struct Received {
    pub(super) fields: Fields,
    pub(super) file: Option<Vec<u8>>,
}

/// Reads a form that may hold a file. Of somebody who is not signed in only the words are kept.
pub(super) async fn received(req: &HttpRequest, sent: Sent) -> Result<Received> {
    let parts = match sent {
        Sent::Typed(fields) => return Ok(Received { fields, file: None }),
        Sent::Parts(parts) => parts,
    };
    let most = match read(req, |_, _| Ok(())).await {
        Ok(()) => MOST_BYTES,
        Err(Error::SignedOut) => 0,
        Err(other) => return Err(other),
    };
    let sent = upload::read(parts, (FIELD, DIGEST), most).await?;
    req.extensions_mut().insert(sent.fields.clone());
    let file = match sent.file {
        // Refused by its size, in the words of the reader.
        Some(File::TooLarge) => Some(vec![0; MOST_BYTES + 1]),
        Some(File::Whole(bytes)) if !bytes.is_empty() => Some(bytes),
        _ => None,
    };
    Ok(Received {
        fields: sent.fields,
        file,
    })
}

#[derive(Template)]
#[template(path = "rota/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    area: Area,
    called: String,
    address: String,
    text: String,
    sources: Vec<Choice>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let area = area_to_change(c, &context.actor, &slug)?;
        let fields = &form.fields;
        let chosen = match fields.get("source") {
            "" => Source::Calendar.word(),
            word => word,
        };
        Ok(NewPage {
            page: page.titled("areas", format!("Add a rota to {}", area.name)),
            called: fields.get("name").to_owned(),
            address: fields.get("address").to_owned(),
            text: fields.get("text").to_owned(),
            sources: Source::ALL
                .iter()
                .map(|s| Choice::new(s.word(), s.label(), s.word() == chosen))
                .collect(),
            errors: form.errors,
            area,
        })
    })
    .await
}

pub(crate) async fn add(
    req: HttpRequest,
    slug: web::Path<String>,
    sent: Sent,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let Received { fields, file } = received(&req, sent).await?;
    let (asked, name) = (fields.clone(), slug.clone());
    async {
        let new = NewRota::parse(&asked, file, app(&req)?.outgoing.networks())?;
        let upload = new.clone();
        let area = name.clone();
        // Read where it holds up no writer.
        let entries = read(&req, move |c, context| match &upload.from {
            From::Address { .. } => Ok(Vec::new()),
            From::Text(raw) => {
                let who = (&context.actor, context.now);
                actions::read(c, who, &area, (upload.source, raw))
            }
        })
        .await?;
        submit(&req, &asked, move |c, act| {
            actions::add(c, act, &name, &new, &entries)?;
            let said = match new.from {
                From::Text(_) => format!("{} was added.", new.name),
                From::Address { .. } => {
                    format!("{} was added. It is read within a minute.", new.name)
                }
            };
            Ok(Done::new(format!("/areas/{name}/rota"), said))
        })
        .await
    }
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
