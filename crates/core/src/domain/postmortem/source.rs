//! A post-mortem as a file: front matter in TOML between lines of `+++`, then Markdown. docs/import.md describes it.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::PostmortemForm;
use super::form::PointForm;

/// The line between front matter and text.
const FENCE: &str = "+++";

/// The front matter. Everything is optional here: the form says what is missing, in the same words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    #[serde(default)]
    title: String,
    #[serde(default)]
    severity: String,
    when: Option<toml::Value>,
    minutes: Option<i64>,
    #[serde(default)]
    areas: Vec<String>,
    #[serde(default)]
    systems: Vec<String>,
    #[serde(default)]
    link: String,
    #[serde(default)]
    symptoms: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    surprised: String,
    #[serde(default)]
    points: Vec<FrontPoint>,
    #[serde(default)]
    actions: Vec<FrontAction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontPoint {
    #[serde(default)]
    saw: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    believed: String,
    #[serde(default)]
    decided: String,
    #[serde(default)]
    now: String,
    #[serde(default)]
    teaches: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontAction {
    #[serde(default)]
    what: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    link: String,
}

/// Why and where a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub sentence: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.sentence)
    }
}

/// A file with front matter.
struct Parts<'t> {
    /// The line of the first fence.
    line: usize,
    /// From the first fence to the second, with the rest of the first fence's line.
    front: &'t str,
    /// From the second fence on.
    body: &'t str,
}

/// The parts of a file; `None` without front matter.
fn parts(text: &str) -> Option<Result<Parts<'_>, Unreadable>> {
    let start = text.trim_start();
    let rest = start.strip_prefix(FENCE)?;
    let above = text.get(..text.len() - start.len()).unwrap_or_default();
    let line = 1 + newlines(above);
    let end = format!("\n{FENCE}");
    Some(match rest.split_once(&end) {
        Some((front, body)) => Ok(Parts { line, front, body }),
        None => Err(Unreadable {
            line,
            sentence: "The front matter has no end: close it by a line of +++.".into(),
        }),
    })
}

fn newlines(text: &str) -> usize {
    text.matches('\n').count()
}

