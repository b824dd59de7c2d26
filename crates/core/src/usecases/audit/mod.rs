//! Reading the audit log.

pub mod actions;
