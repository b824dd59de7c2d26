//! Which database, by its URL.

use std::path::Path;

/// Where the data lives, chosen by the URL's scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `sqlite://FILE`
    Sqlite(std::path::PathBuf),
    /// `postgres://...`, passed to libpq as it is.
    Postgres(String),
}

impl Target {
    /// Reads a database URL.
    ///
    /// Errors: A sentence that names the two schemes when it is neither.
    pub fn parse(url: &str) -> std::result::Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err(
                    "the database URL names no file: write sqlite:///path/to/checkride.db".into(),
                );
            }
            return Ok(Self::Sqlite(Path::new(path).to_owned()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let scheme = url.split(':').next().unwrap_or_default();
        Err(format!(
            "unknown database scheme `{scheme}`: use sqlite:// (embedded) or postgres://"
        ))
    }
}
