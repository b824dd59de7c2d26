//! What every test stands on.

pub mod app;
pub mod browser;
pub mod client;
pub mod database;
pub mod demo;
pub mod drill;
pub mod factory;
pub mod form;
mod ground;
pub mod organisation;
pub mod path;
pub mod postmortem;
pub mod process;
pub mod receiver;
pub mod sample;
pub mod smtp;
pub mod statements;
pub mod verbs;

use std::sync::LazyLock;

use checkride::db::schema::audit_entries;
use checkride::db::types::Day;
use checkride::db::types::UtcTime;
use checkride::db::{Conn, locks};
use checkride::domain::audit;
use checkride::domain::audit::Verdict;
use checkride::domain::ramp::model::Ramp;
use checkride::domain::standard;
use checkride::error::Result;
use checkride::usecases::dossier::progress::Progress;
use diesel::prelude::*;
use tokio::runtime::{Builder, Runtime};

pub use app::TestApp;
pub use client::{Answer, Client};
pub use database::{Database, On};
pub use demo::Demo;
pub use factory::{Member, Role, Site};
pub use form::Form;
pub use smtp::{Mood, Smtp};
pub use verbs::{Decision, Oversight};

/// How far ramps are, as lists tell it.
pub fn progress(c: &mut Conn, ramps: &[Ramp], today: Day) -> Progress {
    let ids: Vec<i64> = ramps.iter().map(|r| r.standard_id).collect();
    let standards = standard::store::load(c, &ids).unwrap();
    Progress::load(c, ramps, &standards, today).unwrap()
}

/// What the audit chain says was done, and that it holds.
pub fn told(site: &Site, action: &str) -> Vec<String> {
    site.app.db(|c| {
        assert!(matches!(verified(c)?, Verdict::Whole { .. }));
        Ok(audit_entries::table
            .filter(audit_entries::action.eq(action))
            .select(audit_entries::details)
            .order(audit_entries::seq)
            .load(c)?)
    })
}

/// Seals what is written, and says whether the chain holds: nothing is proved of what is not sealed.
pub fn verified(c: &mut Conn) -> Result<Verdict> {
    locks::begin();
    audit::seal_all(c)?;
    let verdict = audit::verify(c)?;
    let is_all = matches!(
        verdict,
        Verdict::Whole { unsealed: 0, .. } | Verdict::Broken { .. }
    );
    assert!(is_all, "{verdict:?}");
    Ok(verdict)
}

/// Waits for a future. Tests are plain functions; what is asynchronous below them stays below.
pub fn block_on<F: Future>(future: F) -> F::Output {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    });
    RUNTIME.block_on(future)
}

/// A time from its RFC 3339 text.
pub fn at(text: &str) -> UtcTime {
    UtcTime::from(text.parse::<jiff::Timestamp>().unwrap())
}

/// Runs `f` on `threads` threads that begin together, and gives back what each returned.
pub fn at_once<T: Send>(threads: usize, f: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = std::sync::Barrier::new(threads);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads)
            .map(|n| {
                let (f, start) = (&f, &start);
                scope.spawn(move || {
                    start.wait();
                    f(n)
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    })
}
