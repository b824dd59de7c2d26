//! What the pages somebody comes to offer them: links to go on, and forms to send.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use checkride::db::types::Day;

use crate::support::client::{attribute, decode};
use crate::support::form::fields;
use crate::support::{Answer, Client};

/// A form as a page offers it, with one of its buttons pressed.
#[derive(Debug, Clone)]
pub struct Offer {
    pub page: String,
    pub action: String,
    pub fields: Vec<(String, String)>,
    markup: String,
}

/// What somebody is offered, and the links that lead nowhere.
#[derive(Debug, Default)]
pub struct Offers {
    pub forms: Vec<Offer>,
    pub broken: Vec<String>,
}

/// Views of the same rows: each set of filters is followed once, whatever the filters hold.
const LISTS: [&str; 7] = [
    "/admin/audit",
    "/board",
    "/library",
    "/people",
    "/ramps",
    "/sign-offs",
    "/drills",
];

/// An administrator's pages and forms of so many people or teams are tried, and no more.
const ALIKE: usize = 2;

/// Whether as many like it were found already: their addresses differ in numbers only.
fn is_one_more(found: &mut BTreeMap<String, usize>, address: &str) -> bool {
    if !address.starts_with("/admin/") {
        return false;
    }
    let shape = address.replace(|c: char| c.is_ascii_digit(), "");
    let count = found.entry(shape).or_default();
    *count += 1;
    *count > ALIKE
}

/// What makes a link another page than those seen.
fn key(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let is_past = query.split('&').any(|pair| pair.starts_with("at="));
    let is_file = path.ends_with(".csv") || path.ends_with(".xlsx");
    if !is_past && !is_file && !LISTS.contains(&path) && !path.starts_with("/admin/audit") {
        return link.to_owned();
    }
    let names: BTreeSet<&str> = query
        .split('&')
        .filter_map(|p| p.split('=').next())
        .collect();
    // An entry of the log is read like every other.
    let path =
        path.trim_end_matches(|c: char| path.starts_with("/admin/audit") && c.is_ascii_digit());
    format!("{path} {names:?}")
}

/// Every link of a page to a page of ours.
fn links(body: &str) -> impl Iterator<Item = String> {
    let links = body.split(" href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next()).map(decode);
    let links = links.map(|link| link.split('#').next().unwrap_or_default().to_owned());
    links.filter(|link| link.starts_with('/') && !link.starts_with("/assets/"))
}

/// The forms of a page that change something, once for each of their buttons.
fn forms(page: &str, body: &str) -> Vec<Offer> {
    let mut found = Vec::new();
    for rest in body.split("<form").skip(1) {
        let markup = rest.split("</form>").next().unwrap_or_default();
        let tag = markup.split('>').next().unwrap_or_default();
        if attribute(tag, "method").as_deref() != Some("post") {
            continue;
        }
        let action = attribute(tag, "action").unwrap_or_else(|| page.to_owned());
        for button in markup.split("<button").skip(1) {
            let button = button.split('>').next().unwrap_or_default();
            let mut fields = fields(markup);
            fields.extend(attribute(button, "name").zip(attribute(button, "value")));
            found.push(Offer {
                page: page.to_owned(),
                action: attribute(button, "formaction").unwrap_or_else(|| action.clone()),
                fields,
                markup: markup.to_owned(),
            });
        }
    }
    found
}

/// What else could stand in a field.
fn other_value(form: &str, name: &str, now: &str, today: Day) -> Option<String> {
    let mut choices = Vec::new();
    let mut select = String::new();
    for tag in form.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let kind = tag.split_whitespace().next().unwrap_or_default();
        let own = attribute(tag, "name").unwrap_or_default();
        let value = || attribute(tag, "value").unwrap_or_default();
        match kind {
            "select" => select = own,
            "option" if select == name => choices.push(value()),
            "textarea" if own == name => return Some("So it is".into()),
            "input" if own == name => match attribute(tag, "type").as_deref() {
                Some("radio" | "checkbox") => choices.push(value()),
                Some("date") => return Some(today.plus_days(45).to_string()),
                Some("datetime-local") => return Some(format!("{}T09:00", today.plus_days(-1))),
                Some("url") => return Some("https://wiki.example.com/it".into()),
                Some("email") => return Some("so.it.is@example.com".into()),
                _ if name == "slug" => return Some("so-it-is".into()),
                _ if name.contains("minutes") => return Some("30".into()),
                _ => return Some("So it is".into()),
            },
            _ => {}
        }
    }
    let at = choices.iter().position(|choice| choice == now);
    choices.get(at.map_or(0, |at| at + 1)).cloned()
}

impl Offer {
    /// The form without what is new on every page.
    pub fn name(&self) -> String {
        let fields = self.fields.iter().filter(|(name, _)| name != "form_key");
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{} {}", self.action, fields.join("&"))
    }

    /// The same with something else in the fields that an answer names: harmless text, the next choice, a later day.
    pub fn mended(&self, answer: &Answer, today: Day) -> Self {
        let mut offer = self.clone();
        let named = answer.body.split(" id=\"e-").skip(1);
        for name in named.filter_map(|rest| rest.split('"').next()) {
            let now = self.fields.iter().find(|(n, _)| n == name);
            let now = now.map_or("", |(_, value)| value);
            let Some(value) = other_value(&self.markup, name, now, today) else {
                continue;
            };
            match offer.fields.iter_mut().find(|(n, _)| n == name) {
                Some((_, old)) => *old = value,
                None => offer.fields.push((name.to_owned(), value)),
            }
        }
        offer
    }

    pub fn send(&self, client: &Client) -> Answer {
        let fields = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        client.post(&self.action, &fields.collect::<Vec<_>>())
    }
}

impl Offers {
    /// What is offered on every page that links lead to from Home.
    pub fn of(client: &Client) -> Self {
        let mut offers = Self::default();
        let (mut seen, mut known) = (BTreeSet::new(), BTreeSet::new());
        let (mut pages, mut actions) = (BTreeMap::new(), BTreeMap::new());
        let mut next = VecDeque::from([("/".to_owned(), "the address bar".to_owned())]);
        while let Some((link, from)) = next.pop_front() {
            let answer = client.get(&link);
            // A line of the inbox leads on to what it is about, the address of a comment to a page that shows it, that of
            // one's own figures to the page of the person, and that of the assessments of a ramp to the next group.
            let leads_on = ["/inbox/", "/comments/", "/kpis/me"];
            let leads_on = leads_on.iter().any(|start| link.starts_with(start));
            if answer.status == 303 && (leads_on || link.ends_with("assess")) {
                let to = answer.header("location").split('#').next();
                next.push_back((to.unwrap_or_default().to_owned(), link));
                continue;
            }
            if answer.status != 200 {
                let text = answer.text();
                offers
                    .broken
                    .push(format!("{link} on {from}: {} {text}", answer.status));
                continue;
            }
            if !answer.header("content-type").starts_with("text/html") {
                continue;
            }
            let offered = forms(&link, &answer.body);
            let new = offered.into_iter().filter(|form| known.insert(form.name()));
            let new = new.filter(|form| !is_one_more(&mut actions, &form.name()));
            offers.forms.extend(new);
            for to in links(&answer.body) {
                if seen.insert(key(&to)) && !is_one_more(&mut pages, &to) {
                    next.push_back((to, link.clone()));
                }
            }
        }
        offers
    }
}
