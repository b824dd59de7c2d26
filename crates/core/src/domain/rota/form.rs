//! Forms of rotas as they are typed.

use super::source::Source;
use crate::db::types::Day;
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::net::{Address, Networks};
use crate::text;
use crate::words::Words;

/// Longest time a finding may be accepted for.
pub const MOST_DAYS: i64 = 92;
const MOST_TOKEN_CHARS: usize = 500;

pub type Reason = Words<500>;

/// Where a rota comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum From {
    Address {
        address: Address,
        token: String,
    },
    /// What was uploaded, or pasted; its shape says what it is.
    Text(Vec<u8>),
}

#[derive(Clone, PartialEq, Eq)]
pub struct NewRota {
    pub name: String,
    pub source: Source,
    pub from: From,
}

impl NewRota {
    /// Errors: [`Error::Invalid`] with a sentence at every field that cannot be taken.
    pub fn parse(fields: &Fields, file: Option<Vec<u8>>, networks: &Networks) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let name = read_name(fields.get("name")).map_err(|e| errors.add("name", e));
        let (address, pasted) = (fields.trimmed("address"), fields.get("text"));
        let token = fields.trimmed("token").to_owned();
        if token.chars().count() > MOST_TOKEN_CHARS || !token.is_ascii() {
            errors.add("token", "This is no token.");
        }
        let upload = match (file, pasted.trim()) {
            (Some(file), _) => Some(file),
            (None, "") => None,
            (None, _) => Some(pasted.as_bytes().to_vec()),
        };
        let from = match (address, upload) {
            ("", None) => {
                errors.add(
                    "address",
                    "Enter an address, choose a file, or paste the rota.",
                );
                None
            }
            ("", Some(raw)) => Some(From::Text(raw)),
            (_, None) => Address::parse(address, networks)
                .map_err(|e| errors.add("address", e))
                .ok()
                .map(|address| From::Address { address, token }),
            (_, Some(_)) => {
                errors.add("address", "Enter an address, or the rota itself: not both.");
                None
            }
        };
        let source = match (Source::parse(fields.get("source")), &from) {
            (_, Some(From::Text(raw))) => Some(Source::of(raw)),
            (source, _) => source,
        };
        if source.is_none() {
            errors.add("source", "Choose what the address answers with.");
        }
        match (name, source, from) {
            (Ok(name), Some(source), Some(from)) if errors.is_empty() => {
                Ok(Self { name, source, from })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }
}

fn read_name(typed: &str) -> std::result::Result<String, String> {
    let name = text::line(typed, "The name")?;
    match name.chars().count() {
        0 => Err("Name it, like the schedule it comes from.".into()),
        1..=60 => Ok(name),
        n => Err(format!("The name has {n} characters. The limit is 60.")),
    }
}

/// Reads why a finding is accepted, and until when.
///
/// Errors: [`Error::Invalid`] with a sentence at each field.
pub fn acceptance(fields: &Fields, today: Day) -> Result<(Reason, Day)> {
    let mut errors = FieldErrors::default();
    let reason = Reason::required(fields.get("reason"), "Say why, in a few words.")
        .map_err(|e| errors.add("reason", e));
    let latest = today.plus_days(MOST_DAYS);
    let until = Day::parse(fields.trimmed("until_on"));
    match until {
        None => errors.add("until_on", "Enter the last day."),
        Some(day) if day < today => errors.add("until_on", "This day is over."),
        Some(day) if day > latest => errors.add(
            "until_on",
            format!("A finding is accepted for {MOST_DAYS} days at most."),
        ),
        Some(_) => {}
    }
    match (reason, until) {
        (Ok(reason), Some(until)) if errors.is_empty() => Ok((reason, until)),
        _ => Err(Error::Invalid(errors)),
    }
}
