//! Key figures are computed for pages that ask, and once a day for everything that has targets or is measured. A past day
//! is read on a connection that looks back, so the same queries give its numbers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::app::App;
use crate::db::past;
use crate::db::types::{Day, UtcTime};
use crate::error::Result;
use crate::usecases::kpi::cache::{self, Known, KnownDay};
use crate::usecases::kpi::{Scope, crossing, daily, trend};

/// Scopes that one pass computes at most.
const MOST: usize = 10;
/// A page waits that long for days of its trend. The next one has more of them.
const PATIENCE: Duration = Duration::from_secs(2);

/// The figures of a scope on these days, the first day first: those that are kept, and the others as far as they are
/// computed soon. The last day is always there.
pub async fn of_days(app: &App, scope: &Scope, days: &[Day]) -> Result<Vec<KnownDay>> {
    let (of, wanted, now) = (scope.clone(), days.to_vec(), app.clock.now());
    let kept = move |c: &mut _| cache::read(c, &of, &wanted, now);
    let mut known = app.db.read(kept).await?;
    let began = Instant::now();
    for day in days.iter().rev() {
        if known.iter().any(|k| k.day == *day) {
            continue;
        }
        if known.iter().any(|k| Some(&k.day) == days.last()) && began.elapsed() > PATIENCE {
            break;
        }
        known.push(computed(app, scope, *day).await?);
    }
    known.sort_by_key(|k| k.day);
    Ok(known)
}

/// Computes the figures of a day, and keeps them.
async fn computed(app: &App, scope: &Scope, day: Day) -> Result<KnownDay> {
    let computed_at = app.clock.now();
    let figures = compute(app, scope, day, computed_at).await?;
    if let Err(e) = keep(app, scope, day, (figures.clone(), computed_at)).await {
        // The page shows them; the next one computes them again.
        tracing::warn!(error = %e, "could not keep key figures");
    }
    Ok(KnownDay {
        day,
        computed_at,
        figures,
    })
}

/// Keeps what was computed of a day, and tells of what crossed its target with the end of yesterday: whoever computes it
/// first, a page or the daily pass.
async fn keep(
    app: &App,
    scope: &Scope,
    day: Day,
    (figures, now): (Vec<Known>, UtcTime),
) -> Result<()> {
    let scope = scope.clone();
    let keep = move |c: &mut _| {
        cache::keep(c, &scope, day, &figures, now)?;
        let is_yesterday = day == now.day().plus_days(-1) && now >= cache::final_from(day);
        match scope.place().filter(|_| is_yesterday) {
            Some(place) => crossing::decide(c, place, day, &figures, now),
            None => Ok(()),
        }
    };
    app.db.write(keep).await
}

async fn compute(app: &App, scope: &Scope, day: Day, now: UtcTime) -> Result<Vec<Known>> {
    let of = scope.clone();
    if day >= now.day() {
        return app.db.read(move |c| trend::compute(c, &of, now)).await;
    }
    let end = day.plus_days(1).start();
    let look_back = move |c: &mut _| {
        past::view_at(c, end)?;
        trend::compute(c, &of, end.just_before())
    };
    app.db.read_past(look_back).await
}

/// Computes yesterday's figures of scopes that lack them, a few at a time, until it is told to stop, and tells of those that
/// crossed their target. Returns whether there may be more.
pub async fn pass(app: &App, stopping: &AtomicBool) -> Result<bool> {
    let now = app.clock.now();
    let day = now.day().plus_days(-1);
    if now < cache::final_from(day) {
        return Ok(false);
    }
    let due = app.db.read(move |c| daily::due(c, day, MOST)).await?;
    let mut is_more = due.len() == MOST;
    for scope in due {
        if stopping.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let figures = match compute(app, &scope, day, now).await {
            Ok(figures) => figures,
            Err(e) => {
                // The others need not wait for it.
                tracing::warn!(error = %e, scope = scope.word(), "could not compute key figures");
                is_more = false;
                continue;
            }
        };
        keep(app, &scope, day, (figures, now)).await?;
    }
    Ok(is_more)
}
