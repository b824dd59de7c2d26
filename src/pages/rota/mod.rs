//! Pages of rotas.

pub mod finding;
pub mod names;
pub mod new;
pub mod remove;
pub mod show;
pub mod source;
pub mod table;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::web::{Done, Fields};

#[rustfmt::skip]
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/areas/{slug}/rota", web::get().to(show::page))
        .route("/areas/{slug}/rota.csv", web::get().to(table::download))
        .route("/areas/{slug}/rota.xlsx", web::get().to(table::download))
        .route("/areas/{slug}/rota/new", web::get().to(new::page))
        .route("/areas/{slug}/rota/new", web::post().to(new::add))
        .route("/areas/{slug}/rota/names", web::get().to(names::page))
        .route("/areas/{slug}/rota/names", web::post().to(names::say))
        .route("/areas/{slug}/rota/finding", web::get().to(finding::page))
        .route("/areas/{slug}/rota/finding", web::post().to(finding::accept))
        .route("/rotas/{id}", web::get().to(source::page))
        .route("/rotas/{id}", web::post().to(source::replace))
        .route("/rotas/{id}/remove", web::get().to(remove::page))
        .route("/rotas/{id}/remove", web::post().to(remove::remove));
}

/// Sends a form about the rota of an area, which leads back to its page with what `f` says; what cannot be taken comes back
/// on the page of the form.
async fn change<F>(
    req: &HttpRequest,
    (slug, fields): (String, Fields),
    show: impl AsyncFnOnce(String, Form) -> Result<HttpResponse>,
    f: F,
) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, &str, &Fields) -> Result<String> + Send + 'static,
{
    let (typed, name) = (fields.clone(), slug.clone());
    submit(req, &fields, move |c, act| {
        let said = f(c, act, &name, &typed)?;
        Ok(Done::new(format!("/areas/{name}/rota"), said))
    })
    .await
    .or_show(fields, async |form| show(slug, form).await)
    .await
}
