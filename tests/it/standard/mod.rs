//! Standards: how they come to be, and what a newer one does to those on an older one.

mod draft;
mod paste;
mod versions;
