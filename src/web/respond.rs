//! Answers: pages, redirects with a message, and errors as pages.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::Flash;
use super::guard::caller;
use crate::error::{Error, FieldErrors, Result};

/// The result of a finished form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The page to go to.
    pub location: String,
    /// The message there, shown once; after a line break, the address of the form that undoes it.
    pub flash: String,
}

impl Done {
    pub fn new(location: impl Into<String>, flash: impl Into<String>) -> Self {
        Self {
            location: location.into(),
            flash: flash.into(),
        }
    }

    /// The same, with a button that undoes it by a form sent to `undo`.
    pub fn undoable(self, undo: &str) -> Self {
        Self {
            flash: format!("{}\n{undo}", self.flash.replace('\n', " ")),
            ..self
        }
    }
}

pub fn html(template: &impl Template) -> Result<HttpResponse> {
    html_with(StatusCode::OK, template)
}

/// 422 for a form that came back.
pub fn html_with(status: StatusCode, template: &impl Template) -> Result<HttpResponse> {
    let body = template.render().map_err(Error::fault)?;
    Ok(HttpResponseBuilder::new(status)
        .content_type("text/html; charset=utf-8")
        .body(body))
}

/// 200 for a form as it is first shown, 422 for one that came back.
pub fn form_status(errors: &FieldErrors) -> StatusCode {
    if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// Leads to the next page: 303 for a browser; 204 with the address for our script, whose fetch would otherwise use up
/// the message.
pub fn done(req: &HttpRequest, done: &Done) -> HttpResponse {
    let mut response = if req.headers().contains_key("x-fragment") {
        HttpResponse::NoContent()
            .insert_header(("x-location", done.location.as_str()))
            .finish()
    } else {
        HttpResponse::SeeOther()
            .insert_header((header::LOCATION, done.location.as_str()))
            .finish()
    };
    if !done.flash.is_empty() {
        let cookie = cookie(req, FLASH, hex::encode(&done.flash));
        if let Err(e) = response.add_cookie(&cookie) {
            tracing::warn!(error = %e, "could not set the message cookie");
        }
    }
    response
}

/// Has the browser store the answer under that name: letters, digits, hyphens and dots only.
pub fn stored_as(name: &str) -> (header::HeaderName, String) {
    (
        header::CONTENT_DISPOSITION,
        format!("attachment; filename=\"{name}\""),
    )
}

/// The same answer, which no browser keeps: it shows what the database does not hold, so nobody can say whether it is still
/// so.
pub fn not_kept(mut answer: HttpResponse) -> HttpResponse {
    let never = HeaderValue::from_static("no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, never);
    answer
}

/// What a browser forgets when it is told so: the pages it keeps, for the Back key too.
pub const PAGES: &str = "\"cache\"";
/// The same, and what our script keeps there.
pub const PAGES_AND_STORAGE: &str = "\"cache\", \"storage\"";

/// Has the browser forget [`PAGES`], or [`PAGES_AND_STORAGE`].
pub fn forget(answer: &mut HttpResponse, what: &'static str) {
    let name = HeaderName::from_static("clear-site-data");
    let what = HeaderValue::from_static(what);
    answer.headers_mut().insert(name, what);
}

/// The cookie with the message for the next page.
pub const FLASH: &str = "checkride-flash";

/// Reads the message for this page.
pub fn flash(req: &HttpRequest) -> Option<Flash> {
    let bytes = hex::decode(req.cookie(&cookie_name(req, FLASH))?.value()).ok()?;
    let said = String::from_utf8(bytes)
        .ok()
        .filter(|text| text.chars().count() <= 500)?;
    let (text, undo) = match said.split_once('\n') {
        Some((text, undo)) => (text, Some(undo)),
        None => (said.as_str(), None),
    };
    Some(Flash {
        text: text.to_owned(),
        // Only a path of this site that undoes, whatever the cookie says.
        undo: undo.filter(|path| is_undo(path)).map(str::to_owned),
    })
}

/// Whether a path is that of a form that undoes a session.
fn is_undo(path: &str) -> bool {
    let id = path.strip_prefix("/sessions/");
    let id = id.and_then(|rest| rest.strip_suffix("/undo"));
    id.is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}

/// A cookie's name: over HTTPS with `__Host-`, which ties it to this host; below a base path others share the host.
pub fn cookie_name(req: &HttpRequest, name: &str) -> String {
    let caller = caller(req);
    match (caller.secure, caller.base_path.is_empty()) {
        (true, true) => format!("__Host-{name}"),
        (true, false) => format!("__Secure-{name}"),
        (false, _) => name.to_owned(),
    }
}

/// A cookie for the whole installation: scripts cannot read it, other sites do not send it.
pub fn cookie(req: &HttpRequest, name: &str, value: String) -> Cookie<'static> {
    Cookie::build(cookie_name(req, name), value)
        .path(match caller(req).base_path.as_str() {
            "" => "/".to_owned(),
            base => base.to_owned(),
        })
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(caller(req).secure)
        .finish()
}
