//! Key figures.

mod figures;
