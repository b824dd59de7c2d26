//! The page on which a rota is removed.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::db::Conn;
use crate::domain::people::Actor;
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::pages::parts::removal::{self, Removal};
use crate::usecases::rota::actions;
use crate::web::{Done, Fields};

fn load(c: &mut Conn, actor: &Actor, id: i64) -> Result<Removal> {
    let (rota, area) = actions::of(c, actor, id)?;
    if rota.removed_at.is_some() {
        return Err(Error::NotFound("rota"));
    }
    Ok(Removal {
        menu: "areas",
        root: ("Areas", "/areas"),
        name: rota.name,
        what: "rota",
        path: format!("/rotas/{id}"),
        effect: format!(
            "{} is no longer checked against this rota. Its address and token are deleted. Past days keep its shifts. \
             Shadow shifts that it planned stay planned.",
            area.name
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
            let (name, area) = actions::remove(c, act, id, reason)?;
            let path = format!("/areas/{}/rota", area.slug);
            Ok(Done::new(path, format!("{name} was removed.")))
        }),
    )
    .await
}
