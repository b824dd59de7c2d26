//! The one app: what every handler is given.

use crate::clock::Clock;
use crate::db::Db;
use crate::domain::auth::password::Hasher;
use crate::web::guard::Rules;

/// What a running Checkride is made of.
#[derive(Debug, Clone)]
pub struct App {
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Proxies and public address.
    pub rules: Rules,
    /// One-click sign-ins; empty outside the demo.
    pub demo_sign_ins: Vec<DemoSignIn>,
}

/// A one-click sign-in of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSignIn {
    /// `mentor`, `mentee`, `lead`, `administrator`.
    pub role: &'static str,
    pub name: String,
    pub note: String,
    pub person_id: i64,
}
