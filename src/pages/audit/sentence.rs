//! The sentence of an entry: who did what to whom.

use crate::db::types::Day;
use serde_json::Value;

use crate::domain::audit::sentences::template;

/// Words, and the page of what they name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    /// Our page about it; `None` for plain words.
    pub href: Option<String>,
}

impl Part {
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: None,
        }
    }

    /// Words that lead to a page.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: Some(href.into()),
        }
    }
}

/// Whom and what an entry names.
#[derive(Debug, Clone)]
pub struct Subjects {
    pub actor: Part,
    pub person: Option<Part>,
    /// Both are the same.
    pub is_own: bool,
    /// The area it concerns.
    pub area: Option<Part>,
}

/// The sentence of an entry. An action without a line here is shown in its own words, so that nothing is ever hidden.
pub fn sentence(action: &str, details: &Value, names: &Subjects) -> Vec<Part> {
    let mut parts = vec![names.actor.clone()];
    match template(action) {
        Some(template) => {
            parts.push(Part::text(" "));
            fill(template, details, names, &mut parts);
        }
        None => {
            parts.push(Part::text(format!(": {}", action.replace(['.', '_'], " "))));
            for named in names.person.iter().chain(&names.area) {
                parts.push(Part::text(", "));
                parts.push(named.clone());
            }
        }
    }
    parts
}

fn fill(template: &str, details: &Value, names: &Subjects, parts: &mut Vec<Part>) {
    for piece in template.split_inclusive(['{', '}']) {
        if let Some(word) = piece.strip_suffix('}') {
            placed(word, details, names, parts);
        } else {
            let words = piece.strip_suffix('{').unwrap_or(piece);
            if !words.is_empty() {
                parts.push(Part::text(words));
            }
        }
    }
}

fn placed(word: &str, details: &Value, names: &Subjects, parts: &mut Vec<Part>) {
    let person = || {
        let known = names.person.clone();
        known.unwrap_or_else(|| Part::text("someone"))
    };
    match word {
        "person" if names.is_own => parts.push(Part::text("themselves")),
        "person" => parts.push(person()),
        "whose" if names.is_own => parts.push(Part::text("their own")),
        "whose" => parts.extend([person(), Part::text("’s")]),
        "area" => {
            let known = names.area.clone();
            parts.push(known.unwrap_or_else(|| Part::text("an area")));
        }
        detail => parts.push(Part::text(match detail.strip_suffix(":day") {
            Some(day) => dated(&plain(details.get(day))),
            None => plain(details.get(detail)),
        })),
    }
}

/// A day as pages write it.
fn dated(text: &str) -> String {
    Day::parse(text).map_or_else(|| text.to_owned(), Day::words)
}

/// A detail in words; `?` where the entry does not say.
fn plain(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "?".into(),
    }
}

/// The sentence as plain words.
pub fn words(parts: &[Part]) -> String {
    parts.iter().map(|p| p.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(is_own: bool) -> Subjects {
        Subjects {
            actor: Part::link("Ada King", "/people/ada-king"),
            person: Some(Part::link("Ben Okoye", "/people/ben-okoye")),
            is_own,
            area: Some(Part::link("Payments", "/areas/payments")),
        }
    }

    fn said(action: &str, details: &Value, is_own: bool) -> String {
        words(&sentence(action, details, &names(is_own)))
    }

    #[test]
    fn a_sentence_says_who_did_what_to_whom() {
        let none = json!({});
        let cases = [
            ("session.signed_in", &none, true, "Ada King signed in"),
            (
                "person.password_set",
                &none,
                true,
                "Ada King set a new password for themselves",
            ),
            (
                "person.password_set",
                &none,
                false,
                "Ada King set a new password for Ben Okoye",
            ),
            (
                "signoff.requested",
                &none,
                false,
                "Ada King asked for Ben Okoye’s sign-off in Payments",
            ),
            (
                "signoff.requested",
                &none,
                true,
                "Ada King asked for their own sign-off in Payments",
            ),
            (
                "clearance.granted",
                &json!({ "ends_on": "2027-03-01" }),
                false,
                "Ada King cleared Ben Okoye for Payments to 1 Mar 2027",
            ),
            (
                "team.renamed",
                &json!({ "from": "2027-03-01", "to": "Payments" }),
                false,
                "Ada King renamed the team 2027-03-01 to Payments",
            ),
            (
                "standard.published",
                &json!({ "version": 2 }),
                false,
                "Ada King published version 2 of the standard of Payments",
            ),
            (
                "standard.published",
                &none,
                false,
                "Ada King published version ? of the standard of Payments",
            ),
            (
                "kettle.switched_on",
                &none,
                false,
                "Ada King: kettle switched on, Ben Okoye, Payments",
            ),
        ];
        for (action, details, is_own, expected) in cases {
            assert_eq!(said(action, details, is_own), expected);
        }
    }

    #[test]
    fn names_in_a_sentence_lead_to_their_pages_and_details_do_not() {
        let details = json!({ "from": "/areas/orders", "to": "{person}" });
        let parts = sentence("person.renamed", &details, &names(false));
        let links: Vec<_> = parts.iter().filter_map(|p| p.href.as_deref()).collect();
        assert_eq!(links, ["/people/ada-king", "/people/ben-okoye"]);
        // What was typed is never taken for a placeholder.
        assert!(words(&parts).ends_with("to {person}"));
    }
}
