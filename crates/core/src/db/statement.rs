//! Statements that both databases know and the derive of [`Conn`] does not, and those that lock what they read.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text};
use diesel::sqlite::Sqlite;

use super::conn::{Conn, MultiBackend};

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
            // people and areas that others hold.
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

/// Locks the rows of a query that nobody else has locked, and leaves the others out. For what may as well be done later.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Unlocked<Q>(pub Q);

impl<Q> QueryFragment<MultiBackend> for Unlocked<Q>
where
    Q: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(pass.reborrow())?;
        if let MultiBackend::Pg(_) = pass.backend() {
            pass.push_sql(" FOR UPDATE SKIP LOCKED");
        }
        Ok(())
    }
}
impl<Q: Query> Query for Unlocked<Q> {
    type SqlType = Q::SqlType;
}
impl<Q> RunQueryDsl<Conn> for Unlocked<Q> {}

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
    IdIn {
        column,
        ids: listed(ids),
    }
}

fn listed(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    format!("[{}]", ids.join(","))
}

/// What is before and behind a bound list, so that it is a query. On PostgreSQL not `= ANY`: the planner does not know the
/// list, so it would walk the list for every row.
const PG_LIST: (&str, &str) = ("SELECT unnest(TRANSLATE(", ", '[]', '{}')::bigint[])");
const SQLITE_LIST: (&str, &str) = ("SELECT value FROM json_each(", ")");

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
        pass.push_sql(" IN (");
        pass.push_sql(before);
        pass.push_bind_param::<Text, _>(&self.ids)?;
        pass.push_sql(after);
        pass.push_sql(")");
        Ok(())
    }
}

impl<E: QueryFragment<Pg>> QueryFragment<Pg> for IdIn<E> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.between(PG_LIST, pass)
    }
}
impl<E: QueryFragment<Sqlite>> QueryFragment<Sqlite> for IdIn<E> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.between(SQLITE_LIST, pass)
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

/// Whether a number is one of those that a query finds, which names nothing of the row it is asked for. It is for conditions
/// joined by OR: there PostgreSQL would read the whole table for `eq_any`, where this lets it look each up by index.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct FoundBy<E, Q> {
    column: E,
    query: Q,
}

/// See [`FoundBy`].
pub fn found_by<E, Q>(column: E, query: Q) -> FoundBy<E, Q>
where
    E: Expression<SqlType = BigInt>,
    Q: Query<SqlType = BigInt>,
{
    FoundBy { column, query }
}

impl<E, Q> Expression for FoundBy<E, Q> {
    type SqlType = Bool;
}
impl<E: AppearsOnTable<T>, Q, T> AppearsOnTable<T> for FoundBy<E, Q> {}
impl<E: SelectableExpression<T>, Q, T> SelectableExpression<T> for FoundBy<E, Q> {}
impl<E: ValidGrouping<G>, Q, G> ValidGrouping<G> for FoundBy<E, Q> {
    type IsAggregate = E::IsAggregate;
}

impl<E, Q> QueryFragment<MultiBackend> for FoundBy<E, Q>
where
    E: QueryFragment<MultiBackend>,
    Q: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let (before, after) = match pass.backend() {
            MultiBackend::Pg(_) => (" = ANY(ARRAY(", "))"),
            MultiBackend::Sqlite(_) => (" IN (", ")"),
        };
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(before);
        self.query.walk_ast(pass.reborrow())?;
        pass.push_sql(after);
        Ok(())
    }
}

/// A list as a query, for [`found_by`].
#[derive(Debug, Clone, QueryId)]
pub struct Ids(String);

/// See [`Ids`].
pub fn ids(all: &[i64]) -> Ids {
    Ids(listed(all))
}

impl Query for Ids {
    type SqlType = BigInt;
}

impl QueryFragment<MultiBackend> for Ids {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let (before, after) = match pass.backend() {
            MultiBackend::Pg(_) => PG_LIST,
            MultiBackend::Sqlite(_) => SQLITE_LIST,
        };
        pass.push_sql(before);
        pass.push_bind_param::<Text, _>(&self.0)?;
        pass.push_sql(after);
        Ok(())
    }
}
