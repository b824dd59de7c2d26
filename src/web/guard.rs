//! Around every request: its id and log line, its caller, the check of its origin, safe headers, error pages.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use ipnet::IpNet;

use super::assets;
use super::base;
use super::error::error_page;
use super::gzip;
use super::origin::{
    address, foreign_host, is_forwarded_in_vain, is_https, is_on_this_machine, is_own_origin,
    is_trusted, page_before,
};
use super::respond::{FLASH, PAGES, cookie, cookie_name, forget};
use crate::error::Error;
use crate::forms::random_hex;
use crate::web::{Fields, Look, Viewer};

/// Only our own files, nothing inline, no frame around our pages.
const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Forms whose right is the secret in their address, not who is signed in: a mail program sends them, which is no page of
/// ours (RFC 8058).
const BY_SECRET: &str = "/mail/";

/// Such a form: the secret has 64 hexadecimal digits.
fn is_by_secret(path: &str) -> bool {
    let secret = path
        .strip_prefix(BY_SECRET)
        .and_then(|rest| rest.split('/').next());
    secret.is_some_and(|s| s.len() == 64 && s.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What a request holds at most, in bytes: every text that the fields of a form allow, in any script, fits.
pub const MOST_SENT: usize = 1024 * 1024;

/// What the guard must know about the installation.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Proxies whose `X-Forwarded-*` headers are trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Scheme, host and port people use, if they differ from what reaches us.
    pub public_url: Option<String>,
    /// What is before every path of ours in the addresses people use: empty, or like `/checkride`.
    pub base_path: String,
    /// The log heard of forwarded headers that are not believed. Once a start is enough.
    pub has_warned: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Network address, as far as the proxies can be trusted.
    pub address: String,
    pub secure: bool,
    /// The browser forgets pages when it is told so (`Clear-Site-Data`): over HTTPS, or when it runs on this machine.
    pub forgets: bool,
    /// The base path of the installation.
    pub base_path: String,
    /// Id of this request in the log and on error pages.
    pub request_id: String,
}

/// The caller of a request, as set by the guard.
pub fn caller(req: &HttpRequest) -> Rc<Caller> {
    req.extensions()
        .get::<Rc<Caller>>()
        .cloned()
        .unwrap_or_default()
}

/// The middleware.
///
/// Errors: None of its own: errors of handlers become pages.
pub async fn guard(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let began = Instant::now();
    let rules = req.app_data::<web::Data<Rules>>().cloned();
    let rules = rules
        .as_ref()
        .map_or_else(Rules::default, |r| (***r).clone());
    let caller = Rc::new(who(&req, &rules));
    req.extensions_mut().insert(Rc::clone(&caller));
    let is_ours = base::enter(&mut req, &rules.base_path);
    let peer = req.peer_addr().map(|a| a.ip());
    let foreign = foreign_host(peer, req.headers(), &rules)
        .filter(|_| !matches!(req.path(), "/healthz" | "/readyz"))
        .map(str::to_owned);
    let (method, path) = (req.method().clone(), req.path().to_owned());

    let refused = if let Some(host) = foreign {
        Some(Error::Misdirected(host))
    } else if is_unsafe(&method)
        && !is_by_secret(req.path())
        && !is_own_origin(req.headers(), &rules)
    {
        Some(Error::Forbidden(
            "This form did not come from Checkride itself, so it was not accepted.".into(),
        ))
    } else if !is_ours || path.contains("%00") {
        // No page has a NUL in its address, and PostgreSQL refuses to search for it.
        Some(Error::NotFound("page"))
    } else {
        None
    };
    // HEAD is GET without the body; the server leaves the body out.
    if method == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let response = if let Some(refused) = refused {
        let (http, _) = req.into_parts();
        ServiceResponse::new(http, HttpResponse::from_error(refused))
    } else {
        match next.call(req).await {
            Ok(response) => response.map_into_boxed_body(),
            Err(e) => return Err(e),
        }
    };
    let mut response = match meant(&method, &response) {
        Some(to) => {
            let mut led = HttpResponse::PermanentRedirect();
            led.insert_header((header::LOCATION, to));
            ServiceResponse::new(response.into_parts().0, led.finish())
        }
        None => explain(response, &caller, &rules),
    };
    let status = response.status();
    finish(&mut response, &path, &rules);
    base::leave(&mut response, &rules.base_path);
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request_id = caller.request_id, %method, path = logged(&path), status = status.as_u16(), millis, "answered");
    Ok(gzip::shrink(response))
}

