//! The `[standard]` of an area's file: competencies, checklist, gates.

use super::files::Codes;
use super::source::Source;
use super::table::Table;
use crate::standard::{Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level};
use crate::words::web_address;

/// Keys of `levels`, lowest first.
const LEVELS: [&str; 5] = ["1", "2", "3", "4", "5"];

/// Reads the note and the content. `prefix` is the area's code, when that could be read.
pub(super) fn read(
    source: &Source,
    mut table: Table<'_>,
    prefix: Option<&str>,
    codes: &mut Codes,
) -> Option<(String, Content)> {
    let note = table.optional_text("note", 1000);
    let mut competencies = Vec::new();
    for entry in table.tables("competencies") {
        competencies.push(competency(source, entry, prefix, codes));
    }
    if competencies.is_empty() {
        table
            .wrong("The standard has no competency; write at least one [[standard.competencies]].");
    }
    let mut items = Vec::new();
    for entry in table.tables("checklist") {
        items.push(item(source, entry, prefix, codes));
    }
    let mut gates: Vec<Option<Gate>> = Vec::new();
    for entry in table.tables("gates") {
        let gate = gate(source, entry, &gates);
        gates.push(gate);
    }
    if gates.is_empty() {
        // Without a gate nothing would stand between anybody and a sign-off.
        table.wrong(format!(
            "The standard has no gate; write at least one of {}.",
            Gate::KINDS.join(", ")
        ));
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
    let statement = table.text("statement", 500);
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
            .optional_text(key, 500)
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
    let text = table.text("text", 500);
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

fn gate(source: &Source, mut table: Table<'_>, before: &[Option<Gate>]) -> Option<Gate> {
    let kind = table.parsed("kind", |word| one_of(word, &Gate::KINDS, |k| k))?;
    if before.iter().flatten().any(|g| g.kind() == kind.value) {
        source.at(
            kind.at,
            format!(
                "The gate {} is there already; write each at most once.",
                kind.value
            ),
        );
    }
    let gate = match kind.value {
        "levels" => Some(Gate::Levels),
        "checklist" => Some(Gate::Checklist),
        _ => {
            let held = table.optional_number("held", 0..=10_000);
            let minutes = table.optional_number("minutes", 0..=1_000_000);
            if (held, minutes) == (Some(0), Some(0)) {
                table.wrong(
                    "The gate sessions asks for nothing; give it `held`, `minutes` or both.",
                );
            }
            held.zip(minutes).and_then(|(held, minutes)| {
                Some(Gate::Sessions {
                    held: held.try_into().ok()?,
                    minutes: minutes.try_into().ok()?,
                })
            })
        }
    };
    table.done();
    gate
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
        let rest = text
            .strip_prefix(prefix)
            .and_then(|t| t.strip_prefix('-'))
            .unwrap_or_default();
        let is_code = (1..=20).contains(&rest.len())
            && rest
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
        if is_code {
            Ok(text.to_owned())
        } else {
            Err(format!(
                "Write {prefix}- and then capitals and digits, like {prefix}-A1, not “{text}”."
            ))
        }
    })?;
    let here = format!("{}:{}", source.path, source.line(code.at));
    if let Some(first) = codes.get(&code.value) {
        source.at(
            code.at,
            format!("The code {} is used at {first} already.", code.value),
        );
    } else {
        codes.insert(code.value.clone(), here);
    }
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
