//! One file: its text, and the problems found in it.

use std::cell::RefCell;

use super::Problem;

/// Most characters of a problem's sentence.
const LONGEST: usize = 400;

/// The text of a file with its problems. Everything that reads parts of the file shares it.
#[derive(Debug)]
pub(super) struct Source {
    /// Path inside the folder.
    pub(super) path: String,
    /// Empty when the file could not be read.
    pub(super) text: String,
    /// Where each line break is.
    breaks: Vec<usize>,
    problems: RefCell<Vec<Problem>>,
}

impl Source {
    /// A file's bytes as text: UTF-8, with or without the byte order mark of spreadsheets.
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
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        let source = Self {
            path: path.to_owned(),
            breaks: breaks.map(|(at, _)| at).collect(),
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

    /// The line number of a byte.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.breaks.partition_point(|at| *at < offset) + 1
    }

    /// Reports a problem at a byte.
    pub(super) fn at(&self, offset: usize, sentence: impl Into<String>) {
        self.at_line(self.line(offset), sentence);
    }

    /// Reports a problem on a line.
    pub(super) fn at_line(&self, line: usize, sentence: impl Into<String>) {
        let sentence = one_line(&sentence.into());
        self.problems.borrow_mut().push(Problem {
            file: self.path.clone(),
            line,
            sentence,
        });
    }

    pub(super) fn is_sound(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// All problems, sorted by line.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|p| p.line);
        problems
    }
}

/// Sentences quote the file, and a file may contain anything: a whole paragraph, or codes that control a terminal.
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
