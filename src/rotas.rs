//! Reads the rotas that have an address, and looks at all of them again: clearances change while a rota does not.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::app::App;
use crate::db::types::UtcTime;
use crate::domain::rota::model::Rota;
use crate::domain::rota::{MOST_BYTES, store};
use crate::error::Result;
use crate::net::Address;
use crate::usecases::rota::reading;

/// Rotas looked at in one pass.
const MOST: usize = 5;

/// Looks at rotas that are due, until it is told to stop; returns how many. Each is taken right before it is read.
pub async fn pass(app: &App, now: UtcTime, stopping: &AtomicBool) -> Result<usize> {
    for looked in 0..MOST {
        if stopping.load(Ordering::Relaxed) {
            return Ok(looked);
        }
        let Some(rota) = app.db.write(move |c| store::take(c, now)).await? else {
            return Ok(looked);
        };
        let said = rota
            .is_fetched()
            .then(|| load(app, &rota, now).and_then(|raw| reading::entries(&rota, &raw, now)));
        app.db
            .write(move |c| reading::keep(c, &rota, said.as_ref(), now))
            .await?;
    }
    Ok(MOST)
}

/// The answer, or why there is none, in words for the leads.
fn load(app: &App, rota: &Rota, now: UtcTime) -> std::result::Result<Vec<u8>, String> {
    let request = reading::request(rota, now);
    // It may have been allowed when it was typed, and not now.
    let address = Address::parse(&request.address, app.outgoing.networks())?;
    let headers: Vec<(&str, &str)> = request
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    let answer = app
        .outgoing
        .get(&address, &headers, most)
        .map_err(|failure| failure.to_string())?;
    match answer.status {
        200 => Ok(answer.body),
        300..=399 => Err("The address leads to another one. Enter the address it leads to.".into()),
        401 | 403 => Err("The other side refuses the token.".into()),
        404 | 410 => Err("There is no rota at this address.".into()),
        status => Err(format!("The other side answers {status}.")),
    }
}
