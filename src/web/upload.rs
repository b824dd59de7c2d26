//! A form that may hold a file, as browsers send it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_multipart::{Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::guard::MOST_SENT;
use crate::error::{Error, Result};
use crate::web::Fields;

/// How long all of it may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(120);
/// So much of a file that is too large is still read, so that the browser hears the answer; in times of what is taken.
const READ_ON: usize = 4;

/// What a part costs beside its bytes: many empty ones are not free.
const PART: usize = 100;

/// Bytes that all files together may hold in memory until each is read.
static MEMORY: Semaphore = Semaphore::const_new(64 * 1024 * 1024);

/// A form before its file is read.
pub enum Sent {
    /// As forms without a file are sent.
    Typed(Fields),
    Parts(Multipart),
}

impl FromRequest for Sent {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Self, Self::Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = req.headers().get(header::CONTENT_TYPE);
        let has_parts = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
        if has_parts {
            let parts = Multipart::from_request(req, payload);
            return Box::pin(async move { Ok(Self::Parts(parts.await?)) });
        }
        let fields = Fields::from_request(req, payload);
        Box::pin(async move { Ok(Self::Typed(fields.await?)) })
    }
}

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    Whole(Vec<u8>),
    TooLarge,
}

/// What was sent.
#[derive(Debug, Default)]
pub struct Upload {
    /// What was typed.
    pub fields: Fields,
    pub file: Option<File>,
    /// The memory of the file; given back when this is dropped.
    pub memory: Option<SemaphorePermit<'static>>,
}

/// Reads a form whose field `name` is a file of at most `most` bytes. Its digest joins the fields under the name
/// `digest`, so that a form with another file is another form.
///
/// Errors: [`Error::TooSlow`]; [`Error::TooLarge`] when too much was typed; [`Error::Busy`] while files of others fill the
/// memory for them; [`Error::Invalid`] when it is no such form.
pub async fn read(form: Multipart, (name, digest): (&str, &str), most: usize) -> Result<Upload> {
    let read = timeout(ARRIVAL, parts(form, name, most));
    let (typed, file, memory) = read.await.map_err(|_| Error::TooSlow)??;
    let fields = Fields::sent(typed)?;
    let fields = match &file {
        None => fields,
        Some(File::TooLarge) => fields.and(digest, ""),
        Some(File::Whole(bytes)) => fields.and(digest, &hex::encode(Sha256::digest(bytes))),
    };
    Ok(Upload {
        fields,
        file,
        memory,
    })
}

type Typed = Vec<(String, String)>;
type Memory = Option<SemaphorePermit<'static>>;

async fn parts(
    mut form: Multipart,
    name: &str,
    most: usize,
) -> Result<(Typed, Option<File>, Memory)> {
    let (mut typed, mut file, mut memory) = (Vec::new(), None, None);
    let (mut of_text, mut of_files) = (0, 0);
    while let Some(mut field) = form.try_next().await.map_err(unreadable)? {
        let called = field.name().unwrap_or_default().to_owned();
        let is_file = called == name;
        of_text += called.len() + PART;
        let (mut bytes, mut is_whole) = (Vec::new(), true);
        while let Some(chunk) = field.try_next().await.map_err(unreadable)? {
            match is_file {
                true => of_files += chunk.len(),
                false => of_text += chunk.len(),
            }
            if of_text > MOST_SENT {
                return Err(Error::TooLarge);
            }
            if of_files > most.max(MOST_SENT).saturating_mul(READ_ON) {
                return Ok((typed, Some(File::TooLarge), memory));
            }
            is_whole &= !is_file || bytes.len() + chunk.len() <= most;
            if is_whole {
                if is_file {
                    hold(&mut memory, chunk.len())?;
                }
                bytes.extend_from_slice(&chunk);
            }
        }
        if of_text > MOST_SENT {
            return Err(Error::TooLarge);
        }
        match (is_file, is_whole) {
            (true, false) => file = Some(File::TooLarge),
            // No file was chosen.
            (true, true) if bytes.is_empty() => {}
            (true, true) => file = Some(File::Whole(bytes)),
            (false, _) => {
                let text = String::from_utf8(bytes).map_err(|_| Error::incomplete())?;
                typed.push((called, text));
            }
        }
    }
    Ok((typed, file, memory))
}

fn hold(memory: &mut Memory, bytes: usize) -> Result<()> {
    let bytes = u32::try_from(bytes).map_err(Error::fault)?;
    let more = MEMORY.try_acquire_many(bytes).map_err(|_| Error::Busy)?;
    match memory {
        Some(all) => all.merge(more),
        None => *memory = Some(more),
    }
    Ok(())
}

fn unreadable(_: MultipartError) -> Error {
    Error::incomplete()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_wait_in_so_much_memory_and_no_more() {
        let (mut first, mut second) = (None, None);
        for _ in 0..8 {
            hold(&mut first, 8 * 1024 * 1024).unwrap();
        }
        assert!(matches!(hold(&mut second, 1), Err(Error::Busy)));
        drop(first);
        hold(&mut second, 1).unwrap();
    }
}
