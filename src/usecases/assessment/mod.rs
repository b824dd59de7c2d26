//! Assessments.

pub mod actions;
