//! The real server, on a port of its own, with a clock that is turned by hand.

use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use checkride::app::App;
use checkride::clock::Clock;
use checkride::db::types::UtcTime;
use checkride::db::{Conn, Db, Purpose, transaction};
use checkride::demo;
use checkride::domain::auth::password::{Cost, Hasher};
use checkride::domain::notification;
use checkride::domain::outbox::Channel;
use checkride::domain::outbox::model::Message;
use checkride::error::Result;
use checkride::jobs::{self, Worker};
use checkride::kpis::Computing;
use checkride::mail::{Mail, Plan};
use checkride::server::{self, Listener};
use checkride::usecases::notify::rounds;
use checkride::web::guard::Rules;

use tempfile::TempDir;

use super::statements::Statements;
use super::{Client, Database, at, block_on};

/// A Monday.
const TODAY: &str = "2026-11-23T09:00:00Z";

/// A running Checkride. It stops, and its database goes, when this is dropped.
pub struct TestApp {
    /// `http://127.0.0.1:PORT`
    pub base: String,
    /// Where mails are kept.
    pub mails: TempDir,
    clock: Clock,
    pub app: App,
    server: Option<(ServerHandle, JoinHandle<()>)>,
    conn: Mutex<Conn>,
    // The last field: a database goes when nobody is connected any more.
    database: Database,
}

impl TestApp {
    /// Starts one without anybody in it, on Monday 23 November 2026, 09:00 UTC.
    pub fn start() -> Self {
        Self::start_with(|_| ())
    }

    /// Starts one whose configuration `change` has had its way with.
    pub fn start_with(change: impl FnOnce(&mut App)) -> Self {
        Self::start_on(Database::migrated(), change)
    }

    /// Starts the demo as it is on that day, with its one-click sign-ins.
    pub fn demo() -> Self {
        let database = Database::migrated();
        let sign_ins = demo::fill(&database.target, at(TODAY)).unwrap();
        Self::start_on(database, |app| app.demo_sign_ins = sign_ins)
    }

    /// Starts one without anybody in it, and counts the statements that its pages ask the database.
    pub fn counted() -> (Self, Statements) {
        let (database, statements) = (Database::migrated(), Statements::default());
        // Connections are counted by the thread that opens them; those that look back are opened when they are needed.
        let open = |app: &mut App| block_on(app.db.read_past(|_| Ok(()))).unwrap();
        let app = statements.counting(|| Self::start_on(database, open));
        statements.take();
        (app, statements)
    }

    /// The same on that database.
    pub fn start_on(database: Database, change: impl FnOnce(&mut App)) -> Self {
        let clock = Clock::manual(at(TODAY));
        let mails = TempDir::with_prefix("checkride-mail-").unwrap();
        let mut app = App {
            db: Db::open(&database.target).unwrap(),
            clock: clock.clone(),
            hasher: Hasher::start(Cost::Test).unwrap(),
            texts: Default::default(),
            mail: Mail::new(&kept_mail(mails.path()), "http://ride.example").unwrap(),
            rules: Rules::default(),
            outgoing: Default::default(),
            // Other tests may hold the processor for longer than a page waits.
            computing: Computing::default().waiting(Duration::from_secs(30)),
            metrics_token: None,
            demo_sign_ins: Vec::new(),
        };
        change(&mut app);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (tell, handle) = sync_channel(1);
        let served = app.clone();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = server::serve(&served, Listener::Tcp(listener)).unwrap();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = handle.recv().expect("the server should start");
        let conn = Mutex::new(database.connect());
        Self {
            base,
            mails,
            clock,
            app,
            server: Some((handle, thread)),
            conn,
            database,
        }
    }

    /// What the clock shows.
    pub fn now(&self) -> UtcTime {
        self.clock.now()
    }

    /// What changes with every commit.
    pub fn version(&self) -> String {
        block_on(self.app.db.version()).unwrap()
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Turns the clock on.
    pub fn wait_seconds(&self, seconds: i64) {
        self.clock.set(self.now().plus_seconds(seconds));
    }

    /// Turns the clock on.
    pub fn wait_hours(&self, hours: i64) {
        self.clock.set(self.now().plus_hours(hours));
    }

    /// Sends the mails that are due.
    pub fn send_mails(&self) {
        let worker = Worker::new(self.app.db.clone()).unwrap();
        let runtime = jobs::runtime().unwrap();
        let send = |m: &Message| jobs::send(&self.app, &runtime, m);
        while worker.pass(Channel::Mail, &self.clock, send).unwrap() > 0 {}
    }

    /// Makes the rounds until everybody was looked at.
    pub fn rounds(&self) {
        let now = self.now();
        loop {
            let due = self.db(|c| rounds::due(c, now));
            if due.is_empty() {
                return;
            }
            for round in due {
                let differs = self.app.db.read(move |c| rounds::differs(c, round, now));
                if block_on(differs).unwrap() {
                    self.db(|c| rounds::look(c, round, now));
                } else {
                    self.db(|c| notification::store::looked_for_nothing(c, &[round], now));
                }
            }
        }
    }

    /// Reads or writes behind the app's back, in one transaction.
    pub fn db<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> T {
        self.try_db(f).unwrap()
    }

    /// The same, for what may be refused.
    pub fn try_db<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        transaction(&mut conn, Purpose::Write, f)
    }

    /// Has the connection behind the app's back, outside any transaction.
    pub fn raw<T>(&self, f: impl FnOnce(&mut Conn) -> T) -> T {
        f(&mut self.conn.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A browser without anybody signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.base)
    }
}

/// Mails are kept as files there.
pub fn kept_mail(folder: &Path) -> Plan {
    Plan::read(None, None, None, folder).unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some((handle, thread)) = self.server.take() {
            drop(handle.stop(false));
            if thread.join().is_err() {
                eprintln!("the server thread panicked");
            }
        }
    }
}
