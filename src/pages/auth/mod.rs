//! Pages of signing in, and of one's own account.

pub mod account;
pub mod kept;
pub mod reset;
pub mod sign_in;

use std::sync::OnceLock;

use actix_web::{HttpRequest, web};

use crate::domain::auth::{Source, token_hash};
use crate::error::Result;
use crate::forms::random_hex;
use crate::pages::request::{app, cookies};
use crate::usecases::auth::actions;
use crate::web::guard::caller;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/sign-in", web::get().to(sign_in::page))
        .route("/sign-in", web::post().to(sign_in::sign_in))
        .route("/sign-in/forget", web::get().to(sign_in::forget))
        .route("/sign-in/demo", web::post().to(sign_in::demo))
        .route("/reset", web::get().to(reset::page))
        .route("/reset", web::post().to(reset::send))
        .route("/sign-out", web::post().to(sign_in::sign_out))
        .route("/account", web::get().to(account::page))
        .route(
            "/account/password",
            web::post().to(account::change_password),
        )
        .route(
            "/account/time-zone",
            web::post().to(account::change_time_zone),
        )
        .route("/account/look", web::post().to(account::change_look));
}

/// The outcome of a try at an account.
struct Guess {
    /// The account, if there is one that may sign in.
    person_id: Option<i64>,
    /// What the password was compared with.
    hash: Option<String>,
    /// Where the try is counted.
    source: Source,
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
    let (again, browser) = (key.clone(), cookies(req).browser);
    let candidate = app
        .db
        .read(move |c| actions::begin(c, &key, (&address, browser.as_deref()), now))
        .await
        .inspect_err(|e| report(req, account, None, &e.to_string()))?;
    let source = candidate.source.clone();
    let hash = known.unwrap_or(candidate.password_hash);
    let fits = app.hasher.verify(typed.to_owned(), hash.clone()).await?;
    if !fits {
        report(req, account, candidate.person_id, "the password is wrong");
    }
    app.db
        .write(move |c| actions::settle(c, &again, &source, now, fits))
        .await?;
    Ok(Guess {
        person_id: candidate.person_id,
        hash,
        source: candidate.source,
        fits,
    })
}

/// Tells the log of a try at an account that failed. The account is told by a hash that holds until the next start: people
/// type passwords into the wrong field.
fn report(req: &HttpRequest, account: &str, person: Option<i64>, why: &str) {
    static KEY: OnceLock<String> = OnceLock::new();
    let key = KEY.get_or_init(random_hex::<32>);
    let hash = token_hash(&format!("{key}{account}"));
    let caller = caller(req);
    tracing::warn!(
        request_id = caller.request_id,
        address = caller.address,
        account = hash.get(..12),
        person,
        why,
        "a try to sign in failed"
    );
}
