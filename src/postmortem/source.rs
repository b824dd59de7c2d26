//! A post-mortem as a file: front matter in TOML between lines of `+++`, then Markdown. docs/import.md describes it.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Form;
use super::form::PointForm;

/// Between front matter and text.
const FENCE: &str = "+++";

/// The front matter. Everything is optional here: what is needed is told by the form, in the same words.
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

/// What a file types into the form. A text without front matter is the body alone; its first heading is the title.
///
/// # Errors
/// A sentence that says where the front matter cannot be read.
pub fn read(text: &str) -> Result<Form, String> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let Some(rest) = text.trim_start().strip_prefix(FENCE) else {
        return Ok(bare(&text));
    };
    let end = format!("\n{FENCE}");
    let Some((front, body)) = rest.split_once(&end) else {
        return Err("The front matter has no end: close it by a line of +++.".into());
    };
    // Lines are counted from the top of the file.
    let lines_before = text.len() - text.trim_start().len();
    let above = text
        .get(..lines_before)
        .unwrap_or_default()
        .matches('\n')
        .count();
    let front: Front = toml::from_str(front).map_err(|e| {
        let line = e.span().map_or(1, |span| {
            front
                .get(..span.start)
                .unwrap_or(front)
                .matches('\n')
                .count()
                + 1
        });
        format!("Line {}: {}.", line + above, e.message().replace('\n', " "))
    })?;
    Ok(form(front, body))
}

fn bare(text: &str) -> Form {
    let first = text.trim_start().lines().next().unwrap_or_default();
    match first.strip_prefix("# ") {
        Some(title) => Form {
            title: title.trim().to_owned(),
            body: text
                .trim_start()
                .lines()
                .skip(1)
                .collect::<Vec<_>>()
                .join("\n"),
            ..Form::default()
        },
        None => Form {
            body: text.to_owned(),
            ..Form::default()
        },
    }
}

fn form(front: Front, body: &str) -> Form {
    let action = |a: FrontAction| {
        // A bar separates the parts of a line.
        let part = |text: String| text.replace(['|', '\n'], " ");
        format!("{} | {} | {}", part(a.what), part(a.owner), a.link)
            .trim_end_matches([' ', '|'])
            .to_owned()
    };
    let actions: Vec<String> = front.actions.into_iter().map(action).collect();
    Form {
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
    use crate::web::time::Dial;
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
    fn a_file_says_what_the_form_would() {
        let form = read(FILE).unwrap();
        let now = "2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap();
        let document = form.read(&Dial::new("Asia/Singapore", now.into())).unwrap();
        assert_eq!(document.occurred_at.iso(), "2026-06-18T19:42:00Z");
        assert_eq!(document.severity, crate::postmortem::Severity::Two);
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
    fn where_it_cannot_be_read_is_told() {
        let wrong = FILE.replace("minutes = 47", "minuets = 47");
        assert!(
            read(&wrong)
                .unwrap_err()
                .starts_with("Line 5: unknown field `minuets`")
        );
        assert!(read("+++\ntitle = \"x\"\n").unwrap_err().contains("no end"));
    }

    proptest! {
        #[test]
        fn no_file_is_too_odd(text in any::<String>(), front in any::<String>()) {
            let _ = read(&text);
            let _ = read(&format!("+++\n{front}\n+++\n{text}"));
        }
    }
}
