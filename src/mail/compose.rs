//! A letter as a mail: text and HTML of the same words, and the headers that mail programs go by.

use std::time::SystemTime;

use askama::Template;
use lettre::Message;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use crate::db::types::UtcTime;
use crate::domain::calendar::Invitation;
use crate::domain::outbox::Letter;
use crate::error::{Error, Result};

/// Where a letter goes, and by which id its receivers know it again.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    pub to: &'a str,
    pub id: &'a str,
}

/// Columns of the text, as in a mail program without windows.
const COLUMNS: usize = 72;
/// Letters of a subject.
const SUBJECT: usize = 200;
/// Letters of a message id.
const ID: usize = 120;

struct Line {
    title: String,
    note: String,
    url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct HtmlLetter<'a> {
    subject: &'a str,
    paragraphs: &'a [String],
    rows: &'a [Line],
    button: Option<(&'a str, String)>,
    unsubscribe: Option<&'a str>,
    base: &'a str,
}

macro_rules! own_header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);
        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(
                text: &str,
            ) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}
own_header!(ListUnsubscribe, "List-Unsubscribe");
own_header!(ListUnsubscribePost, "List-Unsubscribe-Post");
own_header!(AutoSubmitted, "Auto-Submitted");

/// Makes the mail. Links begin with `base`.
///
/// Errors: A fault that says which part cannot be a mail.
pub(super) fn mail(
    letter: &Letter,
    address: &Address<'_>,
    invitation: Option<&Invitation>,
    (from, base): (&Mailbox, &str),
    now: UtcTime,
) -> Result<Message> {
    let to: lettre::Address = address
        .to
        .parse()
        .map_err(|e| Error::fault(format!("{} is no mail address: {e}", address.to)))?;
    let host = from.email.domain();
    let subject = one_line(&letter.subject);
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject.as_str())
        .date(SystemTime::from(now.timestamp()))
        .message_id(Some(message_id(address.id, host)))
        .header(AutoSubmitted("auto-generated".into()));
    if let Some(thread) = &letter.thread {
        // Nobody got a mail of that id: it only holds the letters of the thread together.
        let root = message_id(&format!("thread.{thread}"), host);
        builder = builder.in_reply_to(root.clone()).references(root);
    }
    let unsubscribe = letter
        .unsubscribe
        .as_ref()
        .map(|path| format!("{base}{path}"));
    if let Some(url) = &unsubscribe {
        builder = builder
            .header(ListUnsubscribe(format!("<{url}>")))
            .header(ListUnsubscribePost("List-Unsubscribe=One-Click".into()));
    }
    let rows: Vec<Line> = letter
        .rows
        .iter()
        .map(|row| Line {
            title: row.title.clone(),
            note: row.note.clone(),
            url: format!("{base}{}", row.path),
        })
        .collect();
    let button = letter.button.as_ref();
    let button = button.map(|(label, path)| (label.as_str(), format!("{base}{path}")));
    let html = HtmlLetter {
        subject: &subject,
        paragraphs: &letter.paragraphs,
        rows: &rows,
        button: button.clone(),
        unsubscribe: unsubscribe.as_deref(),
        base,
    };
    let html = html.render().map_err(Error::fault)?;
    let text = text(letter, &rows, button.as_ref(), unsubscribe.as_deref(), base);
    let mut both = MultiPart::alternative()
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(html));
    let Some(invitation) = invitation else {
        return builder.multipart(both).map_err(Error::fault);
    };
    let calendar = format!(
        "text/calendar; charset=utf-8; method={}",
        invitation.method.word()
    );
    let calendar = ContentType::parse(&calendar).map_err(Error::fault)?;
    both = both.singlepart(
        SinglePart::builder()
            .header(calendar)
            .body(invitation.ics.clone()),
    );
    let file = ContentType::parse("application/ics").map_err(Error::fault)?;
    let file = Attachment::new("event.ics".into()).body(invitation.ics.clone(), file);
    let mixed = MultiPart::mixed().multipart(both).singlepart(file);
    builder.multipart(mixed).map_err(Error::fault)
}

/// `<id@host>`, of the letters and digits of the id, the last ones if there are too many: its number is at its end.
fn message_id(id: &str, host: &str) -> String {
    let parts: Vec<&str> = id
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let whole = parts.join(".");
    let id = whole
        .get(whole.len().saturating_sub(ID)..)
        .unwrap_or(&whole);
    format!("<{}@{host}>", id.trim_matches('.'))
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let plain = line.chars().filter(|c| !c.is_control());
    plain.take(SUBJECT).collect()
}

fn text(
    letter: &Letter,
    rows: &[Line],
    button: Option<&(&str, String)>,
    unsubscribe: Option<&str>,
    base: &str,
) -> String {
    let mut blocks: Vec<String> = letter.paragraphs.iter().map(|p| wrapped(p, "")).collect();
    for row in rows {
        let mut lines = vec![format!("- {}", wrapped(&row.title, "  "))];
        if !row.note.is_empty() {
            lines.push(format!("  {}", wrapped(&row.note, "  ")));
        }
        lines.push(format!("  {}", row.url));
        blocks.push(lines.join("\n"));
    }
    if let Some((label, url)) = button {
        blocks.push(format!("{label}:\n{url}"));
    }
    // "-- " begins what mail programs take for a signature and do not quote.
    let mut foot = format!("-- \nCheckride, {base}");
    if let Some(url) = unsubscribe {
        foot.push_str(&format!("\nStop mails of this kind: {url}"));
    }
    blocks.push(foot);
    blocks.join("\n\n") + "\n"
}

/// Lines of at most [`COLUMNS`] letters, where words allow; those after the first begin with `indent`. Lines that the
/// text has stay.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split_whitespace() {
            let length = current.chars().count() + 1 + word.chars().count();
            if !current.is_empty() && length + indent.len() > COLUMNS {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines.join(&format!("\n{indent}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wrapping_loses_no_word_and_keeps_lines_short(text in "([a-zé]{1,90}[ \n]){0,40}") {
            let lines = wrapped(&text, "  ");
            let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&lines), words(&text));
            for line in lines.lines() {
                prop_assert!(line.chars().count() <= COLUMNS || !line.trim().contains(' '), "{line}");
            }
        }

        #[test]
        fn a_message_id_is_one_whatever_the_key(key in "\\PC{0,200}") {
            let id = message_id(&format!("{key}.7"), "ride.example");
            let inner = id.strip_prefix('<').unwrap().strip_suffix("@ride.example>").unwrap();
            prop_assert!(inner.ends_with('7') && !inner.contains(".."), "{id}");
            prop_assert!(inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '.'));
        }

        #[test]
        fn whatever_a_letter_says_it_is_a_mail(subject: String, paragraph: String, title: String) {
            let letter = Letter {
                subject,
                paragraphs: vec![paragraph],
                button: Some((title, "/ramps/1".into())),
                ..Letter::default()
            };
            let from = "Checkride <checkride@ride.example>".parse().unwrap();
            let address = Address { to: "ada@example.com", id: "k.1" };
            let now = crate::sample::at("2026-11-23T09:00:00Z");
            let made = mail(&letter, &address, None, (&from, "https://ride.example"), now).unwrap();
            let text = String::from_utf8(made.formatted()).unwrap();
            let head = text.split("\r\n\r\n").next().unwrap();
            prop_assert_eq!(head.matches("\r\nSubject:").count() + usize::from(head.starts_with("Subject:")), 1);
            prop_assert!(!head.contains("\r\nBcc:"));
        }
    }
}
