//! The chat hook of the demo. Its channel is gone, so it is paused, and a demo sends nothing to anybody.

use super::cast::Cast;
use super::history::{Script, open_ramp};
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::hook::form::NewHook;
use crate::domain::hook::{Dialect, Event, Kind, Owner};
use crate::domain::outbox::{Channel, Outcome, store};
use crate::domain::session;
use crate::domain::session::SessionState;
use crate::error::{Error, Result};
use crate::net::{Address, Networks};
use crate::usecases::hook::actions::{add, after_attempt, test};
use crate::usecases::hook::publish;

const LEAD: &str = "ruth.abrams";
const AREA: &str = "payments";

pub(super) fn add_steps(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(40, 9, move |c, at| {
        let address = "https://chat.harbour.example/hooks/x";
        let new = NewHook {
            owner: Owner::Area(cast.area(AREA)?.0.id),
            name: "#payments-oncall".into(),
            dialect: Dialect::Mattermost,
            address: Address::parse(address, &Networks::default()).map_err(Error::fault)?,
            kinds: Kind::offered().collect(),
        };
        let act = cast.act(LEAD, at)?;
        let (id, _) = add(c, &act, &new)?;
        let act = cast.act(LEAD, at.plus_seconds(30))?;
        test(c, &act, id)?;
        answered(c, at.plus_seconds(32), &Outcome::Sent("200 ok".into()))
    });
    for days_ago in [13, 6] {
        script.at(days_ago, 17, move |c, at| {
            session_held(c, cast, at)?;
            answered(c, at.plus_seconds(2), &Outcome::Sent("200 ok".into()))
        });
    }
    script.at(1, 18, move |c, at| {
        session_held(c, cast, at)?;
        let gone = "410 This channel was archived.".to_owned();
        answered(c, at.plus_seconds(2), &Outcome::Never(gone))
    });
}

/// The hook tells of the latest session that was held.
fn session_held(c: &mut Conn, cast: &Cast, at: UtcTime) -> Result<()> {
    let ramp = open_ramp(c, cast, "amara.okafor", AREA)?;
    let sessions = session::store::of_ramps(c, &[ramp])?.into_iter();
    let held = sessions.filter(|s| s.state == SessionState::Held);
    let id = held.map(|s| s.id).max().ok_or(Error::NotFound("session"))?;
    let event = Event::new(Kind::Held, id, cast.area(AREA)?.0.id, at);
    publish(c, &event, at)
}

/// What the chat answered to what waits, without anybody asking it.
fn answered(c: &mut Conn, at: UtcTime, outcome: &Outcome) -> Result<()> {
    for message in store::take(c, Channel::Hook, "demo", at, 10)?.messages {
        store::end(c, &message, "demo", outcome, 0, at)?;
        after_attempt(c, message.id, at)?;
    }
    Ok(())
}
