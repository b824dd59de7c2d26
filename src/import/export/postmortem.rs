//! A post-mortem's file.

use std::collections::{BTreeMap, HashMap};

use super::{list, quoted};
use crate::domain::postmortem::State;
use crate::domain::postmortem::store::import::StoredPostmortem;
use crate::domain::standard::Standard;
use crate::import::existing::ExistingArea;

/// The file of one that others learn from, or of a draft that an import brought; `None` for what somebody still writes.
pub(super) fn written(
    stored: &StoredPostmortem,
    areas: &BTreeMap<&String, &ExistingArea>,
    published: &HashMap<&str, &Standard>,
) -> Option<String> {
    let is_open = matches!(stored.state, State::Teachable | State::Retired);
    let is_file = stored.state == State::Draft && !stored.has_author;
    if !is_open && !is_file {
        return None;
    }
    let d = &stored.document;
    // An import knows only areas that have a file, and codes that are published in these.
    let of: Vec<&str> = d
        .areas
        .iter()
        .filter(|slug| areas.contains_key(slug))
        .map(String::as_str)
        .collect();
    let is_taught = |code: &&String| {
        let mut standards = of.iter().filter_map(|slug| published.get(slug));
        standards.any(|s| s.content.competency(code).is_some())
    };
    let mut front = vec![
        format!("title = {}", quoted(&d.title)),
        format!("severity = {}", quoted(d.severity.word())),
        format!("when = {}", d.occurred_at.iso()),
        format!("minutes = {}", d.minutes),
    ];
    let mut some = |key: &str, text: &str| {
        if !text.is_empty() {
            front.push(format!("{key} = {}", quoted(text)));
        }
    };
    some("link", d.link.as_deref().unwrap_or_default());
    some("symptoms", &d.symptoms);
    some("impact", &d.impact);
    some("surprised", &d.surprised);
    if !of.is_empty() {
        front.push(format!("areas = {}", list(&of)));
    }
    if !d.systems.is_empty() {
        front.push(format!("systems = {}", list(&d.systems)));
    }
    for point in &d.points {
        front.push("\n[[points]]".to_owned());
        let texts = [
            ("saw", &point.saw),
            ("question", &point.question),
            ("believed", &point.believed),
            ("decided", &point.decided),
            ("now", &point.now),
        ];
        let said = texts.into_iter().filter(|(_, text)| !text.is_empty());
        front.extend(said.map(|(key, text)| format!("{key} = {}", quoted(text))));
        let taught: Vec<&String> = point.teaches.iter().filter(is_taught).collect();
        if !taught.is_empty() {
            front.push(format!("teaches = {}", list(&taught)));
        }
    }
    for action in &d.actions {
        front.push("\n[[actions]]".to_owned());
        front.push(format!("what = {}", quoted(&action.what)));
        if !action.owner.is_empty() {
            front.push(format!("owner = {}", quoted(&action.owner)));
        }
        if let Some(link) = &action.link {
            front.push(format!("link = {}", quoted(link)));
        }
    }
    Some(format!("+++\n{}\n+++\n\n{}\n", front.join("\n"), d.body))
}
