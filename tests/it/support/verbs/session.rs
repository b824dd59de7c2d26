//! Sessions are recorded, and taken back.

use crate::support::{Answer, Client, Form, path};

impl Client {
    /// The form that records a session, as it is filled in beforehand.
    pub fn session_form(&self, ramp_id: i64) -> Form {
        self.form(&path::new_session(ramp_id), path::NEW_SESSION)
    }

    /// Records a session through the form: what was worked on, and what else is filled in. The clock of a test rarely
    /// turns between two of them.
    pub fn record_session(&self, ramp_id: i64, summary: &str, more: &[(&str, &str)]) -> Answer {
        let form = self
            .session_form(ramp_id)
            .with("summary", summary)
            .with("another", "yes");
        more.iter()
            .fold(form, |form, (name, value)| form.with(name, value))
            .send(self)
    }

    pub fn undo_session(&self, id: i64) -> Answer {
        self.send(&path::session_form(id, "undo"), &[])
    }
}
