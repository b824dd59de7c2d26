//! Checkride: pairs mentors with ramping engineers per responsibility area, and signs off who is ready for on-call.
//!
//! The crate `checkride-core` holds what Checkride knows, decides and stores; this one shows it. ARCHITECTURE.md shows
//! all of it.
//!
//! - `pages`: what people see; `parts` holds what several pages show
//! - `import`, `demo`, `cli`: an organisation from files, the demo, the command line
//! - `mail`: a letter of the outbox as a mail, and the relay it leaves by
//! - `jobs`: what is done while nobody asks for it: messages are sent
//! - `kpis`, `metrics`: key figures computed ahead, and told to Prometheus
//! - `outgoing`: requests that Checkride itself sends
//! - `app`, `routes`, `server`: what every handler gets, every route, the HTTP server
//! - `web`, `config`: the base of the pages, which knows no noun

pub use checkride_core::{clock, db, domain, error, forms, net, text, time, usecases, words};

pub mod app;
pub mod calendars;
pub mod cli;
pub mod config;
pub mod demo;
pub mod import;
pub mod jobs;
pub mod kpis;
pub mod mail;
pub mod metrics;
pub mod outgoing;
pub mod pages;
pub mod rotas;
pub mod routes;
#[cfg(test)]
mod sample;
pub mod server;
pub mod web;
