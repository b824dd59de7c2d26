//! Reads the rotas that have an address, and looks at all of them again: clearances change while a rota does not. Then plans
//! their shadow shifts.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::app::App;
use crate::db::types::UtcTime;
use crate::domain::rota::model::Rota;
use crate::domain::rota::{MOST_BYTES, store};
use crate::error::{Error, Result};
use crate::net::Address;
use crate::usecases::rota::{reading, shadow};

/// Rotas looked at in one pass.
const MOST: usize = 5;
/// What is cancelled or moved makes room for what is planned next.
const PASSES: usize = 2;

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
        let area_id = rota.area_id;
        app.db
            .write(move |c| reading::keep(c, &rota, said.as_ref(), now))
            .await?;
        follow(app, area_id, now).await?;
    }
    Ok(MOST)
}

/// Makes the shadow shifts on the ramps of an area what its rotas say.
async fn follow(app: &App, area_id: i64, now: UtcTime) -> Result<()> {
    for _ in 0..PASSES {
        let steps = app.db.read(move |c| shadow::steps(c, area_id, now)).await?;
        if steps.is_empty() {
            break;
        }
        for step in steps {
            let taken = app
                .db
                .write(move |c| shadow::take(c, area_id, &step, now))
                .await;
            match taken {
                // Someone was faster: the page of the rota says why it is not planned.
                Err(Error::Invalid(_) | Error::Conflict(_) | Error::NotFound(_)) => {}
                other => _ = other?,
            }
        }
    }
    Ok(())
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
