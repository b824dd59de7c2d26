//! Key figures are computed apart from pages: a page shows what is kept and waits a moment for what is not. A past day is read
//! on a connection that looks back, so the same queries give its numbers.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::app::App;
use crate::db::types::{Day, UtcTime};
use crate::db::{Purpose, past};
use crate::domain::kpi::{Kpi, store};
use crate::error::{Error, Result};
use crate::usecases::kpi::cache::{self, Computed, KnownDay};
use crate::usecases::kpi::{Behind, Scope, crossing, daily};

/// Scopes that one pass computes at most.
const MOST: usize = 10;
/// A page waits that long for what is being computed. Then it shows what there is, and says so.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many days are computed at once for pages. Each takes a processor for as long as it needs.
const AT_ONCE: usize = 2;
/// When so many days wait, no other past day is begun: whoever asks again later finds a place.
const MOST_WAITING: usize = 20;
/// Rows behind figures are kept that long: for the pages of a day. They can be computed again.
const KEPT_HOURS: i64 = 48;

/// What is being computed for pages.
#[derive(Debug, Clone)]
pub struct Computing {
    scopes: Arc<Mutex<HashSet<Asked>>>,
    places: Arc<Semaphore>,
    patience: Duration,
}

type Asked = (Scope, Day);

impl Default for Computing {
    fn default() -> Self {
        Self::at_once(AT_ONCE)
    }
}

impl Computing {
    /// So many days at once.
    pub fn at_once(places: usize) -> Self {
        Self {
            scopes: Arc::default(),
            places: Arc::new(Semaphore::new(places)),
            patience: PATIENCE,
        }
    }

