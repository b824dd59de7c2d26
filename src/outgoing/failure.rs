//! Why there is no answer, in words for the person who typed the address.

use std::fmt;

use super::guard::Closed;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The address leads where Checkride may not call.
    Closed,
    NoSuchHost,
    Slow,
    Large,
    /// Who answers cannot prove who they are.
    Certificate(String),
    /// Anything between the two machines.
    Broken(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => {
                f.write_str("Checkride may not call this address: it leads into a private network.")
            }
            Self::NoSuchHost => f.write_str("No host has this name."),
            Self::Slow => f.write_str("The answer took too long."),
            Self::Large => f.write_str("The answer is too large."),
            Self::Certificate(why) => write!(f, "The certificate cannot be trusted: {why}."),
            Self::Broken(why) => write!(f, "The connection failed: {why}."),
        }
    }
}

impl std::error::Error for Failure {}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        use ureq::Error::{
            BodyExceedsLimit, HostNotFound, Io, LargeResponseHeader, Rustls, Timeout,
        };
        match error {
            Timeout(_) => Self::Slow,
            HostNotFound => Self::NoSuchHost,
            BodyExceedsLimit(_) | LargeResponseHeader(..) => Self::Large,
            Rustls(e) => Self::Certificate(e.to_string()),
            Io(e) => Self::from_io(&e),
            other => Self::Broken(other.to_string()),
        }
    }
}

impl Failure {
    fn from_io(error: &std::io::Error) -> Self {
        let inner = error.get_ref();
        if inner.is_some_and(|e| e.is::<Closed>()) {
            return Self::Closed;
        }
        if let Some(e) = inner.and_then(|e| e.downcast_ref::<rustls::Error>()) {
            return Self::Certificate(e.to_string());
        }
        // The standard library has no kind of its own for a look-up that found nothing.
        if error.to_string().starts_with("failed to lookup address") {
            return Self::NoSuchHost;
        }
        match error.kind() {
            std::io::ErrorKind::TimedOut => Self::Slow,
            kind => Self::Broken(kind.to_string()),
        }
    }
}
