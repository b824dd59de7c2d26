//! What holds for every page and request.

mod base;
mod guard;
mod statements;
mod table;
pub mod unchanged;
mod weight;
