//! Sign-offs: request, keys, decision, gaps.

pub mod actions;
pub mod point;
pub mod question;
pub mod queue;
pub mod record;
pub mod signatories;
