//! The fields of a form, as typed; and keys that make a form count once.

use serde::de::DeserializeOwned;
use serde::de::value::{self, MapDeserializer};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

use crate::error::Error;

/// What the names of fields begin with while their form is kept.
const KEPT: &str = "kept.";

/// The fields of a submitted form, in order, exactly as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// The fields of a form as they were sent, a kept form among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AsSent(pub Fields);

impl Fields {
    /// Fields from a query string or form body.
    ///
    /// Errors: [`Error::Invalid`] when it is not UTF-8, or holds a NUL character, which PostgreSQL cannot store.
    pub fn parse(encoded: &[u8]) -> Result<Self, Error> {
        let fields: Vec<(String, String)> = serde_html_form::from_bytes(encoded).map_err(|_| {
            Error::field("", "The form could not be read. Go back and send it again.")
        })?;
        Self::sent(fields)
    }

    /// Fields as they were sent.
    ///
    /// Errors: [`Error::Invalid`] when one holds a NUL character.
    pub fn sent(fields: Vec<(String, String)>) -> Result<Self, Error> {
        if fields
            .iter()
            .any(|(k, v)| k.contains('\0') || v.contains('\0'))
        {
            let sentence = "What you sent holds an invisible character (NUL) that cannot be stored. Go back, \
                            type the text again instead of pasting it, and send it.";
            return Err(Error::field("", sentence));
        }
        Ok(Self(fields))
    }

    /// Fields given one by one.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    /// The same fields, and one more.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The others.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(field, _)| field != name);
        self
    }

    /// The first value of a field; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(k, _)| k == name)
            .map_or("", |(_, v)| v.as_str())
    }

    /// The first value of a field without surrounding space.
    pub fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(k, _)| k == name)
    }

    /// Every value of a field that may be sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter_map(move |(k, v)| (k == name).then_some(v.as_str()))
    }

    /// Every field whose name begins with `prefix`: the rest of its name, and its value.
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(k, v)| Some((k.strip_prefix(prefix)?, v.as_str())))
    }

    /// The fields as a struct of texts, each without surrounding space. A field that was not sent keeps its default.
    ///
    /// Errors: A fault when a field of the struct is not a text.
    pub fn texts<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let mut seen = HashSet::new();
        let first = self.0.iter().filter(|(k, _)| seen.insert(k.as_str()));
        let pairs = first.map(|(k, v)| (k.as_str(), v.trim()));
        T::deserialize(MapDeserializer::<_, value::Error>::new(pairs)).map_err(Error::fault)
    }

    /// What was sent where, as a hash that is kept. Passwords are left out: they could be guessed from it.
    pub fn digest(&self, path: &str) -> String {
        let open = self.0.iter().filter(|(k, _)| !is_secret(k));
        let parts = std::iter::once(path).chain(open.flat_map(|(k, v)| [k.as_str(), v.as_str()]));
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }

    /// What somebody wrote: texts of several words, for a page that cannot show the form again. Never a password.
    pub fn words(&self) -> Vec<&str> {
        let open = self.0.iter().filter(|(k, _)| !is_secret(k));
        let texts = open.map(|(_, v)| v.trim());
        texts.filter(|v| v.contains(char::is_whitespace)).collect()
    }

    /// The fields as they are kept while their sender signs in again, without passwords.
    pub fn to_keep(&self) -> impl Iterator<Item = (String, &str)> {
        let open = self.0.iter().filter(|(k, _)| !is_secret(k));
        open.map(|(k, v)| (format!("{KEPT}{k}"), v.as_str()))
    }

    /// The form that is kept in these fields, if there is one.
    pub fn kept(&self) -> Option<Self> {
        let kept = self.with_prefix(KEPT);
        let fields: Vec<_> = kept.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        (!fields.is_empty()).then_some(Self(fields))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    pub fn id(&self, name: &str) -> Option<i64> {
        self.trimmed(name).parse().ok()
    }
}

/// Names and values as the query of a URL, with the question mark; empty for none.
pub fn query_string<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<_> = pairs.collect();
    match serde_html_form::to_string(pairs) {
        Ok(query) if !query.is_empty() => format!("?{query}"),
        _ => String::new(),
    }
}

fn is_secret(field: &str) -> bool {
    field.contains("password")
}

/// A unique key: 128 random bits.
pub fn new_key() -> String {
    random_hex::<16>()
}

/// A unique key that says for whom its page was made.
pub fn new_key_for(person_id: i64) -> String {
    format!("{}p{person_id}", new_key())
}

/// For whom the page of a form was made; `None` when its key does not say.
pub fn made_for(key: &str) -> Option<i64> {
    let digits = key.get(2 * 16..)?.strip_prefix('p')?;
    let end = digits.find(|c: char| !c.is_ascii_digit());
    digits.get(..end.unwrap_or(digits.len()))?.parse().ok()
}

/// A random number, from the operating system.
pub fn random_u32() -> u32 {
    u32::from_be_bytes(random_bytes())
}

/// `N` random bytes in hexadecimal, from the operating system.
pub fn random_hex<const N: usize>() -> String {
    hex::encode(random_bytes::<N>())
}

/// From the operating system.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    // Without randomness no key or token may be made, and the operating system's source does not fail.
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the operating system gave no randomness");
        std::process::abort();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_form_comes_back_whole_but_for_its_passwords() {
        let form = Fields::of(&[
            ("note", "Two words"),
            ("new_password", "eight loud magpies"),
            ("note", ""),
        ]);
        let names: Vec<_> = form.to_keep().collect();
        let sent: Vec<_> = names.iter().map(|(k, v)| (k.as_str(), *v)).collect();
        let more = [("password", "secret"), ("email", "a@b.c")];
        let kept = Fields::of(&[&more[..], &sent].concat()).kept();
        assert_eq!(
            kept,
            Some(Fields::of(&[("note", "Two words"), ("note", "")]))
        );
        assert_eq!(form.kept(), None);
        assert_eq!(form.words(), ["Two words"]);
    }

    #[test]
    fn a_key_says_for_whom_its_page_was_made() {
        let key = new_key_for(41);
        assert_eq!(made_for(&key), Some(41));
        assert_eq!(made_for(&format!("{key}-7-move")), Some(41));
        for other in [new_key().as_str(), "", "p7", &format!("{}-p7", new_key())] {
            assert_eq!(made_for(other), None, "{other}");
        }
    }

    #[test]
    fn a_form_is_the_same_when_all_of_it_is_and_no_password_can_be_told_from_it() {
        let form = |pairs: &[(&str, &str)], path: &str| Fields::of(pairs).digest(path);
        let first = form(&[("to", "open"), ("note", "")], "/ramps/1");
        assert_eq!(first, form(&[("to", "open"), ("note", "")], "/ramps/1"));
        for other in [
            form(&[("to", "open"), ("note", "x")], "/ramps/1"),
            form(&[("to", "open"), ("note", "")], "/ramps/2"),
            form(&[("to", "opennote"), ("", "")], "/ramps/1"),
            form(&[("to", "open")], "/ramps/1"),
        ] {
            assert_ne!(first, other);
        }
        let with = |secret| form(&[("new_password", secret), ("email", "a@b.c")], "/account");
        assert_eq!(with("eight loud magpies"), with("nine loud magpies"));
    }
}
