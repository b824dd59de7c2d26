//! Erasing who a person is from what was written before, so that the chain can still be checked.
//!
//! An entry that is rewritten keeps its hash, which the next entry holds. That it no longer fits is no damage when a later
//! entry `person.erased` names it, with the hash of what it says now.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::store::Row;
use crate::text;

const ADDED: &str = "person.added";
const CHANGED: &str = "person.changed";
const RENAMED: &str = "person.renamed";
/// Entries that say who a person is.
const IDENTITY: [&str; 3] = [ADDED, CHANGED, RENAMED];

/// What tells who a person is, and what is there instead.
#[derive(Debug, Clone)]
pub struct Traces {
    person_id: i64,
    names: Vec<String>,
    emails: Vec<String>,
}

impl Traces {
    /// The name and the e-mail that a person has now; those of before are in `entries` about them.
    pub fn new<'a>(
        person_id: i64,
        (name, email): (&str, &str),
        entries: impl IntoIterator<Item = &'a Row>,
    ) -> Self {
        let mut all = Self {
            person_id,
            names: text::spellings(name),
            emails: text::spellings(email),
        };
        for row in entries {
            let details = serde_json::from_str(&row.details).unwrap_or_default();
            match row.action.as_str() {
                ADDED | CHANGED => all.learn(&details),
                RENAMED => {
                    let both = ["from", "to"].map(|side| details.get(side));
                    let names = both.into_iter().flatten().filter_map(Value::as_str);
                    all.names.extend(names.flat_map(text::spellings));
                }
                _ => {}
            }
        }
        for words in [&mut all.names, &mut all.emails] {
            words.retain(|word| !word.is_empty());
            // A longer address goes before one that it ends with.
            words.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
            words.dedup();
        }
        all
    }

    fn learn(&mut self, details: &Value) {
        let Value::Object(fields) = details else {
            return;
        };
        for (field, value) in fields {
            match (field.as_str(), value) {
                ("name", Value::String(name)) => self.names.extend(text::spellings(name)),
                ("email", Value::String(email)) => self.emails.extend(text::spellings(email)),
                ("from" | "to", inner) => self.learn(inner),
                _ => {}
            }
        }
    }

    /// A text in which the app itself wrote the name among other words, without name and address; `None` where neither was
    /// in it. A namesake loses the name there too.
    pub fn without_names(&self, text: &str) -> Option<String> {
        let mut said = self.without_addresses(text);
        for name in &self.names {
            said = whole_replaced(&said, name, &self.instead());
        }
        (said != text).then_some(said)
    }

    /// JSON whose texts are such: of each the name and address go, names of fields stay. `None` where neither was in it.
    pub fn without_names_in(&self, json: &str) -> Option<String> {
        let mut value: Value = serde_json::from_str(json).ok()?;
        self.lose_names(&mut value).then(|| value.to_string())
    }

    fn lose_names(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => match self.without_names(text) {
                Some(said) => {
                    *text = said;
                    true
                }
                None => false,
            },
            Value::Array(all) => all
                .iter_mut()
                .fold(false, |lost, v| self.lose_names(v) | lost),
            Value::Object(fields) => fields
                .values_mut()
                .fold(false, |lost, v| self.lose_names(v) | lost),
            _ => false,
        }
    }

    /// The names that a person has and had, as they may be written.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The e-mail addresses that a person has and had, as they may be written.
    pub fn emails(&self) -> &[String] {
        &self.emails
    }

    /// What is there instead of the person.
    pub fn instead(&self) -> String {
        instead(self.person_id)
    }

    /// Details of an entry without them; `None` where there were none. What was written when another person was added or
    /// changed says who that one is: only addresses go there.
    pub fn without_in(&self, entry: &Row) -> Option<String> {
        let is_identity = IDENTITY.contains(&entry.action.as_str());
        let keeps_names = is_identity && entry.person_id != Some(self.person_id);
        self.changed(&entry.details, keeps_names)
    }

    /// JSON without them, names of fields as they were; `None` where there were none. A name is one where nothing else is in
    /// the text, so what people wrote in their own words stays, but for e-mail addresses. The name beside the row of
    /// another person stays too.
    pub fn without(&self, json: &str) -> Option<String> {
        self.changed(json, false)
    }

    fn changed(&self, json: &str, keeps_names: bool) -> Option<String> {
        let value: Value = serde_json::from_str(json).ok()?;
        let cleaned = self.cleaned(&value, keeps_names);
        (cleaned != value).then(|| cleaned.to_string())
    }

    fn cleaned(&self, value: &Value, keeps_names: bool) -> Value {
        match value {
            Value::String(text) if !keeps_names && self.names.contains(text) => {
                Value::String(self.instead())
            }
            Value::String(text) => Value::String(self.without_addresses(text)),
            Value::Array(all) => all.iter().map(|v| self.cleaned(v, keeps_names)).collect(),
            Value::Object(fields) => {
                let id = fields.get("id").and_then(Value::as_i64);
                let is_other = id.is_some_and(|id| id != self.person_id);
                let cleaned = |(name, v): (&String, &Value)| {
                    let keeps = keeps_names || (is_other && name == "name");
                    (name.clone(), self.cleaned(v, keeps))
                };
                fields.iter().map(cleaned).collect()
            }
            other => other.clone(),
        }
    }

    fn without_addresses(&self, text: &str) -> String {
        let mut said = text.to_owned();
        for email in &self.emails {
            said = replaced(&said, email, &self.instead());
        }
        said
    }
}

