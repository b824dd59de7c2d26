//! The form of a new hook.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::secret;
use crate::domain::hook::form::NewHook;
use crate::domain::hook::{Dialect, Kind};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{Once, app, submit_once};
use crate::usecases::hook::{actions, detail};
use crate::web::respond::done;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "hook/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    owners: Vec<Choice>,
    dialects: Vec<Choice>,
    kinds: Vec<Choice>,
    called: String,
    address: String,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let form = Form::asked(&req)?;
    show(&req, form).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        let owners = detail::owners(c, &context.actor)?;
        let is_typed = form.typed().is_some();
        let fields = &form.fields;
        let chosen = |name: &str, word: &str| fields.all(name).any(|w| w == word);
        Ok(NewPage {
            page: page.titled("", "Add a chat hook"),
            owners: owners
                .into_iter()
                .map(|(owner, name)| {
                    let word = owner.word();
                    let is_chosen = chosen("owner", &word);
                    Choice::new(word, name, is_chosen)
                })
                .collect(),
            dialects: Dialect::ALL
                .iter()
                .map(|d| Choice::new(d.word(), d.label(), chosen("dialect", d.word())))
                .collect(),
            kinds: Kind::offered()
                .map(|k| {
                    let is_chosen = match is_typed {
                        true => chosen("kinds", k.word()),
                        false => k.names_person(),
                    };
                    Choice::new(k.word(), k.label(), is_chosen)
                })
                .collect(),
            called: fields.get("name").to_owned(),
            address: fields.get("address").to_owned(),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let networks = app(&req)?.outgoing.networks().clone();
    let made = submit_once(&req, &fields, move |c, act| {
        let new = NewHook::parse(&typed, &networks)?;
        let (id, secret) = actions::add(c, act, &new)?;
        Ok((added(id, &new.name), (id, new.name, secret)))
    })
    .await;
    let answer = match made {
        Ok(Once::Now(page, (id, name, Some(secret)))) => secret::page(*page, id, name, secret),
        Ok(Once::Now(_, (id, name, None))) => Ok(done(&req, &added(id, &name))),
        Ok(Once::Before(response)) => Ok(response),
        Err(e) => Err(e),
    };
    answer
        .or_show(fields, async |form| show(&req, form).await)
        .await
}

fn added(id: i64, name: &str) -> Done {
    Done::new(
        format!("/hooks/{id}"),
        format!("{name} was added. Send a test."),
    )
}
