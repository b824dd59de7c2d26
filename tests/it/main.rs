//! The proof on the live app, on whichever database `CHECKRIDE_TEST_ON` names. `scripts/test` runs it on both.
//!
//! `support` is the ground: a database, an app with a clock to turn, an organisation, a client, a browser.
//! One file a subject, `browser/` for what only a browser can show.

#![cfg(test)]

mod areas;
mod audit;
mod audit_log;
mod auth;
mod blind;
mod board;
mod browser;
mod counted;
mod currency;
mod database;
mod drills;
mod editions;
mod evidence;
mod ground;
mod guard;
mod histories;
mod import;
mod imported;
mod interim;
mod invites;
mod kill;
mod library;
mod logbook;
mod passwords;
mod past;
mod people_admin;
mod people_list;
mod permissions;
mod races;
mod ramps;
mod review;
mod serve;
mod sessions;
mod shifts;
mod signoff;
mod stale;
mod standards;
mod statements;
mod stories;
mod support;
mod throttle;
mod versions;
mod waivers;
mod weight;
mod zones;
