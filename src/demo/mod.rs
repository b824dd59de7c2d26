//! The demo organisation: imported like any other, then given months of history by the same use cases, with a manual
//! clock, relative to today.

pub mod asked;
pub mod cast;
pub mod discussion;
pub mod drills;
pub mod graph;
pub mod history;
pub mod hooks;
pub mod inbox;
pub mod interim;
pub mod kpis;
pub mod library;
pub mod mails;
pub mod people;
pub mod practice;
pub mod ramps;
pub mod ramps_data;
pub mod reviews;
mod rotas;
pub mod sessions;
pub mod shifts;
pub mod standards;
pub mod waivers;
pub mod words;

use crate::app::DemoSignIn;
use crate::db::types::UtcTime;
use crate::db::{Conn, Purpose, Target, locks, migrate, transaction};
use crate::domain::audit::{self, Act};
use crate::domain::people::{Email, Name, NewPerson, ZoneName};
use crate::error::{Error, Result};
use crate::import::actions::import;
use crate::import::files::{Folder, read};
use crate::import::{Options, as_error, templates};
use crate::usecases::people::actions::add;

use cast::Cast;

/// The people of the folder `demo/`.
const PEOPLE: (&str, &[u8]) = ("people.csv", include_bytes!("../../demo/people.csv"));

/// Role, e-mail name, and what this person finds after signing in.
const SIGN_INS: [(&str, &str, &str); 4] = [
    (
        "mentor",
        "ingrid.solberg",
        "Two mentees: one close to sign-off, one with every gate met.",
    ),
    (
        "mentee",
        "amara.okafor",
        "Ten weeks into Checkout & payments; sees what is left.",
    ),
    (
        "lead",
        "ruth.abrams",
        "Leads Commerce SRE; a sign-off waits for her second key.",
    ),
    (
        "administrator",
        "tomas.herrera",
        "Runs the installation and leads Platform SRE.",
    ),
];

/// Days before today on which the organisation began with Checkride.
const SINCE_DAYS: i64 = 330;

/// Fills a new database with the demo organisation and its history up to `now`; returns the one-click sign-ins.
///
/// Errors: A fault: the demo's files and script are part of the product, so none may fail.
pub fn fill(target: &Target, now: UtcTime) -> Result<Vec<DemoSignIn>> {
    migrate::run(target)?;
    let mut c = Conn::open(target, Purpose::Write)?;
    transaction(&mut c, Purpose::Write, |c| {
        set_up(c, now.plus_hours(-24 * SINCE_DAYS))?;
        let cast = Cast::load(c)?;
        history::run(c, &cast, now)?;
        inbox::fill(c, now)?;
        locks::begin();
        audit::seal_all(c)?;
        SIGN_INS
            .iter()
            .map(|(role, who, note)| {
                let actor = cast.actor(who)?;
                Ok(DemoSignIn {
                    role,
                    name: actor.name.clone(),
                    note: (*note).to_owned(),
                    person_id: actor.id.ok_or(Error::SignedOut)?,
                })
            })
            .collect()
    })
}

/// Adds the administrator first, then the folder.
fn set_up(c: &mut Conn, then: UtcTime) -> Result<()> {
    let act = Act::operator(then);
    let own = |text: &str| Error::fault(format!("the demo: {text}"));
    let administrator = NewPerson {
        name: Name::parse("Tomás Herrera").map_err(|e| own(&e))?,
        email: Email::parse("tomas.herrera@harbour.example").map_err(|e| own(&e))?,
        time_zone: ZoneName::parse("Europe/Lisbon").map_err(|e| own(&e))?,
    };
    add(c, &act, &administrator, true)?;
    let folder = Folder(
        std::iter::once(PEOPLE)
            .chain(templates::FILES)
            .map(|(path, bytes)| (path.to_owned(), Ok(bytes.to_vec())))
            .collect(),
    );
    let existing = crate::import::existing::load(c)?;
    let organisation =
        read(&folder, &existing, then.day()).map_err(|problems| as_error(&problems))?;
    locks::begin();
    import(c, &act, &organisation, Options::default())?;
    Ok(())
}
