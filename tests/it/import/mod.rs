//! `checkride import`, as whoever runs it sees it.

mod export;
mod library;
mod standards;
