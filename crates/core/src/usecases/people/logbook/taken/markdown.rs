//! A part of the logbook for people: its fields as lines, its lists as lists.

use std::fmt::Write;

use serde_json::{Map, Value};

/// The text of a part.
pub(super) fn of(name: &str, value: &Value) -> String {
    let mut text = format!("# {}\n", words(name));
    match value {
        Value::Object(fields) => {
            let (lists, single): (Vec<_>, Vec<_>) = fields.iter().partition(|(_, v)| v.is_array());
            text.push('\n');
            for (key, value) in single.iter().filter(|(_, v)| !is_nothing(v)) {
                // Writing into a String cannot fail.
                let _ = writeln!(text, "- {}: {}", words(key), said(value));
            }
            for (key, value) in lists {
                let _ = write!(text, "\n## {}\n\n", words(key));
                list(value, &mut text);
            }
        }
        other => {
            text.push('\n');
            list(other, &mut text);
        }
    }
    text
}

fn list(value: &Value, text: &mut String) {
    let all = value.as_array().map_or(&[][..], Vec::as_slice);
    if all.is_empty() {
        text.push_str("Nothing yet.\n");
    }
    for one in all {
        let _ = writeln!(text, "- {}", said(one));
    }
}

/// A value on one line.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => line(text),
        Value::Bool(is) => (if *is { "yes" } else { "no" }).to_owned(),
        Value::Object(fields) => fields_of(fields),
        Value::Array(all) => all.iter().map(said).collect::<Vec<_>>().join(" / "),
        Value::Null => String::new(),
        Value::Number(number) => number.to_string(),
    }
}

fn fields_of(fields: &Map<String, Value>) -> String {
    let shown = fields.iter().filter(|(_, v)| !is_nothing(v));
    let lines = shown.map(|(key, value)| format!("{}: {}", words(key), said(value)));
    lines.collect::<Vec<_>>().join("; ")
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    }
}

/// `sign_offs` as `Sign offs`.
fn words(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A text of people on one line, in which nothing is markup.
pub(super) fn line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        for letter in word.chars() {
            if matches!(
                letter,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~'
            ) {
                line.push('\\');
            }
            line.push(letter);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_part_reads_as_lines_and_nothing_in_it_is_markup() {
        let value = json!({
            "area": "Pay *now*",
            "closed": null,
            "sessions": [{ "minutes": 45, "summary": "one\ntwo <b>", "practised": [] }],
            "shifts": [],
        });
        assert_eq!(
            of("ramps/1-pay", &value),
            "# Ramps/1-pay\n\n- Area: Pay \\*now\\*\n\n## Sessions\n\n- Minutes: 45; Summary: one two \\<b\\>\n\n\
             ## Shifts\n\nNothing yet.\n"
        );
    }
}