/// The address that was meant by one with a slash at its end, or a name in capital letters, where no page is.
fn meant(method: &Method, response: &ServiceResponse<BoxBody>) -> Option<String> {
    if response.status() != StatusCode::NOT_FOUND || is_unsafe(method) {
        return None;
    }
    let uri = response.request().uri();
    let own = own_path(uri.path())?;
    Some(match uri.query() {
        Some(query) => format!("{own}?{query}"),
        None => own,
    })
}

/// The address that was meant; `None` when it would be the same one. What it names stands in its first two parts, in
/// small letters; codes further on have capitals.
fn own_path(path: &str) -> Option<String> {
    let parts = path.trim_end_matches('/').split('/').enumerate();
    let parts: Vec<String> = parts
        .map(|(n, part)| match n {
            0..=2 => part.to_ascii_lowercase(),
            _ => part.to_owned(),
        })
        .collect();
    let own = parts.join("/");
    // Two slashes at the beginning would lead to another host.
    (own != path && own.starts_with('/') && !own.starts_with("//")).then_some(own)
}

/// The path for the log. The secret of a one-time link (64 hexadecimal digits) is hidden, even with text pasted after
/// it.
fn logged(path: &str) -> String {
    let shown = |segment: &str| {
        let digits = segment.bytes().filter(u8::is_ascii_hexdigit).count();
        if digits < 60 {
            segment.to_owned()
        } else {
            "{token}".to_owned()
        }
    };
    let segments: Vec<String> = path.split('/').map(shown).collect();
    segments.join("/")
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn who(req: &ServiceRequest, rules: &Rules) -> Caller {
    let peer = req.peer_addr().map(|a| a.ip());
    if is_forwarded_in_vain(peer, req.headers(), rules)
        && !rules.has_warned.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(
            "X-Forwarded headers came from {}, which is no trusted proxy, and are not believed. If it is your proxy, set \
             trusted_proxies",
            peer.map(|ip| ip.to_string()).unwrap_or_default()
        );
    }
    let https = is_trusted(peer, rules) && is_https(req.headers());
    let public_https = rules
        .public_url
        .as_deref()
        .is_some_and(|u| u.starts_with("https://"));
    Caller {
        address: address(peer, req.headers(), rules)
            .map_or_else(|| "unknown".to_owned(), |ip| ip.to_string()),
        secure: https || public_https,
        forgets: https || public_https || is_on_this_machine(peer, req.headers(), rules),
        base_path: rules.base_path.clone(),
        request_id: random_hex::<8>(),
    }
}

/// Turns an error into a page, and logs its cause once.
fn explain(
    response: ServiceResponse<BoxBody>,
    caller: &Caller,
    rules: &Rules,
) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let foreign;
    let error = match response.response().error() {
        None => return response,
        Some(e) => match e.as_error::<Error>() {
            Some(ours) => ours,
            None => {
                foreign = match status {
                    StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
                    s if s.is_server_error() => Error::fault(e),
                    _ => Error::field("", "The request could not be understood."),
                };
                &foreign
            }
        },
    };
    match error {
        Error::Fault(cause) => {
            tracing::error!(request_id = caller.request_id, cause, "fault");
        }
        Error::Unknown(cause) => {
            tracing::warn!(
                request_id = caller.request_id,
                cause,
                "the answer to a commit was lost"
            );
        }
        Error::Forbidden(_) | Error::TooMany(_) | Error::Misdirected(_) => {
            let person = response.request().extensions().get::<Viewer>().cloned();
            tracing::warn!(
                request_id = caller.request_id,
                address = caller.address,
                person = person.map(|viewer| viewer.handle),
                why = %error,
                "refused"
            );
        }
        _ => {}
    }
    let request = response.request();
    if matches!(error, Error::SignedOut) && !is_unsafe(request.method()) {
        let to = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let next: Vec<(&str, &str)> = vec![("next", to)];
        let query = serde_html_form::to_string(next).unwrap_or_default();
        let location = if to == "/" {
            "/sign-in".to_owned()
        } else {
            format!("/sign-in?{query}")
        };
        let mut redirect = HttpResponse::SeeOther()
            .insert_header((header::LOCATION, location))
            .finish();
        // A session that ended elsewhere, or by itself, leaves no pages for who comes next.
        forget(&mut redirect, PAGES);
        return response.into_response(redirect);
    }
    let viewer = request.extensions().get::<Viewer>().cloned();
    // The page that sent the form still has what was typed.
    let back = is_unsafe(request.method())
        .then(|| page_before(request.headers(), rules))
        .flatten();
    let sent = request.extensions().get::<Fields>().cloned();
    let words = sent.unwrap_or_default();
    let words = words.words().into_iter().map(str::to_owned).collect();
    match error_page(
        error,
        (viewer, Look::of(request)),
        (back, words),
        &caller.request_id,
    ) {
        Ok(page) => {
            let mut answer = error.error_response();
            answer.headers_mut().insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            );
            let answer = answer.set_body(BoxBody::new(page));
            response.into_response(answer)
        }
        Err(e) => {
            tracing::error!(request_id = caller.request_id, cause = %e, "the error page failed");
            response
        }
    }
}

