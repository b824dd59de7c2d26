//! How shifts are told: their hours, their ledger, the links of a brief.

use crate::db::types::UtcTime;
use crate::domain::readiness::Ledger;
use crate::time::LocalTime;
use crate::words::web_address;

/// From when to when, in the viewer's zone: `Mon 23 Nov, 12:00 to 16:00`; with the other day where it ends on one.
pub fn hours(local: &LocalTime, starts_at: UtcTime, ends_at: UtcTime) -> String {
    let (from, to) = (local.moment(starts_at).text, local.civil(ends_at));
    if local.local_day(starts_at) == local.local_day(ends_at) {
        format!("{from} to {}", to.strftime("%H:%M"))
    } else {
        format!("{from} to {}", local.moment(ends_at).text)
    }
}

/// How a ledger comes out, with its sample size: `83%, 10 of 12 alerts understood`.
pub fn ledger(ledger: Ledger) -> String {
    let (n, understood) = (ledger.acknowledged, ledger.understood);
    let alerts = if n == 1 { "alert" } else { "alerts" };
    match ledger.percent() {
        Some(percent) => format!("{percent}%, {understood} of {n} {alerts} understood"),
        None => "no alert acknowledged yet".into(),
    }
}

/// A piece of a text: words, or an address to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// As it was typed.
    pub text: String,
    /// Where it leads; empty for words.
    pub href: String,
}

/// A text in pieces, so that the addresses in it can be followed.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        let href = match word.contains("://").then(|| web_address(word)) {
            Some(Ok(address)) => address,
            _ => String::new(),
        };
        match pieces.last_mut() {
            Some(last) if last.href.is_empty() && href.is_empty() => last.text.push_str(part),
            _ if href.is_empty() => pieces.push(Piece {
                text: part.to_owned(),
                href,
            }),
            _ => {
                pieces.push(Piece {
                    text: word.to_owned(),
                    href,
                });
                let rest = part.strip_prefix(word).unwrap_or_default();
                if !rest.is_empty() {
                    pieces.push(Piece {
                        text: rest.to_owned(),
                        href: String::new(),
                    });
                }
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;
    use proptest::prelude::*;

    #[test]
    fn hours_name_the_second_day_only_where_it_is_another() {
        let local = LocalTime::new("Asia/Tokyo", at("2026-11-20T09:00:00Z"));
        let (noon, four) = (at("2026-11-23T12:00:00Z"), at("2026-11-23T16:00:00Z"));
        assert_eq!(
            hours(&local, noon, four),
            "Mon 23 Nov, 21:00 to Tue 24 Nov, 01:00"
        );
        let local = LocalTime::new("UTC", noon);
        assert_eq!(hours(&local, noon, four), "Mon 23 Nov, 12:00 to 16:00");
    }

    #[test]
    fn a_ledger_is_told_with_its_sample_size() {
        let of = |understood, acknowledged| Ledger {
            acknowledged,
            understood,
            from_drills: 0,
        };
        assert_eq!(ledger(of(10, 12)), "83%, 10 of 12 alerts understood");
        assert_eq!(ledger(of(1, 1)), "100%, 1 of 1 alert understood");
        assert_eq!(ledger(of(0, 0)), "no alert acknowledged yet");
    }

    #[test]
    fn addresses_can_be_followed_and_nothing_else_can() {
        let found = pieces("Start at https://wiki.example/pay first,\njavascript://x never");
        let links: Vec<&str> = found
            .iter()
            .filter(|p| !p.href.is_empty())
            .map(|p| p.href.as_str())
            .collect();
        assert_eq!(links, ["https://wiki.example/pay"]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "(https://a.example/x|[ \n]|[a-z:/<>]{1,5}){0,12}") {
            let all: String = pieces(&text).into_iter().map(|p| p.text).collect();
            prop_assert_eq!(all, text);
        }
    }
}
