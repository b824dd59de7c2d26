//! People and teams: run by administrators, and as everybody sees them.

mod admin;
mod list;
mod logbook;
mod taken;
mod teams;
mod text;
mod zones;
