//! Reading clubs.

pub mod actions;
pub mod waiting;
