//! Ramps: propose, arrange, pair, upgrade, renew.

pub mod actions;
pub mod list;
pub mod loads;
pub mod own;
pub mod remind;
pub mod renewal;
pub mod upgrade;
