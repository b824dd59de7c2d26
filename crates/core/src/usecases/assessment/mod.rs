//! Assessments.

pub mod actions;
pub mod turn;
