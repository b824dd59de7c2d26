//! What is done with reading clubs.

pub mod actions;
pub mod waiting;
