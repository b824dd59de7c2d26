//! The demo comes up whatever the clock of the machine shows.

use checkride::demo;

use crate::support::{Database, at};

/// Fills an empty database at each of these moments.
fn fill(moments: &[&str]) {
    for now in moments {
        let database = Database::empty();
        let filled = demo::fill(&database.target, at(now));
        let sign_ins = filled.unwrap_or_else(|e| panic!("{now}: {e}"));
        assert_eq!(sign_ins.len(), 4, "{now}");
    }
}

#[test]
fn it_comes_up_on_the_edges_of_years_and_days() {
    fill(&[
        "2027-01-01T00:00:00Z",
        "2028-02-29T12:00:00Z",
        "2026-12-31T23:59:59.999999Z",
        "2026-11-29T09:00:00Z",
    ]);
}

#[test]
fn it_comes_up_in_nights_in_which_clocks_change() {
    fill(&[
        "2027-03-14T07:00:00Z",
        "2026-10-25T01:30:00Z",
        "2027-03-28T01:00:00Z",
    ]);
}

#[test]
fn it_comes_up_years_ahead_and_years_behind() {
    fill(&[
        "2001-09-09T01:46:40Z",
        "2025-06-15T03:00:00Z",
        "2032-05-16T12:00:00Z",
        "2038-01-19T03:14:08Z",
    ]);
}
