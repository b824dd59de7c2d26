//! The command line.

mod export;
pub(crate) mod import;
mod listener;
mod log;
pub mod person;
mod place;
pub mod rota;
pub mod serve;
mod upkeep;

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::db::migrate::State;
use crate::db::types::UtcTime;
use crate::db::{Conn, Purpose, Target, conn, keys, migrate, transaction};
use crate::domain::audit;
use crate::domain::audit::{Act, Verdict};
use crate::domain::auth::password::Password;
use crate::domain::kpi;
use crate::domain::people::Email;
use crate::error::{Error, Result};
use crate::forms::new_key;
use crate::mail::{self, Address, Mail};
use crate::text;
use crate::usecases::search;

/// Pairs mentors with ramping engineers and signs off who is ready for on-call.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  checkride demo                                   try it: demo data, nothing to set up
  checkride person add --name 'Ada King' --email ada@example.com
                                                   the first person is an administrator
  checkride import ./organisation --dry-run        what would an import change?
  checkride serve                                  run it on the embedded database
  checkride serve --database-url postgres://checkride@db/checkride
                                                   run it on PostgreSQL, any number of processes

Every option can also be an environment variable, or a line in the file that --config names."
)]
pub struct Cli {
    /// TOML file with settings of the same names: listen = "127.0.0.1:8380"
    #[arg(long, global = true, env = "CHECKRIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the web app
    #[command(after_help = "Example:
  checkride serve --listen 0.0.0.0:8380 --public-url https://checkride.example.com --trusted-proxies 10.0.0.0/8")]
    Serve,
    /// Run the web app with the demo organisation on fresh temporary data
    #[command(after_help = "Example:
  checkride demo --listen 127.0.0.1:0

Everything is gone when it stops.")]
    Demo,
    /// Ask the process that serves there whether it can be used; fails when it cannot
    #[command(after_help = "Example:
  checkride health --listen 127.0.0.1:8380")]
    Health,
    /// Bring the database to this version's schema; serve does it as well
    Migrate,
    /// Read an organisation from people.csv, areas/*.toml and postmortems/*.md
    #[command(after_help = "Examples:
  checkride import ./organisation --dry-run
  checkride import ./organisation
  checkride import ./organisation --publish        publish changed standards at once

The format is described in docs/import.md.")]
    Import {
        /// Folder with people.csv, areas/ and postmortems/, or with post-mortems of another tool
        dir: PathBuf,
        /// Print what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Publish the standards that this import changes, instead of leaving them as drafts
        #[arg(long)]
        publish: bool,
    },
    /// Write people, teams, areas, standards and post-mortems as the folder that import reads
    #[command(after_help = "Example:
  checkride export ./organisation

What is in the folder, and what is not: docs/import.md.")]
    Export {
        /// A new or empty folder
        dir: PathBuf,
    },
    /// Add people, set passwords, deactivate those who leave
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Check the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Look after the search
    #[command(subcommand)]
    Search(SearchCommand),
    /// Look after the key figures
    #[command(subcommand)]
    Kpi(KpiCommand),
    /// Check that mail leaves
    #[command(subcommand)]
    Mail(MailCommand),
    /// Hold rotas against the clearances
    #[command(subcommand)]
    Rota(rota::RotaCommand),
}

#[derive(Debug, Subcommand)]
enum SearchCommand {
    /// Make the index of the search again, from everything there is; the app can run meanwhile
    #[command(
        after_help = "Only needed after rows were changed by hand, or by an older version that ran beside this one."
    )]
    Rebuild,
}

#[derive(Debug, Subcommand)]
enum KpiCommand {
    /// Forget the figures that were computed; they are computed again, to the same numbers
    #[command(
        after_help = "Only needed after rows were changed by hand, or when a new version counts differently. The app can run meanwhile."
    )]
    Rebuild,
}

#[derive(Debug, Subcommand)]
enum MailCommand {
    /// Send a test mail by the configured relay, and print its answer
    #[command(after_help = "Example:
  checkride mail test ada@example.com")]
    Test { address: String },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Read the whole chain; fails when a sealed entry was edited, deleted or reordered
    #[command(
        after_help = "Note the head it prints somewhere else: it also proves that the chain was not rewritten."
    )]
    Verify,
}

/// What a command says at its end, and its exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    pub code: u8,
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self { text, code: 0 }
    }
}

/// What went wrong, for the person at the terminal, and the exit code.
#[derive(Debug)]
pub struct Failed {
    pub error: Error,
    pub code: u8,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, code: 1 }
    }
}

