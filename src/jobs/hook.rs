//! Sends one message of a chat hook.

use tokio::runtime::Runtime;

use crate::app::App;
use crate::domain::hook::{ended, outcome};
use crate::domain::outbox::Outcome;
use crate::domain::outbox::model::Message;
use crate::error::Result;
use crate::outgoing::Failure;
use crate::usecases::hook::delivery::{Delivery, prepare};

/// Sends it on this thread, which waits for the answer.
pub fn send(app: &App, runtime: &Runtime, message: &Message) -> Outcome {
    let (kind, address, headers, body) = match prepared(app, runtime, message) {
        Ok(Delivery::Send {
            kind,
            address,
            headers,
            body,
        }) => (kind, address, headers, body),
        Ok(Delivery::Drop(why)) => return Outcome::Never(why.into()),
        Err(e) => {
            tracing::warn!(id = message.id, error = %e, "a message of a hook could not be read");
            return Outcome::Later("Checkride could not read the message.".into());
        }
    };
    let headers: Vec<(&str, &str)> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let outcome = match app.outgoing.post(&address, &headers, body.as_bytes()) {
        Ok(answer) => outcome(answer.status, &String::from_utf8_lossy(&answer.body)),
        Err(closed @ Failure::Closed) => Outcome::Never(closed.to_string()),
        Err(other) => Outcome::Later(other.to_string()),
    };
    ended(kind, outcome)
}

fn prepared(app: &App, runtime: &Runtime, message: &Message) -> Result<Delivery> {
    let base = app.rules.public_url.as_ref();
    let base = base.map(|url| format!("{url}{}", app.rules.base_path));
    let (message, now) = (message.clone(), app.clock.now());
    let read = app
        .db
        .read(move |c| prepare(c, &message, base.as_deref(), now));
    runtime.block_on(read)
}
