//! What is done with sign-offs.

pub mod actions;
pub mod point;
pub mod question;
pub mod record;
pub mod signatories;
