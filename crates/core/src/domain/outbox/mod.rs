//! The outbox: messages that leave. One is a row, written in the transaction of its cause, so it leaves when the cause is
//! stored and only then. A worker sends it at least once, and tries again until the other side took it.

pub mod letter;
pub mod model;
pub mod store;

use crate::text_enum;

pub use letter::Letter;

text_enum! {
    /// The way a message takes.
    pub enum Channel {
        Mail = "mail" / "Mail",
        Hook = "hook" / "Chat hook",
    }
}

text_enum! {
    /// How a message is.
    pub enum State {
        Waiting = "waiting" / "Waiting",
        Sent = "sent" / "Sent",
        /// Refused for good, or tried too often.
        GivenUp = "given_up" / "Given up",
        Cancelled = "cancelled" / "Cancelled",
    }
}

/// What one attempt came to; each with the answer of the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Sent(String),
    /// Another attempt may succeed.
    Later(String),
    /// No attempt will.
    Never(String),
    /// Nobody is to get it any longer.
    Cancelled(String),
}

/// A message is its worker's for that long; then another one may take it. Longer than any attempt lasts.
pub const LEASE_SECONDS: i64 = 5 * 60;
/// Attempts after which a message is given up: after about two days.
pub const MOST_ATTEMPTS: i32 = 18;
/// The body of a message that ended is kept that long.
pub const BODY_HOURS: i64 = 14 * 24;
/// A message that ended is kept that long.
pub const KEPT_HOURS: i64 = 90 * 24;
/// Characters of an answer that are kept.
const ANSWER: usize = 500;

const FIRST_WAIT: i64 = 60;
const LONGEST_WAIT: i64 = 6 * 60 * 60;

/// Seconds from a failed attempt to the next one; `None` when that was the last. It doubles from one or two minutes
/// up to six hours. A random part of it keeps messages that failed together from coming back together.
pub fn next_attempt(attempts: i32, random: u32) -> Option<i64> {
    if attempts >= MOST_ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts.max(1)).unwrap_or(1);
    let longest = FIRST_WAIT
        .saturating_mul(2_i64.saturating_pow(doublings))
        .min(LONGEST_WAIT);
    let shortest = longest / 2;
    Some(shortest + i64::from(random) % (longest - shortest + 1))
}

/// An answer on one line, as long as it is kept.
fn clipped(answer: &str) -> String {
    let line: Vec<&str> = answer.split_whitespace().collect();
    let line: String = line
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(ANSWER)
        .collect();
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_attempt_waits_between_a_minute_and_six_hours(attempts in -1..40_i32, random: u32) {
            match next_attempt(attempts, random) {
                Some(wait) => prop_assert!((60..=6 * 3600).contains(&wait) && attempts < MOST_ATTEMPTS),
                None => prop_assert!(attempts >= MOST_ATTEMPTS),
            }
        }

        #[test]
        fn a_later_attempt_never_waits_less_than_an_earlier_one_could(attempts in 1..8_i32, a: u32, b: u32) {
            prop_assert!(next_attempt(attempts, a) <= next_attempt(attempts + 1, b));
        }

        #[test]
        fn a_message_is_given_up_after_about_two_days(randoms in prop::collection::vec(any::<u32>(), 40)) {
            let waits = (1..).zip(randoms).map_while(|(n, random)| next_attempt(n, random));
            let hours = waits.sum::<i64>() / 3600;
            prop_assert!((30..=66).contains(&hours), "{hours} hours");
        }

        #[test]
        fn an_answer_is_one_short_line(answer in "(\\PC|[\\n\\r\\t\u{0}\u{1b}]){0,900}") {
            let kept = clipped(&answer);
            prop_assert!(kept.chars().count() <= ANSWER);
            prop_assert!(!kept.contains(char::is_control));
        }
    }

    #[test]
    fn what_failed_together_comes_back_apart() {
        let waits: std::collections::BTreeSet<_> =
            (0..100).map(|n| next_attempt(3, n * 7919)).collect();
        assert!(waits.len() > 50);
    }
}
