//! The connection to either database, and every statement that differs between them.

use diesel::connection::{
    AnsiTransactionManager, Connection, SimpleConnection, TransactionManager,
};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamp};
use diesel::sqlite::SqliteConnection;

use super::fixed::{Fixed, fixed};
use super::health::DAMAGED;
use super::target::Target;
use super::types::UtcTime;
use super::{locks, past};
use crate::error::{Error, Result, is_in_the_way};

/// How long a request waits for another's lock; on SQLite the busy timeout does this.
const BOUNDED_WAIT: &str = "SET lock_timeout = '3s'";
/// What a server that fell silent costs at most, where the URL says nothing else. Connecting ends after seconds, and the
/// kernel gives up a connection whose other end is gone.
const WITHOUT_ANSWER: [(&str, &str); 5] = [
    ("connect_timeout", "5"),
    ("tcp_user_timeout", "10000"),
    ("keepalives_idle", "15"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "2"),
];

/// A connection to either database; queries are written once against it.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Pg(PgConnection),
    Sqlite(SqliteConnection),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reads only; a write on it fails at once.
    Read,
    Write,
    /// Reads what was known at a moment; see [`super::past`].
    Past,
}

impl Conn {
    ///
    /// Errors: [`Error::Fault`] with the database's own message.
    pub fn open(target: &Target, purpose: Purpose) -> Result<Self> {
        let mut opened = match target {
            Target::Postgres(url) => {
                let mut pg = PgConnection::establish(&impatient(url))
                    .map_err(|e| Error::fault(format!("PostgreSQL: {e}")))?;
                // Statements are short, and the planner thinks that some are expensive: compiling them took two seconds
                // where they took twenty milliseconds.
                pg.batch_execute(
                    "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'; SET client_min_messages = warning; SET jit = off",
                )?;
                pg.batch_execute(BOUNDED_WAIT)?;
                Self::Pg(pg)
            }
            Target::Sqlite(path) => {
                let name = path
                    .to_str()
                    .ok_or_else(|| Error::fault("the database path is not UTF-8"))?;
                let mut lite = SqliteConnection::establish(&file(name, purpose))
                    .map_err(|e| Error::fault(format!("SQLite {}: {e}", path.display())))?;
                lite.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA journal_size_limit = 67108864;",
                )?;
                use_wal(&mut lite)?;
                if purpose == Purpose::Read {
                    lite.batch_execute("PRAGMA query_only = ON")?;
                }
                Self::Sqlite(lite)
            }
        };
        if purpose == Purpose::Past {
            past::set_up(&mut opened)?;
        }
        Ok(opened)
    }

    /// The same for requests, whose statements end when nobody waits for them any more.
    pub(super) fn open_within(target: &Target, purpose: Purpose) -> Result<Self> {
        let mut opened = Self::open(target, purpose)?;
        if let Self::Pg(p) = &mut opened {
            p.batch_execute(
                "SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'",
            )?;
        }
        Ok(opened)
    }
}

fn impatient(url: &str) -> String {
    let mut full = url.to_owned();
    let (_, options) = url.split_once('?').unwrap_or((url, ""));
    for (name, value) in WITHOUT_ANSWER {
        let mut given = options.split('&').map(|o| o.split('=').next());
        if !given.any(|n| n == Some(name)) {
            let before = if full.contains('?') { '&' } else { '?' };
            full.push_str(&format!("{before}{name}={value}"));
        }
    }
    full
}

/// The file as SQLite opens it. A connection of a past day writes its moment into a table of its own, so it may write, but
/// not into the file: `query_only`, turned off and on for that, would have every statement compiled anew.
fn file(name: &str, purpose: Purpose) -> String {
    match purpose {
        Purpose::Read | Purpose::Write => name.to_owned(),
        Purpose::Past => {
            let name = name
                .replace('%', "%25")
                .replace('?', "%3f")
                .replace('#', "%23");
            format!("file:{name}?mode=ro")
        }
    }
}

type Tm = <Conn as Connection>::TransactionManager;

