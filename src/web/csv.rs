//! Tables as CSV, safe to open in a spreadsheet: text stays text.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

use crate::error::{Error, Result};
use crate::text;

/// Without it Excel assumes its own code page and breaks every accented letter.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What parts the cells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    Comma,
    /// What spreadsheets expect where a comma is in the middle of a number.
    Semicolon,
}

impl Separator {
    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }

    /// Where a spreadsheet with the other setting splits our cells.
    fn other(self) -> char {
        match self {
            Self::Comma => ';',
            Self::Semicolon => ',',
        }
    }
}

/// A text that is safe in a spreadsheet: an apostrophe in front of what would begin a formula, so that it is shown and
/// never runs. A negative number stays a number.
///
/// Not only the start of the text is checked, but the start of every part that a spreadsheet could make a cell of:
/// where its list separator is the other one, it splits our cells there and at line ends, quoted or not.
pub fn cell(text: &str, separator: Separator) -> Cow<'_, str> {
    if is_negative_number(text) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::new();
    let (mut copied, mut at_start) = (0, true);
    for (at, letter) in text.char_indices() {
        if at_start && begins_formula(letter) {
            safe.push_str(text.get(copied..at).unwrap_or_default());
            safe.push('\'');
            copied = at;
        }
        at_start = ends_part(letter, separator) || (at_start && is_skipped(letter));
    }
    if copied == 0 && safe.is_empty() {
        return Cow::Borrowed(text);
    }
    safe.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(safe)
}

/// What a spreadsheet reads as the begin of a formula, also in full-width forms.
fn begins_formula(letter: char) -> bool {
    matches!(
        letter,
        '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
    )
}

fn ends_part(letter: char, separator: Separator) -> bool {
    letter == separator.other() || matches!(letter, '\t' | '\r' | '\n')
}

/// What may come before a formula without making it text.
fn is_skipped(letter: char) -> bool {
    letter == '"' || letter.is_whitespace() || text::is_hidden(letter)
}

fn is_negative_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('-') else {
        return false;
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part]
        .iter()
        .all(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
}

/// Rows as CSV (RFC 4180), every cell through [`cell`].
///
/// Errors: [`Error::Fault`] when the rows are not equally long.
pub fn rows<R, C, T>(rows: R, separator: Separator) -> Result<Vec<u8>>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = T>,
    T: AsRef<str>,
{
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .delimiter(separator.byte())
        .from_writer(Vec::new());
    for row in rows {
        for text in row {
            writer
                .write_field(cell(text.as_ref(), separator).as_bytes())
                .map_err(Error::fault)?;
        }
        writer.write_record(None::<&[u8]>).map_err(Error::fault)?;
    }
    writer.into_inner().map_err(Error::fault)
}

/// The first line of a file, after a byte order mark.
///
/// Errors: None that can happen: one row is as long as itself.
pub fn begin(header: &[&str], separator: Separator) -> Result<Vec<u8>> {
    Ok([BYTE_ORDER_MARK, &rows([header], separator)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_formula_is_shown_and_does_not_run() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+49 30 1234", "'+49 30 1234"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\t'=1"),
            ("\u{200b}=1+1", "\u{200b}'=1+1"),
            ("\u{feff}\u{202e}@x", "\u{feff}\u{202e}'@x"),
            (" \"=1", " \"'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("fine;=1", "fine;'=1"),
            ("fine\r\n@x", "fine\r\n'@x"),
            ("- first\n- second", "'- first\n'- second"),
            ("a = b", "a = b"),
            ("on-call", "on-call"),
            ("ada@example.com", "ada@example.com"),
            ("-12", "-12"),
            ("-0.5", "-0.5"),
            ("-", "'-"),
            ("-1-1", "'-1-1"),
            ("-.5", "'-.5"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(cell(text, Separator::Comma), expected, "{text:?}");
        }
    }

    #[test]
    fn a_file_begins_with_mark_and_header_and_quotes_where_needed() {
        let body = [["Lukas Novák", "said \"no\", then =1"], ["=2", "-3"]];
        let file = |separator| {
            let begun = begin(&["who", "what"], separator).unwrap();
            String::from_utf8([begun, rows(body, separator).unwrap()].concat()).unwrap()
        };
        assert_eq!(
            file(Separator::Semicolon),
            "\u{feff}who;what\r\nLukas Novák;\"said \"\"no\"\", then =1\"\r\n'=2;-3\r\n"
        );
        assert_eq!(
            file(Separator::Comma),
            "\u{feff}who,what\r\nLukas Novák,\"said \"\"no\"\", then =1\"\r\n'=2,-3\r\n"
        );
    }

    #[test]
    fn rows_that_are_not_equally_long_are_refused() {
        assert!(rows([vec!["a", "b"], vec!["c"]], Separator::Comma).is_err());
    }

    fn separator() -> impl Strategy<Value = Separator> {
        prop_oneof![Just(Separator::Comma), Just(Separator::Semicolon)]
    }

    /// Texts full of special characters.
    fn tricky() -> impl Strategy<Value = String> {
        prop_oneof![
            "[-=+@;\"' \t\r\n,.0-9a\u{ff1d}\u{ff20}\u{200b}\u{ad}]{0,24}",
            "\\PC{0,24}",
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn no_part_of_a_cell_begins_a_formula(text in tricky(), separator in separator()) {
            let safe = cell(&text, separator);
            if !is_negative_number(&safe) {
                for part in safe.split([separator.other(), '\t', '\r', '\n']) {
                    let first = part.chars().find(|c| !is_skipped(*c));
                    prop_assert!(!first.is_some_and(begins_formula), "{safe:?}");
                }
            }
        }

        #[test]
        fn nothing_but_apostrophes_is_added_and_nothing_is_lost(text in tricky(), separator in separator()) {
            let safe = cell(&text, separator);
            let mut rest = safe.chars();
            for letter in text.chars() {
                let skipped: String = rest.by_ref().take_while(|c| *c != letter).collect();
                prop_assert!(skipped.chars().all(|c| c == '\''), "{safe:?}");
            }
            prop_assert!(rest.next().is_none());
            prop_assert_eq!(cell(&safe, separator), safe.as_ref());
        }

        #[test]
        fn a_table_reads_back_the_same(table in proptest::collection::vec(proptest::collection::vec(tricky(), 3), 0..4), separator in separator()) {
            let file = rows(&table, separator).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(separator.byte()).from_reader(file.as_slice());
            let read: Vec<Vec<String>> = reader
                .records()
                .map(|r| r.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let expected: Vec<Vec<String>> = table
                .iter()
                .map(|row| row.iter().map(|t| cell(t, separator).into_owned()).collect())
                .collect();
            prop_assert_eq!(read, expected);
        }
    }
}
