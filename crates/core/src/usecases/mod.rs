//! What is loaded and done with several nouns: permission, load, rule, store, audit row.

pub mod area;
pub mod asked;
pub mod assessment;
pub mod audit;
pub mod auth;
pub mod board;
pub mod clearance;
pub mod currency;
pub mod discussion;
pub mod dossier;
pub mod drill;
pub mod home;
pub mod interim;
pub mod invite;
pub mod notify;
pub mod people;
pub mod postmortem;
pub mod ramp;
pub mod register;
pub mod search;
pub mod session;
pub mod shift;
pub mod signoff;
pub mod stale;
pub mod standard;
pub mod waiver;
