//! Codes over all files: each occurs once, and areas that must come first exist.

use std::collections::HashMap;

use super::existing::Existing;
use super::source::Source;
use super::table::At;
use crate::domain::standard::check;

/// Codes read so far.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// Where each was first used: `areas/payments.toml:12`.
    used: HashMap<String, String>,
    first: Vec<First>,
}

/// An area that must come before another one.
#[derive(Debug)]
struct First {
    path: String,
    line: usize,
    /// The code of the area that asks.
    own: String,
    code: String,
}

impl Codes {
    /// Records a code of a file; reports it when it was used before.
    pub(super) fn take(&mut self, source: &Source, code: &At<String>) {
        let here = format!("{}:{}", source.path, source.line(code.at));
        match self.used.get(&code.value) {
            Some(first) => source.at(
                code.at,
                format!("The code {} is used at {first} already.", code.value),
            ),
            None => {
                self.used.insert(code.value.clone(), here);
            }
        }
    }

    /// Records which area must come before the area with the code `own`; checked when all areas are read.
    pub(super) fn comes_first(&mut self, source: &Source, own: &str, code: &At<String>) {
        self.first.push(First {
            path: source.path.clone(),
            line: source.line(code.at),
            own: own.to_owned(),
            code: code.value.clone(),
        });
    }

    /// Reports areas that should come first and are the area itself or do not exist. `areas` are the files that were
    /// read.
    pub(super) fn report_unknown_areas(&self, areas: &[&Source], existing: &Existing) {
        let own = |code: &str| self.used.contains_key(code);
        let here = |code: &str| {
            let mut all = existing.areas.values().filter(|a| a.archived.is_none());
            all.any(|a| a.fields.code == code)
        };
        // A file whose code could not be read may be the missing one.
        let read = self.used.keys().filter(|code| !code.contains('-')).count();
        let is_known = |code: &str| read < areas.len() || own(code) || here(code);
        for first in &self.first {
            if let Err(sentence) = check::comes_first(&first.code, &first.own, is_known)
                && let Some(source) = areas.iter().find(|s| s.path == first.path)
            {
                source.at_line(first.line, format!("`areas`: {sentence}"));
            }
        }
    }
}
