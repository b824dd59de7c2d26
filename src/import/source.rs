//! One file while it is read: its text, and what was found wrong in it.

use std::cell::RefCell;

use super::Problem;

/// Characters of a sentence that are shown.
const LONGEST: usize = 400;

/// The text of a file with its problems. It can be shared by everything that reads parts of the file.
#[derive(Debug)]
pub(super) struct Source {
    /// Path inside the folder.
    pub(super) path: String,
    /// What it says; empty when it could not be read.
    pub(super) text: String,
    problems: RefCell<Vec<Problem>>,
}

impl Source {
    /// A file's bytes as text: UTF-8, with or without the mark that spreadsheets put in front.
    pub(super) fn new(path: &str, bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let (text, bad) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(e) => (
                "",
                Some(
                    bytes
                        .iter()
                        .take(e.valid_up_to())
                        .filter(|b| **b == b'\n')
                        .count()
                        + 1,
                ),
            ),
        };
        let source = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            problems: RefCell::default(),
        };
        if let Some(line) = bad {
            source.at_line(line, "The file is not UTF-8 text; save it as UTF-8.");
        }
        source
    }

    /// A file that could not be opened.
    pub(super) fn unreadable(path: &str, why: &str) -> Self {
        let source = Self::new(path, b"");
        source.at_line(1, format!("The file cannot be read: {why}."));
        source
    }

    /// The file's name without its ending: what it describes, in URLs.
    pub(super) fn stem(&self, ending: &str) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(ending).unwrap_or_default()
    }

    /// The line of a byte of the text.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.text
            .bytes()
            .take(offset)
            .filter(|b| *b == b'\n')
            .count()
            + 1
    }

    /// Says what is wrong at a byte of the text.
    pub(super) fn at(&self, offset: usize, sentence: impl Into<String>) {
        self.at_line(self.line(offset), sentence);
    }

    /// Says what is wrong on a line.
    pub(super) fn at_line(&self, line: usize, sentence: impl Into<String>) {
        let sentence = one_line(&sentence.into());
        self.problems.borrow_mut().push(Problem {
            file: self.path.clone(),
            line,
            sentence,
        });
    }

    /// True while nothing was found.
    pub(super) fn is_sound(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// Everything that was found, by line.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|p| p.line);
        problems
    }
}

/// Sentences quote what a file says, and a file may say anything: a whole paragraph, or codes that steer a terminal.
fn one_line(sentence: &str) -> String {
    let calm: String = sentence
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if calm.chars().count() <= LONGEST {
        return calm;
    }
    let start: String = calm.chars().take(LONGEST).collect();
    format!("{start}…")
}
