//! What happens while nobody asks for it: the database is looked after, on a thread of its own.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::App;
use crate::db::conn;
use crate::domain::{auth, notification, outbox};
use crate::error::{Error, Result};
use crate::jobs::runtime;

/// How often it looks.
pub(super) const EVERY: Duration = Duration::from_secs(10);
/// The embedded database's log is emptied at least that often, and when it has grown that large.
const CHECKPOINT: Duration = Duration::from_secs(300);
const LARGE: u64 = 16 * 1024 * 1024;
/// What nobody needs any more is deleted that often.
const SWEEP: Duration = Duration::from_secs(300);
/// The embedded database looks at its tables that often.
const STATISTICS: Duration = Duration::from_secs(24 * 3600);

/// Looks after the database again and again, until the return value is dropped.
pub(super) fn start(every: Duration, app: App) -> Result<Sender<()>> {
    let (stop, stopped) = channel();
    let runtime = runtime()?;
    thread::Builder::new()
        .name("upkeep".into())
        .spawn(move || {
            let (mut checkpoint, mut sweep) = (Due::every(CHECKPOINT), Due::every(SWEEP));
            let mut statistics = Due::every(STATISTICS);
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(every) {
                // The log hears of trouble from the database itself. Its own log is emptied even so: under load, or on a
                // full disk, it is most needed.
                let is_ready = runtime.block_on(app.db.ready()).is_ok();
                if is_ready
                    && statistics.is_due()
                    && let Err(e) = runtime.block_on(app.db.write(conn::keep_statistics))
                {
                    tracing::warn!(error = %e, "the tables could not be counted");
                }
                if (app.db.log_size() > LARGE || checkpoint.is_due())
                    && let Err(e) = app.db.checkpoint()
                {
                    tracing::warn!(error = %e, "the database's log could not be written back");
                }
                if is_ready
                    && sweep.is_due()
                    && let Err(e) = runtime.block_on(sweep_all(&app))
                {
                    tracing::warn!(error = %e, "what nobody needs could not be deleted");
                }
            }
        })
        .map_err(Error::fault)?;
    Ok(stop)
}

async fn sweep_all(app: &App) -> Result<()> {
    let swept = sweep_database(app).await;
    // One that cannot be swept keeps the other from nothing.
    if let Some(folder) = app.mail.folder()
        && let Err(e) = folder.sweep(app.clock.now())
    {
        tracing::warn!(error = %e, "kept mails that nobody needs could not be deleted");
    }
    swept
}

async fn sweep_database(app: &App) -> Result<()> {
    loop {
        let now = app.clock.now();
        let sweep = move |c: &mut _| {
            Ok(auth::store::sweep(c, now)?
                | outbox::store::sweep(c, now)?
                | notification::store::sweep(c, now)?)
        };
        if !app.db.write(sweep).await? {
            return Ok(());
        }
    }
}

/// Something that is done now and then; also the first time it is asked.
struct Due {
    every: Duration,
    last: Option<Instant>,
}

impl Due {
    fn every(every: Duration) -> Self {
        Self { every, last: None }
    }

    fn is_due(&mut self) -> bool {
        let is_due = self.last.is_none_or(|at| at.elapsed() >= self.every);
        if is_due {
            self.last = Some(Instant::now());
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::db::conn::begin;
    use crate::db::{Conn, Db, Purpose, Target};
    use crate::domain::auth::password::{Cost, Hasher};
    use crate::domain::people::Name;
    use crate::domain::people::store::team_named;
    use crate::mail::{Mail, Plan};
    use crate::web::guard::Rules;

    #[test]
    fn the_log_is_emptied_while_nothing_else_runs_and_nobody_waits_for_another_program() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("checkride.db"));
        let db = Db::open(&target).unwrap();
        let log = folder.path().join("checkride.db-wal");
        let size = || log.metadata().unwrap().len();
        let write = |name: &'static str| {
            let team = Name::parse(name).unwrap();
            let write = db.write(move |c| team_named(c, &team, Clock::system().now()));
            actix_web::rt::System::new().block_on(write).unwrap();
        };
        write("Payments");
        assert_ne!(size(), 0, "what was written is in the log");

        let mut reader = Conn::open(&target, Purpose::Read).unwrap();
        begin(&mut reader, Purpose::Read).unwrap();
        crate::domain::people::store::teams(&mut reader).unwrap();
        write("Orders");
        let began = Instant::now();
        db.checkpoint().unwrap();
        assert!(
            began.elapsed() < Duration::from_secs(4),
            "it waits for no reader"
        );
        assert_ne!(size(), 0);
        drop(reader);

        let plan = Plan::read(None, None, None, &folder.path().join("mail")).unwrap();
        let app = App {
            db: db.clone(),
            clock: Clock::system(),
            hasher: Hasher::start(Cost::Test).unwrap(),
            rules: Rules::default(),
            outgoing: Default::default(),
            computing: Default::default(),
            metrics_token: None,
            demo_sign_ins: Vec::new(),
            texts: Default::default(),
            mail: Mail::new(&plan, "").unwrap(),
        };
        let _looked_after = start(Duration::from_millis(5), app).unwrap();
        let began = Instant::now();
        while size() > 0 && began.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(size(), 0);
    }
}
