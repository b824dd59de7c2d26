//! What the address in a mail ends, with one click and without signing in (RFC 8058).

use super::{Choice, Kind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// Mails of one kind.
    Kind(Kind),
    /// The daily mail: every kind that comes with it and may end.
    Daily,
}

const DAILY: &str = "daily";

impl Ends {
    /// `None` for a word that names nothing that may end.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            DAILY => Some(Self::Daily),
            kind => Kind::parse(kind)
                .filter(|kind| kind.may_end())
                .map(Self::Kind),
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.word(),
            Self::Daily => DAILY,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.label(),
            Self::Daily => "The daily mail. It still comes when others wait for your decision",
        }
    }

    /// The kinds that it ends for a person with these choices.
    pub fn kinds(self, chosen: &[(Kind, Choice)]) -> Vec<Kind> {
        let is_daily = |kind: Kind| kind.chosen(chosen) == Choice::Daily;
        match self {
            Self::Kind(kind) => vec![kind],
            Self::Daily => {
                let all = Kind::ALL.iter().copied();
                all.filter(|kind| kind.may_end() && is_daily(*kind))
                    .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_what_it_names_and_nothing_that_must_be_told() {
        for kind in Kind::ALL {
            match Ends::parse(kind.word()) {
                Some(ends) => assert_eq!(ends.kinds(&[]), [*kind]),
                None => assert!(kind.must_be_told(), "{kind:?}"),
            }
        }
        assert_eq!(Ends::parse("other"), None);
    }

    #[test]
    fn the_end_of_the_daily_mail_leaves_what_is_told_at_once_or_must_be_told() {
        let daily = Ends::parse(Ends::Daily.word()).unwrap();
        let chosen = [
            (Kind::SignoffWaits, Choice::Daily),
            (Kind::Cleared, Choice::Daily),
            (Kind::SessionRecorded, Choice::AtOnce),
        ];
        let ended = daily.kinds(&chosen);
        assert!(ended.contains(&Kind::Cleared) && ended.contains(&Kind::Commented));
        for kept in [Kind::SignoffWaits, Kind::SessionRecorded, Kind::Mentioned] {
            assert!(!ended.contains(&kept), "{kept:?}");
        }
    }
}
