//! An area's file.

use std::collections::HashSet;
use std::fmt::Write;

use super::{list, quoted};
use crate::domain::area::labels;
use crate::domain::area::practice::Unit;
use crate::domain::area::validity::Ends;
use crate::domain::standard::{Competency, DoneBy, Gate, Item, Standard, check};
use crate::import::existing::ExistingArea;
use crate::text;

pub(super) struct AreaFile<'a> {
    pub(super) area: &'a ExistingArea,
    /// Addresses of those who are designated and have not left.
    pub(super) qualifiers: Vec<&'a str>,
    pub(super) standard: Option<&'a Standard>,
    /// Codes of the areas that have a file.
    pub(super) codes: &'a HashSet<&'a str>,
}

impl AreaFile<'_> {
    pub(super) fn written(&self) -> String {
        let (fields, mut file) = (&self.area.fields, Lines::default());
        file.text("code", &fields.code);
        file.text("name", &fields.name);
        file.text("summary", &fields.summary);
        file.is("tier", fields.tier);
        file.text("owner_team", &self.area.owner_team);
        file.is("minimum_cover", fields.minimum_cover);
        file.is("target_weeks", fields.target_weeks);
        match fields.ends {
            Ends::AfterMonths => file.is("validity_months", fields.validity_months),
            ends => file.text("ends", &ends.to_string()),
        }
        file.is("recency_days", fields.recency_days);
        let (practice, kinds) = (&fields.practice, fields.practice.kinds());
        match practice.unit() {
            Unit::Practices if practice.amount() == 1 => {}
            Unit::Practices => file.is("practices", practice.amount()),
            Unit::Minutes => file.is("practice_minutes", practice.amount()),
        }
        if !kinds.is_empty() {
            let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
            file.is("practice_kinds", list(&words));
        }
        let labels: Vec<&str> = labels::all(&fields.labels).collect();
        if !labels.is_empty() {
            file.is("labels", list(&labels));
        }
        file.is("qualifiers", list(&self.qualifiers));
        for system in &self.area.systems {
            file.table("[[systems]]");
            file.text("name", &system.name);
            file.some_text("reference", system.reference.as_deref());
            let link = |(title, url): &(String, String)| {
                let (title, url) = (quoted(&one_line(title)), quoted(url));
                format!("{{ title = {title}, url = {url} }}")
            };
            let links: Vec<String> = system.links.iter().map(link).collect();
            if !links.is_empty() {
                file.is("links", format!("[{}]", links.join(", ")));
            }
        }
        if let Some(standard) = self.standard {
            self.standard(standard, &mut file);
        }
        file.0
    }

    fn standard(&self, standard: &Standard, file: &mut Lines) {
        file.table("[standard]");
        file.some_text("note", Some(standard.note.as_str()));
        for line in &standard.content.competencies {
            competency(line, file);
        }
        for line in &standard.content.items {
            item(line, file);
        }
        for gate in &standard.content.gates {
            // What comes first is another area, and one that has a file.
            let fitting = match gate {
                Gate::Prerequisite { areas } => Gate::Prerequisite {
                    areas: areas
                        .iter()
                        .filter(|code| self.codes.contains(code.as_str()))
                        .cloned()
                        .collect(),
                },
                other => other.clone(),
            };
            if check::gate_asks(&fitting).is_ok() {
                gate_lines(&fitting, file);
            }
        }
    }
}

fn competency(line: &Competency, file: &mut Lines) {
    file.table("[[standard.competencies]]");
    file.text("code", &line.code);
    file.text("group", line.group.word());
    file.text("statement", &line.statement);
    file.is("required_level", line.required_level.number());
    if line.critical {
        file.is("critical", true);
    }
    let seen = (1..).zip(&line.behaviours);
    let seen = seen.map(|(level, text)| (level, one_line(text)));
    let seen: Vec<String> = seen
        .filter(|(_, text): &(i32, String)| !text.is_empty())
        .map(|(level, text)| format!("{level} = {}", quoted(&text)))
        .collect();
    if !seen.is_empty() {
        file.is("levels", format!("{{ {} }}", seen.join(", ")));
    }
}

fn item(line: &Item, file: &mut Lines) {
    file.table("[[standard.checklist]]");
    file.text("code", &line.code);
    file.text("group", line.group.word());
    file.text("text", &line.text);
    if line.done_by != DoneBy::default() {
        file.text("done_by", line.done_by.word());
    }
    file.some_text("link", line.link.as_deref());
}

fn gate_lines(gate: &Gate, file: &mut Lines) {
    file.table("[[standard.gates]]");
    file.text("kind", gate.kind());
    let mut numbers = |of: &[(&str, u32)]| {
        for (key, number) in of.iter().filter(|(_, number)| *number > 0) {
            file.is(key, number);
        }
    };
    match gate {
        Gate::Levels { critical_evidence } => {
            file.some_text("critical_evidence", critical_evidence.map(|s| s.word()));
        }
        Gate::Checklist => {}
        Gate::Sessions { held, minutes } => numbers(&[("held", *held), ("minutes", *minutes)]),
        Gate::Shadow { shifts, people } => numbers(&[("shifts", *shifts), ("people", *people)]),
        Gate::Ledger {
            percent,
            alerts,
            drills_fill,
        } => {
            numbers(&[("percent", *percent), ("alerts", *alerts)]);
            if *drills_fill {
                file.is("drills_fill", true);
            }
        }
        Gate::Drills { run, primary } => numbers(&[("run", *run), ("primary", *primary)]),
        Gate::Postmortems { discussed } => numbers(&[("discussed", *discussed)]),
        Gate::Prerequisite { areas } => file.is("areas", list(areas)),
    }
}

/// A text as an import reads it: on one line, and nothing hidden.
fn one_line(text: &str) -> String {
    text::line(text, "The text")
        .or_else(|_| text::line(&text::without_hidden(text), "The text"))
        .unwrap_or_default()
}

/// The lines of a file.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn table(&mut self, head: &str) {
        self.0.push('\n');
        self.0.push_str(head);
        self.0.push('\n');
    }

    fn is(&mut self, key: &str, value: impl std::fmt::Display) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn text(&mut self, key: &str, text: &str) {
        self.is(key, quoted(&one_line(text)));
    }

    /// Nothing when there is none.
    fn some_text(&mut self, key: &str, text: Option<&str>) {
        let text = text.map(one_line).filter(|text| !text.is_empty());
        if let Some(text) = text {
            self.is(key, quoted(&text));
        }
    }
}
