//! Checkride: pairs mentors with ramping engineers per responsibility area, and signs off who is ready for on-call.
//!
//! Three layers of the same nouns use the base of `db` and `web`. ARCHITECTURE.md shows all of it.
//!
//! - `domain`: what Checkride knows and decides; types, pure rules, the SQL of a noun's own tables
//! - `usecases`: what is loaded and done with several nouns; `dossier` and `register` are here
//! - `pages`: what people see; `parts` holds what several pages show
//! - `import`, `demo`, `cli`: an organisation from files, the demo, the command line
//! - `app`, `routes`, `server`: what every handler gets, every route, the HTTP server
//! - `db`, `web`, `config`, `clock`, `words`, `error`: the base, which knows no noun

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod import;
pub mod pages;
pub mod routes;
#[cfg(test)]
mod sample;
pub mod server;
pub mod usecases;
pub mod web;
pub mod words;
