//! A form that is sent by a person who is signed out is kept on the page that signs them in.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse};

use super::sign_in;
use crate::error::Error;
use crate::pages::form::Form;
use crate::web::Fields;

/// Answers a form of a person who is signed out with the page that signs them in and sends it.
///
/// Errors: None of its own.
pub async fn or_sign_in(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(req).await?.map_into_boxed_body();
    let is_signed_out = response
        .response()
        .error()
        .and_then(|e| e.as_error::<Error>())
        .is_some_and(|e| matches!(e, Error::SignedOut));
    let request = response.request();
    let sent = request.extensions().get::<Fields>().cloned();
    let Some(sent) = sent.filter(|_| is_signed_out) else {
        return Ok(response);
    };
    let to = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let kept = sent
        .to_keep()
        .fold(Fields::default(), |all, (name, value)| {
            all.and(&name, value)
        });
    let form = Form::filled(kept.and(sign_in::TO, to));
    let mut page = match sign_in::show(request, form).await {
        Ok(page) => page,
        Err(e) => HttpResponse::from_error(e),
    };
    if page.status().is_success() {
        *page.status_mut() = StatusCode::UNAUTHORIZED;
    }
    Ok(response.into_response(page))
}
