//! Words by which rows are found, on both databases. The app folds and splits them; they hold letters, digits and marks
//! alone, so nothing that people type is syntax of a database.

use std::collections::BTreeMap;
use std::fmt::Write;
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
use diesel::sql_types::{BigInt, Bool, Double, HasSqlType, Text};
use diesel::sqlite::Sqlite;

use super::conn::{Conn, MultiBackend};
use super::schema::search_words;
use crate::error::Result;

/// The highest position of a word that PostgreSQL keeps.
const LAST: usize = 16_383;
/// Bytes of words that are kept of a text; PostgreSQL takes a megabyte of them with their places.
const MOST_BYTES: usize = 300_000;

/// Adds the words of a row that has none.
pub fn add(c: &mut Conn, id: i64, title: &[String], rest: &[String]) -> Result<()> {
    match c {
        Conn::Sqlite(s) => {
            diesel::sql_query("INSERT INTO search_words (rowid, title, rest) VALUES (?, ?, ?)")
                .bind::<BigInt, _>(id)
                .bind::<Text, _>(joined(title))
                .bind::<Text, _>(joined(rest))
                .execute(s)?;
        }
        Conn::Pg(p) => {
            diesel::sql_query(
                "INSERT INTO search_words (rowid, words) VALUES ($1, CAST($2 AS tsvector))",
            )
            .bind::<BigInt, _>(id)
            .bind::<Text, _>(vector(title, rest))
            .execute(p)?;
        }
    }
    Ok(())
}

/// Removes the words of a row.
pub fn remove(c: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(search_words::table.find(id)).execute(c)?;
    Ok(())
}

/// Removes all words.
pub fn clear(c: &mut Conn) -> Result<()> {
    match c {
        // Not `DELETE`: a table that keeps no text would have to be told of every word.
        Conn::Sqlite(s) => {
            diesel::sql_query("INSERT INTO search_words (search_words) VALUES ('delete-all')")
                .execute(s)?;
        }
        Conn::Pg(p) => {
            diesel::sql_query("DELETE FROM search_words").execute(p)?;
        }
    }
    Ok(())
}

/// As many words as fit.
fn within(words: &[String]) -> impl Iterator<Item = &String> {
    let mut bytes = 0;
    words.iter().take_while(move |word| {
        bytes += word.len() + 1;
        bytes <= MOST_BYTES
    })
}

fn joined(words: &[String]) -> String {
    let words: Vec<&str> = within(words).map(String::as_str).collect();
    words.join(" ")
}

/// The text of a `tsvector`: each word with its places, those of the title marked `A`.
fn vector(title: &[String], rest: &[String]) -> String {
    let mut places: BTreeMap<&str, String> = BTreeMap::new();
    let marked = within(title).map(|word| (word, "A"));
    let all = marked.chain(within(rest).map(|word| (word, "")));
    for (n, (word, mark)) in all.enumerate() {
        let of_word = places.entry(word).or_default();
        let comma = if of_word.is_empty() { "" } else { "," };
        // Writing into a text cannot fail.
        let _ = write!(of_word, "{comma}{}{mark}", LAST.min(n + 1));
    }
    let words = places.iter().map(|(word, at)| format!("'{word}':{at}"));
    words.collect::<Vec<_>>().join(" ")
}

/// What is asked of the words of a row, in the words of each database.
#[derive(Debug, Clone)]
pub struct Asked<ST> {
    lite: Sql,
    pg: Sql,
    of: PhantomData<ST>,
}

/// SQL around a bound text, if there is one.
#[derive(Debug, Clone)]
struct Sql {
    before: &'static str,
    bound: Option<String>,
    after: &'static str,
}

/// Whether a row of `search_words` has all of these words, each as the beginning of one. At least one is needed.
pub fn matches(words: &[String]) -> Asked<Bool> {
    let all = words.iter().map(|word| format!("\"{word}\"*"));
    Asked {
        lite: Sql {
            before: "search_words MATCH ",
            bound: Some(all.collect::<Vec<_>>().join(" ")),
            after: "",
        },
        pg: Sql {
            before: "search_words.words @@ CAST(",
            bound: Some(query(words)),
            after: " AS tsquery)",
        },
        of: PhantomData,
    }
}

/// How well a row that [`matches`] fits; the best is the lowest. The databases weigh differently, but both count a word of
/// the title ten times.
pub fn rank(words: &[String]) -> Asked<Double> {
    Asked {
        lite: Sql {
            before: "bm25(search_words, 10.0, 1.0)",
            bound: None,
            after: "",
        },
        pg: Sql {
            before: "-ts_rank(search_words.words, CAST(",
            bound: Some(query(words)),
            after: " AS tsquery))",
        },
        of: PhantomData,
    }
}

/// The text of a `tsquery`.
fn query(words: &[String]) -> String {
    let all = words.iter().map(|word| format!("'{word}':*"));
    all.collect::<Vec<_>>().join(" & ")
}

impl Sql {
    fn walk<'b, DB>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text>,
        String: ToSql<Text, DB>,
    {
        pass.push_sql(self.before);
        if let Some(text) = &self.bound {
            pass.push_bind_param::<Text, _>(text)?;
        }
        pass.push_sql(self.after);
        Ok(())
    }
}

impl<ST> QueryId for Asked<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<ST: TypedExpressionType> Expression for Asked<ST> {
    type SqlType = ST;
}
impl<ST, T> AppearsOnTable<T> for Asked<ST> where Self: Expression {}
impl<ST, T> SelectableExpression<T> for Asked<ST> where Self: Expression {}
impl<ST, G> ValidGrouping<G> for Asked<ST> {
    type IsAggregate = is_aggregate::Never;
}
impl<ST> QueryFragment<Pg> for Asked<ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.pg.walk(pass)
    }
}
impl<ST> QueryFragment<Sqlite> for Asked<ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.lite.walk(pass)
    }
}
impl<ST> QueryFragment<MultiBackend> for Asked<ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_names_each_word_once_with_its_places() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            vector(&words("cdn purge"), &words("the cdn")),
            "'cdn':1A,4 'purge':2A 'the':3"
        );
    }
}
