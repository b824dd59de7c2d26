//! What is done with standards.

pub mod actions;
pub mod draft_editor;
pub mod input;
