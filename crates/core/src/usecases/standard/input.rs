//! Parses the forms of a draft into lines that are valid by type.

use crate::domain::stale::Ticks;
use crate::domain::standard::check;
use crate::domain::standard::check::NOTE_CHARS;
use crate::domain::standard::draft::Line;
use crate::domain::standard::{Competency, DoneBy, Gate, Group, Item, ItemGroup, Level, Strength};
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::usecases::standard::actions::Target;
use crate::usecases::standard::draft_editor::Seen;
use crate::words::{Words, web_address};

/// A line as typed, without a code yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineInput {
    /// Its code is empty.
    pub line: Line,
    /// Its answers to the open flags of the line.
    pub flags: Ticks,
}

impl LineInput {
    /// The group of a competency; `None` for a checklist item.
    pub fn group(&self) -> Option<Group> {
        match &self.line {
            Line::Competency(c) => Some(c.group),
            Line::Item(_) => None,
        }
    }

    pub fn competency(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let group = Group::parse(fields.get("group")).unwrap_or_else(|| {
            errors.add("group", "Choose a group.");
            Group::Architecture
        });
        let statement = text(fields, "statement", &mut errors);
        let level = fields.id("required_level").and_then(Level::new);
        let required_level = level.unwrap_or_else(|| {
            errors.add("required_level", "Choose the level that is asked for.");
            Level::ALL[2]
        });
        let behaviours = [1, 2, 3, 4, 5].map(|n| {
            let name = format!("level_{n}");
            match fields.trimmed(&name) {
                "" => String::new(),
                _ => text(fields, &name, &mut errors),
            }
        });
        errors.or(Self {
            line: Line::Competency(Competency {
                code: String::new(),
                group,
                statement,
                required_level,
                critical: fields.has("critical"),
                behaviours,
            }),
            flags: Ticks::default(),
        })
    }

    pub fn item(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let group = ItemGroup::parse(fields.get("group")).unwrap_or_else(|| {
            errors.add("group", "Choose what kind of line it is.");
            ItemGroup::Read
        });
        let words = text(fields, "text", &mut errors);
        let done_by = DoneBy::parse(fields.get("done_by")).unwrap_or_else(|| {
            errors.add("done_by", "Say who does it.");
            DoneBy::Mentee
        });
        let link = match fields.trimmed("link") {
            "" => None,
            typed => web_address(typed)
                .map_err(|sentence| errors.add("link", sentence))
                .ok(),
        };
        errors.or(Self {
            line: Line::Item(Item {
                code: String::new(),
                group,
                text: words,
                done_by,
                link,
            }),
            flags: Ticks::parse(fields),
        })
    }
}

fn text(fields: &Fields, name: &str, errors: &mut FieldErrors) -> String {
    check::line(fields.get(name))
        .map_err(|sentence| errors.add(name, sentence))
        .unwrap_or_default()
}

/// Which new line a form is about.
pub fn new_line(fields: &Fields) -> Target {
    let code = fields.trimmed("code").to_uppercase();
    Target::New {
        code: (!code.is_empty()).then_some(code),
        is_back: fields.has("is_back"),
    }
}

/// What the form was opened on.
///
/// Errors: [`Error::Invalid`] when it was not sent.
pub fn seen(fields: &Fields) -> Result<Seen> {
    Seen::parse(fields.trimmed("revision")).ok_or_else(Error::incomplete)
}

/// Parses the form of the gates, in display order. Ignores the numbers of a gate that was not chosen.
pub fn gates(fields: &Fields) -> Result<Vec<Gate>> {
    let mut errors = FieldErrors::default();
    let chosen = Gate::KINDS
        .into_iter()
        .filter(|kind| fields.has(&format!("gate-{kind}")));
    let gates: Vec<Gate> = chosen.map(|kind| gate(kind, fields, &mut errors)).collect();
    if let Err(sentence) = check::some_gate(gates.len()) {
        errors.add("gates", sentence);
    }
    if errors.is_empty() {
        for (gate, sentence) in gates
            .iter()
            .filter_map(|g| Some((g, check::gate_asks(g).err()?)))
        {
            errors.add(first_field(gate), sentence);
        }
    }
    errors.or(gates)
}

/// The values the form of those gates begins with.
pub fn of_gates(gates: &[Gate]) -> Fields {
    gates.iter().fold(Fields::default(), |fields, gate| {
        let fields = fields.and(&format!("gate-{}", gate.kind()), "on");
        let number = |fields: Fields, name: &str, n: u32| match n {
            0 => fields,
            n => fields.and(name, &n.to_string()),
        };
        match gate {
            Gate::Levels { critical_evidence } => fields.and(
                "critical_evidence",
                critical_evidence.map_or("", Strength::word),
            ),
            Gate::Checklist => fields,
            Gate::Sessions { held, minutes } => {
                number(number(fields, "held", *held), "minutes", *minutes)
            }
            Gate::Shadow { shifts, people } => {
                number(number(fields, "shifts", *shifts), "people", *people)
            }
            Gate::Ledger {
                percent,
                alerts,
                drills_fill,
            } => {
                let fields = number(number(fields, "percent", *percent), "alerts", *alerts);
                if *drills_fill {
                    fields.and("drills_fill", "on")
                } else {
                    fields
                }
            }
            Gate::Drills { run, primary } => {
                number(number(fields, "run", *run), "primary", *primary)
            }
            Gate::Postmortems { discussed } => number(fields, "discussed", *discussed),
            Gate::Prerequisite { areas } => fields.and("areas", &areas.join(", ")),
        }
    })
}

