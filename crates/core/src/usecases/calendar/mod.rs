//! Calendars of people: what is in them, their secret address, and invitations.

pub mod busy;
pub mod engagements;
pub mod feed;
pub mod invitations;
