//! Erasing who a person is, on request: name, e-mail, handle and network addresses go, the facts stay.

use crate::db::Conn;
use crate::domain::audit::erasure::{self, Traces};
use crate::domain::audit::{self, Act, Entry};
use crate::domain::people::admin::{self, Details};
use crate::domain::people::model::Person;
use crate::domain::people::{Email, Name, Reason, ZoneName};
use crate::domain::{auth, availability, discussion, notification, outbox, picture, rota, signoff};
use crate::error::{Error, Result};
use crate::text::email::email_key;
use crate::usecases::people::actions::require_admin;

/// What was rewritten.
#[derive(Debug, Clone)]
pub struct Erased {
    /// Entries of the audit log.
    pub entries: usize,
    /// Frozen records of sign-offs.
    pub records: usize,
    /// What tells who they were, for what is kept outside the database.
    pub traces: Traces,
}

/// Replaces name, e-mail and handle of a person who has left, those of now and of before, in their account, in frozen
/// records, in mentions and in the audit log. What people wrote in their own words stays, but for the e-mail address.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] when the person has not left.
pub fn erase(c: &mut Conn, act: &Act, person: &Person, reason: &Reason) -> Result<Erased> {
    require_admin(act)?;
    let person = crate::usecases::people::admin::hold(c, act, &person.handle)?;
    if person.deactivated_at.is_none() {
        return Err(Error::Conflict(format!(
            "{} has not left. Deactivate the account first.",
            person.name
        )));
    }
    let id = person.id;
    let about = audit::store::about(c, id)?;
    let traces = Traces::new(id, (&person.name, &person.email), &about);
    let address = format!("erased-{id}@example.invalid");
    let details = Details {
        name: Name::parse(&traces.instead()).map_err(Error::fault)?,
        email: Email::parse(&address).map_err(Error::fault)?,
        time_zone: ZoneName::parse("UTC").map_err(Error::fault)?,
        is_admin: false,
    };
    admin::store::update(c, id, &details, act.now)?;
    admin::store::forget_names(c, id)?;
    let handle = format!("erased-{id}");
    admin::store::set_handle(c, id, &handle)?;
    discussion::store::rename_mentions(c, id, &person.handle, &handle)?;
    auth::store::forget_person(c, id, &email_key(&person.email))?;
    outbox::store::forget_person(c, id)?;
    outbox::store::rewrite(
        c,
        |text| traces.without_names(text),
        |json| traces.without_names_in(json),
    )?;
    notification::store::forget_person(c, id)?;
    availability::store::forget(c, id)?;
    picture::store::forget_person(c, id)?;
    let called = (traces.names(), traces.emails());
    rota::store::rename(c, called, (details.name.as_str(), &address), |title| {
        traces.without_names(title)
    })?;

    let mut records = 0;
    for (signoff, record) in signoff::store::records(c)? {
        if let Some(cleaned) = traces.without(&record) {
            signoff::store::rewrite_record(c, signoff, &cleaned)?;
            records += 1;
        }
    }
    let rewritten = audit::erase(c, id, &traces)?;
    let erased = Erased {
        entries: rewritten.len(),
        records,
        traces: traces.clone(),
    };
    let entry = Entry::new("person.erased", format!("person:{id}")).person(id);
    let told = erasure::details(&rewritten, reason.as_str());
    audit::record(c, act, entry.details(told))?;
    // Only a sealed entry excuses what was rewritten.
    audit::seal_all(c)?;
    Ok(erased)
}