/// The text with a name replaced wherever it is whole, and no part of another word.
fn whole_replaced(text: &str, name: &str, instead: &str) -> String {
    let (mut said, mut done) = (String::with_capacity(text.len()), 0);
    for (at, found) in text.match_indices(name) {
        let end = at + found.len();
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let behind = text.get(end..).unwrap_or_default().chars().next();
        if ![before, behind]
            .into_iter()
            .flatten()
            .any(char::is_alphanumeric)
        {
            said.push_str(text.get(done..at).unwrap_or_default());
            said.push_str(instead);
            done = end;
        }
    }
    said.push_str(text.get(done..).unwrap_or_default());
    said
}

fn instead(person_id: i64) -> String {
    format!("Erased person {person_id}")
}

/// The text with an address replaced wherever it is whole, in capitals too: it is no end or beginning of another one.
fn replaced(text: &str, address: &str, instead: &str) -> String {
    // As long as the text, byte by byte.
    let (small, address) = (text.to_ascii_lowercase(), address.to_ascii_lowercase());
    let (mut said, mut done) = (String::with_capacity(text.len()), 0);
    for (at, found) in small.match_indices(&address) {
        let end = at + found.len();
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let mut behind = text.get(end..).unwrap_or_default().chars();
        let is_longer = match behind.next() {
            // A full stop ends a sentence.
            Some('.') => behind.next().is_some_and(char::is_alphanumeric),
            Some(sign) => sign == '-' || sign.is_alphanumeric(),
            None => false,
        };
        if !before.is_some_and(is_local) && !is_longer {
            said.push_str(text.get(done..at).unwrap_or_default());
            said.push_str(instead);
            done = end;
        }
    }
    said.push_str(text.get(done..).unwrap_or_default());
    said
}

/// Whether a sign may be before the `@` of an address.
fn is_local(sign: char) -> bool {
    sign.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(sign)
}

/// Details of `person.erased`: number and new hash of every entry that was rewritten.
pub fn details(rewritten: &[(i64, String)], reason: &str) -> Value {
    json!({ "reason": reason, "entries": rewritten })
}

/// What an entry `person.erased` says of an entry before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The hash of what it says now.
    hash: String,
    instead: String,
}

impl Rewritten {
    /// Whether a row of that hash is what the erasure left: who was erased from it is named there in the new way.
    pub fn is(&self, row: &Row, hash: &str) -> bool {
        let names = row.actor_name == self.instead || row.details.contains(&self.instead);
        self.hash == hash && names
    }
}

/// The numbers and hashes that an entry `person.erased` names. It speaks only of entries before it.
pub fn named(erasure: &Row) -> Vec<(i64, String)> {
    let details: Value = serde_json::from_str(&erasure.details).unwrap_or_default();
    let entries: Option<Vec<(i64, String)>> = details
        .get("entries")
        .and_then(|entries| serde_json::from_value(entries.clone()).ok());
    let before = |(of, _): &(i64, String)| *of < erasure.seq;
    entries.into_iter().flatten().filter(before).collect()
}

