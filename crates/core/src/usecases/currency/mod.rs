//! Practice that keeps a clearance current.

pub mod actions;
