//! A hook as it is typed.

use super::{Dialect, Kind, Owner};
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::net::{Address, Networks};
use crate::text;

/// A hook that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHook {
    pub owner: Owner,
    pub name: String,
    pub dialect: Dialect,
    pub address: Address,
    pub kinds: Vec<Kind>,
}

impl NewHook {
    /// Errors: [`Error::Invalid`] with a sentence at every field that cannot be taken.
    pub fn parse(fields: &Fields, networks: &Networks) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let owner = Owner::parse(fields.get("owner"));
        if owner.is_none() {
            errors.add("owner", "Choose a team or an area.");
        }
        let name = read_name(fields.get("name")).map_err(|e| errors.add("name", e));
        let dialect = Dialect::parse(fields.get("dialect"));
        if dialect.is_none() {
            errors.add("dialect", "Choose what reads it.");
        }
        let address =
            Address::parse(fields.get("address"), networks).map_err(|e| errors.add("address", e));
        let kinds: Vec<Kind> = Kind::offered()
            .filter(|kind| fields.all("kinds").any(|word| word == kind.word()))
            .collect();
        if kinds.is_empty() {
            errors.add("kinds", "Choose at least one.");
        }
        match (owner, name, dialect, address) {
            (Some(owner), Ok(name), Some(dialect), Ok(address)) if errors.is_empty() => Ok(Self {
                owner,
                name,
                dialect,
                address,
                kinds,
            }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

fn read_name(typed: &str) -> std::result::Result<String, String> {
    let name = text::line(typed, "The name")?;
    match name.chars().count() {
        0 => Err("Name it, like its channel.".into()),
        1..=60 => Ok(name),
        n => Err(format!("The name has {n} characters. The limit is 60.")),
    }
}

/// The kinds in their column.
pub fn joined(kinds: &[Kind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|k| k.word()).collect();
    words.join(" ")
}

/// The kinds of a column; what this version does not know is left out.
pub fn split(stored: &str) -> Vec<Kind> {
    stored.split(' ').filter_map(Kind::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 5] = [
        ("owner", "area-3"),
        ("name", " #payments "),
        ("dialect", "slack"),
        ("address", "https://hooks.example.com/x"),
        ("kinds", "clearance.granted"),
    ];

    fn with(change: (&str, &str)) -> Result<NewHook> {
        let fields: Vec<_> = GOOD
            .into_iter()
            .map(|(name, value)| {
                if name == change.0 {
                    change
                } else {
                    (name, value)
                }
            })
            .collect();
        NewHook::parse(&Fields::of(&fields), &Networks::default())
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let hook = with(("", "")).unwrap();
        assert_eq!(
            (hook.name.as_str(), hook.owner),
            ("#payments", Owner::Area(3))
        );
        assert_eq!(split(&joined(&hook.kinds)), [Kind::Granted]);
        for (field, value) in [
            ("owner", "3"),
            ("name", " "),
            ("name", &"x".repeat(61)),
            ("name", "a\u{202e}b"),
            ("dialect", "irc"),
            ("address", "https://10.0.0.1/x"),
            ("kinds", "test"),
            ("kinds", "anything"),
        ] {
            let Err(Error::Invalid(errors)) = with((field, value)) else {
                panic!("{field} = {value} was taken");
            };
            assert!(errors.get(field).is_some(), "{field} = {value}");
            assert_eq!(errors.iter().count(), 1, "{field} = {value}");
        }
        let Err(Error::Invalid(errors)) = NewHook::parse(&Fields::default(), &Networks::default())
        else {
            panic!("an empty form was taken");
        };
        assert_eq!(errors.iter().count(), 5);
    }
}
