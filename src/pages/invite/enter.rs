//! The page on which a person comes in by a link and chooses a password.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{act, chosen, look, over};
use crate::domain::auth::password::Password;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request;
use crate::pages::request::app;
use crate::time::{LocalTime, TimeText};
use crate::usecases::invite::actions;
use crate::usecases::invite::actions::{LinkState, SignIn};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "invite/enter.html")]
struct EnterPage {
    page: Page,
    errors: Errors,
    token: String,
    name: String,
    until: TimeText,
    is_reset: bool,
}

pub(crate) async fn page(req: HttpRequest, token: web::Path<String>) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    show(&req, &token, found, Form::default())
}

/// The form, or why the link does not work.
fn show(req: &HttpRequest, token: &str, found: LinkState, form: Form) -> Result<HttpResponse> {
    let (invite, person) = match found {
        LinkState::Open(invite, Some(person)) => (invite, person),
        other => return over::show(req, &other),
    };
    let local = LocalTime::new(&person.time_zone, app(req)?.clock.now());
    let page = Page {
        zone: person.time_zone,
        ..Page::signed_out(&format!("Welcome, {}", person.name))
    };
    form.show_signed_out(page, |page, form| EnterPage {
        page,
        errors: form.errors,
        token: token.to_owned(),
        name: person.name,
        until: local.moment(invite.times.expires_at),
        is_reset: invite.is_reset,
    })
}

pub(crate) async fn enter(
    req: HttpRequest,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    let LinkState::Open(_, person) = &found else {
        return over::show(&req, &found);
    };
    let owner = person.as_ref().map(|p| [p.name.as_str(), &p.email]);
    let mut errors = FieldErrors::default();
    let password = chosen(&fields, owner.as_ref().map_or(&[], |o| o), &mut errors);
    come_in(&req, &token, password.ok_or(Error::Invalid(errors)))
        .await
        .or_show(fields, async |form| show(&req, &token, found, form))
        .await
}

async fn come_in(
    req: &HttpRequest,
    token: &str,
    password: Result<Password>,
) -> Result<HttpResponse> {
    let app = app(req)?;
    let hash = app.hasher.hash(password?).await?;
    let (act, cookies) = (act(req)?, request::cookies(req));
    let secret = token.to_owned();
    let entered = app
        .db
        .write(move |c| actions::use_link(c, &act, &secret, &hash, &cookies))
        .await?;
    match entered {
        SignIn::Done(cookies) => request::signed_in(
            req,
            cookies,
            &Done::new("/", "Welcome. Your password is set and you are signed in."),
        ),
        SignIn::Refused(found) => show(req, token, found, Form::default()),
    }
}
