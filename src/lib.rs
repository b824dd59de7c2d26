//! Checkride: pairs mentors with ramping engineers per responsibility area, and signs off who is ready for on-call.
//!
//! Where things are: a folder per domain (`people auth area standard ramp session assessment readiness signoff
//! clearance audit ...`), each with its rules in `mod.rs`, use cases in `actions.rs`, SQL in `store.rs` and pages in
//! `web.rs`. `db` and `web` are shared ground and know no domain. ARCHITECTURE.md has the whole picture.

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
