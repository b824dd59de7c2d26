//! How pages look in a browser, as its user chose: colours and how close things stand. The browser keeps it.

use actix_web::{HttpRequest, HttpResponse};

use super::respond::{cookie, cookie_name};
use super::{Errors, Fields};
use crate::error::{Error, Result};

/// A value of an attribute, and its label.
pub type Word = (&'static str, &'static str);

pub const THEMES: [Word; 3] = [
    ("system", "As this device"),
    ("light", "Light"),
    ("dark", "Dark"),
];
pub const DENSITIES: [Word; 2] = [("normal", "Normal"), ("compact", "Compact")];

const COOKIE: &str = "checkride-look";
const KEPT_DAYS: i64 = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// One of [`THEMES`].
    pub theme: &'static str,
    /// One of [`DENSITIES`].
    pub density: &'static str,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: THEMES[0].0,
            density: DENSITIES[0].0,
        }
    }
}

impl Look {
    /// As the browser keeps it. What it should not have sent is as if nothing was chosen.
    pub fn of(req: &HttpRequest) -> Self {
        let kept = req.cookie(&cookie_name(req, COOKIE));
        let kept = kept.as_ref().and_then(|kept| kept.value().split_once('.'));
        kept.and_then(|(theme, density)| Self::parse(theme, density))
            .unwrap_or_default()
    }

    fn parse(theme: &str, density: &str) -> Option<Self> {
        Some(Self {
            theme: find(&THEMES, theme)?,
            density: find(&DENSITIES, density)?,
        })
    }

    /// The fields `theme` and `density`.
    ///
    /// Errors: [`Error::Invalid`] for words that no page offers.
    pub fn read(fields: &Fields) -> Result<Self> {
        let mut errors = Errors::default();
        let mut one = |name: &str, words: &[Word]| {
            let found = find(words, fields.get(name));
            if found.is_none() {
                errors.add(name, "Choose one of these.");
            }
            found
        };
        match (one("theme", &THEMES), one("density", &DENSITIES)) {
            (Some(theme), Some(density)) => Ok(Self { theme, density }),
            _ => Err(Error::Invalid(errors)),
        }
    }

    /// Has the browser keep it.
    ///
    /// Errors: A fault when a cookie cannot be set.
    pub fn keep(self, req: &HttpRequest, mut response: HttpResponse) -> Result<HttpResponse> {
        let mut kept = cookie(req, COOKIE, format!("{}.{}", self.theme, self.density));
        kept.set_max_age(actix_web::cookie::time::Duration::days(KEPT_DAYS));
        response.add_cookie(&kept).map_err(Error::fault)?;
        Ok(response)
    }
}

fn find(words: &[Word], word: &str) -> Option<&'static str> {
    let found = words.iter().find(|(known, _)| *known == word);
    found.map(|(word, _)| *word)
}
