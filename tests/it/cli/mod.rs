//! The process, as whoever runs it sees it.

mod log;
mod serve;
