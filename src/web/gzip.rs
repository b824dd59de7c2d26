//! Compresses responses for browsers that accept it.

use std::cell::RefCell;

use actix_web::HttpRequest;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, Encoding, Header, HeaderMap, HeaderValue,
};
use flate2::{Compress, Compression, FlushCompress, Status};

/// A smaller response fits into one packet as it is.
const MIN_BYTES: usize = 1400;
/// The level for responses that are made for each request. A board of 30 kB becomes 5.0 kB in 35 microseconds; the next
/// level makes it 4.1 kB in 57, the default one (6) 3.5 kB in 115.
const FAST: Compression = Compression::new(1);
/// The level for files that are compressed once and sent many times.
const SMALLEST: Compression = Compression::best();
/// How far back repetitions are found: 2 to the power of this, the maximum.
const WINDOW_BITS: u8 = 15;

/// Whether the browser accepts gzip.
pub fn is_accepted(req: &HttpRequest) -> bool {
    let ours = [Encoding::gzip(), Encoding::identity()];
    // Without the header we do not know what the other side can read.
    req.headers().contains_key(header::ACCEPT_ENCODING)
        && AcceptEncoding::parse(req)
            .ok()
            .and_then(|accept| accept.negotiate(ours.iter()))
            == Some(Encoding::gzip())
}

thread_local! {
    // Its tables are a quarter of a megabyte: making them for each response would cost as much as using them.
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new_gzip(FAST, WINDOW_BITS));
}

/// A file that never changes, as small as possible; `None` when it would not get smaller.
pub fn smallest(body: &[u8]) -> Option<Vec<u8>> {
    packed(&mut Compress::new_gzip(SMALLEST, WINDOW_BITS), body)
        .filter(|small| small.len() < body.len())
}

/// A response that is made for each request, smaller at little cost; `None` when it would not get smaller.
pub fn smaller(body: &[u8]) -> Option<Vec<u8>> {
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        packed(packer, body)
    })
}

fn packed(packer: &mut Compress, body: &[u8]) -> Option<Vec<u8>> {
    let mut small = Vec::with_capacity(body.len() / 3 + 64);
    loop {
        let taken = usize::try_from(packer.total_in()).ok()?;
        let rest = body.get(taken..)?;
        match packer
            .compress_vec(rest, &mut small, FlushCompress::Finish)
            .ok()?
        {
            Status::StreamEnd => return Some(small),
            Status::Ok | Status::BufError => small.reserve(body.len() / 4 + 64),
        }
    }
}

/// Compresses a text if the browser accepts that, and tells caches that the response depends on it.
///
/// Pages hold no secret that outlives them (form keys are new each time, the session is in a cookie), so their length
/// reveals nothing.
pub(super) fn shrink(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let headers = response.headers();
    // A response with this header has already chosen its encoding.
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
            && body.len() > MIN_BYTES
            && let Some(small) = smaller(&body)
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

/// Sets the header of a compressed body.
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

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use proptest::prelude::*;
    use std::io::Read;

    fn unpacked(small: &[u8]) -> Vec<u8> {
        let mut body = Vec::new();
        GzDecoder::new(small).read_to_end(&mut body).unwrap();
        body
    }

    proptest! {
        #[test]
        fn a_compressed_text_unpacks_to_itself(
            pages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20_000), 1..4),
        ) {
            // One after the other on the same thread: nothing of one page is left in the next.
            for page in pages {
                prop_assert_eq!(&unpacked(&smaller(&page).unwrap()), &page);
                let text = page.repeat(3);
                if let Some(small) = smallest(&text) {
                    prop_assert_eq!(unpacked(&small), text);
                }
            }
        }
    }
}