    /// Pages wait so long.
    pub fn waiting(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    fn asked(&self) -> MutexGuard<'_, HashSet<Asked>> {
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of them that nobody computes yet. Days before `today` only while few wait.
    fn begin(&self, scope: &Scope, days: Vec<Day>, today: Day) -> Begun {
        let mut asked = self.asked();
        let mut mine = Vec::new();
        for one in days.into_iter().map(|day| (scope.clone(), day)) {
            let has_place = one.1 >= today || asked.len() < MOST_WAITING;
            if has_place && asked.insert(one.clone()) {
                mine.push(one);
            }
        }
        drop(asked);
        Begun {
            of: self.clone(),
            mine,
        }
    }
}

/// Days that are being computed, until this is dropped.
struct Begun {
    of: Computing,
    mine: Vec<Asked>,
}

impl Drop for Begun {
    fn drop(&mut self) {
        let mut asked = self.of.asked();
        for one in &self.mine {
            asked.remove(one);
        }
    }
}

/// The figures of a scope on these days, the first day first, as far as they are kept or computed within a moment. What is
/// missing is computed by the time somebody asks again. With `rows`, those behind the figures of the last day are kept too.
pub async fn of_days(app: &App, scope: &Scope, days: &[Day], rows: bool) -> Result<Vec<KnownDay>> {
    let (known, missing) = kept(app, scope, days, rows).await?;
    if missing.is_empty() {
        return Ok(known);
    }
    let begun = app.computing.begin(scope, missing, app.clock.now().day());
    let last = days.last().copied().filter(|_| rows);
    let own = app.clone();
    let computing = tokio::spawn(async move {
        for (scope, day) in &begun.mine {
            if let Err(e) = computed(&own, scope, *day, last == Some(*day)).await {
                tracing::warn!(error = %e, scope = scope.word(), %day, "could not compute key figures");
            }
        }
    });
    // What others compute is there when somebody asks again.
    drop(timeout(app.computing.patience, computing).await);
    Ok(kept(app, scope, days, rows).await?.0)
}

/// What is kept of these days, and which of them are not, the last day first.
async fn kept(
    app: &App,
    scope: &Scope,
    days: &[Day],
    rows: bool,
) -> Result<(Vec<KnownDay>, Vec<Day>)> {
    let (of, wanted, now) = (scope.clone(), days.to_vec(), app.clock.now());
    app.db
        .read(move |c| {
            let known = cache::read(c, &of, &wanted, now)?;
            let last = wanted.last().copied();
            let lacks_rows = match last.filter(|_| rows) {
                Some(last) => !cache::has_behind(c, &of, last)?,
                None => false,
            };
            let is_missing = |day: &&Day| {
                known.iter().all(|k| k.day != **day) || (lacks_rows && last == Some(**day))
            };
            let missing = wanted.iter().rev().filter(is_missing).copied().collect();
            Ok((known, missing))
        })
        .await
}

/// The rows behind a figure of a day, as long as they are kept.
pub async fn behind(app: &App, scope: &Scope, day: Day, kpi: Kpi) -> Result<Option<Behind>> {
    let of = scope.clone();
    let read = move |c: &mut _| cache::behind(c, &of, day, kpi);
    app.db.read(read).await
}

/// The last figures that are kept of a scope up to a day.
pub async fn last_until(app: &App, scope: &Scope, day: Day) -> Result<Option<KnownDay>> {
    let of = scope.clone();
    let read = move |c: &mut _| cache::last_until(c, &of, day);
    app.db.read(read).await
}

/// Computes the figures of a day when it is its turn, and keeps them; not when they were kept meanwhile.
async fn computed(app: &App, scope: &Scope, day: Day, rows: bool) -> Result<()> {
    let _place = app.computing.places.acquire().await.map_err(Error::fault)?;
    if kept(app, scope, &[day], rows).await?.1.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let figures = compute(app, scope, day, now).await?;
    keep(app, scope, day, (figures, now)).await
}

/// Keeps what was computed of a day, and tells of what crossed its target with the end of yesterday: whoever computes it
/// first, a page or the daily pass.
async fn keep(
    app: &App,
    scope: &Scope,
    day: Day,
    (computed, now): (Computed, UtcTime),
) -> Result<()> {
    let (scope, packed) = (scope.clone(), computed.packed()?);
    let keep = move |c: &mut _| {
        cache::keep(c, &scope, day, &packed, now)?;
        let is_yesterday = day == now.day().plus_days(-1) && now >= cache::final_from(day);
        match scope.place().filter(|_| is_yesterday) {
            Some(place) => crossing::decide(c, place, day, &computed.figures, now),
            None => Ok(()),
        }
    };
    app.db.write(keep).await
}

async fn compute(app: &App, scope: &Scope, day: Day, now: UtcTime) -> Result<Computed> {
    let of = scope.clone();
    if day >= now.day() {
        let today = move |c: &mut _| cache::compute(c, &of, now);
        return app.db.read_apart(Purpose::Read, today).await;
    }
    let end = day.plus_days(1).start();
    let look_back = move |c: &mut _| {
        past::view_at(c, end)?;
        cache::compute(c, &of, end.just_before())
    };
    app.db.read_apart(Purpose::Past, look_back).await
}

/// What failed since the last pass that went through all. It is tried again after that.
#[derive(Debug, Default)]
pub struct Failed(HashSet<Scope>);

/// Computes yesterday's figures of scopes that lack them, a few at a time, until it is told to stop, and tells of those that
/// crossed their target. Returns whether there may be more.
pub async fn pass(app: &App, failed: &mut Failed, stopping: &AtomicBool) -> Result<bool> {
    let now = app.clock.now();
    let day = now.day().plus_days(-1);
    if now < cache::final_from(day) {
        return Ok(false);
    }
    let skipped = failed.0.clone();
    let due = move |c: &mut _| daily::due(c, day, MOST, &skipped);
    let due = app.db.read(due).await?;
    let is_more = due.len() == MOST;
    for scope in due {
        if stopping.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let done = match compute(app, &scope, day, now).await {
            Ok(computed) => keep(app, &scope, day, (computed, now)).await,
            Err(e) => Err(e),
        };
        if let Err(e) = done {
            // The others need not wait for it.
            tracing::warn!(error = %e, scope = scope.word(), "could not compute key figures");
            failed.0.insert(scope);
        }
    }
    if !is_more {
        failed.0.clear();
        let old = now.plus_hours(-KEPT_HOURS);
        app.db.write(move |c| store::drop_behind(c, old)).await?;
    }
    Ok(is_more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_takes_no_other_past_day_and_each_day_once() {
        let computing = Computing::default();
        let today = Day::parse("2026-11-30").unwrap();
        let days = |n: i64| (1..=n).map(|ago| today.plus_days(-ago)).collect::<Vec<_>>();
        let first = computing.begin(&Scope::Organisation, days(25), today);
        assert_eq!(first.mine.len(), MOST_WAITING);
        let team = Scope::Team(1);
        let both = vec![today, today.plus_days(-1)];
        let second = computing.begin(&team, both.clone(), today);
        assert_eq!(second.mine, [(team.clone(), today)]);
        drop(first);
        let third = computing.begin(&team, both, today);
        assert_eq!(third.mine, [(team, today.plus_days(-1))]);
    }
}
