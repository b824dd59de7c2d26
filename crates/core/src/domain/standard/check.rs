//! The rules for a version before anyone ramps on it, for the importer and for the editor of a draft.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Content, Gate};
use crate::text;

/// Most characters of a statement, a behaviour or the words of a checklist item.
pub const LINE_CHARS: usize = 500;

/// Most characters of the note a version is published with.
pub const NOTE_CHARS: usize = 1000;

/// A code of the area whose own code is `prefix`: `PAY-A1`.
pub fn code(text: &str, prefix: &str) -> Result<String, String> {
    let text = text::line(text, "The code")?;
    let rest = text
        .strip_prefix(prefix)
        .and_then(|t| t.strip_prefix('-'))
        .unwrap_or_default();
    let is_code = (1..=20).contains(&rest.len())
        && rest
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    if is_code {
        Ok(text)
    } else {
        Err(format!(
            "Write {prefix}- and then capitals and digits, like {prefix}-A1, not “{text}”."
        ))
    }
}

/// One line of 1 to [`LINE_CHARS`] characters.
pub fn line(typed: &str) -> Result<String, String> {
    let line = text::line(typed, "This")?;
    match line.chars().count() {
        0 => Err("Write something; it is empty.".into()),
        n if n > LINE_CHARS => Err(format!(
            "This has {n} characters. The limit is {LINE_CHARS}."
        )),
        _ => Ok(line),
    }
}

/// A version needs at least one competency.
pub fn some_competency(count: usize) -> Result<(), String> {
    if count == 0 {
        return Err("The standard has no competency; write at least one.".into());
    }
    Ok(())
}

/// A version needs at least one gate: without one, anyone could be signed off.
pub fn some_gate(count: usize) -> Result<(), String> {
    if count == 0 {
        let kinds = Gate::KINDS.join(", ");
        return Err(format!(
            "The standard has no gate; write at least one of {kinds}."
        ));
    }
    Ok(())
}

/// Each kind of gate may occur once.
pub fn gate_once<'a>(kind: &str, before: impl IntoIterator<Item = &'a Gate>) -> Result<(), String> {
    if before.into_iter().any(|g| g.kind() == kind) {
        return Err(format!(
            "The gate {kind} is there already; write each at most once."
        ));
    }
    Ok(())
}

/// The code of an area, the prefix of every code of its standard: 2 to 6 capitals.
pub fn area_code(text: &str) -> Result<String, String> {
    let text = text::line(text, "The code")?;
    let is_code = (2..=6).contains(&text.len()) && text.chars().all(|c| c.is_ascii_uppercase());
    if is_code {
        Ok(text)
    } else {
        Err(format!(
            "Write the code of an area, like PAY, not “{text}”."
        ))
    }
}

/// Whether the area with that code may come before the area `own`: it exists, and is another one.
pub fn comes_first(code: &str, own: &str, is_known: impl Fn(&str) -> bool) -> Result<(), String> {
    if code != own && is_known(code) {
        Ok(())
    } else {
        Err(format!("There is no other area with the code {code}."))
    }
}

/// What a gate asks for must be possible, and not nothing.
pub fn gate_asks(gate: &Gate) -> Result<(), String> {
    let nothing = |what: &str| {
        Err(format!(
            "The gate {} asks for nothing; give it {what}.",
            gate.kind()
        ))
    };
    match gate {
        Gate::Sessions {
            held: 0,
            minutes: 0,
        } => nothing("a number of sessions, of minutes, or both"),
        Gate::Shadow { shifts: 0, .. } => nothing("a number of shifts"),
        Gate::Shadow { shifts, people } if people > shifts => Err(format!(
            "The gate shadow asks for {people} different people over {shifts} shifts; that cannot be."
        )),
        Gate::Ledger { percent: 0, .. } | Gate::Ledger { alerts: 0, .. } => {
            nothing("a share in percent and a number of alerts")
        }
        Gate::Drills { run: 0, .. } => nothing("a number of drills"),
        Gate::Drills { run, primary } if primary > run => Err(format!(
            "The gate drills asks for {primary} as primary of {run} drills; that cannot be."
        )),
        Gate::Postmortems { discussed: 0 } => nothing("a number of post-mortems"),
        Gate::Prerequisite { areas } if areas.is_empty() => nothing("the code of an area"),
        _ => Ok(()),
    }
}

