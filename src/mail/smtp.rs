//! Conversations with the relay, and what its answers mean. Which part of a conversation failed says whose fault it is, so
//! each command is sent by itself.

use std::error::Error as _;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;

use super::relay::Prepared;
use crate::domain::outbox::Outcome;

/// Refusals that say something about our account, not about this mail.
const ABOUT_THE_ACCOUNT: [u16; 4] = [530, 534, 535, 538];
/// A connection that was not used for that long is opened again.
const IDLE: Duration = Duration::from_secs(60);

/// Whose fault it is when a part of the conversation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// Relay, account and sender address: every other mail fails too.
    Configuration,
    /// The receiver, or what the mail says.
    Mail,
}

type Said<T> = Result<T, (Of, Error)>;

/// The way to the relay: one connection, kept for the next mail.
pub(super) struct Line {
    to: Prepared,
    open: Mutex<Option<(SmtpConnection, Instant)>>,
    trouble: Mutex<Option<String>>,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl Line {
    pub(super) fn new(to: Prepared) -> Self {
        Self {
            to,
            open: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    /// Why no mail leaves, when the last attempt failed because of the configuration.
    pub(super) fn trouble(&self) -> Option<String> {
        let trouble = self.trouble.lock();
        trouble.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn send(&self, mail: &Message) -> Outcome {
        let said = self.converse(mail);
        let (outcome, trouble) = match said {
            Ok(answer) => {
                let line = answer.first_line().unwrap_or_default();
                (Outcome::Sent(format!("{} {line}", answer.code())), None)
            }
            Err((of, e)) => failed(of, &e),
        };
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        outcome
    }

    fn converse(&self, mail: &Message) -> Said<Response> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = match open.take().and_then(still_open) {
            Some(held) => held,
            None => self.connect().map_err(|e| (Of::Configuration, e))?,
        };
        let said = say(&mut held, mail);
        match &said {
            Ok(_) => *open = Some((held, Instant::now())),
            Err(_) => held.abort(),
        }
        said
    }

    fn connect(&self) -> Result<SmtpConnection, Error> {
        let (to, hello) = (&self.to, ClientId::default());
        let address = (to.host.as_str(), to.port);
        let wrapped = to.tls.as_ref().filter(|_| !to.upgrades);
        let mut made = SmtpConnection::connect(address, Some(to.patience), &hello, wrapped, None)?;
        if let Some(tls) = to.tls.as_ref().filter(|_| to.upgrades) {
            made.starttls(tls, &hello)?;
        }
        if let Some(account) = &to.account {
            made.auth(DEFAULT_MECHANISMS, account)?;
        }
        Ok(made)
    }
}

fn still_open((mut held, used): (SmtpConnection, Instant)) -> Option<SmtpConnection> {
    if used.elapsed() < IDLE && held.test_connected() {
        return Some(held);
    }
    held.abort();
    None
}

fn say(to: &mut SmtpConnection, mail: &Message) -> Said<Response> {
    let (envelope, bytes) = (mail.envelope(), mail.formatted());
    let info = to.server_info();
    let mut options = Vec::new();
    let mut addresses = envelope.to().iter().chain(envelope.from());
    let is_international = addresses.any(|a| !AsRef::<str>::as_ref(a).is_ascii());
    if is_international && info.supports_feature(Extension::SmtpUtfEight) {
        options.push(MailParameter::SmtpUtfEight);
    }
    if !bytes.is_ascii() && info.supports_feature(Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    to.command(Mail::new(envelope.from().cloned(), options))
        .map_err(|e| (Of::Configuration, e))?;
    for receiver in envelope.to() {
        to.command(Rcpt::new(receiver.clone(), Vec::new()))
            .map_err(|e| (Of::Mail, e))?;
    }
    to.command(Data).map_err(|e| (Of::Mail, e))?;
    to.message(&bytes).map_err(|e| (Of::Mail, e))
}

/// What follows for the mail, and what it says about the configuration.
fn failed(of: Of, e: &Error) -> (Outcome, Option<String>) {
    let code = e.status().map(u16::from);
    let answer = match code {
        Some(code) => {
            let line = e.source().map(ToString::to_string).unwrap_or_default();
            format!("{code} {line}")
        }
        None => e.to_string(),
    };
    let is_ours =
        of == Of::Configuration || code.is_some_and(|code| ABOUT_THE_ACCOUNT.contains(&code));
    if is_ours {
        let sentence = format!("Checkride cannot use the relay: {answer}");
        return (Outcome::Later(sentence), Some(answer));
    }
    match e.is_permanent() {
        true => (Outcome::Never(answer), None),
        false => (Outcome::Later(answer), None),
    }
}
