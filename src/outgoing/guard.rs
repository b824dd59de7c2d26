//! Looks names up, and lets a request go nowhere but where it may. A connection is made to what this returns, so a name
//! that leads elsewhere a moment later changes nothing. It is asked for addresses in numbers too.

use std::fmt;
use std::io;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::net::Networks;

#[derive(Debug)]
pub(super) struct Guard {
    networks: Networks,
    names: DefaultResolver,
}

/// Every address that a name leads to is closed.
#[derive(Debug)]
pub(super) struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed address")
    }
}

impl std::error::Error for Closed {}

impl Guard {
    pub(super) fn new(networks: Networks) -> Self {
        Self {
            networks,
            names: DefaultResolver::default(),
        }
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let is_encrypted = uri.scheme() == Some(&Scheme::HTTPS);
        let mut open = self.empty();
        for address in self.names.resolve(uri, config, timeout)?.iter() {
            if self.networks.may_reach(address.ip(), is_encrypted) {
                open.push(*address);
            }
        }
        if open.is_empty() {
            return Err(ureq::Error::Io(io::Error::new(
                io::ErrorKind::PermissionDenied,
                Closed,
            )));
        }
        Ok(open)
    }
}
