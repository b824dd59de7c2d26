//! Help: how clearance works, what the words mean, and the guide.

pub mod guide;
pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/help", web::get().to(show::page))
        .route("/help/guide", web::get().to(guide::page))
        .route("/help/privacy", web::get().to(guide::privacy));
}
