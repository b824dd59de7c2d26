//! The audit chain and its log.

mod chain;
mod log;
