//! What people do, in the words of the field instead of addresses and fields.

mod clearance;
mod discussion;
mod drill;
mod pages;
mod ramp;
mod session;
mod signoff;

pub use clearance::Oversight;
pub use signoff::Decision;
