//! A page that did not change since its viewer was shown it is not made again: the browser shows the one it has.
//!
//! The tag of a page names all that pages are made of: what the database holds, this process, the minute, who asks, and
//! what they ask for. What else a page shows, it says of itself that nobody keeps it ([`super::respond::not_kept`]).

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, EntityTag, Header, HeaderMap, HeaderValue, IfNoneMatch};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::Viewer;
use super::assets::PATH as ASSETS;
use super::guard::caller;
use super::respond::{FLASH, cookie_name};
use crate::clock::Clock;
use crate::db::Db;
use crate::db::types::UtcTime;

/// Pages that are open for longer are asked for in full: what they say of the time is never older.
const SECONDS: i64 = 60;

/// Characters of a tag: 128 bits. Two pages of one address are never taken for each other.
const TAG_LENGTH: usize = 32;

/// What the tag of a page is made of beside the request.
#[derive(Debug, Clone)]
pub struct Known {
    pub db: Db,
    pub clock: Clock,
    /// The cookie of who is signed in.
    pub session: &'static str,
}

/// The middleware, inside of all others.
///
/// Errors: None of its own.
pub async fn unchanged(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // Before the page is made: what is committed meanwhile makes another tag.
    let Some(tag) = tag(&req).await else {
        return Ok(next.call(req).await?.map_into_boxed_body());
    };
    if is_known(&req, &tag) {
        let mut same = HttpResponse::NotModified().finish();
        kept(same.headers_mut(), &tag);
        // A page in full says so when it is compressed.
        let encoding = HeaderValue::from_static("Accept-Encoding");
        same.headers_mut().append(header::VARY, encoding);
        return Ok(req.into_response(same));
    }
    let mut response = next.call(req).await?.map_into_boxed_body();
    if is_kept(&response) {
        kept(response.headers_mut(), &tag);
    }
    Ok(response)
}

/// The tag that a page asked for so has now; `None` where none is given.
async fn tag(req: &ServiceRequest) -> Option<EntityTag> {
    let known = req.app_data::<web::Data<Known>>()?;
    let request = req.request();
    let has = |name| request.cookie(&cookie_name(request, name)).is_some();
    let caller = caller(request);
    // A message is shown once.
    let may_be_kept = *req.method() == Method::GET
        && caller.forgets
        && has(known.session)
        && !has(FLASH)
        && !req.path().starts_with(ASSETS);
    if !may_be_kept {
        return None;
    }
    // Without a version, or while it cannot be asked at once, the page is made: it says what is wrong.
    let version = known.db.version().await.ok()?;
    Some(tag_of(req, caller.secure, &version, known.clock.now()))
}

fn tag_of(req: &ServiceRequest, secure: bool, version: &str, now: UtcTime) -> EntityTag {
    let minute = now.timestamp().as_second().div_euclid(SECONDS);
    let address = req.uri().path_and_query().map_or("/", |all| all.as_str());
    let mut all = Sha256::new();
    let mut add = |part: &[u8]| {
        all.update(part.len().to_be_bytes());
        all.update(part);
    };
    add(version.as_bytes());
    add(&minute.to_be_bytes());
    add(&[secure.into()]);
    add(address.as_bytes());
    for name in [header::HOST.as_str(), header::COOKIE.as_str(), "x-fragment"] {
        let sent: Vec<_> = req.headers().get_all(name).collect();
        add(&sent.len().to_be_bytes());
        for value in sent {
            add(value.as_bytes());
        }
    }
    let mut tag = hex::encode(all.finalize());
    tag.truncate(TAG_LENGTH);
    // The same page is sent compressed or not.
    EntityTag::new_weak(tag)
}

/// Whether the browser has the page of this tag. `*` would be any page, so it is none.
fn is_known(req: &ServiceRequest, tag: &EntityTag) -> bool {
    if !req.headers().contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    match IfNoneMatch::parse(req) {
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
        Ok(IfNoneMatch::Any) | Err(_) => false,
    }
}

/// Whether an answer is a page for somebody who is signed in, and says nothing else of being kept.
fn is_kept(response: &ServiceResponse<BoxBody>) -> bool {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE);
    response.status() == StatusCode::OK
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
        && !headers.contains_key(header::SET_COOKIE)
        && !headers.contains_key(header::CACHE_CONTROL)
        && response.request().extensions().contains::<Viewer>()
}

/// The browser keeps it for its user alone, and asks each time whether it is still so.
fn kept(headers: &mut HeaderMap, tag: &EntityTag) {
    if let Ok(tag) = HeaderValue::from_str(&tag.to_string()) {
        headers.insert(header::ETAG, tag);
        let ask = HeaderValue::from_static("private, no-cache");
        headers.insert(header::CACHE_CONTROL, ask);
        let by = HeaderValue::from_static("X-Fragment, Cookie");
        headers.insert(header::VARY, by);
    }
}
