//! The library of post-mortems.

mod agrees;
mod clubs;
mod discussed;
mod found;
mod home;
mod reading;
pub mod written;
