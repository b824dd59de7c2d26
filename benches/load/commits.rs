//! Bare durable commits: one row, one transaction, safe against a power cut. No write can be faster.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::Result;

const ROW: &str =
    "INSERT INTO bare_commits (words) VALUES ('Walked through the failed deploy of last week.')";

/// Commits a second of the one writer that SQLite has, on the disk the database is on.
pub fn sqlite(beside: &Path, time: Duration) -> Result<f64> {
    let file = beside.with_extension("bare");
    let mut c = SqliteConnection::establish(&file.to_string_lossy())?;
    c.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS bare_commits (id INTEGER PRIMARY KEY, words TEXT NOT NULL)",
    )?;
    let (began, mut commits) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        c.batch_execute("BEGIN IMMEDIATE")?;
        diesel::sql_query(ROW).execute(&mut c)?;
        c.batch_execute("COMMIT")?;
        commits += 1;
    }
    Ok(f64::from(commits) / began.elapsed().as_secs_f64())
}

/// Commits a second of one connection to PostgreSQL. More connections share a flush.
pub fn postgres(url: &str, time: Duration) -> Result<f64> {
    let mut c = PgConnection::establish(url)?;
    c.batch_execute(
        "SET client_min_messages = warning;
         CREATE TABLE IF NOT EXISTS bare_commits (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words TEXT NOT NULL)",
    )?;
    let (began, mut commits) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        c.batch_execute("BEGIN")?;
        diesel::sql_query(ROW).execute(&mut c)?;
        c.batch_execute("COMMIT")?;
        commits += 1;
    }
    Ok(f64::from(commits) / began.elapsed().as_secs_f64())
}
