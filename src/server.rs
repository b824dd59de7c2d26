//! The HTTP server: binds, prints its address, and stops gracefully.

use std::net::TcpListener;
use std::os::unix::net::UnixListener;

use actix_web::middleware::from_fn;
use actix_web::{App as Actix, HttpServer, dev};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::app::App;
use crate::error::{Error, Result};
use crate::pages::auth::kept;
use crate::routes::routes;
use crate::web::guard::guard;
use crate::web::unchanged::unchanged;

/// Seconds for requests in flight to finish when the server stops.
const GRACE_SECONDS: u64 = 30;

/// Serves the app on a listener. Await it to run; use its handle to stop it.
///
/// Errors: A fault when the listener cannot be used.
pub fn serve(app: &App, listener: Listener) -> Result<dev::Server> {
    let app = app.clone();
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
    let connections = connections(descriptors());
    let server = HttpServer::new(move || {
        Actix::new()
            .wrap(from_fn(unchanged))
            .wrap(from_fn(kept::or_sign_in))
            .wrap(from_fn(guard))
            .configure(routes(&app))
    })
    .workers(workers)
    .max_connections((connections / workers).max(1))
    .disable_signals()
    .shutdown_timeout(GRACE_SECONDS);
    let bound = match listener {
        Listener::Tcp(tcp) => server.listen(tcp),
        Listener::Unix(socket) => server.listen_uds(socket),
    };
    Ok(bound.map_err(Error::fault)?.run())
}

/// A listener that is bound.
#[derive(Debug)]
pub enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Descriptors that are not for connections: the database, the log, the listener.
const OWN: u64 = 64;
/// More open connections help nobody.
const MOST: u64 = 16 * 1024;

/// Files this process may have open at once, after asking for as many as it may ask for.
fn descriptors() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = Rlimit {
        current: maximum,
        maximum,
    };
    match setrlimit(Resource::Nofile, wanted) {
        Ok(()) => maximum,
        Err(_) => current,
    }
}

/// How many connections are taken at once; others wait until one ends. `None` is no limit.
fn connections(descriptors: Option<u64>) -> usize {
    let left = descriptors.unwrap_or(MOST).saturating_sub(OWN);
    usize::try_from(left.clamp(OWN, MOST)).unwrap_or(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_database() {
        assert_eq!(connections(Some(1024)), 960);
        assert_eq!(connections(Some(1_048_576)), 16_384);
        assert_eq!(connections(None), 16_320);
        assert_eq!(connections(Some(70)), 64);
    }
}
