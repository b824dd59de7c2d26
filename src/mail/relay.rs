//! The relay that mails leave by: its address as one URL.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::error::{Error, Result};

/// How long each answer of the relay may take.
const PATIENCE: Duration = Duration::from_secs(10);
const FORMS: &str = "write smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS), or smtp+plain://127.0.0.1:25 (no TLS)";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    StartTls,
    Tls,
    None,
}

/// Host, port, encryption and account of a relay. Its texts never hold the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Relay {
    host: String,
    port: u16,
    security: Security,
    account: Option<(String, String)>,
    /// PEM file with one more certificate to believe, beside those of the machine.
    root: Option<PathBuf>,
}

/// The relay as a connection needs it.
pub(super) struct Prepared {
    pub(super) host: String,
    pub(super) port: u16,
    /// How long each answer may take.
    pub(super) patience: Duration,
    pub(super) tls: Option<TlsParameters>,
    /// STARTTLS, not TLS from the first byte.
    pub(super) upgrades: bool,
    pub(super) account: Option<Credentials>,
}

impl fmt::Display for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.security {
            Security::StartTls => "STARTTLS",
            Security::Tls => "TLS",
            Security::None => "no TLS",
        };
        write!(f, "{} port {}, {how}", self.host, self.port)
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relay({self})")
    }
}

impl Relay {
    /// Reads `smtp://`, `smtps://` and `smtp+plain://`.
    ///
    /// Errors: A sentence that never repeats the URL, because a password is in it.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|e| format!("it is no URL ({e}): {FORMS}"))?;
        let (security, port) = match url.scheme() {
            "smtp" => (Security::StartTls, 587),
            "smtps" => (Security::Tls, 465),
            "smtp+plain" => (Security::None, 25),
            _ => return Err(format!("it has an unknown scheme: {FORMS}")),
        };
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(format!("it names no host: {FORMS}"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("nothing may follow host and port: {FORMS}"));
        }
        let decoded = |part: &str| {
            let text = percent_decode_str(part).decode_utf8();
            text.map(|t| t.into_owned())
                .map_err(|_| "user or password is not UTF-8".to_owned())
        };
        let account = match (url.username(), url.password()) {
            ("", None) => None,
            (_, None) => return Err("it names a user but no password".into()),
            (user, Some(password)) => Some((decoded(user)?, decoded(password)?)),
        };
        let relay = Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(port),
            security,
            account,
            root: None,
        };
        if security == Security::None && relay.account.is_some() && !relay.is_local() {
            return Err(
                "a password never leaves this machine without TLS: use smtp:// or smtps://".into(),
            );
        }
        Ok(relay)
    }

    /// The same, believing one more certificate.
    pub fn believing(self, root: Option<&Path>) -> Self {
        Self {
            root: root.map(Path::to_owned),
            ..self
        }
    }

    fn is_local(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
    }

    /// What a connection needs.
    ///
    /// Errors: A fault when the certificate file cannot be read.
    pub(super) fn prepared(&self) -> Result<Prepared> {
        let tls = match self.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(self.parameters()?),
        };
        let account = self.account.clone();
        Ok(Prepared {
            host: self.host.clone(),
            port: self.port,
            patience: PATIENCE,
            tls,
            upgrades: self.security == Security::StartTls,
            account: account.map(|(user, password)| Credentials::new(user, password)),
        })
    }

    fn parameters(&self) -> Result<TlsParameters> {
        let mut parameters = TlsParameters::builder(self.host.clone());
        if let Some(file) = &self.root {
            parameters = parameters.add_root_certificate(certificate(file)?);
        }
        parameters.build_rustls().map_err(Error::fault)
    }
}

fn certificate(file: &Path) -> Result<Certificate> {
    let refuse = |e: String| Error::Fault(format!("mail_ca: {}: {e}", file.display()));
    let pem = std::fs::read(file).map_err(|e| refuse(e.to_string()))?;
    if !String::from_utf8_lossy(&pem).contains("BEGIN CERTIFICATE") {
        return Err(refuse("no certificate in PEM form is in it".into()));
    }
    Certificate::from_pem(&pem).map_err(|e| refuse(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (String, u16, Security, Option<(String, String)>) {
        let relay = Relay::parse(text).unwrap();
        (relay.host, relay.port, relay.security, relay.account)
    }

    #[test]
    fn a_url_says_host_port_encryption_and_account() {
        let account = Some(("me@example.com".to_owned(), "p@ss/word".to_owned()));
        let host = || "smtp.example.com".to_owned();
        for text in [
            "smtp://me%40example.com:p%40ss%2Fword@smtp.example.com",
            "smtp://me@example.com:p%40ss%2Fword@smtp.example.com:587/",
        ] {
            assert_eq!(
                read(text),
                (host(), 587, Security::StartTls, account.clone())
            );
        }
        assert_eq!(
            read("smtps://smtp.example.com"),
            (host(), 465, Security::Tls, None)
        );
        assert_eq!(read("smtp+plain://[::1]:2525").0, "::1");
        assert_eq!(read("smtp+plain://u:p@localhost").1, 25);
        assert_eq!(read("smtp+plain://mail.lan").2, Security::None);
    }

    #[test]
    fn a_bad_url_is_refused_without_repeating_the_password() {
        for bad in [
            "secret@host",
            "http://u:secret@host",
            "smtp://",
            "smtp://u@host",
            "smtp://u:secret@host/path",
            "smtp://u:secret@host?tls=none",
            "smtp://u:secret@host:port",
            "smtp://u:%ffsecret@host",
            "smtp+plain://u:secret@mail.example.com",
        ] {
            let said = Relay::parse(bad).unwrap_err();
            assert!(!said.contains("secret"), "{said}");
        }
    }

    proptest! {
        #[test]
        fn no_text_of_a_relay_holds_its_password(password in "[a-z0-9]{12,20}") {
            let relay = Relay::parse(&format!("smtps://user:{password}@host")).unwrap();
            let said = format!("{relay} {relay:?}");
            prop_assert!(!said.contains(&password));
        }
    }
}
