//! Pages of people.

use actix_web::web;

use super::{list, show};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/people", web::get().to(list::page))
        .route("/people/{handle}", web::get().to(show::page));
}
