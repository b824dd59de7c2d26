//! The keys by which texts are compared, sorted and found.

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_properties::props::GeneralCategory;

use super::hidden::category;
use super::{is_hidden, normal};

/// Ends a part of a sort key; before every letter.
const END: char = '\u{1}';

/// The same for two spellings of one text: case, normal form, spaces and invisible signs do not count.
pub fn key(text: &str) -> String {
    if text.is_ascii() {
        return spaced(text.chars().map(|c| c.to_ascii_lowercase()));
    }
    // Decomposed first, because a mark may change places when its letter changes case.
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let folded = decomposed.chars().filter(|c| !is_hidden_inside(*c));
    normal(&spaced(folded.flat_map(fold_case))).into_owned()
}

/// The order of names: by letters first, whatever their marks and case; apostrophes and hyphens are skipped. Marks decide
/// between equal letters, case between equal marks. Compared byte by byte.
pub fn sort_key(text: &str) -> String {
    let letters = plain_letters(text, |c| !is_apostrophe(c) && !is_dash(c));
    let compatible = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let marked = compatible.chars().filter(|c| !is_hidden_inside(*c));
    let marked = spaced(marked.flat_map(fold_case));
    let typed = normal(text);
    format!("{letters}{END}{marked}{END}{typed}")
}

/// What a text is found by: plain lower-case letters without marks, a hyphen as a space. A search is folded the same.
pub fn search_key(text: &str) -> String {
    plain_letters(text, |c| !is_apostrophe(c))
}

/// The words of a text for an address: plain letters and digits with hyphens between; may be empty.
pub fn dashed(text: &str) -> String {
    let plain = search_key(text);
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Letters in normal form KD, without accents, spelled out, in lower case.
fn plain_letters(text: &str, keeps: impl Fn(char) -> bool) -> String {
    // These would become a space and a mark; a Greek accent alone is one of them in its normal form.
    let tidy: String = normal(text).chars().filter(|c| keeps(*c)).collect();
    let mut plain = String::with_capacity(tidy.len());
    for c in DecomposingNormalizerBorrowed::new_nfkd()
        .normalize(&tidy)
        .chars()
        .filter(|c| keeps(*c) && !is_hidden_inside(*c))
    {
        if c.is_ascii() {
            plain.push(if c == '-' {
                ' '
            } else {
                c.to_ascii_lowercase()
            });
            continue;
        }
        for c in fold_case(c) {
            match spelled_out(c) {
                Some(letters) => plain.push_str(letters),
                None if is_accent(c) => {}
                None if is_dash(c) => plain.push(' '),
                None => plain.push(c),
            }
        }
    }
    // Case can bring a mark back that was part of a letter.
    let plain = DecomposingNormalizerBorrowed::new_nfkd().normalize(&plain);
    spaced(plain.chars().filter(|c| !is_accent(*c)))
}

/// Full case folding: small, as capitals, and small again, because a capital may have more than one small form. The dotless i
/// stays another letter.
fn fold_case(c: char) -> impl Iterator<Item = char> {
    let capitals = |small: char| -> Vec<char> {
        match small {
            'ı' => vec![small],
            _ => small.to_uppercase().collect(),
        }
    };
    c.to_lowercase()
        .flat_map(capitals)
        .flat_map(char::to_lowercase)
}

/// Letters of the Latin script that have no marks to take away.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        'ł' | 'ƚ' | 'ɫ' => "l",
        'ø' | 'ɵ' | 'ɔ' => "o",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'ħ' => "h",
        'ı' | 'ɨ' => "i",
        'ĸ' | 'ƙ' => "k",
        'ŋ' | 'ɲ' | 'ɳ' => "n",
        'ŧ' | 'ƭ' => "t",
        'ƀ' | 'ɓ' => "b",
        'ƈ' | 'ȼ' => "c",
        'ə' | 'ɛ' | 'ǝ' => "e",
        'ƒ' => "f",
        'ɠ' | 'ǥ' | 'ɣ' => "g",
        'ɉ' => "j",
        'ƥ' => "p",
        'ɍ' => "r",
        'ʉ' | 'ʋ' => "u",
        'ƴ' | 'ɏ' => "y",
        'ƶ' | 'ȥ' => "z",
        _ => return None,
    })
}

/// A mark over or under a letter, that the letter can do without. Signs of a vowel or a voiced sound stay: the class of
/// their place is below 10, or their script's own.
fn is_accent(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    let place = CanonicalCombiningClassMapBorrowed::new().get_u8(c);
    matches!(place, 10..=36 | 200..) && category(c) == GeneralCategory::NonspacingMark
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '´' | '‘' | '’' | '‛' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | '′' | '＇'
    )
}

fn is_dash(c: char) -> bool {
    c == '-' || c == '−' || (!c.is_ascii() && category(c) == GeneralCategory::DashPunctuation)
}

/// Hidden, and no end of a line or cell, which counts as a space.
fn is_hidden_inside(c: char) -> bool {
    is_hidden(c) && !c.is_whitespace()
}

/// The letters with one plain space where there were spaces, and none around.
fn spaced(letters: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    let mut space = false;
    for c in letters {
        if c.is_whitespace() {
            space = !text.is_empty();
        } else {
            if std::mem::take(&mut space) {
                text.push(' ');
            }
            text.push(c);
        }
    }
    text
}
