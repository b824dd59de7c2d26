//! Codes over all files: each stands once, and what an area asks to come first is there.

use std::collections::HashMap;

use super::present::Present;
use super::source::Source;
use super::table::At;
use crate::domain::standard::check;

/// Codes that were read so far.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// Where each was first used: `areas/payments.toml:12`.
    used: HashMap<String, String>,
    first: Vec<First>,
}

/// An area that another one asks to come first.
#[derive(Debug)]
struct First {
    path: String,
    line: usize,
    /// The code of the area that asks.
    own: String,
    code: String,
}

impl Codes {
    /// Takes a code for a line of a file; says so where it was used before.
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

    /// Remembers what the area with the code `own` asks to come first, until all areas were read.
    pub(super) fn comes_first(&mut self, source: &Source, own: &str, code: &At<String>) {
        self.first.push(First {
            path: source.path.clone(),
            line: source.line(code.at),
            own: own.to_owned(),
            code: code.value.clone(),
        });
    }

    /// Says where an area asks itself, or one that is not there, to come first. `areas` are the files that were read.
    pub(super) fn tell_unknown_areas(&self, areas: &[&Source], present: &Present) {
        let own = |code: &str| self.used.contains_key(code);
        let here = |code: &str| {
            let mut all = present.areas.values().filter(|a| a.archived.is_none());
            all.any(|a| a.fields.code == code)
        };
        // A file whose code could not be read may be the one that is asked for.
        let told = self.used.keys().filter(|code| !code.contains('-')).count();
        let is_known = |code: &str| told < areas.len() || own(code) || here(code);
        for first in &self.first {
            if let Err(sentence) = check::comes_first(&first.code, &first.own, is_known)
                && let Some(source) = areas.iter().find(|s| s.path == first.path)
            {
                source.at_line(first.line, format!("`areas`: {sentence}"));
            }
        }
    }
}
