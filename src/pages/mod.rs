//! What people see: a folder a noun, a file a page, named as its template.

pub mod area;
pub mod asked;
pub mod assessment;
pub mod audit;
pub mod auth;
pub mod board;
pub mod calendar;
pub mod clearance;
pub mod currency;
pub mod discussion;
pub mod drill;
pub mod form;
pub mod help;
pub mod home;
pub mod hook;
pub mod invite;
pub mod kpi;
pub mod outbox;
pub mod parts;
pub mod people;
pub mod postmortem;
pub mod ramp;
pub mod request;
pub mod rota;
pub mod search;
pub mod session;
pub mod shift;
pub mod signoff;
pub mod stale;
pub mod standard;
pub mod status;
#[cfg(debug_assertions)]
pub mod ui;
pub mod waiver;
