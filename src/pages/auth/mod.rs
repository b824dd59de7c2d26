//! Pages of signing in, and of one's own account.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::DemoSignIn;
use crate::domain::audit::Act;
use crate::domain::auth::password::Password;
use crate::domain::auth::{safe_next, store};
use crate::domain::people;
use crate::domain::people::{Actor, Email, ZoneName};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request;
use crate::pages::request::{COOKIE, app, old_read, submit, token};
use crate::usecases::auth::actions;
use crate::web::guard::caller;
use crate::web::{Done, Errors, Fields, Page, form_status, html, html_with, respond};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/sign-in", web::get().to(sign_in_page))
        .route("/sign-in", web::post().to(sign_in))
        .route("/sign-in/demo", web::post().to(demo_sign_in))
        .route("/sign-out", web::post().to(sign_out))
        .route("/account", web::get().to(account_page))
        .route("/account/password", web::post().to(change_password))
        .route("/account/time-zone", web::post().to(change_time_zone));
}

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

async fn show_sign_in(
    req: &HttpRequest,
    email: &str,
    next: &str,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let app = app(req)?;
    let first_run = app.db.read(people::store::is_empty).await?;
    let status = form_status(&errors);
    let template = SignInPage {
        page: Page {
            has_errors: !errors.is_empty(),
            flash: respond::flash(req),
            ..Page::signed_out("Sign in")
        },
        email: email.to_owned(),
        errors,
        next: safe_next(next).to_owned(),
        demo: app.demo_sign_ins.clone(),
        first_run,
    };
    html_with(status, &template)
}

async fn sign_in_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show_sign_in(&req, "", query.get("next"), FieldErrors::default()).await
}

async fn sign_in(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let (email, next) = (fields.trimmed("email"), fields.get("next"));
    let mut missing = FieldErrors::default();
    if let Err(sentence) = Email::parse(email) {
        missing.add("email", sentence);
    }
    if fields.get("password").is_empty() {
        missing.add("password", "Enter your password.");
    }
    if !missing.is_empty() {
        return show_sign_in(&req, email, next, missing).await;
    }
    let guess = guess(&req, &email.to_lowercase(), fields.get("password"), None).await?;
    let answer = match guess.person_id.filter(|_| guess.fits) {
        Some(person_id) => start_session(&req, person_id, guess.hash, safe_next(next)).await,
        None => Err(Error::SignedOut),
    };
    match answer {
        // Somebody who left, or changed the password, while it was looked at is told what everybody is told.
        Err(Error::SignedOut) => {
            let sentence =
                "E-mail and password do not match. Check both; after too many tries you must wait.";
            show_sign_in(&req, email, next, FieldErrors::one("password", sentence)).await
        }
        other => other,
    }
}

async fn demo_sign_in(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
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
        actor: Actor::operator(),
        now: app.clock.now(),
        address: caller.address.clone(),
        request_id: caller.request_id.clone(),
    };
    let old = token(req);
    let token = app
        .db
        .write(move |c| actions::complete(c, person_id, fitted.as_deref(), old.as_deref(), &act))
        .await?;
    request::signed_in(req, token, &Done::new(next, ""))
}

