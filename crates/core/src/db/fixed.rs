//! Our own SQL as an expression, for what the query builder cannot say.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping,
    is_aggregate,
};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Date, HasSqlType};
use diesel::sqlite::Sqlite;

use super::conn::MultiBackend;
use super::types::Day;

/// An expression of type `ST`. Unlike with diesel's `sql`, its statement is prepared once and kept where its text is always
/// the same.
#[derive(Debug, Clone)]
pub struct Fixed<ST> {
    before: String,
    day: Option<Day>,
    after: String,
    is_kept: bool,
    of: PhantomData<ST>,
}

pub fn fixed<ST>(text: impl Into<String>) -> Fixed<ST> {
    Fixed {
        before: text.into(),
        day: None,
        after: String::new(),
        is_kept: true,
        of: PhantomData,
    }
}

/// A text with the number of a person or a row in it. A connection keeps statements without a bound, so one for each
/// number would fill the memory: it is prepared each time.
pub fn varying<ST>(text: impl Into<String>) -> Fixed<ST> {
    Fixed {
        is_kept: false,
        ..fixed(text)
    }
}

impl<ST> Fixed<ST> {
    /// The same, with a bound day and more text after it.
    pub fn on(self, day: Day, after: impl Into<String>) -> Self {
        Self {
            day: Some(day),
            after: after.into(),
            ..self
        }
    }

    fn walk<'b, DB>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Date>,
        Day: ToSql<Date, DB>,
    {
        if !self.is_kept {
            pass.unsafe_to_cache_prepared();
        }
        pass.push_sql(&self.before);
        if let Some(day) = &self.day {
            pass.push_bind_param::<Date, _>(day)?;
        }
        pass.push_sql(&self.after);
        Ok(())
    }
}

/// Two of one type can have different texts, so the text identifies the statement.
impl<ST> QueryId for Fixed<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<ST: TypedExpressionType> Expression for Fixed<ST> {
    type SqlType = ST;
}
impl<ST, T> AppearsOnTable<T> for Fixed<ST> where Self: Expression {}
impl<ST, T> SelectableExpression<T> for Fixed<ST> where Self: Expression {}
impl<ST, G> ValidGrouping<G> for Fixed<ST> {
    type IsAggregate = is_aggregate::Never;
}
impl<ST> QueryFragment<Pg> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(pass)
    }
}
impl<ST> QueryFragment<Sqlite> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(pass)
    }
}
impl<ST> QueryFragment<MultiBackend> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}
