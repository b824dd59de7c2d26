//! What is done with post-mortems.

pub mod actions;
pub mod anniversary;
pub mod club;
pub mod reading;
