//! Signing in and out; passwords, and guessing them.

mod kept;
mod passwords;
mod reset;
mod sign_in;
mod throttle;
