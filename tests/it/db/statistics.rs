//! What the embedded database knows of its tables.

use checkride::db::{Purpose, conn, migrate, transaction};
use checkride::demo;

use super::lines;
use crate::support::{Database, at};

#[test]
fn the_embedded_database_counts_its_tables() {
    let database = Database::sqlite(None);
    migrate::run(&database.target).unwrap();
    demo::fill(&database.target, at("2026-11-23T09:00:00Z")).unwrap();
    let mut c = database.connect();
    transaction(&mut c, Purpose::Write, conn::keep_statistics).unwrap();
    let counted = "SELECT DISTINCT tbl AS line FROM sqlite_stat1";
    let counted = lines(&mut c, counted);
    for table in ["ramps", "assessments", "audit_entries"] {
        assert!(counted.iter().any(|name| name == table), "{counted:?}");
    }
}
