//! Erasing who a person is from what was written before, so that the chain can still be checked.
//!
//! An entry that is rewritten keeps its hash, which the next entry holds. That it no longer fits is no damage when a later
//! entry `person.erased` names it, with the hash of what it says now.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What tells who a person is, and what stands there instead.
#[derive(Debug, Clone)]
pub struct Traces {
    words: Vec<String>,
    instead: String,
}

impl Traces {
    /// `words` are name, e-mail and handle.
    pub fn new(words: &[&str], instead: &str) -> Self {
        let mut words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        let lower: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
        words.extend(lower);
        words.retain(|w| !w.is_empty());
        // An e-mail goes before the handle in it.
        words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        words.dedup();
        Self {
            words,
            instead: instead.to_owned(),
        }
    }

    pub fn instead(&self) -> &str {
        &self.instead
    }

    /// The text without them. A word is one only where no letter or digit touches it.
    pub fn without(&self, text: &str) -> String {
        let mut said = text.to_owned();
        for word in &self.words {
            said = replaced(&said, word, &self.instead);
        }
        said
    }

    /// JSON whose texts are without them, names of fields as they were; `None` where there were none.
    pub fn without_in_json(&self, json: &str) -> Option<String> {
        let value: Value = serde_json::from_str(json).ok()?;
        let cleaned = self.cleaned(&value);
        (cleaned != value).then(|| cleaned.to_string())
    }

    fn cleaned(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.without(text)),
            Value::Array(all) => all.iter().map(|v| self.cleaned(v)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, v)| (name.clone(), self.cleaned(v)))
                .collect(),
            other => other.clone(),
        }
    }
}

fn replaced(text: &str, word: &str, instead: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, from) = rest.split_at(at);
        let (found, behind) = from.split_at(word.len());
        said.push_str(before);
        let touches = said.chars().next_back().is_some_and(char::is_alphanumeric)
            || behind.chars().next().is_some_and(char::is_alphanumeric);
        said.push_str(if touches { found } else { instead });
        rest = behind;
    }
    said.push_str(rest);
    said
}

/// Details of `person.erased`: number and new hash of every entry that was rewritten.
pub fn details(rewritten: &[(i64, String)], reason: &str) -> Value {
    json!({ "reason": reason, "entries": rewritten })
}

/// The hashes of what rewritten entries say now, by number, as entries `person.erased` name them: each its own number and
/// details, in order. An entry speaks only of those before it.
pub fn rewritten<'a>(erasures: impl IntoIterator<Item = (i64, &'a str)>) -> BTreeMap<i64, String> {
    let mut all = BTreeMap::new();
    for (seq, details) in erasures {
        let details: Value = serde_json::from_str(details).unwrap_or_default();
        let entries: Option<Vec<(i64, String)>> = details
            .get("entries")
            .and_then(|entries| serde_json::from_value(entries.clone()).ok());
        all.extend(entries.into_iter().flatten().filter(|(of, _)| *of < seq));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ada() -> Traces {
        Traces::new(
            &["Ada King", "Ada@example.com", "ada-king"],
            "Erased person 7",
        )
    }

    #[test]
    fn names_addresses_and_handles_go_and_longer_words_stay() {
        let table = [
            ("Ada King left.", "Erased person 7 left."),
            ("Ada Kingsley stays", "Ada Kingsley stays"),
            (
                "ada@example.com, Ada@example.com",
                "Erased person 7, Erased person 7",
            ),
            ("/people/ada-king", "/people/Erased person 7"),
            ("nada-king", "nada-king"),
        ];
        for (before, after) in table {
            assert_eq!(ada().without(before), after);
        }
        let json = r#"{"Ada King":1,"who":["Ada King",{"e":"ada@example.com"}]}"#;
        assert_eq!(
            ada().without_in_json(json).as_deref(),
            Some(r#"{"Ada King":1,"who":["Erased person 7",{"e":"Erased person 7"}]}"#)
        );
        assert_eq!(ada().without_in_json(r#"{ "who": "Bo" }"#), None);
    }

    #[test]
    fn an_erasure_speaks_only_of_entries_before_it_and_the_last_one_holds() {
        let first = details(&[(1, "a".into()), (9, "x".into())], "asked").to_string();
        let second = details(&[(1, "b".into()), (2, "c".into())], "asked").to_string();
        let all = rewritten([(5, first.as_str()), (8, second.as_str()), (9, "no JSON")]);
        let told: Vec<(i64, &str)> = all.iter().map(|(seq, h)| (*seq, h.as_str())).collect();
        assert_eq!(told, [(1, "b"), (2, "c")]);
    }

    proptest! {
        #[test]
        fn nothing_of_a_person_is_left_in_any_text(before in "[ .,a-z]{0,12}", after in "[ .,a-z]{0,12}") {
            let text = format!("{before} Ada King {after} ada@example.com {before}");
            let said = ada().without(&text);
            prop_assert!(!said.contains("Ada King") && !said.contains("ada@example.com"), "{}", said);
        }
    }
}
