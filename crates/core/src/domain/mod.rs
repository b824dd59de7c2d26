//! What Checkride knows and decides: one folder a noun, with its types, its pure rules and the SQL of its own tables.

pub mod area;
pub mod asked;
pub mod assessment;
pub mod audit;
pub mod auth;
pub mod availability;
pub mod calendar;
pub mod clearance;
pub mod currency;
pub mod discussion;
pub mod drill;
pub mod interim;
pub mod invite;
pub mod notification;
pub mod outbox;
pub mod people;
pub mod postmortem;
pub mod ramp;
pub mod readiness;
pub mod search;
pub mod session;
pub mod shift;
pub mod signoff;
pub mod stale;
pub mod standard;
pub mod waiver;