/// Where an error about a whole gate is shown.
fn first_field(gate: &Gate) -> &'static str {
    match gate {
        Gate::Levels { .. } | Gate::Checklist => "gates",
        Gate::Sessions { .. } => "held",
        Gate::Shadow { .. } => "shifts",
        Gate::Ledger { .. } => "percent",
        Gate::Drills { .. } => "run",
        Gate::Postmortems { .. } => "discussed",
        Gate::Prerequisite { .. } => "areas",
    }
}

fn gate(kind: &str, fields: &Fields, errors: &mut FieldErrors) -> Gate {
    let mut number = |name: &str, most: u32| match fields.trimmed(name) {
        "" => 0,
        typed => typed
            .parse()
            .ok()
            .filter(|n| *n <= most)
            .unwrap_or_else(|| {
                errors.add(name, format!("Enter a whole number from 0 to {most}."));
                0
            }),
    };
    match kind {
        "levels" => Gate::Levels {
            critical_evidence: Strength::parse(fields.trimmed("critical_evidence")),
        },
        "checklist" => Gate::Checklist,
        "sessions" => Gate::Sessions {
            held: number("held", 10_000),
            minutes: number("minutes", 1_000_000),
        },
        "shadow" => Gate::Shadow {
            shifts: number("shifts", 1_000),
            people: number("people", 1_000),
        },
        "ledger" => Gate::Ledger {
            percent: number("percent", 100),
            alerts: number("alerts", 10_000),
            drills_fill: fields.has("drills_fill"),
        },
        "drills" => Gate::Drills {
            run: number("run", 1_000),
            primary: number("primary", 1_000),
        },
        "postmortems" => Gate::Postmortems {
            discussed: number("discussed", 1_000),
        },
        _ => {
            let typed = fields.get("areas").to_uppercase();
            let codes = typed.split([',', ' ']).filter(|code| !code.is_empty());
            let areas: std::result::Result<Vec<_>, _> = codes.map(check::area_code).collect();
            Gate::Prerequisite {
                areas: areas.unwrap_or_else(|sentence| {
                    errors.add("areas", sentence);
                    Vec::new()
                }),
            }
        }
    }
}

/// Why a version is published: 1 to 1000 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(Words<NOTE_CHARS>);

impl Note {
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let words = Words::parse(text)?;
        if words.is_empty() {
            return Err("Say what changed and why; people read it in the list of versions.".into());
        }
        Ok(Self(words))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences<T: std::fmt::Debug>(read: Result<T>) -> Vec<String> {
        match read.unwrap_err() {
            Error::Invalid(errors) => errors.iter().map(|(f, _)| f.to_owned()).collect(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let none = Fields::default();
        assert_eq!(
            sentences(LineInput::competency(&none)),
            ["group", "statement", "required_level"]
        );
        assert_eq!(
            sentences(LineInput::item(&none)),
            ["group", "text", "done_by"]
        );
        let script = Fields::of(&[
            ("group", "read"),
            ("text", "Read"),
            ("done_by", "mentor"),
            ("link", "javascript:alert(1)"),
        ]);
        assert_eq!(sentences(LineInput::item(&script)), ["link"]);
    }

    #[test]
    fn gates_are_read_with_their_numbers() {
        let read = |pairs: &[(&str, &str)]| gates(&Fields::of(pairs));
        assert_eq!(sentences(read(&[])), ["gates"]);
        assert_eq!(sentences(read(&[("gate-sessions", "on")])), ["held"]);
        assert_eq!(
            sentences(read(&[("gate-sessions", "on"), ("held", "-1")])),
            ["held"]
        );
        for (kind, number, field) in [
            ("gate-shadow", ("people", "2"), "shifts"),
            ("gate-ledger", ("percent", "80"), "percent"),
            ("gate-drills", ("primary", "1"), "run"),
            ("gate-postmortems", ("discussed", "0"), "discussed"),
            ("gate-prerequisite", ("areas", "payments"), "areas"),
        ] {
            assert_eq!(sentences(read(&[(kind, "on"), number])), [field]);
        }
        let sent = [
            ("gate-levels", "on"),
            ("gate-sessions", "on"),
            ("minutes", "480"),
            ("gate-ledger", "on"),
            ("percent", "80"),
            ("alerts", "10"),
            ("drills_fill", "on"),
            ("gate-prerequisite", "on"),
            ("areas", "cmd, PLT"),
            // Not chosen, so never parsed.
            ("run", "many"),
        ];
        assert_eq!(
            read(&sent).unwrap(),
            [
                Gate::Levels {
                    critical_evidence: None
                },
                Gate::Sessions {
                    held: 0,
                    minutes: 480
                },
                Gate::Ledger {
                    percent: 80,
                    alerts: 10,
                    drills_fill: true
                },
                Gate::Prerequisite {
                    areas: vec!["CMD".into(), "PLT".into()]
                },
            ]
        );
    }
}
