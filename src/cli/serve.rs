//! `checkride serve` and `checkride demo`.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::ServerHandle;
use tokio::signal::unix::{SignalKind, signal};

use super::log;
use super::log::Outlet;
use super::{listener, place, upkeep};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Listen};
use crate::db::{Db, Target};
use crate::demo;
use crate::domain::auth::password::{Cost, Hasher};
use crate::domain::people;
use crate::error::{Error, Result};
use crate::mail::{self, Mail};
use crate::outgoing::Outgoing;
use crate::web::guard::Rules;
use crate::{jobs, server};

pub(super) fn serve(config: &Config) -> Result<String> {
    let log = log::start(config.log_format)?;
    place::ready(&config.target)?;
    let app = App {
        db: Db::open(&config.target)?,
        clock: Clock::system(),
        hasher: Hasher::start(Cost::Owasp)?,
        texts: Default::default(),
        mail: Mail::new(&config.mail, "")?,
        rules: config.rules.clone(),
        outgoing: Outgoing::new(config.allowed_networks.clone()),
        computing: Default::default(),
        metrics_token: config.metrics_token.clone(),
        demo_sign_ins: Vec::new(),
    };
    run(app, config, &log)
}

pub(super) fn demo(config: &Config) -> Result<String> {
    let log = log::start(config.log_format)?;
    let folder = tempfile::Builder::new()
        .prefix("checkride-demo-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir()
        .map_err(Error::fault)?;
    let target = Target::Sqlite(folder.path().join("checkride.db"));
    // Nothing that the demo does reaches anyone.
    let config = Config {
        mail: mail::Plan::read(None, None, None, &folder.path().join("mail"))
            .map_err(|(_, reason)| Error::Fault(reason))?,
        ..config.clone()
    };
    let demo_sign_ins = demo::fill(&target, Clock::system().now())?;
    let app = App {
        db: Db::open(&target)?,
        clock: Clock::system(),
        hasher: Hasher::start(Cost::Owasp)?,
        texts: Default::default(),
        mail: Mail::new(&config.mail, "")?,
        rules: config.rules.clone(),
        outgoing: Outgoing::new(config.allowed_networks.clone()),
        computing: Default::default(),
        metrics_token: config.metrics_token.clone(),
        demo_sign_ins,
    };
    run(app, &config, &log)
}

fn run(app: App, config: &Config, log: &Outlet) -> Result<String> {
    let out = log::out()?;
    let (listener, place) = listener::bind(&config.listen)?;
    let base = base(&config.rules, &place.to_string());
    let app = &App {
        mail: Mail::new(&config.mail, &base)?,
        ..app
    };
    let looked_after = upkeep::start(upkeep::EVERY, app.clone())?;
    let at_work = jobs::start(jobs::EVERY, app)?;
    let ended = actix_web::rt::System::new().block_on(async {
        let server = server::serve(app, listener)?;
        obey_signals(server.handle(), at_work.stopping())?;
        out.say(&format!("Checkride is at {place}"));
        if let Some(link) = setup_link(app, &base).await? {
            out.say(&format!(
                "Nobody has an account yet. Make the first administrator at {link}"
            ));
        }
        server.await.map_err(Error::fault)
    });
    let late = at_work.stop(jobs::PATIENCE);
    if !late.is_empty() {
        let late = late.join(", ");
        tracing::warn!(
            late,
            "still at work at the end: what it does may be done again"
        );
    }
    drop(looked_after);
    seal_the_rest(app);
    if let Listen::Unix(socket) = &place
        && let Err(e) = std::fs::remove_file(socket)
    {
        tracing::warn!(error = %e, "the socket could not be removed");
    }
    // All is in the one file then, for those who copy it.
    match app.db.checkpoint() {
        Ok(()) if app.db.log_size() == 0 => {}
        Ok(()) => {
            tracing::warn!("the database is being read, so its log stays beside it: copy both")
        }
        Err(e) => tracing::warn!(error = %e, "the database's log could not be written back"),
    }
    if ended.is_ok() {
        out.say("Checkride has stopped.");
    }
    out.finish();
    log.finish();
    // All is said already, to whoever still listens.
    ended.map(|()| String::new())
}

/// Seals what is not sealed yet, where that does not take long: there may be no next start.
fn seal_the_rest(app: &App) {
    let seal = async {
        let all = async {
            while jobs::sealer::pass(&app.db).await? {}
            Ok(())
        };
        let late = |_| Error::fault("the database takes too long");
        tokio::time::timeout(jobs::PATIENCE, all)
            .await
            .map_err(late)?
    };
    let sealed = jobs::runtime().and_then(|own| own.block_on(seal));
    if let Err(e) = sealed {
        tracing::warn!(error = %e, "the audit log is sealed at the next start");
    }
}

/// Stops the server when it is told to; `stopping` says so at once. A terminal that is closed does not stop it.
fn obey_signals(server: ServerHandle, stopping: Arc<AtomicBool>) -> Result<()> {
    let on = |kind| signal(kind).map_err(Error::fault);
    let mut hangup = on(SignalKind::hangup())?;
    let (mut term, mut int) = (on(SignalKind::terminate())?, on(SignalKind::interrupt())?);
    actix_web::rt::spawn(async move { while hangup.recv().await.is_some() {} });
    actix_web::rt::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        stopping.store(true, Ordering::Relaxed);
        let stopped = server.stop(true);
        tracing::info!("stopping: requests in flight are finished first");
        stopped.await;
    });
    Ok(())
}

/// The link that makes the first administrator, while no account exists. It goes to standard output, not to the log,
/// because only the person who starts the server may use it.
async fn setup_link(app: &App, base: &str) -> Result<Option<String>> {
    if !app.db.read(people::store::is_empty).await? {
        return Ok(None);
    }
    let now = app.clock.now();
    let token = app
        .db
        .write(move |c| crate::usecases::invite::actions::offer_setup(c, now))
        .await?;
    Ok(token.map(|t| t.setup_link(base)))
}

/// The address that links name: the public one, or the one it listens on.
fn base(rules: &Rules, here: &str) -> String {
    match &rules.public_url {
        Some(url) => format!("{url}{}", rules.base_path),
        None => here.to_owned(),
    }
}
