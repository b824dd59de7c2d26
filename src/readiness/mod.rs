//! The one engine that decides who is ready, and explains it. Everybody asks it: board, lists, sign-off, import, CLI.

mod board;
mod engine;
#[cfg(test)]
mod tests;

pub use board::{BoardStatus, Cell, cell};
pub use engine::{
    CompetencyState, Facts, Gap, GateResult, Held, ItemState, Judgement, Obstacle, ObstacleKind,
    Readiness, TickedBy, evaluate,
};

/// Version of the rules below; a frozen record names the version it was decided by.
/// 2: gaps that a returned sign-off named stand in the way until a mentor closes them.
pub const RULES_VERSION: u32 = 2;

/// From this share on a ramp is "close".
pub const CLOSE_PERCENT: u8 = 75;
