//! How the web server reads a form and answers an error. Rust allows this only beside the types themselves; nothing else
//! in this crate knows the server.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use tokio::time::timeout;

use crate::error::Error;
use crate::forms::{AsSent, Fields};

/// How long the body of a form may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);

/// The fields of a form; those of the kept one where a form was kept until its sender had signed in. An answer that
/// cannot show them in their form finds them with the request.
impl FromRequest for Fields {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let sent = AsSent::from_request(&req, payload);
        Box::pin(async move {
            let AsSent(fields) = sent.await?;
            let fields = fields.kept().unwrap_or(fields);
            req.extensions_mut().insert(fields.clone());
            Ok(fields)
        })
    }
}

impl FromRequest for AsSent {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(req, payload);
        Box::pin(async move {
            let body = timeout(ARRIVAL, body).await.map_err(|_| Error::TooSlow)?;
            Ok(Self(Fields::parse(&body?)?))
        })
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Misdirected(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Away(_) | Self::Unknown(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Only status and headers; the guard makes the page, because only it knows the request.
    fn error_response(&self) -> HttpResponse {
        let mut builder = HttpResponse::build(self.status_code());
        match self {
            Self::TooMany(seconds) => {
                builder.insert_header((header::RETRY_AFTER, seconds.to_string()))
            }
            Self::Busy => builder.insert_header((header::RETRY_AFTER, "2")),
            // The rest of it would be taken for the next request.
            Self::TooSlow => builder.force_close(),
            Self::Away(_) | Self::Unknown(_) => builder.insert_header((header::RETRY_AFTER, "5")),
            _ => &mut builder,
        };
        builder.finish()
    }
}
