//! The one engine that decides who is ready, and explains it. Everybody asks it: board, lists, sign-off, import, CLI.

mod board;
mod engine;
#[cfg(test)]
mod tests;

pub use board::{BoardStatus, Cell, cell};
pub use engine::{
    CompetencyState, Facts, GateResult, Held, ItemState, Judgement, Obstacle, ObstacleKind,
    Readiness, TickedBy, evaluate,
};

/// Version of the rules below; a frozen record names the version it was decided by.
pub const RULES_VERSION: u32 = 1;

/// From this share on a ramp is "close".
pub const CLOSE_PERCENT: u8 = 75;
