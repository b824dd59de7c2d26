//! Post-mortems: write, review, read, discuss.

pub mod actions;
pub mod anniversary;
pub mod club;
pub mod pictures;
pub mod reading;
