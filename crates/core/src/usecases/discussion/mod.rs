//! Discussion on the pages of ramps, sign-offs, post-mortems and drills, and mentors' private notes.

pub mod actions;
pub mod note;
pub mod pictures;
pub mod place;
pub mod readers;
