//! What the log does not repeat. An entry keeps everything inside its hash; its reader sees what the page of the same thing
//! would show them.

use serde_json::{Map, Value, json};

use super::sentences::Kind;

/// Of a drill and of the library the log shows these keys, where they hold one value. Sheets, observations, documents,
/// answers and who came have pages with readers of their own, and administrators are not among them.
const OPEN: [&str; 9] = [
    "kind",
    "title",
    "starts_at",
    "minutes",
    "reason",
    "revision",
    "slug",
    "from",
    "to",
];

/// The details of an action as a reader of the log sees them. `is_other_side`: it is an assessment by somebody else on a
/// ramp where the reader is mentee or mentor, so the ramp page may keep it sealed until both sides have assessed.
pub fn shown(action: &str, details: &str, is_other_side: bool) -> String {
    let is_open = |key: &str, value: &Value| match Kind::of(action) {
        Some(Kind::Drill | Kind::Library) => {
            OPEN.contains(&key) && !value.is_object() && !value.is_array()
        }
        Some(Kind::Assessment) => !is_other_side,
        _ => true,
    };
    let Ok(Value::Object(all)) = serde_json::from_str(details) else {
        return details.to_owned();
    };
    if all.iter().all(|(key, value)| is_open(key, value)) {
        return details.to_owned();
    }
    let open = all.into_iter().filter(|(key, value)| is_open(key, value));
    let mut open: Map<String, Value> = open.collect();
    open.insert(
        "not_shown".to_owned(),
        json!("Its own page shows the rest to the people it is open to."),
    );
    Value::Object(open).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_a_draft_and_who_came_stay_on_their_pages() {
        let table = [
            (
                "drill.planned",
                json!({ "title": "A drill", "scenario": "secret", "lines": ["secret"] }),
            ),
            ("drill.changed", json!({ "to": { "scenario": "secret" } })),
            (
                "drill.ticked",
                json!({ "line": "secret", "note": "secret" }),
            ),
            (
                "drill.debriefed",
                json!({ "observed": [{ "code": "secret" }], "absent": ["secret"] }),
            ),
            (
                "postmortem.edited",
                json!({ "title": "A title", "from": { "body": "secret" }, "to": { "body": "secret" } }),
            ),
            (
                "postmortem.approved",
                json!({ "from": "in_review", "note": "secret" }),
            ),
            (
                "club.held",
                json!({ "there": ["secret"], "counts_for": ["secret"] }),
            ),
        ];
        for (action, details) in table {
            let said = shown(action, &details.to_string(), false);
            assert!(!said.contains("secret"), "{action}: {said}");
            assert!(
                said.contains("not_shown"),
                "{action} says that there is more"
            );
        }
        assert!(shown("drill.planned", r#"{"title":"A drill"}"#, false).contains("A drill"));
    }

    #[test]
    fn an_assessment_is_kept_from_the_other_side_alone() {
        let details = r#"{"assessments":[{"code":"PAY-I2","level":2}]}"#;
        assert_eq!(shown("assessment.recorded", details, false), details);
        assert!(!shown("assessment.recorded", details, true).contains("PAY-I2"));
    }

    #[test]
    fn everything_else_is_shown_as_it_is_kept() {
        let details = r#"{"reason":"She is away"}"#;
        assert_eq!(shown("ramp.paused", details, true), details);
    }
}
