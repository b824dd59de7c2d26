//! `checkride person ...`

use clap::Subcommand;

use super::{read_password, with_database};
use crate::config::Config;
use crate::db::Conn;
use crate::domain::auth;
use crate::domain::people;
use crate::domain::people::model::Person;
use crate::domain::people::{Email, Name, NewPerson, Reason, ZoneName};
use crate::error::{Error, Result};
use crate::mail::Folder;
use crate::text::email::email_key;
use crate::usecases::people::erase::erase;
use crate::usecases::register::leaving;

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
    /// Mark a person as having left: signed out, history kept; says what is left uncovered
    #[command(after_help = "Example:
  checkride person deactivate ada@example.com --reason 'Moved to another company'")]
    Deactivate {
        /// E-mail of the person
        email: String,
        /// Why; kept in the audit log
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Erase who a person is, after they left: name, e-mail, handle and addresses go, the facts stay
    #[command(after_help = "Example:
  checkride person erase ada@example.com --reason 'Asked for on 3 May'

It cannot be taken back. What people wrote in their own words stays. Backups made before still hold it.")]
    Erase {
        /// E-mail of the person
        email: String,
        /// Why, without their name; kept in the audit log
        #[arg(long, default_value = "")]
        reason: String,
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
                let password = read_password(&[new.name.as_str(), new.email.as_str()])?;
                let hash = auth::password::hash_now(&password)?;
                let is_admin = with_database(config, |c, act| {
                    let id = crate::usecases::people::actions::add(c, act, &new, admin)?;
                    crate::usecases::auth::actions::set_password(c, act, id, &hash, (None, None))?;
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
                let hash = auth::password::hash_now(&read_password(&[&email])?)?;
                with_database(config, |c, act| {
                    let person = person(c, &email)?;
                    crate::usecases::auth::actions::set_password(
                        c,
                        act,
                        person.id,
                        &hash,
                        (None, None),
                    )?;
                    Ok(format!(
                        "{} has a new password and is signed out everywhere.",
                        person.name
                    ))
                })
            }
            Self::Deactivate { email, reason } => {
                let reason = Reason::parse(&reason).map_err(|e| Error::field("reason", e))?;
                with_database(config, |c, act| {
                    let person = person(c, &email)?;
                    let handle = person.handle.clone();
                    let who = people::store::actor(c, person)?;
                    let left = leaving(c, &who, act.now.day())?;
                    crate::usecases::people::actions::deactivate(c, act, &handle, &reason)?;
                    let said = "Deactivated: signed out everywhere, history kept.".to_owned();
                    Ok([vec![said], left.lines()].concat().join("\n"))
                })
            }
            Self::Erase { email, reason } => {
                let reason = Reason::parse(&reason).map_err(|e| Error::field("reason", e))?;
                let folder = Folder::new(&config.mail.folder);
                let (erased, mails) = with_database(config, |c, act| {
                    let person = person(c, &email)?;
                    let erased = erase(c, act, &person, &reason)?;
                    // Where a file cannot be deleted, the account still has its name, so the command can be repeated.
                    let mails = folder.erase(|kept| {
                        let json = serde_json::to_string(kept).unwrap_or_default();
                        erased.traces.without_names_in(&json).is_some()
                    });
                    Ok((erased, mails.map_err(Error::fault)?))
                })?;
                Ok(format!(
                    "Erased from the account, from {} entries of the audit log, from {} frozen records and with {mails} kept \
                     mails. What people wrote in their own words stays, and so do backups.",
                    erased.entries, erased.records
                ))
            }
        }
    }
}

fn person(c: &mut Conn, email: &str) -> Result<Person> {
    let found = people::store::by_email(c, &email_key(email))?;
    found.ok_or(Error::NotFound("person with that e-mail"))
}
