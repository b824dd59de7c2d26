//! The audit chain and its log.

mod chain;
mod erasure;
mod log;
mod programme;
mod seal;
