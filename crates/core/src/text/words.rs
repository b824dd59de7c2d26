//! The words of a text, as the search keeps and compares them. The app splits and folds them, so that both databases find
//! the same: a database only compares the beginnings of words.
//!
//! Scripts without spaces are kept as pairs of characters, and not as the trigrams of SQLite's tokenizer: most words of
//! Chinese and Japanese have two characters, and a trigram finds nothing shorter than three. A longer text that is looked
//! for is all of its pairs, so pairs find whatever trigrams would, and a single character is the beginning of a pair.

use std::ops::Range;

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, Script};

use super::hidden::category;
use super::keys::is_apostrophe;
use super::{is_hidden, normal, search_key};

/// Most characters of a word that are kept.
const LONGEST: usize = 60;

/// A folded word, and where in the text it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub folded: String,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Where its first character ends, in scripts without spaces.
    first: usize,
}

impl Word {
    /// The bytes of it that are meant when it is found by these folded letters; `None` when it is not.
    pub fn found_by(&self, sought: &str) -> Option<Range<usize>> {
        let is_one = sought.chars().nth(1).is_none();
        self.folded.starts_with(sought).then(|| match is_one {
            true => self.range.start..self.first,
            false => self.range.clone(),
        })
    }
}

/// Every word of a text, in order. A script without spaces gives a word for every two characters, so that a part of a
/// sentence is found.
pub fn words(text: &str) -> Vec<Word> {
    runs(text).into_iter().flat_map(|r| r.words(text)).collect()
}

/// The folded words that are looked for, each once.
pub fn sought(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for run in runs(text) {
        let mut of_run = run.words(text);
        // The last character alone says nothing that the pair before it does not.
        if run.kind == Kind::Dense && of_run.len() > 1 {
            of_run.pop();
        }
        for word in of_run {
            if !all.contains(&word.folded) {
                all.push(word.folded);
            }
        }
    }
    all
}

/// Whether a folded word is one letter of an alphabet, or one digit: nearly every text has a word that begins with it.
pub fn is_one_letter(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| !is_mark(*c));
    letters.next().is_none_or(|c| !is_dense(c)) && letters.next().is_none()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Written with spaces between words.
    Spaced,
    /// Written without.
    Dense,
}

/// Letters that belong together.
struct Run {
    kind: Kind,
    range: Range<usize>,
}

fn runs(text: &str) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let kind = if is_joined(c) {
            before.or(Some(Kind::Spaced))
        } else if is_dense(c) {
            Some(Kind::Dense)
        } else {
            c.is_alphanumeric().then_some(Kind::Spaced)
        };
        let end = at + c.len_utf8();
        match (kind, all.last_mut()) {
            (None, _) => {}
            (Some(_), Some(last)) if kind == before => last.range.end = end,
            (Some(kind), _) => all.push(Run {
                kind,
                range: at..end,
            }),
        }
        before = kind;
    }
    all
}

impl Run {
    fn words(&self, text: &str) -> Vec<Word> {
        let letters = text.get(self.range.clone()).unwrap_or_default();
        match self.kind {
            Kind::Spaced => {
                // Folding can split: a half is a 1 and a 2.
                let folded = folded(letters);
                let parts = folded.split(|c| !is_letter(c)).filter(|p| !p.is_empty());
                let word = |part: &str| Word {
                    folded: part.chars().take(LONGEST).collect(),
                    range: self.range.clone(),
                    first: self.range.end,
                };
                parts.map(word).collect()
            }
            Kind::Dense => self.pairs(letters),
        }
    }

    fn pairs(&self, letters: &str) -> Vec<Word> {
        let mut starts: Vec<usize> = Vec::new();
        for (at, c) in letters.char_indices() {
            if at == 0 || !is_joined(c) {
                starts.push(at);
            }
        }
        let ends = starts.iter().copied().skip(1).chain([letters.len()]);
        let single = starts.iter().copied().zip(ends);
        let single: Vec<(Range<usize>, String)> = single
            .map(|(start, end)| {
                let letter = folded(letters.get(start..end).unwrap_or_default());
                let letter = letter.chars().filter(|c| is_letter(*c)).collect();
                (self.range.start + start..self.range.start + end, letter)
            })
            .collect();
        let pair = |(n, (range, letter)): (usize, &(Range<usize>, String))| {
            let next = single.get(n + 1);
            let after = next.map_or("", |(_, letter)| letter.as_str());
            let both = letter.chars().chain(after.chars());
            Word {
                folded: both.take(LONGEST).collect(),
                range: range.start..next.map_or(range.end, |(range, _)| range.end),
                first: range.end,
            }
        };
        let words = single.iter().enumerate().map(pair);
        words.filter(|word| !word.folded.is_empty()).collect()
    }
}

