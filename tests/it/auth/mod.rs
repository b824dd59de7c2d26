//! Signing in and out; passwords, and guessing them.

mod kept;
mod passwords;
mod sign_in;
mod throttle;
