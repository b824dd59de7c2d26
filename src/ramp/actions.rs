//! Use cases of ramps.
