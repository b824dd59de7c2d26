//! A sign-off is asked for, and its two keys are turned.

use crate::support::{Answer, Client, Form, Site, path};

/// What the second key decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    Return,
}

impl Decision {
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Return => "return",
        }
    }
}

impl Client {
    /// Asks for a sign-off with that note, without looking at the page.
    pub fn send_request(&self, ramp_id: i64, note: &str) -> Answer {
        self.send(&path::ask(ramp_id), &[("note", note)])
    }

    /// Asks for a sign-off, and gives back its row.
    pub fn ask(&self, ramp_id: i64) -> i64 {
        self.form_at(&path::ask(ramp_id)).send(self).row()
    }

    /// Turns the first key through its form.
    pub fn turn_first_key(&self, id: i64, words: &str) -> Answer {
        self.form(&path::signoff(id), &path::first_key(id))
            .with("recommendation", words)
            .send(self)
    }

    /// The form of a decision, with the verdict chosen.
    pub fn decision_form(&self, id: i64, verdict: Decision) -> Form {
        self.form(&path::signoff(id), &path::decision(id))
            .with("decision", verdict.word())
    }

    /// Decides through the form.
    pub fn decide(&self, id: i64, verdict: Decision, note: &str) -> Answer {
        self.decision_form(id, verdict)
            .with("note", note)
            .send(self)
    }
}

impl Site {
    /// Approves on the page as it is now, until a hundred days on, without looking at it.
    pub fn approve(&self, client: &Client, id: i64) -> Answer {
        let ends_on = self.app.now().day().plus_days(100).to_string();
        let fields = [
            ("decision", Decision::Approve.word()),
            ("note", ""),
            ("ends_on", &ends_on),
            ("edition", &self.edition()),
        ];
        client.send(&path::decision(id), &fields)
    }

    /// Returns it on the page as it is now, without looking at it.
    pub fn give_back(&self, client: &Client, id: i64, note: &str, gaps: &str) -> Answer {
        let fields = [
            ("decision", Decision::Return.word()),
            ("note", note),
            ("gaps", gaps),
            ("edition", &self.edition()),
        ];
        client.send(&path::decision(id), &fields)
    }
}
