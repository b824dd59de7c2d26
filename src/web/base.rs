//! A base path: Checkride below an address like `https://example.com/checkride`. Pages and handlers know nothing of it:
//! it is taken off the address of a request, and put before every address of the answer.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::header::{self, HeaderName, HeaderValue};

/// Takes the base path off a request; says whether it was there. Those who watch over the process need none.
pub(super) fn enter(req: &mut ServiceRequest, base: &str) -> bool {
    if base.is_empty() || matches!(req.path(), "/healthz" | "/readyz") {
        return true;
    }
    let Some(inner) = req
        .uri()
        .path_and_query()
        .and_then(|all| below(all.as_str(), base))
    else {
        return false;
    };
    let inner: Option<Uri> = inner.parse().ok();
    let Some(uri) = inner else { return false };
    req.match_info_mut().get_mut().update(&uri);
    req.head_mut().uri = uri;
    true
}

/// What of an address is below the base path.
pub(super) fn below(address: &str, base: &str) -> Option<String> {
    let rest = address.strip_prefix(base)?;
    match rest.chars().next() {
        Some('/') => Some(rest.to_owned()),
        None | Some('?') => Some(format!("/{rest}")),
        Some(_) => None,
    }
}

/// Puts the base path before every address of this site in an answer.
pub(super) fn leave(response: &mut ServiceResponse<BoxBody>, base: &str) {
    if base.is_empty() {
        return;
    }
    for name in [header::LOCATION, HeaderName::from_static("x-location")] {
        let to = response.headers().get(&name).and_then(|v| v.to_str().ok());
        let own = to.filter(|to| to.starts_with('/') && !to.starts_with("//"));
        let whole = own.map(|to| HeaderValue::from_str(&format!("{base}{to}")));
        if let Some(Ok(whole)) = whole {
            response.headers_mut().insert(name, whole);
        }
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return;
    }
    let body = std::mem::replace(
        response.response_mut(),
        actix_web::HttpResponse::Ok().finish(),
    );
    let (head, body) = body.into_parts();
    let body = match body.try_into_bytes() {
        Ok(bytes) => match std::str::from_utf8(&bytes) {
            Ok(page) => BoxBody::new(with_base(page, base)),
            Err(_) => BoxBody::new(bytes),
        },
        Err(stream) => stream,
    };
    *response.response_mut() = head.set_body(body);
}

/// A page whose links and forms lead below the base path. What people wrote cannot hold such an attribute: its angle
/// brackets are escaped, so it is no tag.
fn with_base(page: &str, base: &str) -> String {
    let mut whole = String::with_capacity(page.len() + page.len() / 16);
    let mut rest = page;
    while let Some(at) = rest.find("=\"/") {
        let (before, from) = rest.split_at(at);
        whole.push_str(before);
        let in_tag = whole.rfind('<') > whole.rfind('>');
        let is_address = in_tag
            && [" href", " action", " formaction", " src"]
                .iter()
                .any(|name| before.ends_with(name));
        // Two slashes name another host.
        let (mark, address) = from.split_at("=\"".len());
        whole.push_str(mark);
        if is_address && !address.starts_with("//") {
            whole.push_str(base);
        }
        whole.push('/');
        rest = address.get(1..).unwrap_or_default();
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_the_base_path_is_told() {
        let table = [
            ("/checkride", Some("/")),
            ("/checkride?a=b", Some("/?a=b")),
            ("/checkride/board?at=1", Some("/board?at=1")),
            ("/checkrides", None),
            ("/board", None),
            ("/", None),
        ];
        for (address, inner) in table {
            assert_eq!(below(address, "/checkride").as_deref(), inner, "{address}");
        }
    }

    #[test]
    fn links_and_forms_lead_below_the_base_path_and_words_stay() {
        let page = "<p>&lt;form action=\"/login\"&gt;</p><a class=\"x\" href=\"/board\">a=&#34;/b</a><form action=\"/sign-in\"><a href=\"//other\">\
                    <a href=\"https://x/y\"><p title=\"/x\"><use href=\"/assets/i.svg#a\">";
        assert_eq!(
            with_base(page, "/ck"),
            "<p>&lt;form action=\"/login\"&gt;</p><a class=\"x\" href=\"/ck/board\">a=&#34;/b</a><form action=\"/ck/sign-in\"><a href=\"//other\">\
             <a href=\"https://x/y\"><p title=\"/x\"><use href=\"/ck/assets/i.svg#a\">"
        );
    }
}
