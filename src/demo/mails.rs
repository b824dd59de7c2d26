//! A link that an administrator mailed this morning.

use super::history::Script;
use crate::domain::people::store;
use crate::error::Error;
use crate::usecases::invite::actions;

pub(super) fn add_steps(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(0, 7, move |c, at| {
        let act = cast.act("tomas.herrera", at)?;
        let person = store::by_id(c, cast.id("jonas.weber")?)?;
        actions::mail(c, &act, &person.ok_or(Error::NotFound("person"))?).map(|_| ())
    });
}
