//! The layout around every page.

use super::assets::{Assets, assets};
use super::look::Look;

/// The layout's data: title, menu, who is signed in, time zone.
#[derive(Debug, Clone)]
pub struct Page {
    /// Title, without the product's name.
    pub title: String,
    /// The form came back with errors; the title says so.
    pub has_errors: bool,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Notifications the viewer has not read; at most a hundred are counted.
    pub unread: i64,
    /// Menu entry the page belongs to.
    pub section: &'static str,
    pub flash: Option<Flash>,
    pub assets: Assets,
    /// Time zone of the times on the page.
    pub zone: String,
    /// What day it is in UTC, where the viewer's clock shows another one.
    pub utc_day: Option<String>,
    pub version: &'static str,
    pub look: Look,
    /// What the viewer does next: the one filled button of a page that has none of its own.
    pub deed: Option<Deed>,
    /// A new key for each form of the page: the same form sent twice counts once.
    pub form_key: String,
}

/// A button in the head of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What a phone has room for.
    pub short: &'static str,
    /// The rest of its words.
    pub rest: &'static str,
    pub href: String,
}

/// A message about what was just done, shown once on the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    pub text: String,
    /// The address of the form that undoes it.
    pub undo: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub name: String,
    pub initials: String,
    pub email: String,
    pub handle: String,
    /// IANA name of their time zone.
    pub time_zone: String,
    /// Shows the menu of administration.
    pub is_admin: bool,
    /// Leads a team.
    pub is_lead: bool,
}

impl Page {
    pub fn signed_out(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            has_errors: false,
            viewer: None,
            unread: 0,
            section: "",
            flash: None,
            assets: assets(),
            zone: "UTC".into(),
            utc_day: None,
            version: env!("CARGO_PKG_VERSION"),
            look: Look::default(),
            deed: None,
            form_key: crate::forms::new_key(),
        }
    }

    /// What a tab says before the title: that a form came back, and how many are unread.
    pub fn before_title(&self) -> String {
        let error = if self.has_errors { "Error: " } else { "" };
        match self.unread() {
            none if none.is_empty() => error.to_owned(),
            unread => format!("{error}({unread}) "),
        }
    }

    /// The number on the bell.
    pub fn unread(&self) -> String {
        match self.unread {
            0 => String::new(),
            n if n < 100 => n.to_string(),
            _ => "99+".into(),
        }
    }

    pub fn titled(self, section: &'static str, title: impl Into<String>) -> Self {
        Self {
            section,
            title: title.into(),
            ..self
        }
    }
}
