//! Standards: draft, edit, publish.

pub mod actions;
pub mod draft_editor;
pub mod input;
