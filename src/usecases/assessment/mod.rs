//! What is done with assessments.

pub mod actions;
