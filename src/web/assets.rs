//! The stylesheet, script and icons, embedded in the binary and named by their content.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::gzip;
use crate::error::{Error, Result};

/// What the addresses of all of them begin with.
pub(super) const PATH: &str = "/assets/";

const FILES: [(&str, &str, &[u8]); 4] = [
    (
        "app.css",
        "text/css; charset=utf-8",
        include_bytes!("../../assets/app.css"),
    ),
    (
        "app.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/app.js"),
    ),
    (
        "icons.svg",
        "image/svg+xml; charset=utf-8",
        include_bytes!("../../assets/icons.svg"),
    ),
    (
        "favicon.svg",
        "image/svg+xml; charset=utf-8",
        include_bytes!("../../assets/favicon.svg"),
    ),
];

/// One hash over all files: a change of one gives all a new address.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for (_, _, body) in FILES {
        all.update(body);
    }
    hex::encode(all.finalize()).chars().take(12).collect()
});
static ADDRESSES: LazyLock<[String; 4]> =
    LazyLock::new(|| FILES.map(|(name, ..)| format!("{PATH}{}/{name}", *HASH)));

/// Each file compressed, once; `None` where that makes it no smaller.
static COMPRESSED: LazyLock<[Option<Vec<u8>>; 4]> =
    LazyLock::new(|| FILES.map(|(_, _, body)| gzip::smallest(body)));

#[derive(Debug, Clone, Copy)]
pub struct Assets {
    pub css: &'static str,
    pub js: &'static str,
    pub icons: &'static str,
    pub favicon: &'static str,
}

pub fn assets() -> Assets {
    let [css, js, icons, favicon] = &*ADDRESSES;
    Assets {
        css,
        js,
        icons,
        favicon,
    }
}

/// Serves an asset, compressed if the browser accepts that; browsers may keep it forever.
pub async fn serve(req: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (hash, name) = path.into_inner();
    let ((_, mime, body), small) = FILES
        .iter()
        .zip(&*COMPRESSED)
        .find(|((n, ..), _)| *n == name)
        .filter(|_| hash == *HASH)
        .ok_or(Error::NotFound("file"))?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, *mime))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"));
    Ok(match small.as_deref() {
        Some(small) if gzip::is_accepted(&req) => answer
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .body(small),
        _ => answer.body(*body),
    })
}
