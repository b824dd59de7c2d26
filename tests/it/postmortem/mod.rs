//! The library of post-mortems.

mod agrees;
mod clubs;
mod discussed;
mod found;
mod home;
pub mod pictures;
mod reading;
pub mod written;
