//! Checkride: pairs mentors with ramping engineers per responsibility area, and signs off who is ready for on-call.
//!
//! Where things are: a folder per domain (`people auth area standard ramp session assessment readiness signoff
//! clearance audit ...`), each with its rules in `mod.rs`, use cases in `actions.rs`, SQL in `store.rs` and pages in
//! `web.rs`. `db` and `web` are shared ground and know no domain. ARCHITECTURE.md has the whole picture.

pub mod app;
pub mod area;
pub mod assessment;
pub mod audit;
pub mod auth;
pub mod board;
pub mod clearance;
pub mod cli;
pub mod clock;
pub mod config;
pub mod currency;
pub mod db;
pub mod demo;
pub mod drill;
pub mod error;
pub mod home;
pub mod import;
pub mod invite;
pub mod people;
pub mod postmortem;
pub mod ramp;
pub mod readiness;
pub mod register;
#[cfg(test)]
mod sample;
pub mod server;
pub mod session;
pub mod shift;
pub mod signoff;
pub mod stale;
pub mod standard;
#[cfg(debug_assertions)]
pub mod ui;
pub mod waiver;
pub mod web;
pub mod words;
