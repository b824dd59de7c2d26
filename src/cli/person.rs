//! `checkride person ...`

use clap::Subcommand;

use super::{read_password, with_database};
use crate::auth;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::people::{self, Email, Name, NewPerson, ZoneName};
use crate::register::AreaCover;
use crate::register::store::covers;

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Add a person; the password is asked for, or read from standard input
    #[command(after_help = "Example:
  checkride person add --name 'Ada King' --email ada@example.com --time-zone Europe/Lisbon

The first person ever added is an administrator.")]
    Add {
        /// Full name
        #[arg(long)]
        name: String,
        /// E-mail; the person signs in with it
        #[arg(long)]
        email: String,
        /// IANA time zone
        #[arg(long, default_value = "UTC")]
        time_zone: String,
        /// Make the person an administrator
        #[arg(long)]
        admin: bool,
    },
    /// Set a person's password and sign them out everywhere
    #[command(after_help = "Example:
  checkride person set-password ada@example.com")]
    SetPassword {
        /// E-mail of the person
        email: String,
    },
    /// Mark a person as having left: signed out, history kept; says which areas lose cover
    #[command(after_help = "Example:
  checkride person deactivate ada@example.com")]
    Deactivate {
        /// E-mail of the person
        email: String,
    },
}

impl PersonCommand {
    pub(super) fn run(self, config: &Config) -> Result<String> {
        match self {
            Self::Add {
                name,
                email,
                time_zone,
                admin,
            } => {
                let new = NewPerson {
                    name: Name::parse(&name).map_err(|e| Error::field("name", e))?,
                    email: Email::parse(&email).map_err(|e| Error::field("email", e))?,
                    time_zone: ZoneName::parse(&time_zone)
                        .map_err(|e| Error::field("time-zone", e))?,
                };
                let hash = auth::password::hash_now(&read_password()?)?;
                let is_admin = with_database(config, |c, act| {
                    let id = people::actions::add(c, act, &new, admin)?;
                    auth::actions::set_password(c, act, id, &hash, None)?;
                    Ok(people::store::by_id(c, id)?.is_some_and(|p| p.is_admin))
                })?;
                let role = if is_admin { ", an administrator" } else { "" };
                Ok(format!(
                    "Added {} <{}>{role}.",
                    new.name.as_str(),
                    new.email.as_str()
                ))
            }
            Self::SetPassword { email } => {
                let hash = auth::password::hash_now(&read_password()?)?;
                with_database(config, |c, act| {
                    let person = people::store::by_email(c, &email.trim().to_lowercase())?;
                    let person = person.ok_or(Error::NotFound("person with that e-mail"))?;
                    auth::actions::set_password(c, act, person.id, &hash, None)?;
                    Ok(format!(
                        "{} has a new password and is signed out everywhere.",
                        person.name
                    ))
                })
            }
            Self::Deactivate { email } => with_database(config, |c, act| {
                let before = covers(c, act.now.day())?;
                people::actions::deactivate(c, act, &email.trim().to_lowercase())?;
                let after = covers(c, act.now.day())?;
                let mut said = String::from("Deactivated: signed out everywhere, history kept.");
                for ((area, was), (_, is)) in before.into_iter().zip(after) {
                    if was.cleared != is.cleared {
                        let (name, word) = (&area.name, AreaCover::of(&area, is).cover.label());
                        said += &format!(
                            "\n{name}: {} cleared instead of {}. {word}.",
                            is.cleared, was.cleared
                        );
                    }
                }
                Ok(said)
            }),
        }
    }
}
