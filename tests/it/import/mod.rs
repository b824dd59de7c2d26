//! `checkride import`, as whoever runs it sees it.

mod library;
mod standards;
