//! What every page shares. Knows no noun.

pub mod assets;
mod base;
pub mod csv;
pub mod error;
pub mod folder;
pub mod guard;
pub mod gzip;
pub mod look;
pub mod origin;
pub mod page;
pub mod past;
pub mod respond;
pub mod stream;
pub mod table;
pub mod unchanged;
pub mod upload;

pub use crate::error::FieldErrors as Errors;
pub use crate::forms::{AsSent, Fields, query_string};
pub use look::Look;
pub use page::{Deed, Flash, Page, Viewer};
pub use past::Past;
pub use respond::{Done, form_status, html, html_with};
