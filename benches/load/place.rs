//! Where the databases of a run are.

use std::path::PathBuf;
use std::time::Instant;

use checkride::clock::Clock;
use checkride::db::Target;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use tempfile::TempDir;

use crate::Result;
use crate::organisation::{Shape, fill};
use crate::server::Postmaster;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The embedded one.
    Sqlite,
    /// The server of `CHECKRIDE_BENCH_POSTGRES`.
    Postgres,
}

impl On {
    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A folder of SQLite files, or a PostgreSQL server.
pub struct Place {
    folder: TempDir,
    server: Option<String>,
    /// The processes of the PostgreSQL server.
    pub postmaster: Option<Postmaster>,
}

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

impl Place {
    /// Finds it. The folder is beside the build, on a disk: a memory file system has no durable commits.
    pub fn prepare(on: On) -> Result<Self> {
        let beside = std::env::current_exe()?;
        let beside = beside.parent().ok_or("the program is nowhere")?;
        let mut place = Self {
            folder: TempDir::with_prefix_in("bench-", beside)?,
            server: None,
            postmaster: None,
        };
        if on == On::Postgres {
            let url = std::env::var("CHECKRIDE_BENCH_POSTGRES").map_err(
                |_| "CHECKRIDE_BENCH_POSTGRES names no server; scripts/bench starts one",
            )?;
            let mut c = PgConnection::establish(&url)?;
            let backend: Backend =
                diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(&mut c)?;
            place.postmaster = Some(Postmaster::of_backend(u32::try_from(backend.pid)?)?);
            place.server = Some(url);
        }
        Ok(place)
    }

    /// The address of an organisation's database.
    pub fn url(&self, shape: Shape) -> String {
        match &self.server {
            Some(server) => {
                let (address, _) = server.rsplit_once('/').unwrap_or((server, ""));
                format!("{address}/bench_{}", shape.name)
            }
            None => format!("sqlite://{}", self.file(shape).display()),
        }
    }

    fn file(&self, shape: Shape) -> PathBuf {
        self.folder.path().join(format!("{}.db", shape.name))
    }

    /// Makes the database of an organisation, with everything in it.
    pub fn filled(&self, shape: Shape) -> Result<Target> {
        let target = Target::parse(&self.url(shape))?;
        if let Some(server) = &self.server {
            let mut c = PgConnection::establish(server)?;
            c.batch_execute("SET client_min_messages = warning")?;
            let name = format!("bench_{}", shape.name);
            c.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
            c.batch_execute(&format!("CREATE DATABASE {name}"))?;
        }
        let began = Instant::now();
        fill(&target, shape, Clock::system().now())?;
        let seconds = began.elapsed().as_secs_f64();
        eprintln!(
            "{} people by {} areas: {seconds:.1} s",
            shape.people, shape.areas
        );
        Ok(target)
    }
}
