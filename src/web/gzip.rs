//! Answers made smaller on their way, for browsers that ask for it.

use std::io::Write;

use actix_web::HttpRequest;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, Encoding, Header, HeaderMap, HeaderValue,
};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below that many bytes an answer fits into one packet as it is.
const WORTH_IT: usize = 1400;
/// The level for answers that are made anew each time. A board of 30 kB becomes 5.0 kB in 35 microseconds; the next
/// level makes it 4.1 kB in 57, the usual one (6) 3.5 kB in 115.
const FAST: Compression = Compression::new(1);
/// The level for what is compressed once and sent for ever.
const SMALLEST: Compression = Compression::best();

/// Whether the browser takes gzip.
#[must_use]
pub fn is_accepted(req: &HttpRequest) -> bool {
    let ours = [Encoding::gzip(), Encoding::identity()];
    // Without the header nothing is known of what the other side can read.
    req.headers().contains_key(header::ACCEPT_ENCODING)
        && AcceptEncoding::parse(req)
            .ok()
            .and_then(|accept| accept.negotiate(ours.iter()))
            == Some(Encoding::gzip())
}

/// Something that never changes, as small as it gets; `None` when it would not get smaller.
#[must_use]
pub fn smallest(body: &[u8]) -> Option<Vec<u8>> {
    packed(body, SMALLEST).filter(|small| small.len() < body.len())
}

fn packed(body: &[u8], level: Compression) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), level);
    // A vector takes everything, so this cannot fail; if it could, the answer would be sent as it is.
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

/// Makes a text smaller if the browser takes that, and says to caches that it depends on what the browser takes.
///
/// Pages hold no secret that lives longer than they do (form keys are made anew each time, the session is in a
/// cookie), so their length tells nobody anything.
pub(super) fn shrink(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let headers = response.headers();
    // Who says so already has chosen the encoding.
    if !is_text(headers) || varies(headers) {
        return response;
    }
    let wanted = is_accepted(response.request());
    let mut response = response.map_body(|head, body| {
        let body = match body.try_into_bytes() {
            Ok(bytes) => bytes,
            Err(body) => return body,
        };
        if wanted
            && body.len() > WORTH_IT
            && let Some(small) = packed(&body, FAST)
        {
            encoded(&mut head.headers);
            return BoxBody::new(small);
        }
        BoxBody::new(body)
    });
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

/// Says that a body is compressed.
pub(super) fn encoded(headers: &mut HeaderMap) {
    headers.insert(
        header::CONTENT_ENCODING,
        HeaderValue::from_static(ContentEncoding::Gzip.as_str()),
    );
}

fn varies(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::VARY)
        .any(|v| v == "Accept-Encoding")
}

fn is_text(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|mime| mime.as_bytes().starts_with(b"text/"))
}
