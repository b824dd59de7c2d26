//! Pages of signing in, and of one's own account.

pub mod account;
pub mod sign_in;

use actix_web::{HttpRequest, web};

use crate::error::Result;
use crate::pages::request::app;
use crate::usecases::auth::actions;
use crate::web::guard::caller;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/sign-in", web::get().to(sign_in::page))
        .route("/sign-in", web::post().to(sign_in::sign_in))
        .route("/sign-in/demo", web::post().to(sign_in::demo))
        .route("/sign-out", web::post().to(sign_in::sign_out))
        .route("/account", web::get().to(account::page))
        .route(
            "/account/password",
            web::post().to(account::change_password),
        )
        .route(
            "/account/time-zone",
            web::post().to(account::change_time_zone),
        );
}

/// The outcome of a try at an account.
struct Guess {
    /// The account, if there is one that may sign in.
    person_id: Option<i64>,
    /// What the password was compared with.
    hash: Option<String>,
    fits: bool,
}

/// Says whether the password fits the hash of an account, and counts the try when it does not; `known` is the hash where
/// it was read already. A try that could not be checked does not count.
async fn guess(
    req: &HttpRequest,
    account: &str,
    typed: &str,
    known: Option<Option<String>>,
) -> Result<Guess> {
    let app = app(req)?;
    let (key, address, now) = (
        account.to_owned(),
        caller(req).address.clone(),
        app.clock.now(),
    );
    let (again, from) = (key.clone(), address.clone());
    let candidate = app
        .db
        .read(move |c| actions::begin(c, &key, &address, now))
        .await?;
    let hash = known.unwrap_or(candidate.password_hash);
    let fits = app.hasher.verify(typed.to_owned(), hash.clone()).await?;
    app.db
        .write(move |c| actions::settle(c, &again, &from, now, fits))
        .await?;
    Ok(Guess {
        person_id: candidate.person_id,
        hash,
        fits,
    })
}