/// The text without byte order mark, and with one kind of newline.
fn unified(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// The form that a file fills in. Without front matter the text is the body, and its first heading is the title.
///
/// Errors: Where the front matter cannot be read, and why.
pub fn read(text: &str) -> Result<PostmortemForm, Unreadable> {
    let text = unified(text);
    let Some(parts) = parts(&text) else {
        return Ok(bare(&text));
    };
    let Parts { line, front, body } = parts?;
    let front: Front = toml::from_str(front).map_err(|e| {
        let above = e.span().and_then(|span| front.get(..span.start));
        Unreadable {
            line: line + newlines(above.unwrap_or_default()),
            sentence: format!("{}.", e.message().replace('\n', " ")),
        }
    })?;
    Ok(form(front, body))
}

/// The line of a form field in a file, and the field's name there. For a missing field, the line where the front matter
/// begins.
pub fn place(text: &str, field: &str) -> (usize, String) {
    let (word, point) = match field.rsplit_once('-').map(|(w, n)| (w, n.parse::<usize>())) {
        Some((word, Ok(n))) => (word, Some(n)),
        _ => (field, None),
    };
    let key = match word {
        "occurred_at" => "when",
        "area" => "areas",
        other => other,
    };
    let name = match point {
        Some(n) => format!("`{key}` of point {n}"),
        None if key == "body" => "The text".into(),
        None => format!("`{key}`"),
    };
    let text = unified(text);
    let Some(Ok(parts)) = parts(&text) else {
        return (1, name);
    };
    if key == "body" {
        return (parts.line + newlines(parts.front) + 1, name);
    }
    let (front, _) = DeTable::parse_recoverable(parts.front);
    let front = front.get_ref();
    let at = match point {
        Some(n) => in_point(front, n, key),
        None => key_at(front, key),
    };
    let above = at.and_then(|at| parts.front.get(..at)).unwrap_or_default();
    (parts.line + newlines(above), name)
}

/// The byte where a key is.
fn key_at(table: &DeTable<'_>, key: &str) -> Option<usize> {
    let mut keys = table.keys();
    let found = keys.find(|k| k.get_ref().as_ref() == key);
    found.map(|k| k.span().start)
}

/// The byte of a key in the n-th point, or else of the point.
fn in_point(front: &DeTable<'_>, n: usize, key: &str) -> Option<usize> {
    let point = match front.get("points")?.get_ref() {
        DeValue::Array(points) => points.get(n.checked_sub(1)?)?,
        _ => return None,
    };
    let own = point.get_ref().as_table().and_then(|p| key_at(p, key));
    Some(own.unwrap_or(point.span().start))
}

fn bare(text: &str) -> PostmortemForm {
    let first = text.trim_start().lines().next().unwrap_or_default();
    match first.strip_prefix("# ") {
        Some(title) => PostmortemForm {
            title: title.trim().to_owned(),
            body: text
                .trim_start()
                .lines()
                .skip(1)
                .collect::<Vec<_>>()
                .join("\n"),
            ..PostmortemForm::default()
        },
        None => PostmortemForm {
            body: text.to_owned(),
            ..PostmortemForm::default()
        },
    }
}

fn form(front: Front, body: &str) -> PostmortemForm {
    let action = |a: FrontAction| {
        // A bar separates the parts of a line.
        let part = |text: String| text.replace(['|', '\n'], " ");
        format!("{} | {} | {}", part(a.what), part(a.owner), a.link)
            .trim_end_matches([' ', '|'])
            .to_owned()
    };
    let actions: Vec<String> = front.actions.into_iter().map(action).collect();
    PostmortemForm {
        title: front.title,
        severity: front.severity.to_lowercase().replace([' ', '-'], ""),
        occurred_at: match front.when {
            Some(toml::Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        },
        minutes: front.minutes.map(|n| n.to_string()).unwrap_or_default(),
        areas: front.areas.into_iter().collect::<BTreeSet<_>>(),
        systems: front.systems.join("\n"),
        link: front.link,
        symptoms: front.symptoms,
        impact: front.impact,
        points: front
            .points
            .into_iter()
            .map(|p| PointForm {
                saw: p.saw,
                question: p.question,
                believed: p.believed,
                decided: p.decided,
                now: p.now,
                teaches: p.teaches.join(", "),
            })
            .collect(),
        surprised: front.surprised,
        actions: actions.join("\n"),
        body: body.trim_start_matches('\n').to_owned(),
        revision: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::LocalTime;
    use proptest::prelude::*;

    const FILE: &str = r#"+++
title = "Purge-all melted the origin"
severity = "SEV 2"
when = 2026-06-18T19:42:00Z
minutes = 47
areas = ["edge"]
systems = ["CDN"]
symptoms = "Origin at 100% CPU."

[[points]]
saw = "Hit ratio at 3%"
question = "What first?"
teaches = ["EDGE-I1"]

[[actions]]
what = "Refuse purge-all | for ever"
owner = "Edge team"
link = "https://tracker.example/7"
+++

## Timeline

It began.
"#;

    #[test]
    fn a_file_reads_like_the_form() {
        let form = read(FILE).unwrap();
        let now = "2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap();
        let document = form
            .read(&LocalTime::new("Asia/Singapore", now.into()))
            .unwrap();
        assert_eq!(document.occurred_at.iso(), "2026-06-18T19:42:00Z");
        assert_eq!(document.severity, crate::domain::postmortem::Severity::Two);
        assert_eq!(document.points.len(), 1);
        let action = document.actions.first().unwrap();
        assert_eq!(action.what, "Refuse purge-all   for ever");
        assert_eq!(action.link.as_deref(), Some("https://tracker.example/7"));
        assert_eq!(document.body, "## Timeline\n\nIt began.");
    }

    #[test]
    fn a_file_without_front_matter_is_title_and_text() {
        let form = read("# Bots read as success\n\nThey did.").unwrap();
        assert_eq!(
            (form.title.as_str(), form.body.as_str()),
            ("Bots read as success", "\nThey did.")
        );
    }

    #[test]
    fn the_unreadable_line_is_reported() {
        let wrong = FILE.replace("minutes = 47", "minuets = 47");
        let unreadable = read(&wrong).unwrap_err().to_string();
        assert!(
            unreadable.starts_with("Line 5: unknown field `minuets`"),
            "{unreadable}"
        );
        let endless = read("\n\n+++\ntitle = \"x\"\n").unwrap_err();
        assert_eq!(endless.line, 3);
        assert!(endless.sentence.contains("no end"));
    }

    #[test]
    fn every_field_is_found_where_it_is_typed() {
        for (text, above) in [(FILE.to_owned(), 0), (format!("\u{feff}\r\n\n{FILE}"), 2)] {
            for (field, words, name) in [
                ("title", "title =", "`title`"),
                ("occurred_at", "when =", "`when`"),
                ("area", "areas =", "`areas`"),
                ("saw-1", "saw =", "`saw` of point 1"),
                ("teaches-1", "teaches =", "`teaches` of point 1"),
                ("now-1", "[[points]]", "`now` of point 1"),
                ("actions", "[[actions]]", "`actions`"),
                ("link", "+++", "`link`"),
                ("teaches-9", "+++", "`teaches` of point 9"),
            ] {
                let line = FILE.lines().position(|l| l.starts_with(words)).unwrap() + 1 + above;
                assert_eq!(place(&text, field), (line, name.to_owned()), "{field}");
            }
            let fence = FILE.lines().count() - 4 + above;
            assert_eq!(place(&text, "body"), (fence, "The text".to_owned()));
        }
        assert_eq!(place("# Only a title", "severity").0, 1);
    }

    proptest! {
        #[test]
        fn no_file_crashes_the_reader(text in any::<String>(), front in any::<String>()) {
            for file in [text.clone(), format!("+++\n{front}\n+++\n{text}")] {
                let _ = read(&file);
                let lines = file.matches('\n').count() + 1;
                for field in ["title", "saw-1", "body", "area", "teaches-18446744073709551615"] {
                    prop_assert!((1..=lines).contains(&place(&file, field).0));
                }
            }
        }
    }
}
