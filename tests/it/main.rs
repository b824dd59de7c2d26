//! The proof on the live app, on whichever database `CHECKRIDE_TEST_ON` names. `scripts/test` runs it on both.
//!
//! `support` is the ground: a database, an app with a clock to turn, an organisation, a client, a browser.
//! A test stands in the room that it tests. What belongs to no room alone has folders of its own: `permissions`,
//! `races`, `stories`, `histories`, `past`, and `browser` for what only a browser can show.
#![cfg(test)]

mod area;
mod asked;
mod assessment;
mod audit;
mod auth;
mod board;
mod browser;
mod calendar;
mod clearance;
mod cli;
mod currency;
mod db;
mod demo;
mod discussion;
mod drill;
mod forecast;
mod histories;
mod home;
mod hook;
mod import;
mod interim;
mod invite;
mod kpi;
mod mail;
mod notify;
mod outbox;
mod past;
mod people;
mod permissions;
mod postmortem;
mod races;
mod ramp;
mod rota;
mod search;
mod session;
mod shift;
mod signoff;
mod stale;
mod standard;
mod stories;
mod support;
mod time;
mod waiver;
mod walls;
mod web;
