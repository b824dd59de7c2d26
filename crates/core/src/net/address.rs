//! An address on the web that somebody typed, and that Checkride calls.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::Networks;

/// The longest address that is kept.
const MOST: usize = 2000;

/// `https://…`, or `http://…` inside an allowed network. It may hold a secret: [`Address::shown`] is for pages.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads what somebody typed. What a name leads to is only known when it is called, and decided then again.
    ///
    /// # Errors
    /// A sentence that says what to type instead.
    pub fn parse(typed: &str, networks: &Networks) -> Result<Self, String> {
        let address =
            Self::kept(typed).ok_or("Type a web address like https://chat.example.com/hook.")?;
        let url = &address.0;
        if url.as_str().len() > MOST {
            return Err(format!("Use an address of at most {MOST} characters."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Leave out the name and password before the @.".into());
        }
        let is_encrypted = url.scheme() == "https";
        if !is_encrypted && networks.iter().next().is_none() {
            return Err("Use an address that starts with https://.".into());
        }
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::from(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::from(ip)),
            Some(Host::Domain(name)) if is_local(name) => Some(IpAddr::from([127, 0, 0, 1])),
            _ => None,
        };
        if ip.is_some_and(|ip| !networks.may_reach(ip, is_encrypted)) {
            return Err(
                "Checkride may not call this address: it is inside a private network.".into(),
            );
        }
        Ok(address)
    }

    /// Reads what was kept; also what a changed configuration no longer allows.
    pub fn kept(text: &str) -> Option<Self> {
        let mut url = Url::parse(text.trim()).ok()?;
        url.set_fragment(None);
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        is_web.then_some(Self(url))
    }

    /// All of it, with the secret that it may hold.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Scheme, host and port. Chats put the key of a hook into the path.
    pub fn shown(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}/…)", self.shown())
    }
}
