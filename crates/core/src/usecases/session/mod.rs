//! Sessions: record, plan, correct.

pub mod actions;
pub mod amend;
pub mod discussed;
pub mod feedback;
pub mod next;
pub mod overlap;
pub mod planning;
