//! What people do, in the words of the field instead of addresses and fields.

mod clearance;
mod discussion;
mod drill;
mod pages;
pub mod picture;
mod ramp;
mod session;
mod signoff;

pub use clearance::Oversight;
pub use signoff::Decision;
