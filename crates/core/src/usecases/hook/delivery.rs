//! A message of a hook made ready to be sent, with the names and the address of the moment.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::hook::event::Names;
use crate::domain::hook::{Dialect, Event, Kind, payload, store};
use crate::domain::outbox::model::Message;
use crate::domain::{area, people};
use crate::error::Result;
use crate::net::Address;

pub enum Delivery {
    Send {
        kind: Kind,
        address: Address,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// It is not sent, for that reason.
    Drop(&'static str),
}

/// `base` is the address of this installation, without a slash at its end, where it is known.
pub fn prepare(
    c: &mut Conn,
    message: &Message,
    base: Option<&str>,
    now: UtcTime,
) -> Result<Delivery> {
    let hook = match message.hook_id {
        Some(id) => store::by_id(c, id)?,
        None => None,
    };
    let Some(hook) = hook.filter(|hook| hook.removed_at.is_none()) else {
        return Ok(Delivery::Drop("The hook was removed."));
    };
    let event = Event::from_json(&message.body);
    let Some((event, address)) = event.zip(Address::kept(&hook.address)) else {
        return Ok(Delivery::Drop("What it said cannot be read."));
    };
    if hook.paused_at.is_some() && event.kind() != Kind::Test {
        return Ok(Delivery::Drop("The hook is paused."));
    }
    let names = match (event.area_id(), event.team_id()) {
        (Some(id), _) => names(c, id, event.person_id())?,
        (None, Some(id)) => Names {
            area: people::store::team_name(c, id)?,
            ..Names::default()
        },
        (None, None) => Names {
            area: hook.name.clone(),
            ..Names::default()
        },
    };
    let url = base.map(|base| format!("{base}{}", event.path()));
    let body = payload::body(hook.dialect, &event, &names, url.as_deref()).to_string();
    let headers = match hook.dialect {
        Dialect::Signed => payload::signed_headers(&hook.secret, &message.key, &body, now),
        Dialect::Slack | Dialect::Mattermost | Dialect::Teams => Vec::new(),
    };
    Ok(Delivery::Send {
        kind: event.kind(),
        address,
        headers,
        body,
    })
}

fn names(c: &mut Conn, area_id: i64, person_id: Option<i64>) -> Result<Names> {
    let area = area::store::by_id(c, area_id)?;
    let person = match person_id {
        Some(id) => people::store::by_id(c, id)?,
        None => None,
    };
    Ok(Names {
        area: area.name,
        slug: area.slug,
        person: person.map(|p| p.name),
    })
}
