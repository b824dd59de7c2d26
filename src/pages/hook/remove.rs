//! The page on which a hook is removed.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::db::Conn;
use crate::domain::people::Actor;
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::pages::parts::removal::{self, Removal};
use crate::usecases::hook::actions;
use crate::web::{Done, Fields};

fn load(c: &mut Conn, actor: &Actor, id: i64) -> Result<Removal> {
    let found = actions::managed(c, actor, id)?;
    if found.hook.removed_at.is_some() {
        return Err(Error::NotFound("hook"));
    }
    Ok(Removal {
        menu: "",
        root: ("Chat hooks", "/hooks"),
        name: found.hook.name,
        what: "hook",
        path: format!("/hooks/{id}"),
        effect: format!(
            "The hook of {} sends nothing more. Its address and secret are deleted. This cannot be undone.",
            found.of
        ),
    })
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    removal::page(&req, id.into_inner(), Form::default(), load).await
}

pub(crate) async fn remove(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    removal::remove(
        req,
        id,
        fields,
        (load, |c, act, id, reason| {
            let name = actions::remove(c, act, id, reason)?;
            Ok(Done::new("/hooks", format!("{name} was removed.")))
        }),
    )
    .await
}
