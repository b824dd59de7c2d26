//! Counts the SQL statements of a request, on the same server inside this process.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::{self, JoinHandle};

use actix_web::dev::ServerHandle;
use checkride::app::App;
use checkride::clock::Clock;
use checkride::db::{Db, Target};
use checkride::domain::auth::password::{Cost, Hasher};
use checkride::mail::{Mail, Plan};
use checkride::server::{self, Listener};
use checkride::web::guard::Rules;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use crate::Result;
use crate::http::{Connection, Visitor};
use crate::organisation::PASSWORD;

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Every statement but those that begin and end a transaction, or ask whether anything was committed.
fn counter() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let frame = ["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"];
            let is_version = text.contains("pg_current_snapshot");
            if !is_version && !frame.iter().any(|word| text.starts_with(word)) {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
        }
    }))
}

/// A server whose connections are counted on.
pub struct Counting {
    address: SocketAddr,
    stop: Option<(ServerHandle, JoinHandle<checkride::error::Result<()>>)>,
}

impl Counting {
    /// Starts it.
    pub fn start(target: &Target) -> Result<Self> {
        set_default_instrumentation(counter)?;
        let db = Db::open(target);
        set_default_instrumentation(|| None)?;
        let kept =
            Plan::read(None, None, None, &std::env::temp_dir()).map_err(|(_, reason)| reason)?;
        let app = App {
            db: db?,
            clock: Clock::system(),
            hasher: Hasher::start(Cost::Owasp)?,
            texts: Default::default(),
            mail: Mail::new(&kept, "")?,
            rules: Rules::default(),
            outgoing: Default::default(),
            demo_sign_ins: Vec::new(),
            computing: Default::default(),
            metrics_token: None,
        };
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (tell, told) = sync_channel(1);
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = server::serve(&app, Listener::Tcp(listener))?;
                drop(tell.send(server.handle()));
                server.await.map_err(checkride::error::Error::fault)
            })
        });
        Ok(Self {
            address,
            stop: Some((told.recv()?, thread)),
        })
    }

    /// Statements of the second of two such requests.
    pub async fn of(&self, email: &str, request: impl Fn(&Visitor) -> Vec<u8>) -> Result<u64> {
        let visitor = Visitor::sign_in(self.address, email, PASSWORD).await?;
        let mut connection = Connection::open(self.address).await?;
        connection.ask(&request(&visitor)).await?;
        let before = STATEMENTS.load(Ordering::Relaxed);
        let status = connection.ask(&request(&visitor)).await?;
        if status >= 400 {
            return Err(format!("the request was answered {status}").into());
        }
        Ok(STATEMENTS.load(Ordering::Relaxed) - before)
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        if let Some((handle, thread)) = self.stop.take() {
            drop(handle.stop(false));
            drop(thread.join());
        }
    }
}
