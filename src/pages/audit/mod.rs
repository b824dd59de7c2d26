//! Pages of the audit log.

pub mod entry;
pub mod export;
pub mod list;
pub mod programme;
pub mod sentence;
pub mod view;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/audit/programme", web::get().to(programme::page))
        .route("/audit/programme.csv", web::get().to(programme::table))
        .route("/audit/programme.xlsx", web::get().to(programme::table))
        .route("/admin/audit", web::get().to(list::page))
        .route("/admin/audit.csv", web::get().to(export::csv))
        .route("/admin/audit.xlsx", web::get().to(export::workbook))
        .route("/admin/audit/{seq}", web::get().to(entry::page));
}
