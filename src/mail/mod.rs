//! Mail: a letter of the outbox becomes a message, and leaves by the relay of the configuration. Without one it is kept as
//! a file.

mod compose;
mod kept;
mod relay;
mod smtp;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lettre::message::Mailbox;

pub use compose::Address;
pub use kept::{Folder, Kept};
pub use relay::Relay;
use smtp::Line;

use crate::db::types::UtcTime;
use crate::domain::calendar::{Invitation, Party};
use crate::domain::outbox::{Letter, Outcome};
use crate::error::{Error, Result};

/// Whom kept mails come from, where nobody is named.
const FROM: &str = "Checkride <checkride@localhost>";

/// The checked settings of mail.
#[derive(Debug, Clone)]
pub struct Plan {
    pub relay: Option<Relay>,
    pub from: Mailbox,
    /// Where mails are kept when there is no relay.
    pub folder: PathBuf,
}

impl Plan {
    /// Reads the settings `mail_url`, `mail_from` and `mail_ca`. Without a relay, mails are kept in `folder`.
    ///
    /// Errors: The name of the setting that cannot be used, and why.
    pub fn read(
        url: Option<&str>,
        from: Option<&str>,
        ca: Option<&Path>,
        folder: &Path,
    ) -> std::result::Result<Self, (&'static str, String)> {
        let relay = url
            .map(Relay::parse)
            .transpose()
            .map_err(|e| ("mail_url", e))?;
        if relay.is_some() && from.is_none() {
            let reason = "name the address that mails come from: Checkride <checkride@example.com>";
            return Err(("mail_from", reason.into()));
        }
        let from = from.unwrap_or(FROM);
        let parsed: std::result::Result<Mailbox, _> = from.parse();
        let from =
            parsed.map_err(|e| ("mail_from", format!("`{from}` is no mail address: {e}")))?;
        Ok(Self {
            relay: relay.map(|relay| relay.believing(ca)),
            from,
            folder: folder.to_owned(),
        })
    }
}

/// The way mails take. Its copies share the connection to the relay.
#[derive(Clone)]
pub struct Mail {
    from: Mailbox,
    /// The address of this installation, without a slash at its end.
    base: String,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Relay(String, Arc<Line>),
    Kept(Folder),
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({})", self.place())
    }
}

impl Mail {
    /// Letters link to `base`, the address that people use.
    ///
    /// Errors: A fault when the connection to the relay cannot be prepared.
    pub fn new(plan: &Plan, base: &str) -> Result<Self> {
        let way = match &plan.relay {
            Some(relay) => {
                let line = Line::new(relay.prepared()?);
                Way::Relay(relay.to_string(), Arc::new(line))
            }
            None => Way::Kept(Folder::new(&plan.folder)),
        };
        Ok(Self {
            from: plan.from.clone(),
            base: base.trim_end_matches('/').to_owned(),
            way,
        })
    }

    /// Sends a letter, with the calendar entry that it invites to. It takes as long as the relay does, at most some
    /// multiples of ten seconds.
    pub fn deliver(
        &self,
        letter: &Letter,
        address: &Address<'_>,
        invitation: Option<&Invitation>,
        now: UtcTime,
    ) -> Outcome {
        let from = (&self.from, self.base.as_str());
        let mail = match compose::mail(letter, address, invitation, from, now) {
            Ok(mail) => mail,
            Err(e) => return Outcome::Never(e.to_string()),
        };
        match &self.way {
            Way::Relay(_, line) => line.send(&mail),
            Way::Kept(folder) => {
                let kept = Kept {
                    at: now.iso(),
                    to: address.to.to_owned(),
                    letter: letter.clone(),
                };
                match folder.keep(&kept, &mail.formatted()) {
                    Ok(()) => Outcome::Sent("Kept as a file: no relay is configured.".into()),
                    Err(e) => Outcome::Later(format!("{}: {e}", folder.path().display())),
                }
            }
        }
    }

    /// Who invites, as calendars name them: the installation, so that nobody learns another's address.
    pub fn organiser(&self) -> Party {
        Party {
            name: self.from.name.clone().unwrap_or_default(),
            email: self.from.email.to_string(),
        }
    }

    /// The address of this installation, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Why no mail leaves, when this process found last that the relay refuses Checkride itself.
    pub fn trouble(&self) -> Option<String> {
        match &self.way {
            Way::Relay(_, line) => line.trouble(),
            Way::Kept(_) => None,
        }
    }

    /// Where mails are kept, when there is no relay.
    pub fn folder(&self) -> Option<&Folder> {
        match &self.way {
            Way::Relay(..) => None,
            Way::Kept(folder) => Some(folder),
        }
    }

    /// Where mails go, in words: the relay without its password, or the folder.
    pub fn place(&self) -> String {
        match &self.way {
            Way::Relay(name, _) => name.clone(),
            Way::Kept(folder) => folder.path().display().to_string(),
        }
    }

    pub fn from(&self) -> String {
        self.from.to_string()
    }
}

/// The letter of `checkride mail test`.
pub fn test_letter() -> Letter {
    Letter {
        subject: "Test mail from Checkride".into(),
        paragraphs: vec![
            "This is a test. Checkride can send mail to this address.".into(),
            "Someone who runs Checkride asked for it at the command line.".into(),
        ],
        button: Some(("Open Checkride".into(), "/".into())),
        ..Letter::default()
    }
}

/// The outcome as an answer at the command line.
///
/// Errors: A fault with the answer of the relay.
pub fn told(outcome: Outcome) -> Result<String> {
    match outcome {
        Outcome::Sent(answer) => Ok(answer),
        Outcome::Later(why) | Outcome::Never(why) | Outcome::Cancelled(why) => {
            Err(Error::Fault(why))
        }
    }
}
