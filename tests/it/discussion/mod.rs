//! What people say to one another, and who reads it.

mod long;
mod notes;
pub mod pictures;
mod races;
mod read;
mod views;
mod written;
