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
    /// The receiver; but many relays name there what they have against the sender.
    Receiver,
    /// What the mail says.
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
            .map_err(|e| (Of::Receiver, e))?;
    }
    to.command(Data).map_err(|e| (Of::Mail, e))?;
    to.message(&bytes).map_err(|e| (Of::Mail, e))
}

/// Whether a relay refuses Checkride, although it answered to the receiver or to the mail: its sender address, or that it
/// sends at all.
fn refuses_us(of: Of, code: u16, line: &str) -> bool {
    if code < 500 {
        return false;
    }
    let word = line.split_whitespace().next().unwrap_or_default();
    let reason: Option<Vec<u16>> = word.split('.').map(|n| n.parse().ok()).collect();
    ABOUT_THE_ACCOUNT.contains(&code)
        || match reason.as_deref() {
            // RFC 3463: security and policy; the sender's mailbox or system address. Microsoft's own: may not send as.
            Some([5, 7, _] | [5, 1, 7 | 8] | [5, 2, 252]) => true,
            Some([_, _, _]) => false,
            _ => of == Of::Receiver && code == 554,
        }
}

/// What follows for the mail, and what it says about the configuration.
fn failed(of: Of, e: &Error) -> (Outcome, Option<String>) {
    let code = e.status().map(u16::from);
    let line = e.source().map(ToString::to_string).unwrap_or_default();
    let answer = match code {
        Some(code) => format!("{code} {line}"),
        None => e.to_string(),
    };
    if of == Of::Configuration || code.is_some_and(|code| refuses_us(of, code, &line)) {
        let sentence = format!("Checkride cannot use the relay: {answer}");
        return (Outcome::Later(sentence), Some(answer));
    }
    match e.is_permanent() {
        true => (Outcome::Never(answer), None),
        false => (Outcome::Later(answer), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_checkride_is_told_from_one_of_the_receiver_or_the_mail() {
        let table = [
            (
                Of::Receiver,
                553,
                "5.7.1 <a@x.example>: Sender address rejected: not owned",
                true,
            ),
            (
                Of::Receiver,
                554,
                "5.7.1 <b@y.example>: Relay access denied",
                true,
            ),
            (Of::Receiver, 554, "Relay access denied", true),
            (Of::Receiver, 550, "5.1.7 Bad sender", true),
            (Of::Receiver, 553, "5.1.8 Sender's domain not found", true),
            (
                Of::Mail,
                554,
                "5.2.252 SendAsDenied; not allowed to send as",
                true,
            ),
            (
                Of::Mail,
                550,
                "5.7.60 SMTP; Client does not have permissions to send as this sender",
                true,
            ),
            (Of::Mail, 535, "Authentication failed", true),
            (Of::Receiver, 550, "5.1.1 No such user", false),
            (Of::Receiver, 550, "No such user", false),
            (Of::Receiver, 552, "5.2.2 Mailbox full", false),
            (Of::Receiver, 450, "4.7.1 Greylisted", false),
            (Of::Mail, 554, "Transaction failed", false),
            (Of::Mail, 554, "5.6.0 Not a mail", false),
        ];
        for (of, code, line, expected) in table {
            assert_eq!(refuses_us(of, code, line), expected, "{code} {line}");
        }
    }
}
