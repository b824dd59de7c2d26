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
        for viewport in Viewport::ALL {
            browser.resize(viewport);
            browser.goto(path);
            let is_refused = browser.script("return !!document.querySelector('.oops')", vec![]);
            assert_eq!(is_refused, refused, "{path}: {}", browser.text());
            let on_it = look(browser);
            found.extend(
                on_it
                    .into_iter()
                    .map(|l| format!("{path} {viewport:?}: {l}")),
            );
        }
    }
    found
}

/// A form that comes back: the page it is on, its address, and what is wrong with what is sent.
type Wrong<'a> = (String, String, &'a [(&'a str, &'a str)]);

pub fn look_at_errors(browser: &Browser, forms: &[Wrong]) -> Vec<String> {
    let mut found = Vec::new();
    for (page, action, fields) in forms {
        for viewport in Viewport::ALL {
            browser.resize(viewport);
            browser.goto(page);
            browser.send(action, fields);
            browser.see("There is a problem");
            let on_it = look(browser);
            found.extend(
                on_it
                    .into_iter()
                    .map(|l| format!("{action} with errors {viewport:?}: {l}")),
            );
        }
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
