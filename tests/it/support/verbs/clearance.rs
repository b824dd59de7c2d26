//! A clearance is taken away for a time, given back, or ended.

use crate::support::{Answer, Client, path};

/// What a lead or qualifier does with somebody's clearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oversight {
    Suspend,
    Reinstate,
    Revoke,
}

impl Oversight {
    pub fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Revoke => "revoke",
        }
    }
}

impl Client {
    /// Reviews what changes, writes why and sends it.
    pub fn oversee(&self, id: i64, what: Oversight, reason: &str) -> Answer {
        self.form_at(&path::clearance_form(id, what.word()))
            .with("reason", reason)
            .send(self)
    }
}
