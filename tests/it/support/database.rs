//! The database a run is on, and a fresh one for each test.

use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use checkride::db::{Conn, Purpose, Target, conn, migrate};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Takes a database back to the schema of the first release.
pub fn back_to_first(c: &mut Conn) {
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let count = "SELECT COUNT(*) AS count FROM __diesel_schema_migrations";
    let applied = |c: &mut Conn| {
        diesel::sql_query(count)
            .get_result::<Applied>(c)
            .unwrap()
            .count
    };
    while applied(c) > 1 {
        match c {
            Conn::Sqlite(s) => s.revert_last_migration(SQLITE).map(|_| ()).unwrap(),
            Conn::Pg(p) => p.revert_last_migration(POSTGRES).map(|_| ()).unwrap(),
        }
    }
}

/// Brings it to the schema of this release.
pub fn forward(c: &mut Conn) {
    match c {
        Conn::Sqlite(s) => s.run_pending_migrations(SQLITE).map(|_| ()).unwrap(),
        Conn::Pg(p) => p.run_pending_migrations(POSTGRES).map(|_| ()).unwrap(),
    }
}

/// Which database the run is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

impl On {
    /// What `CHECKRIDE_TEST_ON` says: `sqlite`, also when it is not set, or `postgres`.
    pub fn this_run() -> Self {
        match std::env::var("CHECKRIDE_TEST_ON").as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("CHECKRIDE_TEST_ON is `{other}`: it can be sqlite or postgres"),
        }
    }
}

/// A database of one test. It is gone when this is dropped.
#[derive(Debug)]
pub struct Database {
    pub target: Target,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    /// Taken away with all that is in it.
    Folder {
        _folder: TempDir,
    },
    Server {
        name: String,
    },
}

impl Database {
    /// One with this version's schema, copied from a template that was migrated once.
    pub fn migrated() -> Self {
        match On::this_run() {
            On::Sqlite => Self::sqlite(Some(&SQLITE_TEMPLATE)),
            On::Postgres => Self::postgres(&POSTGRES_COPY),
        }
    }

    /// One with nothing in it.
    pub fn empty() -> Self {
        match On::this_run() {
            On::Sqlite => Self::sqlite(None),
            On::Postgres => Self::postgres(""),
        }
    }

    /// An embedded one, whatever the run is on.
    pub fn sqlite(content: Option<&[u8]>) -> Self {
        let folder = TempDir::with_prefix("checkride-test-").unwrap();
        let file = folder.path().join("checkride.db");
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        Self {
            target: Target::Sqlite(file),
            kept: Kept::Folder { _folder: folder },
        }
    }

    fn postgres(like: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "checkride_test_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        server()
            .batch_execute(&format!("CREATE DATABASE {name} {like}"))
            .unwrap();
        Self {
            target: Target::Postgres(server_url(Some(&name))),
            kept: Kept::Server { name },
        }
    }

    /// Its address, as a user would write it.
    pub fn url(&self) -> String {
        match &self.target {
            Target::Sqlite(file) => format!("sqlite://{}", file.display()),
            Target::Postgres(url) => url.clone(),
        }
    }

    /// A connection of its own.
    pub fn connect(&self) -> Conn {
        Conn::open(&self.target, Purpose::Write).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Kept::Server { name } = &self.kept {
            let gone = server().batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
            if let Err(e) = gone {
                eprintln!("could not drop {name}: {e}");
            }
        }
    }
}

/// A migrated file, made once a run.
static SQLITE_TEMPLATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = TempDir::with_prefix("checkride-template-").unwrap();
    let file = folder.path().join("template.db");
    let target = Target::Sqlite(file.clone());
    migrate::run(&target).unwrap();
    conn::checkpoint(&mut Conn::open(&target, Purpose::Write).unwrap()).unwrap();
    std::fs::read(file).unwrap()
});

/// The name of a migrated database on the server, made once for these migrations. Two runs that share a server wait
/// for each other; one that was killed half-way leaves nothing that is taken for whole.
static POSTGRES_TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Text)]
        datname: String,
    }
    let name = format!(
        "checkride_template_{}",
        hash_of(Path::new("migrations/postgres"))
    );
    let mut server = server();
    server
        .batch_execute("SELECT pg_advisory_lock(20261122)")
        .unwrap();
    let found: Vec<Found> =
        diesel::sql_query("SELECT datname::text AS datname FROM pg_database WHERE datname = $1")
            .bind::<Text, _>(&name)
            .load(&mut server)
            .unwrap();
    if found.iter().all(|f| f.datname != name) {
        let unfinished = format!("{name}_unfinished");
        server
            .batch_execute(&format!(
                "DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"
            ))
            .unwrap();
        server
            .batch_execute(&format!("CREATE DATABASE {unfinished}"))
            .unwrap();
        migrate::run(&Target::Postgres(server_url(Some(&unfinished)))).unwrap();
        server
            .batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {name}"))
            .unwrap();
    }
    server
        .batch_execute("SELECT pg_advisory_unlock(20261122)")
        .unwrap();
    name
});

/// How a database is copied from it. Copying its files takes half of the time of writing every page to the log; before
/// version 15 it is the only way, and has no name.
static POSTGRES_COPY: LazyLock<String> = LazyLock::new(|| {
    #[derive(QueryableByName)]
    struct Known {
        #[diesel(sql_type = Bool)]
        known: bool,
    }
    let asked = "SELECT current_setting('server_version_num')::integer >= 150000 AS known";
    let version: Known = diesel::sql_query(asked).get_result(&mut server()).unwrap();
    let by_files = if version.known {
        "STRATEGY file_copy"
    } else {
        ""
    };
    format!("TEMPLATE {} {by_files}", *POSTGRES_TEMPLATE)
});

fn hash_of(folder: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .collect();
    files.sort();
    let mut all = Sha256::new();
    for file in files {
        all.update(std::fs::read(file).unwrap());
    }
    hex::encode(all.finalize())[..12].to_owned()
}

/// A connection to the server itself, to make and drop databases.
fn server() -> PgConnection {
    let url = server_url(None);
    let mut server =
        PgConnection::establish(&url).unwrap_or_else(|e| panic!("PostgreSQL at {url}: {e}"));
    server
        .batch_execute("SET client_min_messages = warning")
        .unwrap();
    server
}

/// The server's address, or that of a database on it.
fn server_url(database: Option<&str>) -> String {
    let url = std::env::var("CHECKRIDE_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "CHECKRIDE_TEST_ON is postgres, but CHECKRIDE_TEST_POSTGRES names no server. Run scripts/test, which \
             starts one, or set it to postgres://user@127.0.0.1:5432/postgres"
        )
    });
    let Some(database) = database else { return url };
    let (address, options) = url
        .split_once('?')
        .map_or((url.as_str(), String::new()), |(a, o)| (a, format!("?{o}")));
    let (address, _) = address
        .rsplit_once('/')
        .filter(|(address, _)| !address.ends_with('/'))
        .unwrap_or_else(|| {
            panic!("CHECKRIDE_TEST_POSTGRES names no database: end it with /postgres")
        });
    format!("{address}/{database}{options}")
}