/// How much of this page's address its requests send. An error page links back to that address. A form that came back
/// may be at an address that only answers forms. Then requests send only the host, unless the form was sent from the
/// same address, which must then be a page.
fn referrer_policy(request: &HttpRequest, status: StatusCode, rules: &Rules) -> &'static str {
    let came_back = is_unsafe(request.method())
        && matches!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
        );
    let is_page = page_before(request.headers(), rules)
        .is_some_and(|before| before.split('?').next() == Some(request.path()));
    if came_back && !is_page {
        "origin"
    } else {
        "same-origin"
    }
}

/// Sets the headers of every response, and deletes a message that was shown.
fn finish(response: &mut ServiceResponse<BoxBody>, path: &str, rules: &Rules) {
    let request = response.request().clone();
    let shown = request.cookie(&cookie_name(&request, FLASH)).is_some()
        && matches!(
            response.status(),
            StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
        )
        && !path.starts_with(assets::PATH);
    if shown {
        let mut gone = cookie(&request, FLASH, String::new());
        gone.make_removal();
        if let Err(e) = response.response_mut().add_cookie(&gone) {
            tracing::warn!(error = %e, "could not take the message cookie away");
        }
    }
    let request_id = caller(&request).request_id.clone();
    let secure = caller(&request).secure;
    let referrer_policy = referrer_policy(&request, response.status(), rules);
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("content-security-policy", CSP);
    set("x-content-type-options", "nosniff");
    set("x-frame-options", "DENY");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set(
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    );
    set("x-request-id", &request_id);
    if secure {
        // Below a base path the host has other apps, and its subdomains are not ours.
        let hsts = match rules.base_path.as_str() {
            "" => "max-age=31536000; includeSubDomains",
            _ => "max-age=31536000",
        };
        set("strict-transport-security", hsts);
    }
    // A page whose address is a secret says nothing of it.
    if !headers.contains_key(header::REFERRER_POLICY) {
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static(referrer_policy),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("X-Fragment, Cookie"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_the_one_that_was_meant() {
        let table = [
            ("/board/", Some("/board")),
            ("/people/Ingrid-Solberg/", Some("/people/ingrid-solberg")),
            ("/Areas/Payments", Some("/areas/payments")),
            (
                "/ramps/4/competencies/PAY-I2/",
                Some("/ramps/4/competencies/PAY-I2"),
            ),
            ("/ramps/4/competencies/PAY-I9", None),
            ("/nowhere", None),
            ("/", None),
            ("//", None),
            ("//evil.example/", None),
        ];
        for (asked, own) in table {
            assert_eq!(own_path(asked).as_deref(), own, "{asked}");
        }
    }

    #[test]
    fn the_secret_of_a_link_is_not_logged() {
        let secret = "0123456789abcdef".repeat(4);
        for behind in ["", ".", "/", "/x"] {
            let logged = logged(&format!("/invite/{secret}{behind}"));
            assert!(!logged.contains("0123456789abcdef"), "{logged}");
            assert!(logged.starts_with("/invite/{token}"), "{logged}");
        }
        let path = "/assets/0123456789abcdef/app.css";
        assert_eq!(super::logged(path), path);
    }
}
