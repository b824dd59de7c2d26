//! The page that mails a link to somebody who does not know their password.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::audit::Act;
use crate::domain::people::Email;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::app;
use crate::text::email::{email_key, may_sign_in};
use crate::usecases::invite::reset;
use crate::web::guard::caller;
use crate::web::{Done, Errors, Fields, Page, respond};

#[derive(Template)]
#[template(path = "auth/reset.html")]
struct ResetPage {
    page: Page,
    errors: Errors,
    email: String,
    sends_mail: bool,
    is_demo: bool,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default()).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    let app = app(req)?;
    form.show_signed_out(Page::signed_out("New password"), |page, form| ResetPage {
        page,
        email: form.fields.trimmed("email").to_owned(),
        sends_mail: app.sends_mail(),
        is_demo: app.is_demo(),
        errors: form.errors,
    })
}

pub(crate) async fn send(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    ask(&req, &fields)
        .await
        .or_show(fields, async |form| show(&req, form).await)
        .await
}

async fn ask(req: &HttpRequest, fields: &Fields) -> Result<HttpResponse> {
    let app = app(req)?;
    if !app.sends_mail() {
        let sentence =
            "This Checkride sends no mail. Ask an administrator of your team for a link.";
        return Err(Error::Conflict(sentence.into()));
    }
    let email = fields.trimmed("email");
    let account = email_key(email);
    if let (Err(sentence), false) = (Email::parse(email), may_sign_in(&account)) {
        return Err(Error::field("email", sentence));
    }
    let (caller, now) = (caller(req), app.clock.now());
    let act = Act {
        address: caller.address.clone(),
        request_id: caller.request_id.clone(),
        ..Act::operator(now)
    };
    let (key, address) = (account.clone(), act.address.clone());
    let count = move |c: &mut _| reset::count(c, &key, &address, now);
    app.db.write(count).await?;
    // Not waited for: the time it takes would tell whether there is such an account.
    actix_web::rt::spawn(async move {
        let sent = app.db.write(move |c| reset::request(c, &act, &account));
        if let Err(e) = sent.await {
            tracing::warn!(error = %e, "a link to a new password could not be made");
        }
    });
    let said = "If there is an account with that address, a mail with a link is on its way. The link works for 30 minutes.";
    Ok(respond::done(req, &Done::new("/sign-in", said)))
}
