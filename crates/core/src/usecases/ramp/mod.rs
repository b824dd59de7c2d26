//! Ramps: propose, arrange, pair, upgrade, renew.

pub mod actions;
pub mod loads;
pub mod renewal;
pub mod upgrade;