/// Plain letters without accents; what belongs to a letter stays with it.
fn folded(letters: &str) -> String {
    normal(&search_key(letters)).into_owned()
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            category(c),
            GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark
        )
}

/// Belongs to the letter before it: marks, apostrophes, what cannot be seen, and signs that lengthen or voice a sound.
fn is_joined(c: char) -> bool {
    is_mark(c)
        || is_apostrophe(c)
        || (is_hidden(c) && !c.is_whitespace())
        || matches!(c, 'ー' | 'ｰ' | '\u{ff9e}' | '\u{ff9f}')
}

fn is_dense(c: char) -> bool {
    if c.is_ascii() || !c.is_alphanumeric() {
        return false;
    }
    let dense = [
        Script::Han,
        Script::Hiragana,
        Script::Katakana,
        Script::Hangul,
        Script::Bopomofo,
        Script::Thai,
        Script::Lao,
        Script::Khmer,
        Script::Myanmar,
    ];
    dense.contains(&CodePointMapData::<Script>::new().get(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded_words(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.folded).collect()
    }

    #[test]
    fn words_are_folded_and_split_as_people_look_for_them() {
        let table: [(&str, &[&str]); 12] = [
            ("PAY-I2", &["pay", "i2"]),
            ("Ölpumpe, Straße; Łódź", &["olpumpe", "strasse", "lodz"]),
            ("O'Brien’s", &["obriens"]),
            ("payments-service.v2", &["payments", "service", "v2"]),
            ("障害対応", &["障害", "害対", "対応", "応"]),
            ("Kafka障害", &["kafka", "障害", "害"]),
            ("ｶﾞｽ ガス", &["ガス", "ス", "ガス", "ス"]),
            ("データ", &["デー", "タ"]),
            ("결제 장애", &["결제", "제", "장애", "애"]),
            ("½ ①", &["1", "2", "1"]),
            ("हिन्दी", &["हिन्दी"]),
            ("!!! --- ()", &[]),
        ];
        for (text, expected) in table {
            let found = folded_words(text);
            if text == "データ" {
                // The long sound belongs to the letter before it.
                assert_eq!(found.concat(), "データタ", "{found:?}");
            } else {
                assert_eq!(found, expected, "{text}");
            }
        }
    }

    #[test]
    fn a_part_of_a_sentence_without_spaces_is_looked_for_in_pairs() {
        assert_eq!(sought("害対応"), ["害対", "対応"]);
        assert_eq!(sought("障"), ["障"]);
        assert_eq!(sought("pay Pay PAY-i2"), ["pay", "i2"]);
    }

    #[test]
    fn a_single_character_of_a_pair_is_found_alone() {
        let found = words("障害");
        assert_eq!(found[0].found_by("障"), Some(0..3));
        assert_eq!(found[0].found_by("障害"), Some(0..6));
        assert_eq!(found[0].found_by("害"), None);
    }

    proptest! {
        #[test]
        fn every_word_is_a_part_of_its_text_and_is_found_by_itself(text in "\\PC{0,40}") {
            for word in words(&text) {
                prop_assert!(text.get(word.range.clone()).is_some_and(|part| !part.is_empty()));
                prop_assert!(text.get(word.range.start..word.first).is_some());
                prop_assert!(word.folded.chars().all(is_letter), "{:?}", word);
                prop_assert!(word.found_by(&word.folded).is_some());
            }
        }

        #[test]
        fn what_is_looked_for_is_found_in_the_same_text(text in "\\PC{0,40}") {
            let kept = folded_words(&text);
            for word in sought(&text) {
                prop_assert!(kept.iter().any(|k| k.starts_with(&word)), "{word} of {kept:?}");
            }
        }
    }
}
