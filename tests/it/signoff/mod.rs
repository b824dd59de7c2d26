//! Sign-offs: who is asked, what is decided, and on what.

mod at_once;
mod edition;
mod independence;
mod queue;
mod review;
mod story;
