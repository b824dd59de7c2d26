//! One-time links. With one a person joins and sets their first password, or a new one; with another someone becomes
//! the first administrator. A link is shown or mailed once; only its hash is stored.

pub mod model;
pub mod store;

use std::fmt;

use crate::db::types::UtcTime;
use crate::domain::auth::token_hash;
use crate::forms::random_hex;

/// An unused link expires after that many days.
pub const DAYS: i64 = 7;
/// An unused link that a person asked for expires after that many minutes.
pub const RESET_MINUTES: i64 = 30;
/// Links of that kind that a person has at most.
pub const RESETS: i64 = 3;

/// The secret part of a link: 256 random bits. It is in the link, and in the mail with the link until that is sent; never in a
/// log or the audit chain.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// When a secret address was read last is written at most that often.
const SECONDS_BETWEEN: i64 = 3600;

/// Whether it is to be noted again that a secret address was read.
pub fn is_noted_again(last: Option<UtcTime>, now: UtcTime) -> bool {
    last.is_none_or(|at| now.seconds_since(at) >= SECONDS_BETWEEN)
}

impl Token {
    pub fn fresh() -> Self {
        Self(random_hex::<32>())
    }

    /// The stored form.
    pub fn hash(&self) -> String {
        token_hash(&self.0)
    }

    /// The path of the link for a person.
    pub fn path(&self) -> String {
        format!("/invite/{}", self.0)
    }

    /// The key of the mail that holds the link.
    pub fn letter_key(&self) -> String {
        let hash = self.hash();
        format!("link:{}", hash.get(..16).unwrap_or(&hash))
    }

    /// The link for a person. `base` is the address of this installation, without a slash at its end.
    pub fn link(&self, base: &str) -> String {
        format!("{base}{}", self.path())
    }

    /// The link that makes the first administrator.
    pub fn setup_link(&self, base: &str) -> String {
        format!("{base}/set-up/{}", self.0)
    }

    /// The address of the screen in a team's room.
    pub fn screen_address(&self, base: &str) -> String {
        format!("{base}/screen/{}", self.0)
    }

    /// The address of a person's calendar.
    pub fn calendar_address(&self, base: &str) -> String {
        format!("{base}/calendar/{}.ics", self.0)
    }
}

/// The times of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    pub expires_at: UtcTime,
    pub used_at: Option<UtcTime>,
    /// When a newer one replaced it, or someone revoked it.
    pub revoked_at: Option<UtcTime>,
}

/// Whether a link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Used(UtcTime),
    /// Revoked at that time: a newer one replaced it, or the person left.
    Revoked(UtcTime),
    /// Not used in time.
    Expired(UtcTime),
}

/// Whether a link works now.
pub fn state(times: &Times, now: UtcTime) -> State {
    if let Some(at) = times.used_at {
        State::Used(at)
    } else if let Some(at) = times.revoked_at {
        State::Revoked(at)
    } else if times.expires_at <= now {
        State::Expired(times.expires_at)
    } else {
        State::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    #[test]
    fn a_link_works_until_it_is_used_taken_back_or_over() {
        let expires_at = at("2026-11-30T09:00:00Z");
        let open = Times {
            expires_at,
            used_at: None,
            revoked_at: None,
        };
        assert_eq!(state(&open, at("2026-11-30T08:59:59Z")), State::Open);
        assert_eq!(state(&open, expires_at), State::Expired(expires_at));
        let then = at("2026-11-24T10:00:00Z");
        let used = Times {
            used_at: Some(then),
            ..open.clone()
        };
        // A used link stays "used", also after it would have expired.
        assert_eq!(state(&used, at("2027-01-01T00:00:00Z")), State::Used(then));
        let revoked = Times {
            revoked_at: Some(then),
            ..open
        };
        assert_eq!(state(&revoked, then), State::Revoked(then));
    }

    #[test]
    fn a_token_shows_itself_in_its_link_alone() {
        let token = Token::fresh();
        let link = token.link("https://ride.example");
        let secret = link.strip_prefix("https://ride.example/invite/").unwrap();
        assert_eq!(secret.len(), 64);
        assert!(!format!("{token:?}").contains(secret));
        assert!(!token.hash().contains(secret));
        assert_eq!(token.hash(), token_hash(secret));
        assert_ne!(token, Token::fresh());
    }
}
