//! Pages looked at one after the other, on a phone and on a desk.

use super::look;
use crate::support::browser::{Browser, Viewport};

pub fn look_at_all(browser: &Browser, paths: &[String]) -> Vec<String> {
    look_at(browser, paths, false)
}

/// Pages that say why there is nothing to see.
pub fn look_at_refusals(browser: &Browser, paths: &[String]) -> Vec<String> {
    look_at(browser, paths, true)
}

fn look_at(browser: &Browser, paths: &[String], refused: bool) -> Vec<String> {
    let mut found = browser.console();
    for path in paths {
        browser.resize(Viewport::Phone);
        browser.goto(path);
        let is_refused = browser.script("return !!document.querySelector('.oops')", vec![]);
        assert_eq!(is_refused, refused, "{path}: {}", browser.text());
        found.extend(look_at_widths(browser, path));
    }
    found
}

/// The page as it was loaded on a phone, there and on a desk: what is sent does not depend on the width.
fn look_at_widths(browser: &Browser, what: &str) -> Vec<String> {
    let mut found = Vec::new();
    for viewport in Viewport::ALL {
        browser.resize(viewport);
        browser.fold();
        let on_it = look(browser);
        found.extend(
            on_it
                .into_iter()
                .map(|l| format!("{what} {viewport:?}: {l}")),
        );
    }
    found
}

/// A form that comes back: the page it is on, its address, and what is wrong with what is sent.
type Wrong<'a> = (String, String, &'a [(&'a str, &'a str)]);

pub fn look_at_errors(browser: &Browser, forms: &[Wrong]) -> Vec<String> {
    let mut found = Vec::new();
    for (page, action, fields) in forms {
        browser.resize(Viewport::Phone);
        browser.goto(page);
        browser.send(action, fields);
        browser.see("There is a problem");
        found.extend(look_at_widths(browser, &format!("{action} with errors")));
    }
    found
}

#[track_caller]
pub fn assert_nothing(found: &[String]) {
    assert!(
        found.is_empty(),
        "{} faults:\n{}",
        found.len(),
        found.join("\n")
    );
}
