//! What every handler gets.

use crate::clock::Clock;
use crate::db::Db;
use crate::domain::auth::password::Hasher;
use crate::domain::postmortem::markdown::Kept;
use crate::kpis::Computing;
use crate::mail::Mail;
use crate::metrics::Token;
use crate::outgoing::Outgoing;
use crate::web::guard::Rules;

#[derive(Debug, Clone)]
pub struct App {
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    pub hasher: Hasher,
    /// Texts of people as HTML.
    pub texts: Kept,
    pub mail: Mail,
    /// Proxies and public address.
    pub rules: Rules,
    /// Requests that Checkride itself sends.
    pub outgoing: Outgoing,
    /// Key figures that are being computed for pages.
    pub computing: Computing,
    /// Who asks for metrics; without it there are none.
    pub metrics_token: Option<Token>,
    /// One-click sign-ins; empty outside the demo.
    pub demo_sign_ins: Vec<DemoSignIn>,
}

impl App {
    /// Whether this is the demo, which shows more than others.
    pub fn is_demo(&self) -> bool {
        !self.demo_sign_ins.is_empty()
    }

    /// Whether mails reach people: by a relay, or on the page of the demo.
    pub fn sends_mail(&self) -> bool {
        self.mail.folder().is_none() || self.is_demo()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSignIn {
    /// `mentor`, `mentee`, `lead`, `administrator`.
    pub role: &'static str,
    pub name: String,
    pub note: String,
    pub person_id: i64,
}
