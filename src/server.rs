//! The HTTP server: binds, prints its address, and stops gracefully.

use std::net::TcpListener;

use actix_web::middleware::from_fn;
use actix_web::{App as Actix, HttpServer, dev};

use crate::app::App;
use crate::error::{Error, Result};
use crate::routes::routes;
use crate::web::guard::guard;

/// Seconds for requests in flight to finish when the server stops.
const GRACE_SECONDS: u64 = 30;

/// Serves the app on a listener. Await it to run; use its handle to stop it.
///
/// Errors: A fault when the listener cannot be used.
pub fn serve(app: &App, listener: TcpListener) -> Result<dev::Server> {
    let app = app.clone();
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
    Ok(
        HttpServer::new(move || Actix::new().wrap(from_fn(guard)).configure(routes(&app)))
            .workers(workers)
            .disable_signals()
            .shutdown_timeout(GRACE_SECONDS)
            .listen(listener)
            .map_err(Error::fault)?
            .run(),
    )
}
