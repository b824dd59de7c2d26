//! The one engine that decides who is ready, and explains it. Everyone asks it: board, lists, sign-off, import, CLI.

pub mod board;
pub mod engine;
pub mod facts;
pub mod gates;
pub mod side_by_side;
#[cfg(test)]
mod tests;

pub use board::{BoardStatus, Cell, cell};
pub use engine::{
    CompetencyState, GateResult, ItemState, Obstacle, ObstacleKind, Readiness, TickedBy, evaluate,
};
pub use facts::{
    Alert, ClearedIn, Excused, Facts, Gap, Held, Judgement, Practice, Recorded, Span, Waiver,
    in_order,
};
pub use gates::Ledger;

/// Version of the rules below; a frozen record names the version that decided it.
/// 2: gaps of a returned sign-off are obstacles until a mentor closes them.
/// 3: shifts, alerts, drills, post-mortems, areas that come first, strength of evidence, waivers, recency.
pub const RULES_VERSION: u32 = 3;

/// From this share on, a ramp is "close".
pub const CLOSE_PERCENT: u8 = 75;
