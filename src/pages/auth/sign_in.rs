//! The page of signing in, and signing out.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::guess;
use crate::app::DemoSignIn;
use crate::domain::audit::Act;
use crate::domain::auth::safe_next;
use crate::domain::people;
use crate::domain::people::Email;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request;
use crate::pages::request::{COOKIE, app, token};
use crate::usecases::auth::actions;
use crate::usecases::auth::actions::SignedIn;
use crate::web::guard::caller;
use crate::web::{Done, Errors, Fields, Page, respond};

#[derive(Template)]
#[template(path = "auth/sign_in.html")]
struct SignInPage {
    page: Page,
    email: String,
    errors: Errors,
    next: String,
    demo: Vec<DemoSignIn>,
    first_run: bool,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    let app = app(req)?;
    let first_run = app.db.read(people::store::is_empty).await?;
    let page = Page {
        flash: respond::flash(req),
        ..Page::signed_out("Sign in")
    };
    form.show_signed_out(page, |page, form| SignInPage {
        page,
        email: form.typed().map_or("", |f| f.trimmed("email")).to_owned(),
        next: safe_next(form.fields.get("next")).to_owned(),
        demo: app.demo_sign_ins.clone(),
        first_run,
        errors: form.errors,
    })
}

pub(crate) async fn sign_in(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    enter(&req, &fields)
        .await
        .or_show(fields, async |form| show(&req, form).await)
        .await
}

async fn enter(req: &HttpRequest, fields: &Fields) -> Result<HttpResponse> {
    let (email, password) = (fields.trimmed("email"), fields.get("password"));
    let mut missing = FieldErrors::default();
    if let Err(sentence) = Email::parse(email) {
        missing.add("email", sentence);
    }
    if password.is_empty() {
        missing.add("password", "Enter your password.");
    }
    missing.or(())?;
    let guess = guess(req, &email.to_lowercase(), password, None).await?;
    let answer = match guess.person_id.filter(|_| guess.fits) {
        Some(person_id) => {
            let next = safe_next(fields.get("next"));
            start_session(req, person_id, guess.hash, next).await
        }
        None => Err(Error::SignedOut),
    };
    answer.map_err(|error| match error {
        // A person who left, or changed the password, in the meantime gets the same sentence as everyone.
        Error::SignedOut => Error::field(
            "password",
            "E-mail and password do not match. Check both; after too many tries you must wait.",
        ),
        other => other,
    })
}

pub(crate) async fn demo(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let app = app(&req)?;
    let person = fields
        .id("person_id")
        .filter(|id| app.demo_sign_ins.iter().any(|d| d.person_id == *id));
    start_session(&req, person.ok_or(Error::NotFound("page"))?, None, "/").await
}

async fn start_session(
    req: &HttpRequest,
    person_id: i64,
    fitted: Option<String>,
    next: &str,
) -> Result<HttpResponse> {
    let app = app(req)?;
    let caller = caller(req);
    let act = Act {
        address: caller.address.clone(),
        request_id: caller.request_id.clone(),
        ..Act::operator(app.clock.now())
    };
    let kept = request::kept(req);
    let kept = app
        .db
        .write(move |c| actions::complete(c, person_id, fitted.as_deref(), &kept, &act))
        .await?;
    request::signed_in(req, kept, &Done::new(next, ""))
}

pub(crate) async fn sign_out(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let everywhere = fields.has("everywhere");
    let app = app(&req)?;
    let (now, caller) = (app.clock.now(), caller(&req));
    let (address, request_id) = (caller.address.clone(), caller.request_id.clone());
    if let Some(token) = token(&req) {
        app.db
            .write(move |c| match actions::signed_in(c, &token, now) {
                Ok(SignedIn { actor, .. }) => actions::sign_out(
                    c,
                    &Act {
                        actor,
                        address,
                        request_id,
                        ..Act::operator(now)
                    },
                    &token,
                    everywhere,
                ),
                Err(Error::SignedOut) => Ok(()),
                Err(e) => Err(e),
            })
            .await?;
    }
    let said = if everywhere {
        "You are signed out everywhere."
    } else {
        "You are signed out."
    };
    let mut response = respond::done(&req, &Done::new("/sign-in", said));
    let mut gone = respond::cookie(&req, COOKIE, String::new());
    gone.make_removal();
    response.add_cookie(&gone).map_err(Error::fault)?;
    let storage = HeaderValue::from_static("\"storage\"");
    response
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), storage);
    Ok(response)
}
