//! Pages of ramps.
use actix_web::web;
/// Mounts the routes.
pub fn routes(_cfg: &mut web::ServiceConfig) {}
