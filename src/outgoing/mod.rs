//! Requests that Checkride itself sends: to hooks of chats and to calendars that people name. One guarded way, for all
//! of them: no private address, no proxy, no redirect, bounded in time and size.

mod failure;
mod guard;

use std::fmt;
use std::io::Read;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, http};

use crate::net::{Address, Networks};
pub use failure::Failure;
use guard::Guard;

/// Whole answers take at most that long, from the look-up of the name to the last byte.
const WITHIN: Duration = Duration::from_secs(10);
const CONNECTED_WITHIN: Duration = Duration::from_secs(4);
const MOST_HEADERS: usize = 16 << 10;
/// So much of the answer to something sent is kept, for people to read.
const READ_BACK: u64 = 2 << 10;

/// What the other side answered, whatever its status.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Sends requests, one at a time, on the thread that asks: never on a thread of the server.
#[derive(Clone)]
pub struct Outgoing(Arc<Inner>);

struct Inner {
    networks: Networks,
    roots: Vec<Certificate<'static>>,
    within: Duration,
    agent: OnceLock<Agent>,
}

impl Outgoing {
    pub fn new(networks: Networks) -> Self {
        Self::with(networks, Vec::new(), WITHIN)
    }

    /// The same, trusting certificates beside those of the system, and waiting for another time.
    pub fn with(networks: Networks, roots: Vec<Certificate<'static>>, within: Duration) -> Self {
        Self(Arc::new(Inner {
            networks,
            roots,
            within,
            agent: OnceLock::new(),
        }))
    }

    /// Where requests may go beside the internet.
    pub fn networks(&self) -> &Networks {
        &self.0.networks
    }

    /// Loads what is there, all of it.
    ///
    /// # Errors
    /// No answer, or one with more than `most` bytes.
    pub fn get(
        &self,
        address: &Address,
        headers: &[(&str, &str)],
        most: u64,
    ) -> Result<Answer, Failure> {
        let mut request = self.agent().get(address.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, mut body) = request.call()?.into_parts();
        let body = body.with_config().limit(most).read_to_vec()?;
        Ok(answer(&parts, body))
    }

    /// Sends JSON. The status is the answer; what comes with it is read as far as people will read it.
    ///
    /// # Errors
    /// No answer. Whether the other side read it is not known then.
    pub fn post(
        &self,
        address: &Address,
        headers: &[(&str, &str)],
        json: &[u8],
    ) -> Result<Answer, Failure> {
        let mut request = self.agent().post(address.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, body) = request
            .content_type("application/json")
            .send(json)?
            .into_parts();
        Ok(answer(&parts, beginning(body)))
    }

    fn agent(&self) -> &Agent {
        self.0.agent.get_or_init(|| {
            let tls = TlsConfig::builder()
                .provider(TlsProvider::Rustls)
                .unversioned_rustls_crypto_provider(Arc::new(
                    rustls::crypto::ring::default_provider(),
                ))
                .root_certs(self.roots())
                .build();
            let config = Agent::config_builder()
                .proxy(None)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .timeout_global(Some(self.0.within))
                .timeout_connect(Some(CONNECTED_WITHIN))
                .max_response_header_size(MOST_HEADERS)
                .max_idle_connections(0)
                .user_agent(concat!("Checkride/", env!("CARGO_PKG_VERSION")))
                .tls_config(tls)
                .build();
            let guard = Guard::new(self.0.networks.clone());
            Agent::with_parts(config, DefaultConnector::default(), guard)
        })
    }

    fn roots(&self) -> RootCerts {
        let found = rustls_native_certs::load_native_certs();
        if found.certs.is_empty() {
            tracing::warn!(errors = ?found.errors, "this machine knows no certificates, so nobody can be called by https");
        }
        let system = found
            .certs
            .iter()
            .map(|der| Certificate::from_der(der).to_owned());
        system.chain(self.0.roots.iter().cloned()).into()
    }
}

impl Default for Outgoing {
    fn default() -> Self {
        Self::new(Networks::default())
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outgoing").field(&self.0.networks).finish()
    }
}

fn answer(parts: &http::response::Parts, body: Vec<u8>) -> Answer {
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers.clone(),
        body,
    }
}

/// What arrives of it; whether the rest does changes nothing.
fn beginning(body: Body) -> Vec<u8> {
    let mut read = Vec::new();
    let mut reader = body.into_reader().take(READ_BACK);
    let mut part = [0; 512];
    while let Ok(n @ 1..) = reader.read(&mut part) {
        read.extend(part.iter().take(n));
    }
    read
}

#[cfg(test)]
mod tests;
