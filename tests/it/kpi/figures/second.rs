//! Every figure of every scope, computed a second time by a program that shares nothing with the first.

use std::collections::BTreeMap;
use std::process::Command;

use checkride::db::Target;

use super::{TODAY, everything, filled};
use crate::support::at;
use crate::support::database::On;

/// Scope, figure, name of the number.
type Key = (String, String, String);

#[test]
fn a_second_computation_finds_the_same_figures() {
    // It reads the file of the embedded database.
    if On::this_run() != On::Sqlite {
        return;
    }
    let database = filled();
    let Target::Sqlite(file) = &database.target else {
        unreachable!()
    };
    let mut first: BTreeMap<Key, (Option<f64>, u32)> = BTreeMap::new();
    for (scope, figures) in everything(&mut database.connect(), at(TODAY)) {
        for figure in figures {
            let key = |name: &str| (scope.clone(), figure.kpi.word().into(), name.into());
            first.insert(key("main"), (figure.main.value, figure.main.n));
            for (name, measure, _) in &figure.others {
                first.insert(key(name), (measure.value, measure.n));
            }
        }
    }
    let program = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it/kpi/figures/second.py"
    );
    let output = Command::new("python3")
        .arg(program)
        .arg(file)
        .arg("2026-11-23 09:00:00.000000")
        .output()
        .expect("python3 should be installed");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let found: Vec<(String, String, String, Option<f64>, u32)> =
        serde_json::from_slice(&output.stdout).unwrap();
    let second: BTreeMap<Key, (Option<f64>, u32)> = found
        .into_iter()
        .map(|(scope, kpi, name, value, n)| ((scope, kpi, name), (value, n)))
        .collect();
    let mut differences = Vec::new();
    for key in first.keys().chain(second.keys()) {
        let (one, two) = (first.get(key), second.get(key));
        let is_same = match (one, two) {
            (Some((Some(one), n)), Some((Some(two), m))) => (one - two).abs() < 1e-6 && n == m,
            (one, two) => one == two,
        };
        if !is_same {
            differences.push(format!("{key:?}: {one:?}, {two:?}"));
        }
    }
    differences.dedup();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    // The demo has something to count for most figures, so that equal means more than equally empty.
    let whole = first.iter().filter(|(key, _)| key.0 == "organisation");
    let empty: Vec<&Key> = whole
        .filter(|(key, (value, _))| key.2 == "main" && value.is_none())
        .map(|(key, _)| key)
        .collect();
    assert!(empty.len() <= 3, "{empty:?}");
}
