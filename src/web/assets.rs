//! Our own stylesheet, script and icons, embedded in the binary and named by their content.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

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
        "image/svg+xml",
        include_bytes!("../../assets/icons.svg"),
    ),
    (
        "favicon.svg",
        "image/svg+xml",
        include_bytes!("../../assets/favicon.svg"),
    ),
];

/// One hash over all files: a change of any gives all a new address.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for (_, _, body) in FILES {
        all.update(body);
    }
    hex::encode(all.finalize()).chars().take(12).collect()
});
static ADDRESSES: LazyLock<[String; 4]> =
    LazyLock::new(|| FILES.map(|(name, ..)| format!("/assets/{}/{name}", *HASH)));

/// Addresses of the assets, for templates.
#[derive(Debug, Clone, Copy)]
pub struct Assets {
    /// Stylesheet.
    pub css: &'static str,
    /// Script.
    pub js: &'static str,
    /// Icon sprite.
    pub icons: &'static str,
    /// Icon of the site.
    pub favicon: &'static str,
}

/// The addresses.
#[must_use]
pub fn assets() -> Assets {
    let [css, js, icons, favicon] = &*ADDRESSES;
    Assets {
        css,
        js,
        icons,
        favicon,
    }
}

/// Serves an asset; browsers may keep it for ever.
pub async fn serve(path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (hash, name) = path.into_inner();
    let file = FILES
        .iter()
        .find(|(n, ..)| *n == name)
        .filter(|_| hash == *HASH);
    let (_, mime, body) = file.ok_or(Error::NotFound("file"))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, *mime))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(*body))
}
