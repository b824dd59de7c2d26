//! The shell around every page.

use super::assets::{Assets, assets};

/// What the shell shows: title, menu, who is signed in, in whose time zone.
#[derive(Debug, Clone)]
pub struct Page {
    /// Title, without the product's name.
    pub title: String,
    /// The form came back with errors; the title says so.
    pub has_errors: bool,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Menu entry the page belongs to.
    pub section: &'static str,
    pub flash: Option<Flash>,
    /// Addresses of stylesheet, script, icons.
    pub assets: Assets,
    /// Time zone of the times on the page.
    pub zone: String,
    pub version: &'static str,
    /// Where "Record session" leads: on a page about one ramp, to that ramp.
    pub record_href: String,
    /// A fresh key for each form of the page: the same form sent twice counts once.
    pub form_key: String,
}

/// What was just done, said once on the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    pub text: String,
    /// Where a form that takes it back is sent.
    pub undo: Option<String>,
}

/// Who is signed in, as the shell shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub name: String,
    pub initials: String,
    pub email: String,
    pub handle: String,
    /// IANA name of the zone they read times in.
    pub time_zone: String,
    /// Shows the way to administration.
    pub is_admin: bool,
}

impl Page {
    /// A page nobody is signed in to.
    pub fn signed_out(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            has_errors: false,
            viewer: None,
            section: "",
            flash: None,
            assets: assets(),
            zone: "UTC".into(),
            version: env!("CARGO_PKG_VERSION"),
            record_href: "/sessions/new".into(),
            form_key: super::forms::new_key(),
        }
    }

    /// The page under that title and menu entry.
    pub fn titled(self, section: &'static str, title: impl Into<String>) -> Self {
        Self {
            section,
            title: title.into(),
            ..self
        }
    }
}