/// What rewritten entries say now, by number; of two erasures the later one holds.
pub fn rewritten<'a>(erasures: impl IntoIterator<Item = &'a Row>) -> BTreeMap<i64, Rewritten> {
    let mut all = BTreeMap::new();
    for erasure in erasures {
        let instead = instead(erasure.person_id.unwrap_or_default());
        let left = |(of, hash)| {
            let instead = instead.clone();
            (of, Rewritten { hash, instead })
        };
        all.extend(named(erasure).into_iter().map(left));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::UtcTime;
    use proptest::prelude::*;

    fn row(seq: i64, action: &str, details: &str) -> Row {
        Row {
            seq,
            at: UtcTime::from(jiff::Timestamp::UNIX_EPOCH),
            actor_id: None,
            actor_name: String::new(),
            action: action.into(),
            object: "person:7".into(),
            person_id: Some(7),
            area_id: None,
            details: details.into(),
            address: String::new(),
            request_id: String::new(),
            previous_hash: String::new(),
            hash: String::new(),
            position: None,
        }
    }

    fn ada() -> Traces {
        let before = [
            row(
                1,
                "person.added",
                r#"{"name":"Ada Byron","email":"Will@example.com"}"#,
            ),
            row(
                2,
                "person.changed",
                r#"{"from":{"name":"Ada Byron","email":"Will@example.com"},"to":{"name":"Ada King","email":"ada@example.com"}}"#,
            ),
        ];
        Traces::new(7, ("Ada King", "ada@example.com"), &before)
    }

    #[test]
    fn names_and_addresses_of_now_and_before_go_and_words_of_people_stay() {
        let table = [
            // As a keyboard or an older version left them.
            (
                r#"["ada king","Ada Byron","WILL@example.com"]"#,
                Some(r#"["Erased person 7","Erased person 7","Erased person 7"]"#),
            ),
            (
                r#"{"who":"Ada Byron"}"#,
                Some(r#"{"who":"Erased person 7"}"#),
            ),
            (
                r#"["Ada King","ada@example.com","write to will@example.com."]"#,
                Some(r#"["Erased person 7","Erased person 7","write to Erased person 7."]"#),
            ),
            (r#"{"note":"she will lead; ask Ada King"}"#, None),
            (
                r#"["nada@example.com","b.ada@example.com","ada@example.com.au","ada@example.com-x"]"#,
                None,
            ),
            (r#"{"id":8,"name":"Ada King"}"#, None),
            (
                r#"{"id":7,"name":"Ada King"}"#,
                Some(r#"{"id":7,"name":"Erased person 7"}"#),
            ),
            ("no JSON", None),
        ];
        for (before, after) in table {
            assert_eq!(ada().without(before).as_deref(), after, "{before}");
        }
    }

    #[test]
    fn a_name_goes_from_the_texts_of_a_message_whatever_signs_are_in_it_or_before_it() {
        let name = r#"Ada "Countess" King"#;
        let traces = Traces::new(7, (name, "ada@example.com"), []);
        let table = [
            (
                json!({ "subject": name }),
                Some(json!({ "subject": "Erased person 7" })),
            ),
            (
                json!({ "paragraphs": [format!("Two people:\n{name}\nBo Li"), "Write to ada@example.com"] }),
                Some(
                    json!({ "paragraphs": ["Two people:\nErased person 7\nBo Li", "Write to Erased person 7"] }),
                ),
            ),
            (
                json!({ "subject": "Ada King", "count": 3, "until": null }),
                None,
            ),
        ];
        for (before, after) in table {
            let said = traces.without_names_in(&before.to_string());
            assert_eq!(said, after.map(|value| value.to_string()), "{before}");
        }
        assert_eq!(traces.without_names_in(""), None);
    }

    #[test]
    fn who_somebody_else_of_the_same_name_is_stays() {
        let details = r#"{"email":"bo@example.com","name":"Ada King"}"#;
        let mut other = row(3, "person.added", details);
        other.person_id = Some(8);
        assert_eq!(ada().without_in(&other), None);
        assert!(ada().without_in(&row(3, "person.added", details)).is_some());
    }

    #[test]
    fn an_erasure_speaks_only_of_entries_before_it_and_the_last_one_holds() {
        let erased = |seq, entries: &[(i64, String)]| {
            row(seq, "person.erased", &details(entries, "asked").to_string())
        };
        let first = erased(5, &[(1, "a".into()), (9, "x".into())]);
        let second = erased(8, &[(1, "b".into()), (2, "c".into())]);
        let all = rewritten([&first, &second, &row(9, "person.erased", "no JSON")]);
        assert_eq!(all.keys().copied().collect::<Vec<_>>(), [1, 2]);
        let mut left = row(1, "person.added", r#"{"name":"Erased person 7"}"#);
        assert!(all[&1].is(&left, "b") && !all[&1].is(&left, "a"));
        // An erasure hides no other change.
        left.details = r#"{"name":"Bo Li"}"#.into();
        assert!(!all[&1].is(&left, "b"));
    }

    proptest! {
        #[test]
        fn no_address_is_left_in_any_text(before in "[ .,a-z]{0,12}", after in "[ .,a-z]{0,12}") {
            let text = format!("{before} ada@example.com {after} will@example.com {before}");
            let said = ada().without(&json!([text]).to_string()).unwrap();
            prop_assert!(!said.contains("ada@example.com") && !said.contains("will@example.com"), "{}", said);
        }
    }
}
