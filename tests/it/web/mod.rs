//! What holds for every page and request.

mod base;
mod guard;
mod statements;
mod table;
mod weight;
