//! Text from people: one Unicode form, nothing that cannot be seen, and the keys by which it is compared, sorted and found.
//!
//! Every name, title, code, e-mail address and password goes through here, on a form, in a file and on the command line.
//! Keys are made here and nowhere else, because the two databases fold and sort differently.

pub mod email;
mod hidden;
mod keys;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

pub use hidden::{first_hidden, is_hidden, without_hidden};
pub use keys::{dashed, key, search_key, sort_key};
pub use words::{Word, is_one_letter, sought, words};

/// Most characters of a search that are looked for.
pub const SEARCH_CHARS: usize = 200;

/// Normal form C: the same letters are the same bytes, whatever keyboard or file they come from.
pub fn normal(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// One line of text in normal form C, with single plain spaces. `what` begins the sentence, like “The name”.
///
/// Errors: A sentence with the number of a sign that cannot be seen, or turns letters around.
pub fn line(text: &str, what: &str) -> Result<String, String> {
    let text = normal(text);
    let mut line = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    match first_hidden(&line) {
        None => Ok(line),
        Some(sign) => Err(format!(
            "{what} holds an invisible sign (U+{:04X}). Delete it, or type the text again.",
            u32::from(sign)
        )),
    }
}

/// A password as it is hashed, on every keyboard the same: normal form C with plain spaces (RFC 8265).
pub fn password(typed: &str) -> String {
    let plain = |c: char| if is_plain_space(c) { ' ' } else { c };
    normal(&typed.chars().map(plain).collect::<String>()).into_owned()
}

/// What is looked for: at most [`SEARCH_CHARS`] characters, without surrounding space.
pub fn wanted(typed: &str) -> &str {
    let typed = typed.trim();
    let end = typed.char_indices().nth(SEARCH_CHARS);
    let found = end.and_then(|(at, _)| typed.get(..at));
    found.map_or(typed, str::trim_end)
}

/// The ways in which a name or address may have been kept: as it is, in small letters and as its keys, each in both normal
/// forms, and with its domain as browsers send it.
pub fn spellings(text: &str) -> Vec<String> {
    let mut all = vec![
        text.to_owned(),
        text.to_lowercase(),
        key(text),
        email::email_key(text),
    ];
    if let Some((local, domain)) = text.rsplit_once('@')
        && let Ok(sent) = idna::domain_to_ascii(domain)
    {
        all.push(format!("{local}@{sent}"));
        all.push(format!("{}@{sent}", key(local)));
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfd();
    let forms = |t: &String| [normal(t).into_owned(), decomposed.normalize(t).into_owned()];
    let both: Vec<String> = all.iter().flat_map(forms).collect();
    all.extend(both);
    all
}

/// A pattern for `LIKE` that finds these words anywhere, with `!` as its escape; `None` when nothing is left of them.
pub fn anywhere(words: &str) -> Option<String> {
    let mut pattern = String::from("%");
    for c in words.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    (!words.is_empty()).then_some(pattern)
}

/// Spaces that a line holds as one plain space: those of the class Zs, and what ends a line or a cell.
fn is_space(c: char) -> bool {
    is_plain_space(c) || matches!(c, '\t' | '\n' | '\r')
}

fn is_plain_space(c: char) -> bool {
    use icu_properties::CodePointMapData;
    use icu_properties::props::GeneralCategory;
    CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::SpaceSeparator
}