/// Switches to the write-ahead log. A file that already has one answers at once. On a new file, two processes that
/// start at the same moment block each other, and the busy timeout does not cover this switch.
fn use_wal(lite: &mut SqliteConnection) -> Result<()> {
    const TRIES: u32 = 100;
    for _ in 1..TRIES {
        if lite.batch_execute("PRAGMA journal_mode = WAL").is_ok() {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    Ok(lite.batch_execute("PRAGMA journal_mode = WAL")?)
}

/// Begins a transaction with what `purpose` needs: one snapshot to read, the write lock to write.
///
/// Errors: A database fault; then it is best to open a new connection.
pub fn begin(c: &mut Conn, purpose: Purpose) -> Result<()> {
    locks::begin();
    match (c, purpose) {
        (Conn::Sqlite(s), Purpose::Write) => {
            AnsiTransactionManager::begin_transaction_sql(s, "BEGIN IMMEDIATE")?
        }
        (Conn::Sqlite(s), Purpose::Read | Purpose::Past) => {
            AnsiTransactionManager::begin_transaction_sql(s, "BEGIN")?
        }
        (Conn::Pg(p), Purpose::Write) => AnsiTransactionManager::begin_transaction_sql(p, "BEGIN")?,
        (Conn::Pg(p), Purpose::Read | Purpose::Past) => {
            AnsiTransactionManager::begin_transaction_sql(
                p,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )?;
        }
    }
    Ok(())
}

/// Every read of this transaction sees one snapshot, on PostgreSQL too; to be said before its first statement. What it changes
/// must not have been changed since: then it fails, and can be begun again.
pub fn one_snapshot(c: &mut Conn) -> Result<()> {
    if let Conn::Pg(p) = c {
        p.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
    }
    Ok(())
}

/// Ends the transaction. `keep` says whether its changes are stored or undone.
///
/// Errors: [`Error::Unknown`] when the answer to a commit was lost, so that nobody knows whether it is stored.
pub fn end(c: &mut Conn, keep: bool) -> Result<()> {
    if !keep {
        return Ok(Tm::rollback_transaction(c)?);
    }
    Tm::commit_transaction(c).map_err(|e| not_committed(matches!(c, Conn::Pg(_)), e))
}

/// What a commit that failed says about what was stored.
fn not_committed(is_pg: bool, e: diesel::result::Error) -> Error {
    use diesel::result::{DatabaseErrorKind as Kind, Error as E};
    let e = match e {
        // That it could not be undone follows from what is wrong.
        E::RollbackErrorOnCommit { commit_error, .. } => *commit_error,
        other => other,
    };
    match &e {
        E::DatabaseError(kind, info) => {
            let is_answered = match kind {
                Kind::Unknown | Kind::ClosedConnection | Kind::UnableToSendCommand => {
                    // The embedded database knows, unless the disk itself did not answer.
                    !is_pg && !info.message().contains("I/O")
                }
                _ => true,
            };
            if is_answered || is_in_the_way(kind, info.message()) {
                e.into()
            } else {
                Error::Unknown(format!("database: {}", info.message()))
            }
        }
        // It was never sent.
        E::BrokenTransactionManager | E::NotInTransaction => {
            Error::Away("database: the connection was lost before the commit".into())
        }
        _ => e.into(),
    }
}

/// Runs `f` inside a transaction that others share. When `f` returns false, only its own changes are undone.
///
/// Errors: A database fault; then the state of the whole transaction is unknown.
pub fn savepoint(c: &mut Conn, f: impl FnOnce(&mut Conn) -> bool) -> Result<()> {
    Tm::begin_transaction(c)?;
    locks::begin();
    if f(c) {
        Tm::commit_transaction(c)?;
    } else {
        Tm::rollback_transaction(c)?;
    }
    Ok(())
}

/// Runs `f` in its own transaction: success is committed, an error undoes everything.
pub fn transaction<T>(
    c: &mut Conn,
    purpose: Purpose,
    f: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<T> {
    begin(c, purpose)?;
    let outcome = f(c);
    let ended = end(c, outcome.is_ok());
    // Why it failed is the answer, whatever became of the transaction then.
    outcome.and_then(|value| ended.map(|()| value))
}

/// Takes an advisory lock that lasts for the session on PostgreSQL; SQLite's write lock needs none. The wait has no
/// limit, because another process's migration takes as long as it takes.
pub fn session_lock(c: &mut Conn, key: i64) -> Result<()> {
    if let Conn::Pg(p) = c {
        p.batch_execute("SET lock_timeout = 0")?;
        diesel::sql_query("SELECT pg_advisory_lock($1)")
            .bind::<BigInt, _>(key)
            .execute(p)?;
    }
    Ok(())
}

/// Releases a [`session_lock`].
pub fn session_unlock(c: &mut Conn, key: i64) -> Result<()> {
    if let Conn::Pg(p) = c {
        diesel::sql_query("SELECT pg_advisory_unlock($1)")
            .bind::<BigInt, _>(key)
            .execute(p)?;
        p.batch_execute(BOUNDED_WAIT)?;
    }
    Ok(())
}

/// Locks rows by their numbers, in that order, until the transaction ends. On SQLite the write transaction is the lock.
pub(super) fn lock_rows(c: &mut Conn, table: &str, ids: &[i64], how: &str) -> Result<()> {
    if let Conn::Pg(p) = c
        && !ids.is_empty()
    {
        let rows = format!("SELECT 1 FROM {table} WHERE id = ANY($1) ORDER BY id FOR {how}");
        diesel::sql_query(rows)
            .bind::<Array<BigInt>, _>(ids)
            .execute(p)?;
    }
    Ok(())
}

/// Waits until no other transaction holds a lock on the same words, then holds it until this one ends. On SQLite the
/// write transaction is the lock.
pub(super) fn transaction_lock(c: &mut Conn, words: &str) -> Result<()> {
    if let Conn::Pg(p) = c {
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(words)
            .execute(p)?;
    }
    Ok(())
}

/// The same together with others who share it; it keeps out who wants to hold it alone.
pub(super) fn shared_transaction_lock(c: &mut Conn, words: &str) -> Result<()> {
    if let Conn::Pg(p) = c {
        diesel::sql_query("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))")
            .bind::<Text, _>(words)
            .execute(p)?;
    }
    Ok(())
}

/// Holds these keys until the transaction ends, one after the other in their order. On SQLite the write transaction is the
/// lock.
pub(super) fn transaction_locks(c: &mut Conn, keys: &[i64]) -> Result<()> {
    if let Conn::Pg(p) = c
        && !keys.is_empty()
    {
        diesel::sql_query(
            "SELECT pg_advisory_xact_lock(key) FROM unnest(CAST($1 AS BIGINT[])) AS key",
        )
        .bind::<Array<BigInt>, _>(keys)
        .execute(p)?;
    }
    Ok(())
}

/// The number of the next row of a table. PostgreSQL counts in a sequence named after table and column, because several
/// write at once: a number of a transaction that is undone stays unused.
pub fn next_number(c: &Conn, table: &str, column: &str) -> Fixed<BigInt> {
    fixed(match c {
        Conn::Pg(_) => format!("nextval('{table}_{column}')"),
        Conn::Sqlite(_) => format!("(SELECT COALESCE(MAX({column}), 0) + 1 FROM {table})"),
    })
}

/// Sets columns of many rows in one statement; returns how many it found. `rows` is a JSON array of objects with the key
/// and each column, and the columns come with their type in SQL.
pub fn set_many(
    c: &mut Conn,
    (table, key): (&str, &str),
    columns: &[(&str, &str)],
    rows: &str,
) -> Result<usize> {
    let is_pg = matches!(c, Conn::Pg(_));
    let value = |column: &str| match is_pg {
        true => format!("one.{column}"),
        false => format!("one.value ->> '{column}'"),
    };
    let set = columns
        .iter()
        .map(|(name, _)| format!("{name} = {}", value(name)));
    let set = set.collect::<Vec<_>>().join(", ");
    let from = match is_pg {
        true => {
            let typed = columns.iter().map(|(name, of)| format!(", {name} {of}"));
            let typed: String = typed.collect();
            format!("json_to_recordset(CAST($1 AS json)) AS one ({key} BIGINT{typed})")
        }
        false => "json_each($1) AS one".to_owned(),
    };
    let statement = format!(
        "UPDATE {table} SET {set} FROM {from} WHERE {table}.{key} = {}",
        value(key)
    );
    Ok(diesel::sql_query(statement)
        .bind::<Text, _>(rows)
        .execute(c)?)
}

/// Creates the place for the moment that a connection of a past day reads. Returns the schema of the tables and the SQL
/// that names the moment.
pub(super) fn prepare_moment(c: &mut Conn) -> Result<(String, &'static str)> {
    match c {
        Conn::Sqlite(s) => {
            s.batch_execute(
                "PRAGMA temp_store = MEMORY; CREATE TEMP TABLE moment (at TIMESTAMP NOT NULL); \
                 INSERT INTO moment VALUES ('')",
            )?;
            Ok(("main".to_owned(), "(SELECT moment.at FROM moment)"))
        }
        Conn::Pg(p) => {
            // A setting, not a table: rows of a temporary table that lives as long as the process are never frozen.
            p.batch_execute("SET checkride.moment = 'infinity'")?;
            let schema = diesel::dsl::sql::<Text>("quote_ident(current_schema())");
            let moment = "(SELECT CAST(current_setting('checkride.moment') AS TIMESTAMP))";
            Ok((diesel::select(schema).get_result(p)?, moment))
        }
    }
}

/// Sets the moment that a connection of a past day reads.
pub(super) fn set_moment(c: &mut Conn, moment: UtcTime) -> Result<()> {
    match c {
        Conn::Sqlite(s) => {
            diesel::sql_query("UPDATE moment SET at = ?")
                .bind::<Timestamp, _>(moment)
                .execute(s)?;
        }
        Conn::Pg(p) => {
            diesel::sql_query("SELECT set_config('checkride.moment', CAST($1 AS TEXT), false)")
                .bind::<Timestamp, _>(moment)
                .execute(p)?;
        }
    }
    Ok(())
}

/// Writes the log back into the database file, as far as nobody reads what is in it, and waits for nobody; does nothing
/// on PostgreSQL.
pub(super) fn write_log_back(c: &mut Conn) -> Result<()> {
    if let Conn::Sqlite(s) = c {
        s.batch_execute("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(PASSIVE)")?;
    }
    Ok(())
}

/// Writes the log back into the database file and empties it, unless somebody is reading; does nothing on PostgreSQL.
pub fn checkpoint(c: &mut Conn) -> Result<()> {
    if let Conn::Sqlite(s) = c {
        // It holds the write lock while it waits for readers, so it must not wait.
        s.batch_execute("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)")?;
    }
    Ok(())
}

/// Updates what the embedded database knows of tables that have changed much, from a sample of each; PostgreSQL does so
/// by itself.
pub fn keep_statistics(c: &mut Conn) -> Result<()> {
    if let Conn::Sqlite(s) = c {
        // All tables, not only those that this connection has asked of.
        s.batch_execute("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002")?;
    }
    Ok(())
}

/// Stores something that changes nothing, so that a database that takes no writes is noticed.
pub(super) fn try_write(c: &mut Conn) -> Result<()> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        user_version: i32,
    }
    match c {
        Conn::Sqlite(s) => {
            let Version { user_version } =
                diesel::sql_query("PRAGMA user_version").get_result(s)?;
            s.batch_execute(&format!("PRAGMA user_version = {user_version}"))?;
        }
        Conn::Pg(p) => {
            #[derive(QueryableByName)]
            struct Setting {
                #[diesel(sql_type = Text)]
                value: String,
            }
            // A standby gives no number to a transaction; a full hosted server only says that it is read-only.
            p.batch_execute("SELECT txid_current()")?;
            let sql = "SELECT current_setting('transaction_read_only') AS value";
            let Setting { value } = diesel::sql_query(sql).get_result(p)?;
            if value == "on" {
                return Err(Error::Away("the database is read-only".into()));
            }
        }
    }
    Ok(())
}

/// What two connections that see the same commits say the same of: on SQLite, at two times of the same connection alone. It
/// is asked outside a transaction, or as the first statement of one.
pub(super) fn commits_seen(c: &mut Conn) -> Result<String> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        data_version: i64,
    }
    #[derive(QueryableByName)]
    struct Snapshot {
        #[diesel(sql_type = Text)]
        seen: String,
    }
    match c {
        Conn::Sqlite(s) => {
            let Counted { data_version } =
                diesel::sql_query("PRAGMA data_version").get_result(s)?;
            Ok(data_version.to_string())
        }
        Conn::Pg(p) => {
            // A standby that takes over gives numbers again that its primary gave to transactions which are lost now.
            let sql =
                "SELECT CONCAT(pg_current_snapshot(), ' ', pg_postmaster_start_time()) AS seen";
            let Snapshot { seen } = diesel::sql_query(sql).get_result(p)?;
            Ok(seen)
        }
    }
}

