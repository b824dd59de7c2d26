//! What holds for every page and request.

mod guard;
mod statements;
mod weight;
