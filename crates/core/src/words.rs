//! Texts that someone typed into a field for sentences, cleaned so that both databases and every page can hold them.

use crate::text;

/// At most `MAX` characters, without surrounding space; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words<const MAX: usize>(String);

impl<const MAX: usize> Words<MAX> {
    /// Cleans what was typed: normal form C, one kind of newline, no other control characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tidy: String = text::normal(text)
            .replace("\r\n", "\n")
            .chars()
            .map(|c| if c == '\r' { '\n' } else { c })
            .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
            .collect();
        let words = tidy.trim();
        match words.chars().count() {
            n if n > MAX => Err(format!("This has {n} characters. The limit is {MAX}.")),
            _ => Ok(Self(words.to_owned())),
        }
    }

    /// Reads a required text; `missing` is the sentence when it is empty.
    pub fn required(text: &str, missing: &str) -> Result<Self, String> {
        match Self::parse(text) {
            Ok(words) if words.is_empty() => Err(missing.into()),
            other => other,
        }
    }

    /// Reads one text from each line of a field, at most `most`; ignores empty lines.
    pub fn lines(text: &str, most: usize) -> Result<Vec<Self>, String> {
        let lines: Vec<Self> = Words::<{ usize::MAX }>::parse(text)?
            .as_str()
            .lines()
            .map(Self::parse)
            .filter(|line| !line.as_ref().is_ok_and(Self::is_empty))
            .collect::<Result<_, _>>()
            .map_err(|why| format!("One of the lines is too long. {why}"))?;
        if lines.len() > most {
            return Err(format!(
                "These are {} lines. The limit is {most}.",
                lines.len()
            ));
        }
        Ok(lines)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A title: one line of at most `MAX` characters, in which nothing is invisible; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Title<const MAX: usize>(String);

impl<const MAX: usize> Title<MAX> {
    /// Errors: A sentence when it is too long, or as in [`text::line`].
    pub fn parse(typed: &str) -> Result<Self, String> {
        let line = text::line(typed, "This")?;
        match line.chars().count() {
            n if n > MAX => Err(format!("This has {n} characters. The limit is {MAX}.")),
            _ => Ok(Self(line)),
        }
    }

    /// Reads a required line; `missing` is the sentence when it is empty.
    pub fn required(typed: &str, missing: &str) -> Result<Self, String> {
        match Self::parse(typed) {
            Ok(line) if line.is_empty() => Err(missing.into()),
            other => other,
        }
    }

    /// Reads one from each line of a field, at most `most`; ignores empty lines.
    pub fn lines(typed: &str, most: usize) -> Result<Vec<Self>, String> {
        let whole = Words::<{ usize::MAX }>::parse(typed)?;
        let read = whole.as_str().lines().map(Self::parse);
        let lines = read.filter(|line| !line.as_ref().is_ok_and(Self::is_empty));
        let lines: Vec<Self> = lines.collect::<Result<_, _>>()?;
        match lines.len() {
            n if n > most => Err(format!("These are {n} lines. The limit is {most}.")),
            _ => Ok(lines),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// `Ada, Priya and Jonas`.
pub fn listed(all: &[&str]) -> String {
    match all.split_last() {
        None => String::new(),
        Some((one, [])) => (*one).to_owned(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

/// A text cut to at most `most` characters: it ends after a word, with “…”.
pub fn clipped(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    // Room for the “…”; a word that leaves no room for another one is cut.
    let last = text.char_indices().nth(most.saturating_sub(1));
    let cut = text
        .get(..last.map_or(end, |(at, _)| at))
        .unwrap_or_default();
    let words = match text.get(cut.len()..) {
        Some(rest) if rest.starts_with(char::is_whitespace) => cut,
        _ => cut
            .rsplit_once(char::is_whitespace)
            .map_or(cut, |(words, _)| words),
    };
    format!("{}…", words.trim_end())
}

/// An address that a page may link to. Anything but the web (above all `javascript:`) is refused.
pub fn web_address(text: &str) -> Result<String, String> {
    let text = text.trim();
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        text.get(..scheme.len())
            .filter(|start| start.eq_ignore_ascii_case(scheme))
            .and(text.get(scheme.len()..))
    });
    let host = rest
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    let is_clean = !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\'));
    if host.chars().any(char::is_alphanumeric) && is_clean && text.len() <= 2000 {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "Write an address that starts with https:// or http://, not “{text}”."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_browser_s_newlines_count_once() {
        assert_eq!(Words::<3>::parse(" a\r\nb ").unwrap().as_str(), "a\nb");
        assert!(Words::<3>::parse("abcd").is_err());
        assert_eq!(Words::<3>::parse("\u{0} \u{7}").unwrap().as_str(), "");
    }

    #[test]
    fn one_line_one_piece_of_words() {
        let read = |text, most| {
            Words::<5>::lines(text, most).map(|lines| {
                lines
                    .iter()
                    .map(|l| l.as_str().to_owned())
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(read(" one\r\n\n  two \n", 2).unwrap(), ["one", "two"]);
        assert_eq!(read(" \n ", 0).unwrap(), Vec::<String>::new());
        assert_eq!(
            read("a\nb\nc", 2).unwrap_err(),
            "These are 3 lines. The limit is 2."
        );
        assert!(read("one\nmuch more", 2).is_err());
        assert_eq!(Words::<5>::required(" ", "Say it."), Err("Say it.".into()));
    }

    #[test]
    fn limits_count_characters_and_both_forms_of_a_letter_are_one() {
        assert_eq!(Words::<3>::parse("障障障").unwrap().as_str(), "障障障");
        assert_eq!(
            Words::<3>::parse("e\u{301}e\u{301}e\u{301}")
                .unwrap()
                .as_str(),
            "ééé"
        );
        assert_eq!(
            Title::<3>::parse("e\u{301} e\u{301}").unwrap().as_str(),
            "é é"
        );
        assert!(Title::<3>::parse("障障障障").is_err());
        assert!(Title::<9>::parse("=1\u{200b}+1").is_err());
        assert_eq!(Title::<3>::parse("a\r\nb").unwrap().as_str(), "a b");
        let lines = Title::<3>::lines("a\r\n\n b \n", 2).unwrap();
        assert_eq!(
            lines.iter().map(Title::as_str).collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert!(Title::<3>::lines("a\nb\nc", 2).is_err());
    }

    #[test]
    fn a_text_too_long_ends_after_a_word() {
        let cut = |most| clipped("Drain the queue", most);
        assert_eq!(cut(15), "Drain the queue");
        assert_eq!(cut(14), "Drain the…");
        assert_eq!(cut(10), "Drain the…");
        assert_eq!(cut(9), "Drain…");
        assert_eq!(clipped("Überlauf", 5), "Über…");
    }

    proptest! {
        #[test]
        fn a_clipped_text_fits_and_keeps_its_beginning(text in ".{0,60}", most in 1_usize..50) {
            let short = clipped(&text, most);
            prop_assert!(short.chars().count() <= most);
            if text.chars().count() <= most {
                prop_assert_eq!(short, text);
            } else {
                prop_assert!(text.starts_with(short.strip_suffix('…').unwrap()));
            }
        }

        #[test]
        fn tidy_words_stay_as_they_are(text in any::<String>()) {
            if let Ok(words) = Words::<40>::parse(&text) {
                prop_assert!(!words.as_str().contains('\0'));
                prop_assert_eq!(Words::parse(words.as_str()), Ok(words.clone()));
            }
        }
    }
}
