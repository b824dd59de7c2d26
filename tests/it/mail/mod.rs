//! Mail, on a real conversation with a server that the test started; what arrived is read by another library.

mod every;
mod kept;
mod process;
mod smtp;

use checkride::domain::outbox::letter::Row;
use checkride::domain::outbox::{Letter, Outcome};
use checkride::mail::{Address, Mail, Plan};
use mail_parser::{Message, MessageParser};

use crate::support::smtp::Arrived;
use crate::support::{Smtp, at};

pub const FROM: &str = "Checkride <checkride@ride.example>";

/// Mail by that server, whose certificate is believed.
pub fn mail(server: &Smtp) -> Mail {
    let ca = server.ca();
    mail_believing(server, Some(&ca))
}

pub fn mail_believing(server: &Smtp, ca: Option<&std::path::Path>) -> Mail {
    let nowhere = std::path::Path::new("/nonexistent");
    let plan = Plan::read(Some(&server.url()), Some(FROM), ca, nowhere).unwrap();
    Mail::new(&plan, "https://ride.example/on/call").unwrap()
}

pub fn send(mail: &Mail, letter: &Letter, id: &str) -> Outcome {
    let address = Address {
        to: "ada@example.com",
        id,
    };
    mail.deliver(letter, &address, None, at("2026-11-23T09:00:00Z"))
}

pub fn read(arrived: &Arrived) -> Message<'_> {
    MessageParser::default().parse(&arrived.raw).unwrap()
}

/// A header as it arrived, on one line.
pub fn header(arrived: &Arrived, name: &str) -> Option<String> {
    let text = String::from_utf8(arrived.raw.clone()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let found = head
        .lines()
        .find_map(|l| l.strip_prefix(&format!("{name}: ")));
    found.map(str::to_owned)
}

/// A letter with everything in it.
pub fn whole() -> Letter {
    Letter {
        subject: "Sign-off of Amara Økafor waits for you".into(),
        paragraphs: vec![
            "Amara Økafor asks for your sign-off in Checkout & payments. Every gate of version 3 of the standard is met, and \
             the first key was turned by Ingrid Solberg on 20 Nov."
                .into(),
            "You are asked because you lead Commerce SRE.".into(),
        ],
        rows: vec![Row {
            title: "PAY-I2: Fail over <the> gateway".into(),
            note: "4 of 5, assessed 19 Nov".into(),
            path: "/ramps/3/competencies/PAY-I2".into(),
        }],
        button: Some(("Open the sign-off".into(), "/sign-offs/3".into())),
        thread: Some("ramp:3".into()),
        unsubscribe: Some("/unsubscribe/2a7f".into()),
        ..Letter::default()
    }
}
