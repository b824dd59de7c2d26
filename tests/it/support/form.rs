//! A form of a page as a browser would send it: every field with what it holds, and what is typed on top.

use super::client::{Answer, Client, attribute, decode, is_set};

/// The fields of a form, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The page's form for `action`, as it was filled in beforehand.
    ///
    /// # Panics
    /// When the page has no such form.
    pub fn on(page: &Answer, action: &str) -> Self {
        Self {
            action: action.to_owned(),
            fields: fields(page.form(action)),
        }
    }

    /// The same form with this typed or chosen.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The same form with one more box of that name ticked.
    pub fn ticked(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What a field holds; `None` when it would not be sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.fields.iter().filter(|(n, _)| n == name);
        values.next().map(|(_, value)| value.as_str())
    }

    /// Everything by name, but the form key, which is new on every page.
    pub fn typed(&self) -> Vec<(&str, &str)> {
        let fields = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let mut typed: Vec<_> = fields.filter(|(name, _)| *name != "form_key").collect();
        typed.sort_unstable();
        typed
    }

    /// Sends it.
    pub fn send(&self, client: &Client) -> Answer {
        let fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        client.post(&self.action, &fields)
    }
}

pub fn fields(form: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut select: Option<(String, Option<String>)> = None;
    for piece in form.split('<').skip(1) {
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        let name = || attribute(tag, "name");
        let value = || attribute(tag, "value").unwrap_or_default();
        match tag.split_whitespace().next().unwrap_or_default() {
            "input" => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let is_choice = kind == "radio" || kind == "checkbox";
                if let Some(name) = name().filter(|_| !is_choice || is_set(tag, "checked")) {
                    found.push((name, value()));
                }
            }
            // The line break after the tag belongs to the markup.
            "textarea" => {
                let text = decode(after.strip_prefix('\n').unwrap_or(after));
                found.extend(name().map(|name| (name, text)));
            }
            "select" => select = name().map(|name| (name, None)),
            "option" => {
                if let Some((_, chosen)) = &mut select
                    && (chosen.is_none() || is_set(tag, "selected"))
                {
                    *chosen = Some(value());
                }
            }
            "/select" => {
                found.extend(select.take().and_then(|(name, value)| Some((name, value?))));
            }
            _ => {}
        }
    }
    found
}
