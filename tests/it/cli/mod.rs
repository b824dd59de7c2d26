//! The process, as whoever runs it sees it.

mod full;
mod log;
mod serve;
