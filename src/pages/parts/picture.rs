//! Forms with a picture, and pictures as browsers load them.

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::domain::picture::read::prepared;
use crate::domain::picture::{Chosen, Kind, MOST_BYTES, Refused};
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::pages::request::read;
use crate::web::Fields;
use crate::web::upload::{self, File, Sent};

/// The field of a form that holds the file.
const FIELD: &str = "picture";
/// Says that a file was chosen, and which one; a form that comes back, or is kept while its sender signs in, has lost it.
const DIGEST: &str = "picture_digest";

/// One is read at a time: it takes much memory for a moment.
static ONE: Semaphore = Semaphore::const_new(1);
/// How long one waits for those before it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A picture on a page.
pub struct PictureView {
    pub number: i32,
    pub src: String,
    pub alt: String,
    pub width: i32,
    pub height: i32,
}

/// A form, and the picture that was chosen in it.
pub struct Received {
    pub fields: Fields,
    pub chosen: Option<Chosen>,
}

/// Reads a form that may hold a picture. Of somebody who is not signed in only the words are kept.
pub async fn received(req: &HttpRequest, sent: Sent) -> Result<Received> {
    let parts = match sent {
        Sent::Typed(fields) => {
            let chosen = fields.has(DIGEST).then_some(Err(Refused::Again));
            return Ok(Received { fields, chosen });
        }
        Sent::Parts(parts) => parts,
    };
    let most = match read(req, |_, _| Ok(())).await {
        Ok(()) => MOST_BYTES,
        Err(Error::SignedOut) => 0,
        Err(other) => return Err(other),
    };
    let read = upload::read(parts, (FIELD, DIGEST), most).await?;
    req.extensions_mut().insert(read.fields.clone());
    let chosen = match read.file {
        None => None,
        Some(File::TooLarge) => Some(Err(Refused::TooManyBytes)),
        Some(File::Whole(bytes)) => Some(alone(bytes).await?),
    };
    Ok(Received {
        fields: read.fields,
        chosen,
    })
}

/// Where it holds up neither the database nor other requests.
async fn alone(file: Vec<u8>) -> Result<Chosen> {
    let turn = timeout(PATIENCE, ONE.acquire()).await;
    let turn = turn.map_err(|_| Error::Busy)?.map_err(Error::fault)?;
    let made = web::block(move || {
        // Held to its end, also when the browser has gone.
        let _turn = turn;
        prepared(&file)
    });
    made.await.map_err(Error::fault)
}

/// A form that came back: browsers do not fill in a file.
pub fn again(mut form: Form) -> Form {
    if form.fields.has(DIGEST) && form.errors.get(FIELD).is_none() {
        form.errors.add(FIELD, Refused::Again.sentence());
    }
    form
}

/// A picture itself.
pub fn served((kind, bytes): (Kind, Vec<u8>)) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        // A picture never changes, and who may see it can: another person in the same browser asks anew.
        .insert_header((header::CACHE_CONTROL, "private, max-age=604800, immutable"))
        .insert_header((header::VARY, "Cookie"))
        .body(bytes)
}
