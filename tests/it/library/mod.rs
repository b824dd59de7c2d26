//! The library of post-mortems.

mod discussed;
mod found;
mod home;
mod reading;
mod written;
