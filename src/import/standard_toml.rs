//! The `[standard]` of an area's file: competencies, checklist, gates.

use super::codes::Codes;
use super::source::Source;
use super::table::Table;
use crate::domain::standard::check;
use crate::domain::standard::check::{LINE_CHARS, NOTE_CHARS};
use crate::domain::standard::{
    Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level, Strength,
};
use crate::words::web_address;

/// Keys of `levels`, lowest first.
const LEVELS: [&str; 5] = ["1", "2", "3", "4", "5"];

/// Reads the note and the content. `prefix` is the area's code, if it could be read.
pub(super) fn read(
    source: &Source,
    mut table: Table<'_>,
    prefix: Option<&str>,
    codes: &mut Codes,
) -> Option<(String, Content)> {
    let note = table.optional_text("note", NOTE_CHARS);
    let mut competencies = Vec::new();
    for entry in table.tables("competencies") {
        competencies.push(competency(source, entry, prefix, codes));
    }
    if let Err(sentence) = check::some_competency(competencies.len()) {
        table.wrong(sentence);
    }
    let mut items = Vec::new();
    for entry in table.tables("checklist") {
        items.push(item(source, entry, prefix, codes));
    }
    let mut gates: Vec<Option<Gate>> = Vec::new();
    for entry in table.tables("gates") {
        let gate = gate(source, entry, &gates, (prefix.unwrap_or_default(), codes));
        gates.push(gate);
    }
    if let Err(sentence) = check::some_gate(gates.len()) {
        table.wrong(sentence);
    }
    table.done();
    let content = Content {
        competencies: competencies.into_iter().collect::<Option<_>>()?,
        items: items.into_iter().collect::<Option<_>>()?,
        gates: gates.into_iter().collect::<Option<_>>()?,
    };
    Some((note?.map(|n| n.value).unwrap_or_default(), content))
}

fn competency(
    source: &Source,
    mut table: Table<'_>,
    prefix: Option<&str>,
    codes: &mut Codes,
) -> Option<Competency> {
    let code = code(source, &mut table, prefix, codes);
    let group = table.parsed("group", |w| one_of(w, Group::ALL, Group::word));
    let statement = table.text("statement", LINE_CHARS);
    let required_level = table.number("required_level", 1..=5);
    let critical = table.flag("critical");
    let behaviours = table
        .optional_table("levels")
        .and_then(|levels| levels.map_or(Some(Default::default()), behaviours));
    table.done();
    Some(Competency {
        code: code?,
        group: group?.value,
        statement: statement?.value,
        required_level: Level::new(i64::from(required_level?.value))?,
        critical: critical?,
        behaviours: behaviours?,
    })
}

fn behaviours(mut levels: Table<'_>) -> Option<[String; 5]> {
    let [one, two, three, four, five] = LEVELS.map(|key| {
        levels
            .optional_text(key, LINE_CHARS)
            .map(|text| text.map(|t| t.value).unwrap_or_default())
    });
    levels.done();
    Some([one?, two?, three?, four?, five?])
}

fn item(
    source: &Source,
    mut table: Table<'_>,
    prefix: Option<&str>,
    codes: &mut Codes,
) -> Option<Item> {
    let code = code(source, &mut table, prefix, codes);
    let group = table.parsed("group", |w| one_of(w, ItemGroup::ALL, ItemGroup::word));
    let text = table.text("text", LINE_CHARS);
    let done_by = table.optional_parsed("done_by", |w| one_of(w, DoneBy::ALL, DoneBy::word));
    let link = table.optional_parsed("link", web_address);
    table.done();
    Some(Item {
        code: code?,
        group: group?.value,
        text: text?.value,
        done_by: done_by?.map(|d| d.value).unwrap_or_default(),
        link: link?.map(|l| l.value),
    })
}

fn gate(
    source: &Source,
    mut table: Table<'_>,
    before: &[Option<Gate>],
    (own, codes): (&str, &mut Codes),
) -> Option<Gate> {
    let kind = table.parsed("kind", |word| one_of(word, &Gate::KINDS, |k| k))?;
    if let Err(sentence) = check::gate_once(kind.value, before.iter().flatten()) {
        source.at(kind.at, sentence);
    }
    let gate = match kind.value {
        "prerequisite" => prerequisite(source, &mut table, own, codes),
        other => gate_of(other, &mut table),
    };
    if let Some(Err(sentence)) = gate.as_ref().map(check::gate_asks) {
        table.wrong(sentence);
    }
    table.done();
    gate
}

fn gate_of(kind: &str, table: &mut Table<'_>) -> Option<Gate> {
    match kind {
        "levels" => {
            let evidence = table.optional_parsed("critical_evidence", |w| {
                one_of(w, Strength::ALL, Strength::word)
            })?;
            Some(Gate::Levels {
                critical_evidence: evidence.map(|e| e.value),
            })
        }
        "checklist" => Some(Gate::Checklist),
        "sessions" => {
            let held = count(table, "held", 10_000);
            let minutes = count(table, "minutes", 1_000_000);
            Some(Gate::Sessions {
                held: held?,
                minutes: minutes?,
            })
        }
        "shadow" => {
            let (shifts, people) = (count(table, "shifts", 1_000), count(table, "people", 1_000));
            Some(Gate::Shadow {
                shifts: shifts?,
                people: people?,
            })
        }
        "ledger" => {
            let (percent, alerts) = (count(table, "percent", 100), count(table, "alerts", 10_000));
            let drills_fill = table.flag("drills_fill");
            Some(Gate::Ledger {
                percent: percent?,
                alerts: alerts?,
                drills_fill: drills_fill?,
            })
        }
        "drills" => {
            let (run, primary) = (count(table, "run", 1_000), count(table, "primary", 1_000));
            Some(Gate::Drills {
                run: run?,
                primary: primary?,
            })
        }
        _ => Some(Gate::Postmortems {
            discussed: count(table, "discussed", 1_000)?,
        }),
    }
}

/// Whether the areas exist is checked when all files are read.
fn prerequisite(
    source: &Source,
    table: &mut Table<'_>,
    own: &str,
    codes: &mut Codes,
) -> Option<Gate> {
    let areas = table.list("areas", check::area_code)?;
    for area in &areas {
        codes.comes_first(source, own, area);
    }
    Some(Gate::Prerequisite {
        areas: areas.into_iter().map(|area| area.value).collect(),
    })
}

fn count(table: &mut Table<'_>, key: &'static str, most: i32) -> Option<u32> {
    table.optional_number(key, 0..=most)?.try_into().ok()
}

/// A code that starts with the area's and is used nowhere else.
fn code(
    source: &Source,
    table: &mut Table<'_>,
    prefix: Option<&str>,
    codes: &mut Codes,
) -> Option<String> {
    let code = table.parsed("code", |text| {
        let Some(prefix) = prefix else {
            return Ok(text.to_owned());
        };
        check::code(text, prefix)
    })?;
    codes.take(source, &code);
    Some(code.value)
}

/// The value with that word, or a sentence that names all words.
fn one_of<T: Copy>(
    word: &str,
    all: &[T],
    word_of: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    all.iter()
        .copied()
        .find(|value| word_of(*value) == word)
        .ok_or_else(|| {
            let words: Vec<_> = all.iter().map(|value| word_of(*value)).collect();
            format!("Write one of {}, not “{word}”.", words.join(", "))
        })
}
