//! Signing in: passwords, sessions, and who a request comes from.

pub mod context;
pub mod password;
pub mod store;

use sha2::{Digest, Sha256};

/// A session ends after that long without use.
pub const IDLE_HOURS: i64 = 24;
/// A session ends after that long, however much it is used.
pub const ABSOLUTE_HOURS: i64 = 14 * 24;
/// "Last seen" is written at most that often.
pub const SEEN_EVERY_SECONDS: i64 = 600;

/// The window in which failed sign-ins are counted.
pub const WINDOW_SECONDS: i64 = 15 * 60;
/// Failed sign-ins of one account from one address in the window; the same for accounts that do not exist.
pub const ACCOUNT_TRIES: i64 = 10;
/// Failed sign-ins of one account from everywhere in the window. The owner is not locked out in a browser known to us.
pub const ACCOUNT_TRIES_EVERYWHERE: i64 = 200;
/// Failed sign-ins from one address in the window; a whole office may share an address.
pub const ADDRESS_TRIES: i64 = 100;

/// A browser that was used to sign in is known that long after the last time.
pub const KNOWN_HOURS: i64 = 400 * 24;

/// What a browser keeps for us and sends with a request.
#[derive(Debug, Clone, Default)]
pub struct Cookies {
    /// The token of its session.
    pub session: Option<String>,
    /// The token by which it is known, across sessions.
    pub browser: Option<String>,
}

/// Where failed tries come from, and are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A network address. Tries at sign-in and at one-time links are counted apart: one cannot use up the other.
    SignIn(String),
    Link(String),
    /// The same for asking for a new password.
    Reset(String),
    /// A browser in which the owner of the account signed in before, by its token. Nobody else's tries count there.
    Known(String),
}

impl Source {
    /// The key it is counted by.
    pub fn key(&self) -> String {
        match self {
            Self::SignIn(address) => address_key(address),
            Self::Link(address) => format!("link {}", address_key(address)),
            Self::Reset(address) => format!("reset {}", address_key(address)),
            Self::Known(token) => format!("browser {}", token_hash(token)),
        }
    }
}

/// The key of an address: an IPv6 address by its /64, which is what one customer gets.
fn address_key(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// The page after signing in, if it is a path of this site.
pub fn safe_next(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control)
        && !next.starts_with("/sign-in");
    if own { next } else { "/" }
}

/// Whether a person is told of a sign-in: they signed in before, in other browsers than this one.
pub fn is_new_place(knows_any: bool, knows_this: bool) -> bool {
    knows_any && !knows_this
}

/// The stored form of a session token.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_counts_as_one_address() {
        assert_eq!(address_key("203.0.113.7"), "203.0.113.7");
        assert_eq!(
            address_key("2001:db8:1:2:3::4"),
            address_key("2001:db8:1:2:ffff::9")
        );
        assert_ne!(
            address_key("2001:db8:1:2::4"),
            address_key("2001:db8:1:3::4")
        );
    }

    #[test]
    fn a_sign_in_leads_only_to_our_own_pages() {
        assert_eq!(safe_next("/ramps/3?a=b"), "/ramps/3?a=b");
        for bad in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/\n/x",
        ] {
            assert_eq!(safe_next(bad), "/", "{bad}");
        }
    }
}
