//! Bare addresses of the web in a text.

use crate::words::web_address;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Text(&'t str),
    Address(&'t str),
}

/// A text, with the addresses in it told apart.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut start, mut from) = (Vec::new(), 0, 0);
    while let Some(colon) = text.get(from..).and_then(|rest| rest.find("://")) {
        let colon = from + colon;
        from = colon + "://".len();
        let Some((at, end)) = around(text, start, colon) else {
            continue;
        };
        parts.extend(
            text.get(start..at)
                .filter(|t| !t.is_empty())
                .map(Part::Text),
        );
        parts.extend(text.get(at..end).map(Part::Address));
        (start, from) = (end, end);
    }
    parts.extend(text.get(start..).filter(|t| !t.is_empty()).map(Part::Text));
    parts
}

/// Where the address with that colon starts and ends; `None` when it is none of the web.
fn around(text: &str, start: usize, colon: usize) -> Option<(usize, usize)> {
    let before = text.get(start..colon)?;
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        let from = before.len().checked_sub(scheme.len());
        from.and_then(|from| before.get(from..))
            .is_some_and(|word| word.eq_ignore_ascii_case(scheme))
    })?;
    let at = colon - scheme.len();
    let stands_apart = !text
        .get(start..at)?
        .ends_with(|c: char| c.is_ascii_alphanumeric());
    let rest = text.get(at..).filter(|_| stands_apart)?;
    let whole = rest.split(ends_it).next().unwrap_or_default();
    let address = without_punctuation(whole);
    web_address(address).ok()?;
    Some((at, at + address.len()))
}

fn ends_it(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '\\' | '`' | '|')
        // Japanese, Chinese and Korean go on behind an address without a space.
        || matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// Without what belongs to the sentence: punctuation, and brackets that were opened before the address.
fn without_punctuation(address: &str) -> &str {
    let count = |sign: char| address.matches(sign).count();
    let mut surplus = [('(', ')'), ('[', ']'), ('{', '}')]
        .map(|(open, close)| (close, count(close).saturating_sub(count(open))));
    address.trim_end_matches(|c: char| {
        matches!(
            c,
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '’' | '”'
        ) || surplus.iter_mut().any(|(close, left)| {
            let is_extra = c == *close && *left > 0;
            *left -= usize::from(is_extra);
            is_extra
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn addresses(text: &str) -> Vec<&str> {
        let found = parts(text).into_iter().filter_map(|part| match part {
            Part::Address(address) => Some(address),
            Part::Text(_) => None,
        });
        found.collect()
    }

    #[test]
    fn an_address_ends_where_its_sentence_goes_on() {
        for (text, found) in [
            ("see https://a.example/42.", "https://a.example/42"),
            ("(https://a.example/x_(y))", "https://a.example/x_(y)"),
            ("see (HTTP://a.example), then", "HTTP://a.example"),
            (
                "https://a.example/?q=a&b=c#d!",
                "https://a.example/?q=a&b=c#d",
            ),
            ("詳細はhttps://a.example/42を見て", "https://a.example/42"),
            ("https://a.example/caf\u{e9}", "https://a.example/caf\u{e9}"),
            ("“https://a.example”", "https://a.example"),
        ] {
            assert_eq!(addresses(text), [found], "{text}");
        }
        for none in [
            "xhttps://a.example",
            "https://",
            "https://.",
            "javascript://a",
            "ftp://a.example",
            "://",
        ] {
            assert_eq!(addresses(none), [""; 0], "{none}");
        }
        assert_eq!(
            addresses("http://a.example http://b.example"),
            ["http://a.example", "http://b.example"]
        );
    }

    proptest! {
        #[test]
        fn a_text_is_the_sum_of_its_parts(text in "(https?://|[a-z().:/é ]|\\PC){0,20}") {
            let whole: String = parts(&text)
                .into_iter()
                .map(|part| match part {
                    Part::Text(t) | Part::Address(t) => t,
                })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }
}
