//! Messages that leave, as administrators look after them.

pub mod actions;
pub mod leaving;
