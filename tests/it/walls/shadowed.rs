//! Askama binds the arguments of a macro one after the other: an argument that names a parameter bound before it gets that
//! parameter's value, not the page's. `m::hidden("was_name", name)` would show "was_name".

use std::collections::HashMap;
use std::path::Path;

use super::source::files;

/// The parameters of every macro.
fn macros(shared: &str) -> HashMap<String, Vec<String>> {
    let heads = shared.split("{%- macro ").skip(1);
    heads
        .filter_map(|rest| {
            let (called, rest) = rest.split_once('(')?;
            let parameters = split(rest)
                .into_iter()
                .filter_map(|p| Some(p.split([':', '=']).next()?.trim().to_owned()));
            Some((called.to_owned(), parameters.collect()))
        })
        .collect()
}

/// The arguments up to the bracket that closes them.
fn split(text: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    let mut all = vec![String::new()];
    for c in text.chars() {
        match c {
            ')' if depth == 0 && !quoted => break,
            ',' if depth == 0 && !quoted => {
                all.push(String::new());
                continue;
            }
            '(' | '[' | '<' if !quoted => depth += 1,
            ')' | ']' | '>' if !quoted => depth -= 1,
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        all.last_mut().unwrap().push(c);
    }
    all
}

/// The variables that an expression begins with, not their fields, nor words in quotes.
fn variables(expression: &str) -> Vec<String> {
    let plain: String = expression
        .split('"')
        .step_by(2)
        .collect::<Vec<_>>()
        .join(" ");
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut before = ' ';
    let mut word = String::new();
    for c in plain.chars().chain([' ']) {
        if is_word(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() && before != '.' && before != ':' && c != '(' && c != '!' {
            found.push(word.clone());
        }
        word.clear();
        before = c;
    }
    found
}

/// What a template shows in place of what it names.
fn shadowed(template: &str, macros: &HashMap<String, Vec<String>>) -> Vec<String> {
    let mut wrong = Vec::new();
    for rest in template.split("m::").skip(1) {
        let Some((called, rest)) = rest.split_once('(') else {
            continue;
        };
        let Some(parameters) = macros.get(called) else {
            continue;
        };
        let mut given: HashMap<&str, String> = HashMap::new();
        for (argument, place) in split(rest).into_iter().zip(parameters) {
            let named = argument.split_once('=').filter(|(name, value)| {
                parameters.iter().any(|p| p == name.trim()) && !value.starts_with('=')
            });
            match named {
                Some((name, value)) => {
                    let of = parameters.iter().find(|p| *p == name.trim()).unwrap();
                    given.insert(of, value.to_owned());
                }
                None => {
                    given.insert(place, argument);
                }
            }
        }
        let bound: Vec<_> = parameters
            .iter()
            .filter_map(|p| Some((p, given.get(p.as_str())?)))
            .collect();
        for (n, (parameter, argument)) in bound.iter().enumerate() {
            let named = variables(argument);
            for (before, value) in bound.iter().take(n) {
                if named.contains(before) && value.trim() != before.as_str() {
                    wrong.push(format!("{called}: {parameter} = {}", argument.trim()));
                }
            }
        }
    }
    wrong
}

#[test]
fn an_argument_never_means_an_argument_before_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let shared = macros(&std::fs::read_to_string(root.join("macros.html")).unwrap());
    assert!(shared.len() > 30, "the macros were not found");
    let wrong: Vec<String> = files(&root, "html")
        .into_iter()
        .flat_map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let found = shadowed(&text, &shared);
            found
                .into_iter()
                .map(move |w| format!("{}: {w}", file.display()))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "write self.<name>, or name the variable otherwise:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_trap_is_seen() {
    let shared = macros(
        "{%- macro hidden(name: str, value) -%}{%- macro radio_choice(name: str, value, label: str = \"\") -%}",
    );
    let wrong = |text| shadowed(text, &shared).len();
    assert_eq!(wrong(r#"{{ m::hidden("was_name", name) }}"#), 1);
    assert_eq!(
        wrong(r#"{{ m::radio_choice("area", id, label = name) }}"#),
        1
    );
    assert_eq!(wrong(r#"{{ m::hidden("was_name", self.name) }}"#), 0);
    assert_eq!(wrong(r#"{{ m::hidden(name, name) }}"#), 0);
    assert_eq!(
        wrong(r#"{{ m::hidden("name", format!("{}", q.name)) }}"#),
        0
    );
}
