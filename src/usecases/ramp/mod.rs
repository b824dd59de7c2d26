//! What is done with ramps.

pub mod actions;
pub mod loads;
pub mod renewal;
pub mod upgrade;
