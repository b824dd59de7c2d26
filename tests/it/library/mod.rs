//! The library of post-mortems.

mod discussed;
mod found;
mod reading;
mod written;
