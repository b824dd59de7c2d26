//! Pages of the audit log.

pub mod entry;
pub mod export;
pub mod list;
pub mod sentence;
pub mod view;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/admin/audit", web::get().to(list::page))
        .route("/admin/audit.csv", web::get().to(export::download))
        .route("/admin/audit/{seq}", web::get().to(entry::page));
}
