//! Help: how clearance works, what the words mean, and the guide.

pub mod guide;
pub mod part;
mod parts;
pub mod privacy;
pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/help", web::get().to(show::page))
        .route("/help/guide", web::get().to(guide::page))
        .route("/help/guide/{part}", web::get().to(part::page))
        .route("/help/privacy", web::get().to(privacy::page));
}