/// Everything that prevents a version from being published; empty when nothing does.
pub fn problems(content: &Content, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut ask = |rule: Result<(), String>| found.extend(rule.err());
    ask(some_competency(content.competencies.len()));
    ask(some_gate(content.gates.len()));
    let mut before = HashSet::new();
    for own in content.codes() {
        ask(code(own, prefix).map(|_| ()));
        if !before.insert(own) {
            ask(Err(format!("The code {own} is used twice.")));
        }
    }
    for (n, gate) in content.gates.iter().enumerate() {
        ask(gate_once(gate.kind(), content.gates.iter().take(n)));
        ask(gate_asks(gate));
    }
    found
}

/// Codes of the areas that come before, by the gates of a version.
pub fn areas_first(content: &Content) -> Vec<String> {
    let gates = content.gates.iter();
    let of = |gate: &Gate| match gate {
        Gate::Prerequisite { areas } => areas.clone(),
        _ => Vec::new(),
    };
    gates.flat_map(of).collect()
}

/// Codes of areas that ask for each other, from `own` back to it. Nobody new could be cleared in any of them. `first` says
/// which areas come before each.
pub fn circle(own: &str, first: &BTreeMap<String, Vec<String>>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![own.to_owned()]];
    while let Some(way) = ways.pop() {
        let asked = way.last().and_then(|code| first.get(code));
        for code in asked.into_iter().flatten() {
            let next = [&way[..], std::slice::from_ref(code)].concat();
            if code == own {
                return Some(next);
            }
            if seen.insert(code.clone()) {
                ways.push(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{competency, content, item};

    type Change = fn(&mut Content);

    #[test]
    fn areas_that_ask_for_each_other_are_told_and_a_chain_is_not() {
        let asks = |pairs: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
            let owned = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect();
            pairs
                .iter()
                .map(|(of, codes)| ((*of).to_owned(), owned(codes)))
                .collect()
        };
        let chain = asks(&[("A", &["B", "C"]), ("B", &["C"]), ("C", &["D"])]);
        assert_eq!(circle("A", &chain), None);
        let far = asks(&[
            ("A", &["B"]),
            ("B", &["C", "D"]),
            ("C", &["B"]),
            ("D", &["A"]),
        ]);
        assert_eq!(circle("A", &far).unwrap(), ["A", "B", "D", "A"]);
        assert_eq!(circle("A", &asks(&[("A", &["A"])])).unwrap(), ["A", "A"]);
    }

    #[test]
    fn problems_prevent_a_version_from_being_published() {
        let sound = content();
        assert_eq!(problems(&sound, "PAY"), Vec::<String>::new());
        let with = |change: Change| {
            let mut other = sound.clone();
            change(&mut other);
            problems(&other, "PAY").join(" ")
        };
        // (change, problem)
        let table: [(Change, &str); 7] = [
            (|c| c.competencies.clear(), "no competency"),
            (|c| c.gates.clear(), "no gate"),
            (
                |c| {
                    c.gates.push(Gate::Levels {
                        critical_evidence: None,
                    })
                },
                "levels is there already",
            ),
            (
                |c| {
                    c.gates = vec![Gate::Sessions {
                        held: 0,
                        minutes: 0,
                    }];
                },
                "asks for nothing",
            ),
            (
                |c| c.competencies.push(competency("PAY-A1")),
                "PAY-A1 is used twice",
            ),
            (|c| c.items.push(item("PAY-A1")), "PAY-A1 is used twice"),
            (|c| c.items.push(item("ORD-K1")), "Write PAY- and then"),
        ];
        for (change, words) in table {
            assert!(with(change).contains(words), "{words}: {}", with(change));
        }
    }

    #[test]
    fn another_area_that_is_there_can_come_first() {
        let is_known = |code: &str| ["PAY", "ORD"].contains(&code);
        assert_eq!(comes_first("ORD", "PAY", is_known), Ok(()));
        for code in ["PAY", "EDGE"] {
            let sentence = comes_first(code, "PAY", is_known).unwrap_err();
            assert!(sentence.contains(code), "{sentence}");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" a\r\n b\t").unwrap(), "a b");
        assert!(line(" \n ").is_err());
        assert!(line(&"x".repeat(LINE_CHARS)).is_ok());
        assert!(line(&"x".repeat(LINE_CHARS + 1)).is_err());
        assert!(line("a\u{7}b").is_err());
    }
}
