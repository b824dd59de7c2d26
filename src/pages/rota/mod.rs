//! Pages of rotas.

pub mod finding;
pub mod names;
pub mod new;
pub mod remove;
pub mod show;
pub mod source;
pub mod table;

use actix_web::web;

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
