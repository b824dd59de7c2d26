//! What Checkride knows, decides and stores; it has no page. ARCHITECTURE.md shows the whole house.
//!
//! - `domain`: what Checkride knows and decides; types, pure rules, the SQL of a noun's own tables
//! - `usecases`: what is loaded and done with several nouns; `dossier` and `register` are here
//! - `db`, `clock`, `error`, `forms`, `http`, `net`, `text`, `time`, `words`: the base, which knows no noun

pub mod clock;
pub mod db;
pub mod domain;
pub mod error;
pub mod forms;
mod http;
pub mod net;
#[cfg(test)]
mod sample;
pub mod text;
pub mod time;
pub mod usecases;
pub mod words;
