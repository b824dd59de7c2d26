//! Sign-offs: asked for, first key by a mentor who is a qualifier, second key by an independent approver.

pub mod store;

use crate::text_enum;

text_enum! {
    /// Where a sign-off stands.
    pub enum SignoffState {
        /// Asked for; the first key is due.
        Requested = "requested" / "Requested",
        /// A mentor signed; the second key is due.
        FirstKey = "first_key" / "First key turned",
        /// Both keys turned: cleared.
        Granted = "granted" / "Granted",
        /// Sent back with reasons.
        Returned = "returned" / "Returned",
        /// Taken back by those who asked.
        Withdrawn = "withdrawn" / "Withdrawn",
    }
}
