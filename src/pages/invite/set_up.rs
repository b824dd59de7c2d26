//! The page that makes the first administrator.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{act, chosen, look, over};
use crate::domain::auth::password::Password;
use crate::domain::people::{Email, Name, NewPerson, ZoneName};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request;
use crate::pages::request::app;
use crate::usecases::invite::actions;
use crate::usecases::invite::actions::{LinkState, SignIn};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Default, Deserialize)]
#[serde(default)]
struct SetUpForm {
    name: String,
    email: String,
    time_zone: String,
}

#[derive(Template)]
#[template(path = "invite/set_up.html")]
struct SetUpPage {
    page: Page,
    errors: Errors,
    token: String,
    form: SetUpForm,
}

pub(crate) async fn page(req: HttpRequest, token: web::Path<String>) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    show(&req, &token, &found, Form::default())
}

/// The form, or why the link does not work.
fn show(req: &HttpRequest, token: &str, found: &LinkState, form: Form) -> Result<HttpResponse> {
    if !matches!(found, LinkState::Open(_, None)) {
        return over::show(req, found);
    }
    let values = match form.typed() {
        Some(typed) => typed.texts()?,
        None => SetUpForm {
            time_zone: "UTC".into(),
            ..SetUpForm::default()
        },
    };
    let page = Page::signed_out("Set up Checkride");
    form.show_signed_out(page, |page, form| SetUpPage {
        page,
        errors: form.errors,
        token: token.to_owned(),
        form: values,
    })
}

fn read(fields: &Fields) -> Result<(NewPerson, Password)> {
    let mut errors = FieldErrors::default();
    let name = Name::parse(fields.get("name")).map_err(|e| errors.add("name", e));
    let email = Email::parse(fields.get("email")).map_err(|e| errors.add("email", e));
    let zone = ZoneName::parse(fields.get("time_zone")).map_err(|e| errors.add("time_zone", e));
    let owner = [fields.get("name"), fields.get("email")];
    let password = chosen(fields, &owner, &mut errors);
    match (name, email, zone, password) {
        (Ok(name), Ok(email), Ok(time_zone), Some(password)) => {
            let new = NewPerson {
                name,
                email,
                time_zone,
            };
            Ok((new, password))
        }
        _ => Err(Error::Invalid(errors)),
    }
}

pub(crate) async fn set_up(
    req: HttpRequest,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let found = look(&req, &token).await?;
    if !matches!(found, LinkState::Open(..)) {
        return over::show(&req, &found);
    }
    create(&req, &token, &fields)
        .await
        .or_show(fields, async |form| show(&req, &token, &found, form))
        .await
}

async fn create(req: &HttpRequest, token: &str, fields: &Fields) -> Result<HttpResponse> {
    let (new, password) = read(fields)?;
    let app = app(req)?;
    let hash = app.hasher.hash(password).await?;
    let (act, cookies, secret) = (act(req)?, request::cookies(req), token.to_owned());
    let entered = app
        .db
        .write(move |c| actions::set_up(c, &act, &secret, &new, &hash, &cookies))
        .await?;
    match entered {
        SignIn::Done(cookies) => request::signed_in(
            req,
            cookies,
            &Done::new("/", "Welcome. You are the administrator."),
        ),
        SignIn::Refused(found) => show(req, token, &found, Form::default()),
    }
}
