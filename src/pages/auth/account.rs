//! The page of one's own account.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::guess;
use crate::domain::auth::password::Password;
use crate::domain::auth::{Cookies, store, token_hash};
use crate::domain::people::ZoneName;
use crate::error::{Error, Result};
use crate::forms::random_hex;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{app, cookies, keeping, read, submit, token};
use crate::text::email::email_key;
use crate::time::TimeText;
use crate::usecases::auth::actions;
use crate::usecases::people::actions as people;
use crate::web::{Done, Errors, Fields, Look, Page, look, respond};

#[derive(Template)]
#[template(path = "auth/account.html")]
struct AccountPage {
    page: Page,
    errors: Errors,
    time_zone: String,
    themes: Vec<Choice>,
    densities: Vec<Choice>,
    sessions: Vec<SessionLine>,
}

/// A browser in which the person is signed in.
struct SessionLine {
    is_this: bool,
    since: TimeText,
    last: TimeText,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default()).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    let this = token(req).map(|token| token_hash(&token));
    form.show(req, move |c, context, page, form| {
        let me = context.actor.id.ok_or(Error::SignedOut)?;
        let sessions = store::open_sessions(c, me, context.now)?;
        let look_now = page.look;
        Ok(AccountPage {
            time_zone: match form.fields.has("time_zone") {
                true => form.fields.get("time_zone").to_owned(),
                false => page.zone.clone(),
            },
            page: page.titled("", "Account"),
            sessions: sessions
                .into_iter()
                .map(|session| SessionLine {
                    is_this: this.as_ref() == Some(&session.token_hash),
                    since: context.local.moment(session.created_at),
                    last: context.local.moment(session.last_seen_at),
                })
                .collect(),
            themes: offered(&look::THEMES, look_now.theme),
            densities: offered(&look::DENSITIES, look_now.density),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn change_time_zone(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.get("time_zone").to_owned();
    submit(&req, &fields, move |c, act| {
        let zone = ZoneName::parse(&typed).map_err(|s| Error::field("time_zone", s))?;
        people::set_time_zone(c, act, &zone)?;
        Ok(Done::new(
            "/account",
            format!("Times are now shown in {}.", zone.as_str()),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}

fn offered(words: &[look::Word], chosen: &str) -> Vec<Choice> {
    let words = words.iter();
    words
        .map(|(word, label)| Choice::new(word, *label, *word == chosen))
        .collect()
}

pub(crate) async fn change_look(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    choose_look(&req, &fields)
        .await
        .or_show(fields, async |form| show(&req, form).await)
        .await
}

async fn choose_look(req: &HttpRequest, fields: &Fields) -> Result<HttpResponse> {
    let look = Look::read(fields)?;
    let done = |_: &mut _, _: &_| {
        Ok(Done::new(
            "/account",
            "Pages look as you chose, in this browser.",
        ))
    };
    look.keep(req, submit(req, fields, done).await?)
}

pub(crate) async fn change_password(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    change(&req, &fields)
        .await
        .or_show(fields, async |form| show(&req, form).await)
        .await
}

async fn change(req: &HttpRequest, fields: &Fields) -> Result<HttpResponse> {
    let typed = fields.get("new_password").to_owned();
    let (form_key, content) = (fields.get("form_key").to_owned(), fields.digest(req.path()));
    let (new, account, stored, answered) = read(req, move |c, context| {
        let owner = &context.actor;
        let new = Password::parse(&typed, &[&owner.name, &owner.email])
            .map_err(|sentence| Error::field("new_password", sentence))?;
        let id = owner.id.ok_or(Error::SignedOut)?;
        let answered = store::form_answer(c, (id, &form_key), &content)?;
        Ok((
            new,
            email_key(&owner.email),
            store::password_hash(c, id)?,
            answered,
        ))
    })
    .await?;
    if let Some((location, flash)) = answered {
        return Ok(respond::done(req, &Done { location, flash }));
    }
    if !new.is(fields.get("repeat_password")) {
        let sentence = "The two new passwords differ.";
        return Err(Error::field("repeat_password", sentence));
    }
    // Guessing the current password of a session left open is slowed down like any other guess.
    let guess = guess(req, &account, fields.get("current_password"), Some(stored)).await?;
    if !guess.fits {
        let sentence = "This is not your current password.";
        return Err(Error::field("current_password", sentence));
    }
    let hash = app(req)?.hasher.hash(new).await?;
    let old = token(req).ok_or(Error::SignedOut)?;
    let renewed = Cookies {
        session: Some(random_hex::<32>()),
        browser: cookies(req).browser,
    };
    let kept = renewed.clone();
    // The same form, answered before, has given the browser its token already.
    let is_new = Arc::new(AtomicBool::new(false));
    let is_done = Arc::clone(&is_new);
    let response = submit(req, fields, move |c, act| {
        let known = (account.as_str(), guess.hash.as_deref());
        actions::change_password(c, act, known, &guess.source, &hash, (&old, &kept))?;
        is_done.store(true, Ordering::Relaxed);
        Ok(Done::new(
            "/account",
            "Your password is changed. Other devices are signed out.",
        ))
    })
    .await?;
    match is_new.load(Ordering::Relaxed) {
        true => keeping(req, response, renewed),
        false => Ok(response),
    }
}
