//! Configuration: flags, environment and a file, read once. A bad value stops the start, with the reason.

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::db::Target;
use crate::error::{Error, Result};
use crate::mail;
use crate::metrics::Token;
use crate::net::Networks;
use crate::web::guard::Rules;
use crate::web::origin;

/// Settings as given: by flag, else by environment variable, else in the file.
#[derive(Clone, Default, PartialEq, Eq, clap::Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder of the embedded database; made with private permissions [default: ~/.local/share/checkride]
    #[arg(long, global = true, env = "CHECKRIDE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// sqlite:///path/to/file or postgres://user@host/database [default: checkride.db in the data folder]
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
    /// Address and port to serve on, or unix:/path/to/socket; port 0 takes a free one [default: 127.0.0.1:8380]
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_LISTEN",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: Option<String>,
    /// The address people use, with a path where it has one: https://checkride.example.com, https://example.com/checkride
    #[arg(long, global = true, env = "CHECKRIDE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Networks of proxies whose X-Forwarded headers are believed, separated by commas: 10.0.0.0/8,127.0.0.1/32
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_TRUSTED_PROXIES",
        value_name = "NETWORKS"
    )]
    pub trusted_proxies: Option<String>,
    /// Private networks that hooks and calendars may lead to, separated by commas: 10.20.0.0/16 [default: none]
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_ALLOWED_NETWORKS",
        value_name = "NETWORKS"
    )]
    pub allowed_networks: Option<String>,
    /// The relay that mails leave by: smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS),
    /// smtp+plain://127.0.0.1:25 (no TLS) [default: none; mails are kept as files in the data folder]
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_MAIL_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub mail_url: Option<String>,
    /// The address mails come from: Checkride <checkride@example.com>
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_MAIL_FROM",
        value_name = "ADDRESS"
    )]
    pub mail_from: Option<String>,
    /// PEM file with a certificate of the relay that the machine does not know
    #[arg(long, global = true, env = "CHECKRIDE_MAIL_CA", value_name = "FILE")]
    pub mail_ca: Option<PathBuf>,
    /// The token with which Prometheus asks for /metrics [default: none; there is no such page]
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_METRICS_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub metrics_token: Option<String>,
    /// text or json [default: text]
    #[arg(
        long,
        global = true,
        env = "CHECKRIDE_LOG_FORMAT",
        value_name = "FORMAT"
    )]
    pub log_format: Option<String>,
}

/// Passwords are in some of them.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Settings")
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Where requests are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    Tcp(SocketAddr),
    /// A socket in the file system, for a proxy on the same machine.
    Unix(PathBuf),
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "http://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    pub target: Target,
    pub listen: Listen,
    /// Proxies and public address.
    pub rules: Rules,
    /// Where requests of Checkride itself may go beside the internet.
    pub allowed_networks: Networks,
    pub log_format: LogFormat,
    pub mail: mail::Plan,
    /// Who asks for metrics.
    pub metrics_token: Option<Token>,
}