/// Has a connection to an embedded database wait for nobody; does nothing on PostgreSQL.
pub(super) fn never_wait(c: &mut Conn) -> Result<()> {
    if let Conn::Sqlite(s) = c {
        s.batch_execute("PRAGMA busy_timeout = 0")?;
    }
    Ok(())
}

/// Looks for damage in the file of an embedded database; does nothing on PostgreSQL, which has its own checks.
///
/// Errors: A fault that says what is broken.
pub fn look_for_damage(c: &mut Conn) -> Result<()> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Text)]
        quick_check: String,
    }
    let Conn::Sqlite(s) = c else { return Ok(()) };
    let found: Vec<Found> = diesel::sql_query("PRAGMA quick_check(3)").load(s)?;
    let found: Vec<_> = found.into_iter().map(|f| f.quick_check).collect();
    if found.iter().all(|line| line == "ok") {
        return Ok(());
    }
    Err(damaged(&found.join("; ")))
}

/// Opens a database to look for damage in it.
///
/// Errors: A fault that says what is broken, also where it cannot even be opened or checked for that.
pub fn require_whole(target: &Target) -> Result<()> {
    let looked = Conn::open(target, Purpose::Read).and_then(|mut c| look_for_damage(&mut c));
    looked.map_err(|e| match e {
        Error::Fault(cause) if DAMAGED.iter().any(|said| cause.contains(said)) => damaged(&cause),
        other => other,
    })
}

