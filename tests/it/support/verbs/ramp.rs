//! What is done on a ramp.

use crate::support::{Answer, Client, Form, path, sample};

impl Client {
    /// The form of a new ramp in the area of that slug.
    pub fn new_ramp_form(&self, area: &str) -> Form {
        self.form(&path::new_ramp(area), path::NEW_RAMP)
    }

    /// Starts a ramp with these fields.
    pub fn start_ramp<V: AsRef<str>>(&self, fields: &[(&str, V)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_ref())).collect();
        self.send(path::NEW_RAMP, &fields)
    }

    pub fn accept_ramp(&self, id: i64) -> Answer {
        self.send(&path::ramp_form(id, "accept"), &[])
    }

    /// Judges one competency of the sample standard through the form of its group, with words for evidence.
    pub fn assess(&self, ramp_id: i64, code: &str, level: &str, saw: &str) -> Answer {
        let content = sample::content();
        let group = content.competency(code).unwrap().group.word();
        self.form_at(&path::assess(ramp_id, group))
            .with(&format!("level-{code}"), level)
            .with(&format!("note-{code}"), saw)
            .with("then", "finish")
            .send(self)
    }
}