impl Settings {
    /// Settings from a TOML file with the same names, underscores for hyphens.
    ///
    /// # Errors
    /// A fault that names the file and what is wrong in it.
    pub fn from_file(path: &Path) -> Result<Self> {
        let refuse =
            |e: String| Error::Fault(format!("configuration file {}: {e}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|e| refuse(e.to_string()))?;
        toml::from_str(&text).map_err(|e| refuse(e.to_string()))
    }

    /// These settings; where one is missing, that of `other`.
    pub fn or(self, other: Self) -> Self {
        Self {
            data_dir: self.data_dir.or(other.data_dir),
            database_url: self.database_url.or(other.database_url),
            listen: self.listen.or(other.listen),
            public_url: self.public_url.or(other.public_url),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            allowed_networks: self.allowed_networks.or(other.allowed_networks),
            log_format: self.log_format.or(other.log_format),
            mail_url: self.mail_url.or(other.mail_url),
            mail_from: self.mail_from.or(other.mail_from),
            mail_ca: self.mail_ca.or(other.mail_ca),
            metrics_token: self.metrics_token.or(other.metrics_token),
        }
    }

    /// Checks every value. The default data folder goes into `home`.
    ///
    /// # Errors
    /// A fault that names the first setting that cannot be used, and the reason.
    pub fn check(self, home: Option<PathBuf>) -> Result<Config> {
        let refuse = |name: &str, reason: String| Error::Fault(format!("{name}: {reason}"));
        let dir = self
            .data_dir
            .clone()
            .or_else(|| home.map(|h| h.join(".local/share/checkride")));
        let target = match &self.database_url {
            Some(url) => Target::parse(url).map_err(|e| refuse("database_url", e))?,
            None => {
                let dir = dir.clone().ok_or_else(|| {
                    refuse("data_dir", "name a folder: there is no home folder".into())
                })?;
                Target::Sqlite(dir.join("checkride.db"))
            }
        };
        let beside = match (&self.data_dir, &target) {
            (None, Target::Sqlite(file)) => file.parent().map(Path::to_owned),
            _ => dir,
        };
        let mail = mail::Plan::read(
            self.mail_url.as_deref(),
            self.mail_from.as_deref(),
            self.mail_ca.as_deref(),
            &beside.unwrap_or_else(|| ".".into()).join("mail"),
        )
        .map_err(|(name, reason)| refuse(name, reason))?;
        if mail.relay.is_some() && self.public_url.is_none() {
            let reason = "name the address that people use: mails link to it";
            return Err(refuse("public_url", reason.into()));
        }
        let listen = self.listen.as_deref().unwrap_or("127.0.0.1:8380");
        let listen = match listen.strip_prefix("unix:") {
            Some(path) if Path::new(path).is_absolute() => Listen::Unix(path.into()),
            Some(path) => {
                let reason = format!(
                    "`{path}` is not a path from the root, like unix:/run/checkride/socket"
                );
                return Err(refuse("listen", reason));
            }
            None => Listen::Tcp(listen.parse().map_err(|_| {
                let reason = format!(
                    "`{listen}` is not an address like 127.0.0.1:8380, nor unix:/path/to/socket"
                );
                refuse("listen", reason)
            })?),
        };
        if matches!(listen, Listen::Unix(_)) && self.public_url.is_none() {
            let reason = "name the address that people use: a socket has none of its own";
            return Err(refuse("public_url", reason.into()));
        }
        let trusted_proxies = self.trusted_proxies.as_deref().unwrap_or_default();
        let trusted_proxies =
            Networks::parse(trusted_proxies).map_err(|e| refuse("trusted_proxies", e))?;
        let allowed_networks = self.allowed_networks.as_deref().unwrap_or_default();
        let allowed_networks =
            Networks::parse(allowed_networks).map_err(|e| refuse("allowed_networks", e))?;
        let metrics_token = self.metrics_token.as_deref().map(Token::parse);
        let metrics_token = metrics_token
            .transpose()
            .map_err(|e| refuse("metrics_token", e))?;
        let (public_url, base_path) = match self.public_url {
            None => (None, String::new()),
            Some(url) => {
                let why = |why| refuse("public_url", format!("`{url}` cannot be used: {why}"));
                let (origin, base) = origin::public(&url).map_err(why)?;
                (Some(origin.to_string()), base)
            }
        };
        let log_format = match self.log_format.as_deref().unwrap_or("text") {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => {
                return Err(refuse(
                    "log_format",
                    format!("`{other}` is neither text nor json"),
                ));
            }
        };
        Ok(Config {
            target,
            listen,
            rules: Rules {
                trusted_proxies: trusted_proxies.iter().copied().collect(),
                public_url,
                base_path,
                ..Rules::default()
            },
            allowed_networks,
            log_format,
            mail,
            metrics_token,
        })
    }
}

/// Creates the folder and the file of an embedded database, readable by their owner alone. What exists stays as it is.
/// SQLite gives the files next to it the same permissions.
///
/// # Errors
/// A fault that names the folder or the file.
pub fn make_data_folder(target: &Target) -> Result<()> {
    let Target::Sqlite(file) = target else {
        return Ok(());
    };
    if let Some(dir) = file
        .parent()
        .filter(|d| !d.as_os_str().is_empty() && !d.exists())
    {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|e| Error::Fault(format!("data folder {}: {e}", dir.display())))?;
    }
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => {
            Err(Error::Fault(format!("database {}: {e}", file.display())))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(settings: Settings) -> std::result::Result<Config, String> {
        settings
            .check(Some("/home/ada".into()))
            .map_err(|e| e.to_string())
    }

    #[test]
    fn without_settings_the_data_is_in_the_home_folder() {
        let config = check(Settings::default()).unwrap();
        assert_eq!(
            config.target,
            Target::Sqlite("/home/ada/.local/share/checkride/checkride.db".into())
        );
        assert_eq!(config.listen.to_string(), "http://127.0.0.1:8380");
    }

    #[test]
    fn a_bad_value_is_refused_by_name_and_reason() {
        let with = |f: fn(&mut Settings)| {
            let mut s = Settings::default();
            f(&mut s);
            check(s).unwrap_err()
        };
        let unknown = with(|s| s.database_url = Some("mysql://x".into()));
        assert!(
            unknown.contains("sqlite://") && unknown.contains("postgres://"),
            "{unknown}"
        );
        assert!(with(|s| s.listen = Some("here".into())).starts_with("listen:"));
        assert!(
            with(|s| s.trusted_proxies = Some("10.0.0.0/8,nonsense".into())).contains("nonsense")
        );
        let inside = with(|s| s.allowed_networks = Some("10.0.0.0/8,intranet".into()));
        assert!(
            inside.starts_with("allowed_networks: `intranet`"),
            "{inside}"
        );
        assert!(
            with(|s| s.public_url = Some("checkride.example".into())).starts_with("public_url:")
        );
        assert!(with(|s| s.log_format = Some("xml".into())).contains("xml"));
        let token = with(|s| s.metrics_token = Some("guess-me".into()));
        assert!(token.starts_with("metrics_token:") && !token.contains("guess-me"));
        assert!(with(|s| s.listen = Some("unix:ck.sock".into())).contains("from the root"));
        let socket = with(|s| s.listen = Some("unix:/run/ck.sock".into()));
        assert!(socket.starts_with("public_url:"), "{socket}");
        for path in ["/a b", "/a//b", "/../x", "/a?x=1", "/a#x", "/ü"] {
            let url = format!("https://ride.example{path}");
            let settings = Settings {
                public_url: Some(url),
                ..Settings::default()
            };
            assert!(
                check(settings).unwrap_err().starts_with("public_url:"),
                "{path}"
            );
        }
    }

    #[test]
    fn mail_needs_a_relay_a_sender_and_the_address_that_people_use() {
        let whole = Settings {
            mail_url: Some("smtp://u:secret@smtp.example.com".into()),
            mail_from: Some("Checkride <checkride@example.com>".into()),
            public_url: Some("https://ride.example".into()),
            ..Settings::default()
        };
        let config = check(whole.clone()).unwrap();
        assert_eq!(
            config.mail.relay.as_ref().map(ToString::to_string),
            Some("smtp.example.com port 587, STARTTLS".into())
        );
        assert!(!format!("{config:?} {whole:?}").contains("secret"));
        type Change = fn(&mut Settings);
        let wrong: [(&str, Change); 4] = [
            ("mail_from:", |s| s.mail_from = None),
            ("mail_from:", |s| s.mail_from = Some("nobody".into())),
            ("public_url:", |s| s.public_url = None),
            ("mail_url:", |s| s.mail_url = Some("smtp:secret".into())),
        ];
        for (name, change) in wrong {
            let mut settings = whole.clone();
            change(&mut settings);
            let said = check(settings).unwrap_err();
            assert!(said.starts_with(name) && !said.contains("secret"), "{said}");
        }
    }

    #[test]
    fn mails_without_a_relay_are_kept_beside_the_data() {
        let folder = |settings| check(settings).unwrap().mail.folder;
        let at_home = folder(Settings::default());
        assert_eq!(at_home, Path::new("/home/ada/.local/share/checkride/mail"));
        let named = folder(Settings {
            database_url: Some("sqlite:///srv/ride/x.db".into()),
            ..Settings::default()
        });
        assert_eq!(named, Path::new("/srv/ride/mail"));
        let server = folder(Settings {
            database_url: Some("postgres://db/x".into()),
            data_dir: Some("/srv/data".into()),
            ..Settings::default()
        });
        assert_eq!(server, Path::new("/srv/data/mail"));
    }

    #[test]
    fn a_public_address_may_have_a_path() {
        for (url, origin, base) in [
            ("https://ride.example", "https://ride.example", ""),
            ("https://ride.example/", "https://ride.example", ""),
            (
                "HTTPS://Ride.example:443/on/call/",
                "https://ride.example",
                "/on/call",
            ),
        ] {
            let settings = Settings {
                public_url: Some(url.into()),
                ..Settings::default()
            };
            let rules = check(settings).unwrap().rules;
            let said = (rules.public_url.as_deref(), rules.base_path.as_str());
            assert_eq!(said, (Some(origin), base), "{url}");
        }
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let file: Settings =
            toml::from_str("listen = \"1.2.3.4:5\"\nlog_format = \"json\"").unwrap();
        let flag = Settings {
            listen: Some("127.0.0.1:1".into()),
            ..Settings::default()
        };
        let config = check(flag.or(file)).unwrap();
        assert_eq!(
            (config.listen.to_string().as_str(), config.log_format),
            ("http://127.0.0.1:1", LogFormat::Json)
        );
        assert!(toml::from_str::<Settings>("lisen = \"x\"").is_err());
    }

    #[test]
    fn the_embedded_database_is_readable_by_its_owner_alone_in_any_folder() {
        use crate::db::{Conn, Purpose, migrate};
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let open_to_all = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open_to_all).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;

        for dir in [folder.path().to_owned(), folder.path().join("new/data")] {
            let target = Target::Sqlite(dir.join("checkride.db"));
            make_data_folder(&target).unwrap();
            migrate::run(&target).unwrap();
            let _open = Conn::open(&target, Purpose::Read).unwrap();
            for file in ["checkride.db", "checkride.db-wal", "checkride.db-shm"] {
                assert_eq!(mode(&dir.join(file)), 0o600, "{file} in {}", dir.display());
            }
        }
        assert_eq!(mode(folder.path()), 0o755, "not ours to change");
        assert_eq!(mode(&folder.path().join("new/data")), 0o700);

        let nowhere = Target::Sqlite(folder.path().join("checkride.db/checkride.db"));
        let refused = make_data_folder(&nowhere).unwrap_err().to_string();
        assert!(refused.contains("checkride.db/checkride.db"), "{refused}");
    }
}
