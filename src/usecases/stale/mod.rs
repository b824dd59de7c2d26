//! What is done with flags of what is out of date.

pub mod actions;
