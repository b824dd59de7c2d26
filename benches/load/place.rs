//! Where the databases of a run are.

use std::path::PathBuf;
use std::time::Instant;

use checkride::clock::Clock;
use checkride::db::{Conn, Purpose, Target};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tempfile::TempDir;

use crate::Result;
use crate::organisation::{Shape, fill};
use crate::server::Postmaster;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
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

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Takes a database back to before its last migration, for a build that does not know it.
pub fn step_back(url: &str) -> Result<()> {
    match &mut Conn::open(&Target::parse(url)?, Purpose::Write)? {
        Conn::Sqlite(c) => c.revert_last_migration(SQLITE),
        Conn::Pg(c) => c.revert_last_migration(POSTGRES),
    }?;
    Ok(())
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
        self.address(shape.name)
    }

    /// The address of a copy of an organisation's database, which nobody uses yet.
    pub fn copied(&self, shape: Shape) -> Result<String> {
        let name = format!("{}_copy", shape.name);
        let url = self.made(&name, &format!(" TEMPLATE bench_{}", shape.name))?;
        if self.server.is_none() {
            std::fs::copy(self.file(shape.name), self.file(&name))?;
        }
        Ok(url)
    }

    /// Where a database of that name is; on a server it is made anew.
    fn made(&self, name: &str, how: &str) -> Result<String> {
        if let Some(server) = &self.server {
            let mut c = PgConnection::establish(server)?;
            c.batch_execute("SET client_min_messages = warning")?;
            let name = format!("bench_{name}");
            c.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
            c.batch_execute(&format!("CREATE DATABASE {name}{how}"))?;
        }
        Ok(self.address(name))
    }

    fn address(&self, name: &str) -> String {
        match &self.server {
            Some(server) => {
                let (address, _) = server.rsplit_once('/').unwrap_or((server, ""));
                format!("{address}/bench_{name}")
            }
            None => format!("sqlite://{}", self.file(name).display()),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.db"))
    }

    /// Makes the database of an organisation, with everything in it.
    pub fn filled(&self, shape: Shape) -> Result<Target> {
        let target = Target::parse(&self.made(shape.name, "")?)?;
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
