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
/// Steps tried in one pass: each looks at its whole area again, holding it. The next pass goes on.
const MOST_STEPS: usize = 25;
/// What is cancelled or moved makes room for what is planned next.
const PASSES: usize = 2;

/// Looks at rotas that are due, until it is told to stop; returns how many. Each is taken right before it is read. One whose
/// shadow shifts are too many for this pass stays due.
pub async fn pass(app: &App, now: UtcTime, stopping: &AtomicBool) -> Result<usize> {
    let mut steps = Steps {
        left: MOST_STEPS,
        taken: 0,
        stopping,
    };
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
        let (id, area_id) = (rota.id, rota.area_id);
        app.db
            .write(move |c| reading::keep(c, &rota, said.as_ref(), now))
            .await?;
        if !steps.follow(app, area_id, now).await? {
            app.db.write(move |c| store::again(c, id, now)).await?;
            return Ok(looked + 1);
        }
    }
    Ok(MOST)
}

/// The steps of a pass.
struct Steps<'a> {
    left: usize,
    taken: usize,
    stopping: &'a AtomicBool,
}

impl Steps<'_> {
    /// Makes the shadow shifts on the ramps of an area what its rotas say; returns whether nothing is left for the next
    /// pass. Where none could be taken, another try soon would end as this one did.
    async fn follow(&mut self, app: &App, area_id: i64, now: UtcTime) -> Result<bool> {
        for _ in 0..PASSES {
            let steps = app.db.read(move |c| shadow::steps(c, area_id, now)).await?;
            if steps.is_empty() {
                break;
            }
            for step in steps {
                if self.stopping.load(Ordering::Relaxed) {
                    return Ok(false);
                }
                if self.left == 0 {
                    return Ok(self.taken == 0);
                }
                self.left -= 1;
                let taken = app
                    .db
                    .write(move |c| shadow::take(c, area_id, &step, now))
                    .await;
                match taken {
                    Ok(is_taken) => self.taken += usize::from(is_taken),
                    // Someone was faster: the page of the rota says why it is not planned.
                    Err(Error::Invalid(_) | Error::Conflict(_) | Error::NotFound(_)) => {}
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(true)
    }
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
