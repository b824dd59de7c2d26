//! What is done with the audit log.

pub mod actions;
