//! Pages of one-time links. Nobody is signed in on them yet; whoever is, comes in as the one the link is for.

pub mod page;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::audit::Act;
use crate::domain::auth::password::Password;
use crate::domain::people::{Actor, Email, Name, NewPerson, ZoneName};
use crate::error::{FieldErrors, Result};
use crate::pages::invite::page::Typed;
use crate::pages::request;
use crate::pages::request::app;
use crate::usecases::invite::actions;
use crate::usecases::invite::actions::{Entered, Found};
use crate::web::guard::caller;
use crate::web::{Done, Fields};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/invite/{token}", web::get().to(enter_page))
        .route("/invite/{token}", web::post().to(enter))
        .route("/set-up/{token}", web::get().to(set_up_page))
        .route("/set-up/{token}", web::post().to(set_up));
}

/// Looks at a link; the try counts against the address.
async fn look(req: &HttpRequest, token: &str) -> Result<Found> {
    let app = app(req)?;
    let (token, address, now) = (
        token.to_owned(),
        caller(req).address.clone(),
        app.clock.now(),
    );
    app.db
        .write(move |c| actions::look(c, &token, &address, now))
        .await
}

/// An act of whoever holds a link, before it is known who that is.
fn act(req: &HttpRequest) -> Result<Act> {
    let caller = caller(req);
    Ok(Act {
        actor: Actor::operator(),
        now: app(req)?.clock.now(),
        address: caller.address.clone(),
        request_id: caller.request_id.clone(),
    })
}

/// The password that was chosen and repeated, with a sentence at the field that is wrong.
fn chosen(fields: &Fields, errors: &mut FieldErrors) -> Option<Password> {
    match Password::parse(fields.get("password")) {
        Err(sentence) => errors.add("password", sentence),
        Ok(_) if fields.get("password") != fields.get("repeat_password") => {
            errors.add("repeat_password", "The two passwords differ.");
        }
        Ok(password) => return Some(password),
    }
    None
}

async fn enter_page(req: HttpRequest, token: web::Path<String>) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    page::enter(&req, &token, found, FieldErrors::default())
}

async fn enter(req: HttpRequest, token: web::Path<String>, fields: Fields) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    let mut errors = FieldErrors::default();
    let password = chosen(&fields, &mut errors);
    let (Some(password), Found::Open(..)) = (password, &found) else {
        return page::enter(&req, &token, found, errors);
    };
    let app = app(&req)?;
    let hash = app.hasher.hash(password).await?;
    let (act, old) = (act(&req)?, request::token(&req));
    let secret = token.clone();
    let entered = app
        .db
        .write(move |c| actions::enter(c, &act, &secret, &hash, old.as_deref()))
        .await?;
    match entered {
        Entered::In(session) => request::signed_in(
            &req,
            session,
            &Done::new("/", "Welcome. Your password is set and you are signed in."),
        ),
        Entered::Not(found) => page::enter(&req, &token, found, FieldErrors::default()),
    }
}

async fn set_up_page(req: HttpRequest, token: web::Path<String>) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    let typed = Typed {
        time_zone: "UTC".into(),
        ..Typed::default()
    };
    page::set_up(&req, &token, &found, typed, FieldErrors::default())
}

async fn set_up(
    req: HttpRequest,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    let typed = Typed {
        name: fields.get("name").to_owned(),
        email: fields.get("email").to_owned(),
        time_zone: fields.get("time_zone").to_owned(),
    };
    let mut errors = FieldErrors::default();
    let name = Name::parse(&typed.name).map_err(|e| errors.add("name", e));
    let email = Email::parse(&typed.email).map_err(|e| errors.add("email", e));
    let time_zone = ZoneName::parse(&typed.time_zone).map_err(|e| errors.add("time_zone", e));
    let password = chosen(&fields, &mut errors);
    let (Ok(name), Ok(email), Ok(time_zone), Some(password), Found::Open(..)) =
        (name, email, time_zone, password, &found)
    else {
        return page::set_up(&req, &token, &found, typed, errors);
    };
    let new = NewPerson {
        name,
        email,
        time_zone,
    };
    let app = app(&req)?;
    let hash = app.hasher.hash(password).await?;
    let (act, secret) = (act(&req)?, token.clone());
    let entered = app
        .db
        .write(move |c| actions::set_up(c, &act, &secret, &new, &hash))
        .await?;
    match entered {
        Entered::In(session) => request::signed_in(
            &req,
            session,
            &Done::new("/", "Welcome. You are the administrator."),
        ),
        Entered::Not(found) => page::set_up(&req, &token, &found, typed, FieldErrors::default()),
    }
}
