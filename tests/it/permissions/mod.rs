//! Who may: every route x everybody it could matter to. The test walks the [`table`] on a live app, and fails when a
//! route is mounted that has no line there.

mod address;
mod before;
mod discussion;
mod fields;
mod mounted;
mod plans;
mod postmortem;
mod table;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use address::address;
pub use address::owners;
pub use mounted::mounted;
use table::{Line, table};

use crate::support::{Answer, Client, Role, Site, at_once};

fn ask(line: &Line, site: &Site, client: &Client) -> Answer {
    let path = address(line.path, site);
    if line.method == "GET" {
        return client.get(&path);
    }
    let fields = (line.fields)(site);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    client.send(&path, &fields)
}

/// Every line.
fn lines() -> Vec<Line> {
    let mut all = table();
    all.extend(postmortem::lines());
    all.extend(discussion::lines());
    all
}

/// A site made ready for a line.
fn prepared(line: &Line) -> Site {
    let site = Site::open();
    if let Some(prepare) = line.prepared {
        prepare(&site);
    }
    site
}

/// Lines that are tried at once: a site of its own takes longer to open than to ask.
const AT_ONCE: usize = 4;

#[test]
fn everybody_may_what_the_table_says_and_nothing_else() {
    let lines = lines();
    let next = AtomicUsize::new(0);
    let wrong: Vec<String> = at_once(AT_ONCE, |_| {
        let mut wrong = Vec::new();
        while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
            wrong.extend(faults(line));
        }
        wrong
    })
    .concat();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Who is answered something else than the line says.
fn faults(line: &Line) -> Vec<String> {
    let mut wrong = Vec::new();
    // Who is refused changes nothing, so they can share a site; who succeeds gets one of their own.
    let shared = prepared(line);
    for (role, expected) in Role::ALL.into_iter().zip(line.expected) {
        let succeeds = line.method == "POST" && expected == 303;
        let own = succeeds.then(|| prepared(line));
        let site = own.as_ref().unwrap_or(&shared);
        let answer = ask(line, site, &site.client(role));
        let text = answer.text();
        let text = text.rsplit("You may not do this").next().unwrap();
        let text = text.split("What you can do").next().unwrap();
        let says_who = [
            "nly ",
            "This is for ",
            "open to ",
            "belongs to ",
            "must be ",
            "nyone",
        ];
        if answer.status == 403 && !says_who.iter().any(|word| text.contains(word)) {
            wrong.push(format!(
                "{} {} as {role:?} is not told who may: {text}",
                line.method, line.path
            ));
        }
        if answer.status != expected {
            let (method, path) = (line.method, line.path);
            wrong.push(format!(
                "{method} {path} as {role:?}: {expected} expected, {} {}",
                answer.status,
                answer.text()
            ));
        }
    }
    wrong
}

#[test]
fn every_mounted_route_has_a_line() {
    let lines: BTreeSet<(String, String)> = lines()
        .iter()
        .map(|l| {
            (
                l.method.to_owned(),
                l.path.split('?').next().unwrap().to_owned(),
            )
        })
        .collect();
    let mounted = mounted();
    let missing: Vec<_> = mounted.difference(&lines).collect();
    assert!(
        missing.is_empty(),
        "give these a line in the table of permissions: {missing:?}"
    );
    let gone: Vec<_> = lines.difference(&mounted).collect();
    assert!(gone.is_empty(), "these are mounted no more: {gone:?}");
}
