//! The page on which something that has a page of its own is removed for good, with a reason.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::audit::{Act, Reason, read_reason};
use crate::domain::people::Actor;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::web::{Done, Errors, Fields, Page};

/// What the page says of it.
pub struct Removal {
    /// Which part of the menu it belongs to.
    pub menu: &'static str,
    /// The page above its own: its name and its path.
    pub root: (&'static str, &'static str),
    pub name: String,
    /// What it is, in a word.
    pub what: &'static str,
    /// The path of its page.
    pub path: String,
    /// What its end means.
    pub effect: String,
}

#[derive(Template)]
#[template(path = "parts/removal.html")]
struct RemovalPage {
    page: Page,
    errors: Errors,
    root: (&'static str, &'static str),
    name: String,
    what: &'static str,
    path: String,
    effect: String,
    reason: String,
}

/// What `load` gives for those who may remove it.
pub type Load = fn(&mut Conn, &Actor, i64) -> Result<Removal>;

/// Removes it, and says so.
pub type Remove = fn(&mut Conn, &Act, i64, &Reason) -> Result<Done>;

pub async fn page(req: &HttpRequest, id: i64, form: Form, load: Load) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let of = load(c, &context.actor, id)?;
        Ok(RemovalPage {
            page: page.titled(of.menu, format!("Remove {}", of.name)),
            root: of.root,
            name: of.name,
            what: of.what,
            path: of.path,
            effect: of.effect,
            reason: form.fields.get("reason").to_owned(),
            errors: form.errors,
        })
    })
    .await
}

/// Removes it, and answers with what `remove` says.
pub async fn remove(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
    (load, remove): (Load, Remove),
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let reason = read_reason(typed.get("reason"))?;
        remove(c, act, id, &reason)
    })
    .await
    .or_show(fields, async |form| page(&req, id, form, load).await)
    .await
}