fn damaged(found: &str) -> Error {
    Error::Fault(format!(
        "THE DATABASE IS DAMAGED: {found}. Restore a backup; docs/operations.md says how to check it."
    ))
}

/// True when `e` says that a unique constraint or index over `table` was violated.
///
/// PostgreSQL names the table; SQLite's message names `table.column`.
pub fn is_unique_violation(e: &diesel::result::Error, table: &str) -> bool {
    use diesel::result::{DatabaseErrorKind, Error as E};
    match e {
        E::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
            info.table_name() == Some(table) || info.message().contains(&format!("{table}."))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::result::{DatabaseErrorKind as Kind, Error as E};

    fn told(is_pg: bool, kind: Kind, message: &str) -> Error {
        not_committed(is_pg, E::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn a_commit_whose_answer_was_lost_is_not_called_undone() {
        let lost = "server closed the connection unexpectedly";
        let unknown = [
            told(true, Kind::ClosedConnection, lost),
            told(true, Kind::Unknown, "the database system is shutting down"),
            told(
                true,
                Kind::UnableToSendCommand,
                "no connection to the server",
            ),
            told(false, Kind::Unknown, "disk I/O error"),
            not_committed(
                true,
                E::RollbackErrorOnCommit {
                    rollback_error: Box::new(E::BrokenTransactionManager),
                    commit_error: Box::new(E::DatabaseError(
                        Kind::ClosedConnection,
                        Box::new(lost.to_owned()),
                    )),
                },
            ),
        ];
        for e in unknown {
            assert!(matches!(e, Error::Unknown(_)), "{e:?}");
        }
        let refused = [
            told(
                true,
                Kind::SerializationFailure,
                "could not serialize access",
            ),
            told(true, Kind::UniqueViolation, "duplicate key"),
            told(true, Kind::Unknown, "deadlock detected"),
            told(false, Kind::Unknown, "database or disk is full"),
            told(false, Kind::Unknown, "database is locked"),
            not_committed(true, E::BrokenTransactionManager),
        ];
        for e in refused {
            assert!(!matches!(e, Error::Unknown(_)), "{e:?}");
        }
    }

    #[test]
    fn a_server_that_fell_silent_is_given_up_where_the_url_says_nothing_else() {
        let url = impatient("postgres://u@h/d");
        assert!(
            url.starts_with("postgres://u@h/d?connect_timeout=5&"),
            "{url}"
        );
        let own = impatient("postgres://u@h/d?connect_timeout=60&sslmode=require");
        assert!(own.contains("connect_timeout=60&sslmode=require&tcp_user_timeout="));
        assert!(!own.contains("connect_timeout=5"), "{own}");
    }
}