async fn sign_out(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let everywhere = fields.has("everywhere");
    let app = app(&req)?;
    let (now, caller) = (app.clock.now(), caller(&req));
    let (address, request_id) = (caller.address.clone(), caller.request_id.clone());
    if let Some(token) = token(&req) {
        app.db
            .write(move |c| match actions::who(c, &token, now) {
                Ok((actor, _)) => actions::sign_out(
                    c,
                    &Act {
                        actor,
                        now,
                        address,
                        request_id,
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
    Ok(response)
}

#[derive(Template)]
#[template(path = "auth/account.html")]
struct AccountPage {
    page: Page,
    errors: Errors,
    time_zone: String,
}

async fn show_account(
    req: &HttpRequest,
    typed_zone: Option<&str>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let (page, ()) = old_read(req, |_, _| Ok(())).await?;
    let status = form_status(&errors);
    let template = AccountPage {
        time_zone: typed_zone.unwrap_or(&page.zone).to_owned(),
        page: Page {
            has_errors: !errors.is_empty(),
            ..page.titled("", "Account")
        },
        errors,
    };
    html_with(status, &template)
}

async fn account_page(req: HttpRequest) -> Result<HttpResponse> {
    show_account(&req, None, FieldErrors::default()).await
}

async fn change_time_zone(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let zone = match ZoneName::parse(fields.get("time_zone")) {
        Ok(zone) => zone,
        Err(sentence) => {
            let errors = FieldErrors::one("time_zone", sentence);
            return show_account(&req, Some(fields.get("time_zone")), errors).await;
        }
    };
    submit(&req, &fields, move |c, act| {
        crate::usecases::people::actions::set_time_zone(c, act, &zone)?;
        Ok(Done::new(
            "/account",
            format!("Times are now shown in {}.", zone.as_str()),
        ))
    })
    .await
}

async fn change_password(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let mut errors = FieldErrors::default();
    let new = Password::parse(fields.get("new_password"));
    if let Err(sentence) = &new {
        errors.add("new_password", sentence.clone());
    } else if fields.get("new_password") != fields.get("repeat_password") {
        errors.add("repeat_password", "The two new passwords differ.");
    }
    let (Ok(new), true) = (new, errors.is_empty()) else {
        return show_account(&req, None, errors).await;
    };
    let form_key = fields.get("form_key").to_owned();
    let (_, (account, stored, answered)) = old_read(&req, move |c, context| {
        let id = context.actor.id.ok_or(Error::SignedOut)?;
        let answered = store::form_answer(c, id, &form_key)?;
        Ok((
            context.actor.email.to_lowercase(),
            store::password_hash(c, id)?,
            answered,
        ))
    })
    .await?;
    if let Some((location, flash)) = answered {
        return Ok(respond::done(&req, &Done { location, flash }));
    }
    // Guessing the current password of a session left open is slowed down like any other guess.
    let guess = guess(&req, &account, fields.get("current_password"), Some(stored)).await?;
    if !guess.fits {
        let errors = FieldErrors::one("current_password", "This is not your current password.");
        return show_account(&req, None, errors).await;
    }
    let hash = app(&req)?.hasher.hash(new).await?;
    let token = request::token(&req);
    submit(&req, &fields, move |c, act| {
        actions::forgive(c, &account, &act.address)?;
        actions::change_password(c, act, guess.hash.as_deref(), &hash, token.as_deref())?;
        Ok(Done::new(
            "/account",
            "Your password is changed. Other devices are signed out.",
        ))
    })
    .await
}

/// What came of a try at an account.
struct Guess {
    /// The account, if there is one that may sign in.
    person_id: Option<i64>,
    /// What the password was held against.
    hash: Option<String>,
    fits: bool,
}

/// Counts a try at an account and looks whether the password fits the hash: `known` where it was looked up already. A
/// try that could not be looked at does not count.
async fn guess(
    req: &HttpRequest,
    account: &str,
    typed: &str,
    known: Option<Option<String>>,
) -> Result<Guess> {
    let app = app(req)?;
    let (key, address, now) = (
        account.to_owned(),
        caller(req).address.clone(),
        app.clock.now(),
    );
    let (again, from) = (key.clone(), address.clone());
    let candidate = app
        .db
        .write(move |c| actions::begin(c, &key, &address, now))
        .await?;
    let hash = known.unwrap_or(candidate.password_hash);
    match app.hasher.verify(typed.to_owned(), hash.clone()).await {
        Ok(fits) => Ok(Guess {
            person_id: candidate.person_id,
            hash,
            fits,
        }),
        Err(e) => {
            app.db
                .write(move |c| actions::forgive(c, &again, &from))
                .await?;
            Err(e)
        }
    }
}

/// A page that is the same for everybody signed in.
pub async fn help(req: HttpRequest) -> Result<HttpResponse> {
    let (page, ()) = old_read(&req, |_, _| Ok(())).await?;
    html(&HelpPage {
        page: page.titled("", "Help"),
    })
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    page: Page,
}
