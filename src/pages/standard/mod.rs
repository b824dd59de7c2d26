//! Pages of standards: versions and what differs between them, and the draft with its forms.

pub mod back;
pub mod draft;
pub mod gates;
pub mod line;
pub mod publish;
pub mod version;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    version::routes(cfg);
    draft::routes(cfg);
    gates::routes(cfg);
    publish::routes(cfg);
    line::routes(cfg);
}
