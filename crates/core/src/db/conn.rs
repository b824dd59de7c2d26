//! The connection to either database, and every statement that differs between them.

use diesel::backend::Backend;
use diesel::connection::{
    AnsiTransactionManager, Connection, SimpleConnection, TransactionManager,
};
use diesel::expression::{AppearsOnTable, SelectableExpression, ValidGrouping};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, BigInt, Bool, HasSqlType, Text, Timestamp};
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::target::Target;
use super::types::UtcTime;
use super::{locks, past};
use crate::error::{Error, Result};

/// How long a request waits for another's lock; on SQLite the busy timeout does this.
const BOUNDED_WAIT: &str = "SET lock_timeout = '10s'";

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
                let mut pg = PgConnection::establish(url)
                    .map_err(|e| Error::fault(format!("PostgreSQL: {e}")))?;
                pg.batch_execute(
                    "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'; SET client_min_messages = warning",
                )?;
                pg.batch_execute(BOUNDED_WAIT)?;
                Self::Pg(pg)
            }
            Target::Sqlite(path) => {
                let name = path
                    .to_str()
                    .ok_or_else(|| Error::fault("the database path is not UTF-8"))?;
                let mut lite = SqliteConnection::establish(name)
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

/// Ends the transaction or savepoint that began last. `keep` says whether its changes are stored or undone.
pub fn end(c: &mut Conn, keep: bool) -> Result<()> {
    if keep {
        Tm::commit_transaction(c)?;
    } else {
        Tm::rollback_transaction(c)?;
    }
    Ok(())
}

/// Runs `f` inside a transaction that others share. When `f` returns false, only its own changes are undone.
///
/// Errors: A database fault; then the state of the whole transaction is unknown.
pub fn savepoint(c: &mut Conn, f: impl FnOnce(&mut Conn) -> bool) -> Result<()> {
    Tm::begin_transaction(c)?;
    locks::begin();
    let keep = f(c);
    end(c, keep)
}

/// Runs `f` in its own transaction: success is committed, an error undoes everything.
pub fn transaction<T>(
    c: &mut Conn,
    purpose: Purpose,
    f: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<T> {
    begin(c, purpose)?;
    let outcome = f(c);
    end(c, outcome.is_ok())?;
    outcome
}

/// A statement that both databases know and the derive does not (`on_conflict`, `union`).
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Each<Q>(pub Q);

impl<Q> QueryFragment<MultiBackend> for Each<Q>
where
    Q: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}
impl<Q: Query> Query for Each<Q> {
    type SqlType = Q::SqlType;
}
impl<Q> RunQueryDsl<Conn> for Each<Q> {}

/// Locks the rows of a query until the transaction ends; on SQLite the write transaction is the lock.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct ForUpdate<Q>(pub Q);

impl<Q> QueryFragment<MultiBackend> for ForUpdate<Q>
where
    Q: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(pass.reborrow())?;
        if let MultiBackend::Pg(_) = pass.backend() {
            // Blocks every other change of the row, but lets foreign keys be checked against it: an audit entry names
            // people and areas while it holds the chain, and those who wait for the chain may hold them.
            pass.push_sql(" FOR NO KEY UPDATE");
        }
        Ok(())
    }
}
impl<Q: Query> Query for ForUpdate<Q> {
    type SqlType = Q::SqlType;
}
impl<Q> RunQueryDsl<Conn> for ForUpdate<Q> {}

/// The same for the first table of a join, and shares the row of the second one: nobody changes that one either, but
/// others may share it.
#[derive(Debug, Clone, Copy)]
pub struct ForUpdateAndShare<Q>(pub Q, pub &'static str, pub &'static str);

impl<Q> QueryFragment<MultiBackend> for ForUpdateAndShare<Q>
where
    Q: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(pass.reborrow())?;
        if let MultiBackend::Pg(_) = pass.backend() {
            for part in [" FOR NO KEY UPDATE OF ", self.1, " FOR SHARE OF ", self.2] {
                pass.push_sql(part);
            }
        }
        Ok(())
    }
}
impl<Q> QueryId for ForUpdateAndShare<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<Q: Query> Query for ForUpdateAndShare<Q> {
    type SqlType = Q::SqlType;
}
impl<Q> RunQueryDsl<Conn> for ForUpdateAndShare<Q> {}

/// Whether a number is one of a list. The list is bound as one value, so the statement text is the same for every
/// length: it is prepared once, and stays within the limit of bound values. (`eq_any` binds each one on SQLite.)
#[derive(Debug, Clone, QueryId)]
pub struct IdIn<E> {
    column: E,
    ids: String,
}

pub fn id_in<E>(column: E, ids: &[i64]) -> IdIn<E>
where
    E: Expression<SqlType = BigInt>,
{
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    IdIn {
        column,
        ids: format!("[{}]", ids.join(",")),
    }
}

impl<E> Expression for IdIn<E> {
    type SqlType = Bool;
}
impl<E: AppearsOnTable<T>, T> AppearsOnTable<T> for IdIn<E> {}
impl<E: SelectableExpression<T>, T> SelectableExpression<T> for IdIn<E> {}
impl<E: ValidGrouping<G>, G> ValidGrouping<G> for IdIn<E> {
    type IsAggregate = E::IsAggregate;
}

impl<E> IdIn<E> {
    fn between<'b, DB>(
        &'b self,
        (before, after): (&str, &str),
        mut pass: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text>,
        E: QueryFragment<DB>,
        String: ToSql<Text, DB>,
    {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(before);
        pass.push_bind_param::<Text, _>(&self.ids)?;
        pass.push_sql(after);
        Ok(())
    }
}

impl<E: QueryFragment<Pg>> QueryFragment<Pg> for IdIn<E> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // Not `= ANY`: the planner does not know the list, so it would walk the list for every row.
        let list = (" IN (SELECT unnest(TRANSLATE(", ", '[]', '{}')::bigint[]))");
        self.between(list, pass)
    }
}
impl<E: QueryFragment<Sqlite>> QueryFragment<Sqlite> for IdIn<E> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.between((" IN (SELECT value FROM json_each(", "))"), pass)
    }
}
impl<E> QueryFragment<MultiBackend> for IdIn<E>
where
    E: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
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
            // The planner thinks that views are expensive; compiling them would be. A setting, not a table: rows of a
            // temporary table that lives as long as the process are never frozen.
            p.batch_execute("SET jit = off; SET checkride.moment = 'infinity'")?;
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
            s.batch_execute("PRAGMA query_only = OFF")?;
            let moved = diesel::sql_query("UPDATE moment SET at = ?")
                .bind::<Timestamp, _>(moment)
                .execute(s);
            s.batch_execute("PRAGMA query_only = ON")?;
            moved?;
        }
        Conn::Pg(p) => {
            diesel::sql_query("SELECT set_config('checkride.moment', CAST($1 AS TEXT), false)")
                .bind::<Timestamp, _>(moment)
                .execute(p)?;
        }
    }
    Ok(())
}

/// Writes the log back into the database file and empties it; does nothing on PostgreSQL.
pub fn checkpoint(c: &mut Conn) -> Result<()> {
    if let Conn::Sqlite(s) = c {
        s.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
    }
    Ok(())
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