/// Runs the command and returns what to print.
///
/// # Errors
/// What went wrong.
pub fn run(cli: Cli) -> std::result::Result<Said, Failed> {
    let file = cli
        .config
        .as_deref()
        .map(Settings::from_file)
        .transpose()?
        .unwrap_or_default();
    let config = cli.settings.or(file).check(std::env::home_dir())?;
    let text: Result<String> = match cli.command {
        Command::Rota(command) => return command.run(&config),
        Command::Serve => serve::serve(&config),
        Command::Health => listener::health(&config.listen),
        Command::Demo => serve::demo(&config),
        Command::Migrate => {
            let count = place::ready(&config.target)?;
            let mut said = format!("{count} migrations were run; the database is up to date.");
            for sentence in keys::meeting(&mut Conn::open(&config.target, Purpose::Read)?)? {
                said.push('\n');
                said.push_str(&sentence);
            }
            Ok(said)
        }
        Command::Import {
            dir,
            dry_run,
            publish,
        } => import::run(&config, &dir, dry_run, publish),
        Command::Export { dir } => export::run(&config, &dir),
        Command::Person(command) => command.run(&config),
        Command::Search(SearchCommand::Rebuild) => with_database(&config, |c, _| {
            let entries = search::rebuild(c)?;
            Ok(format!("The search finds {entries} things."))
        }),
        Command::Kpi(KpiCommand::Rebuild) => with_database(&config, |c, _| {
            let days = kpi::store::drop_days(c)?;
            Ok(format!("{days} days of figures are forgotten."))
        }),
        Command::Mail(MailCommand::Test { address }) => test_mail(&config, &address),
        Command::Audit(AuditCommand::Verify) => look_at_database(&config, false, |c, _| {
            conn::look_for_damage(c)?;
            match audit::verify(c)? {
                Verdict::Whole {
                    entries,
                    head,
                    until,
                    unsealed,
                    erasures,
                } => {
                    let whole = whole(entries, until, &head, unsealed);
                    let erased = erasures.iter().map(|e| {
                        format!(
                            "Entry {}, {}: {} erased person {} from {} entries.",
                            e.seq,
                            e.at.day(),
                            e.by,
                            e.person_id.unwrap_or_default(),
                            e.entries
                        )
                    });
                    let lines: Vec<String> = [whole].into_iter().chain(erased).collect();
                    Ok(lines.join("\n"))
                }
                Verdict::Broken { position, what } => Err(Error::Fault(format!(
                    "the audit chain is broken at {position}: {what}"
                ))),
            }
        }),
    };
    Ok(text?.into())
}

/// What is proved of the audit log, and what is not yet.
fn whole(entries: i64, until: Option<UtcTime>, head: &str, unsealed: i64) -> String {
    let until = until.map(|at| {
        let at = at.timestamp().strftime("%Y-%m-%d %H:%M UTC");
        format!(", sealed until {at}")
    });
    let until = until.unwrap_or_default();
    let whole = format!("The audit chain is whole: {entries} entries{until}, head {head}");
    let rest = match unsealed {
        0 => return whole,
        1 => "1 entry is".to_owned(),
        n => format!("{n} entries are"),
    };
    format!(
        "{whole}\n{rest} not sealed yet: nothing is proved of what is not sealed. A server that runs seals within a second."
    )
}

/// Sends a test mail at once, past the outbox.
fn test_mail(config: &Config, address: &str) -> Result<String> {
    let to = Email::parse(address).map_err(|sentence| Error::field("address", sentence))?;
    let rules = &config.rules;
    let base = rules.public_url.clone().unwrap_or_default() + &rules.base_path;
    let mail = Mail::new(&config.mail, &base)?;
    if let Some(folder) = mail.folder() {
        let place = folder.path().display();
        return Err(Error::Fault(format!(
            "mail_url names no relay, so no mail leaves: serve keeps mails as files in {place}"
        )));
    }
    let id = new_key();
    let address = Address {
        to: to.as_str(),
        id: &format!("test.{id}"),
    };
    let letter = mail::test_letter();
    let answer = mail::told(mail.deliver(&letter, &address, None, Clock::system().now()))?;
    Ok(format!("{} took the mail: {answer}", mail.place()))
}

/// Runs a use case as the operator, in one transaction on the configured database.
fn with_database<T>(config: &Config, f: impl FnOnce(&mut Conn, &Act) -> Result<T>) -> Result<T> {
    place::ready(&config.target)?;
    let mut c = Conn::open(&config.target, Purpose::Write)?;
    let act = Act::operator(Clock::system().now());
    let done = transaction(&mut c, Purpose::Write, |c| f(c, &act))?;
    seal(&mut c);
    Ok(done)
}

/// Seals what the command wrote: there may be no server that does so. What it did is stored already.
fn seal(c: &mut Conn) {
    loop {
        match transaction(c, Purpose::Write, audit::seal) {
            Ok(true) => {}
            Ok(false) => return,
            Err(e) => {
                return tracing::warn!(error = %e, "a server seals the audit log");
            }
        }
    }
}

/// Reads in one snapshot, also while the app runs. It neither creates nor migrates a database. Where there is none yet,
/// `or_empty` says whether an empty one is used instead.
fn look_at_database<T>(
    config: &Config,
    or_empty: bool,
    f: impl FnOnce(&mut Conn, &Act) -> Result<T>,
) -> Result<T> {
    let act = Act::operator(Clock::system().now());
    let state = match &config.target {
        Target::Sqlite(file) if !file.exists() => State::Fresh,
        target => migrate::state(&mut Conn::open(target, Purpose::Read)?)?,
    };
    let folder;
    let target = match state {
        State::Current => config.target.clone(),
        State::Fresh if or_empty => {
            folder = tempfile::tempdir().map_err(Error::fault)?;
            let target = Target::Sqlite(folder.path().join("empty.db"));
            migrate::run(&target)?;
            target
        }
        State::Fresh => {
            return Err(Error::Fault(
                "there is no Checkride database there yet".into(),
            ));
        }
        State::Other => {
            let sentence =
                "the database is of another version: run `checkride migrate` with the newer one";
            return Err(Error::Fault(sentence.into()));
        }
    };
    let mut c = Conn::open(&target, Purpose::Read)?;
    transaction(&mut c, Purpose::Read, |c| f(c, &act))
}

/// Asks for the password of `owner` at the terminal, or takes the first line of standard input.
fn read_password(owner: &[&str]) -> Result<Password> {
    let typed = if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password (12 characters or more): ")
            .map_err(Error::fault)?;
        let again = rpassword::prompt_password("Again: ").map_err(Error::fault)?;
        if text::password(&again) != text::password(&first) {
            return Err(Error::field("password", "The two passwords differ."));
        }
        first
    } else {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(Error::fault)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    Password::parse(&typed, owner).map_err(|sentence| Error::field("password", sentence))
}
