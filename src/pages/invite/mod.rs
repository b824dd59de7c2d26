//! Pages of one-time links. Nobody needs to be signed in; a person who is comes in as the one the link is for.

pub mod enter;
pub mod over;
pub mod set_up;

use actix_web::{HttpRequest, web};

use crate::domain::audit::Act;
use crate::domain::auth::password::Password;
use crate::error::{FieldErrors, Result};
use crate::pages::request::app;
use crate::usecases::invite::actions;
use crate::usecases::invite::actions::LinkState;
use crate::web::Fields;
use crate::web::guard::caller;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/invite/{token}", web::get().to(enter::page))
        .route("/invite/{token}", web::post().to(enter::enter))
        .route("/set-up/{token}", web::get().to(set_up::page))
        .route("/set-up/{token}", web::post().to(set_up::set_up));
}

/// Looks at a link; the try counts against the address.
async fn look(req: &HttpRequest, token: &str) -> Result<LinkState> {
    let app = app(req)?;
    let (token, address, now) = (
        token.to_owned(),
        caller(req).address.clone(),
        app.clock.now(),
    );
    app.db
        .write(move |c| actions::look_up(c, &token, &address, now))
        .await
}

/// An act of the person who holds a link, before it is known who that is.
fn act(req: &HttpRequest) -> Result<Act> {
    let caller = caller(req);
    Ok(Act {
        address: caller.address.clone(),
        request_id: caller.request_id.clone(),
        ..Act::operator(app(req)?.clock.now())
    })
}

/// The password that was chosen and repeated, with a sentence at the field that is wrong.
fn chosen(fields: &Fields, owner: &[&str], errors: &mut FieldErrors) -> Option<Password> {
    match Password::parse(fields.get("password"), owner) {
        Err(sentence) => errors.add("password", sentence),
        Ok(password) if !password.is(fields.get("repeat_password")) => {
            errors.add("repeat_password", "The two passwords differ.");
        }
        Ok(password) => return Some(password),
    }
    None
}
