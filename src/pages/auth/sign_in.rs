//! The page of signing in, and signing out.

use actix_web::{HttpRequest, HttpResponse, ResponseError};
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
use crate::text::email::{email_key, may_sign_in};
use crate::usecases::auth::actions;
use crate::usecases::auth::actions::SignedIn;
use crate::web::guard::caller;
use crate::web::{AsSent, Done, Errors, Fields, Look, Page, respond};

#[derive(Template)]
#[template(path = "auth/sign_in.html")]
struct SignInPage {
    page: Page,
    email: String,
    errors: Errors,
    next: String,
    demo: Vec<DemoSignIn>,
    first_run: bool,
    kept: Option<Kept>,
}

/// A form that is sent once its sender is signed in.
struct Kept {
    to: String,
    fields: Fields,
}

/// The field that says where a kept form goes.
pub(super) const TO: &str = "to";

impl Kept {
    fn of(fields: &Fields) -> Option<Self> {
        Some(Self {
            to: safe_next(fields.get(TO)).to_owned(),
            fields: fields.kept()?,
        })
    }
}

/// A link says where to go on, and nothing else: a form that it filled would be sent in the name of the person who signs in.
pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let asked = Form::asked(&req)?;
    let next = Fields::default().and("next", asked.fields.get("next"));
    show(&req, Form::filled(next)).await
}

pub(super) async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    let app = app(req)?;
    let first_run = app.db.read(people::store::is_empty).await?;
    let page = Page {
        flash: respond::flash(req),
        look: Look::of(req),
        ..Page::signed_out("Sign in")
    };
    form.show_signed_out(page, |page, form| SignInPage {
        page,
        email: form.typed().map_or("", |f| f.trimmed("email")).to_owned(),
        next: safe_next(form.fields.get("next")).to_owned(),
        kept: Kept::of(&form.fields),
        demo: app.demo_sign_ins.clone(),
        first_run,
        errors: form.errors,
    })
}

pub(crate) async fn sign_in(req: HttpRequest, AsSent(fields): AsSent) -> Result<HttpResponse> {
    let answer = enter(&req, &fields).await;
    if let Err(error) = &answer
        && fields.kept().is_some()
        && matches!(
            error,
            Error::TooMany(_) | Error::Busy | Error::Away(_) | Error::Unknown(_)
        )
    {
        return wait(&req, fields, error).await;
    }
    answer
        .or_show(fields, async |form| show(&req, form).await)
        .await
}

/// A person who must wait still has the form that is kept.
async fn wait(req: &HttpRequest, fields: Fields, error: &Error) -> Result<HttpResponse> {
    let sentence = match error {
        // What the database said is for the log.
        Error::Away(_) | Error::Unknown(_) => Error::Busy.to_string(),
        told => told.to_string(),
    };
    let mut page = Err(Error::field("", sentence))
        .or_show(fields, async |form| show(req, form).await)
        .await?;
    let told = error.error_response();
    *page.status_mut() = told.status();
    for (name, value) in told.headers() {
        page.headers_mut().insert(name.clone(), value.clone());
    }
    Ok(page)
}

async fn enter(req: &HttpRequest, fields: &Fields) -> Result<HttpResponse> {
    let (email, password) = (fields.trimmed("email"), fields.get("password"));
    let mut missing = FieldErrors::default();
    let account = email_key(email);
    if let (Err(sentence), false) = (Email::parse(email), may_sign_in(&account)) {
        missing.add("email", sentence);
    }
    if password.is_empty() {
        missing.add("password", "Enter your password.");
    }
    missing.or(())?;
    let guess = guess(req, &account, password, None).await?;
    let answer = match guess.person_id.filter(|_| guess.fits) {
        Some(person_id) => start_session(req, person_id, guess.hash, fields).await,
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

pub(crate) async fn demo(req: HttpRequest, AsSent(fields): AsSent) -> Result<HttpResponse> {
    let app = app(&req)?;
    let person = fields
        .id("person_id")
        .filter(|id| app.demo_sign_ins.iter().any(|d| d.person_id == *id));
    let person = person.ok_or(Error::NotFound("page"))?;
    start_session(&req, person, None, &fields).await
}

/// A picture of nothing on the page that signs in. The page before it is kept for the Back key only when this one is
/// there, so the answer that led here came too early to have it forgotten.
pub(crate) async fn forget() -> HttpResponse {
    let nothing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";
    let mut picture = HttpResponse::Ok()
        .content_type("image/svg+xml")
        .body(nothing);
    respond::forget(&mut picture, respond::PAGES);
    picture
}

async fn start_session(
    req: &HttpRequest,
    person_id: i64,
    fitted: Option<String>,
    fields: &Fields,
) -> Result<HttpResponse> {
    let app = app(req)?;
    let caller = caller(req);
    let act = Act {
        address: caller.address.clone(),
        request_id: caller.request_id.clone(),
        ..Act::operator(app.clock.now())
    };
    let cookies = request::cookies(req);
    let cookies = app
        .db
        .write(move |c| actions::complete(c, person_id, fitted.as_deref(), &cookies, &act))
        .await?;
    match Kept::of(fields) {
        Some(kept) => request::signed_in_to_send(req, cookies, &kept.to),
        None => request::signed_in(req, cookies, &Done::new(safe_next(fields.get("next")), "")),
    }
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
    // Below a base path other apps of the host keep theirs in the same place.
    let what = match caller.base_path.as_str() {
        "" => respond::PAGES_AND_STORAGE,
        _ => respond::PAGES,
    };
    respond::forget(&mut response, what);
    Ok(response)
}
