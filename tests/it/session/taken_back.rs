//! What is open to do after records were corrected and taken back: exactly what the records that stand did not tick off.

use std::collections::BTreeSet;

use checkride::domain::session::next::NextWords;
use checkride::domain::session::next::store::of_sessions;
use checkride::domain::session::{Minutes, NewSession, SessionKind, Summary};
use checkride::usecases::session::actions::record;
use checkride::usecases::session::amend;
use checkride::usecases::session::next::tick;
use checkride::words::Words;

use crate::support::{Role, Site};

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A session that ticks off these, and leaves those to do; a line each.
    Record(&'static str, &'static str),
    /// The record of that number is told again, leaving those to do.
    Correct(usize, &'static str),
    /// The record of that number is taken back.
    Undo(usize),
    /// Somebody ticks it off by itself.
    Tick(&'static str),
    /// Somebody opens again what that record left to do.
    Reopen(usize, &'static str),
}

/// The story so far: the rows of its records, in the order they were made.
struct Story {
    site: Site,
    records: Vec<i64>,
}

impl Story {
    fn new() -> Self {
        let site = Site::open();
        site.app.wait_hours(3);
        Self {
            site,
            records: Vec::new(),
        }
    }

    fn told(&self, next: &str, done: BTreeSet<i64>) -> NewSession {
        NewSession {
            kind: SessionKind::Lab,
            starts_at: self.site.app.now().plus_seconds(-1800),
            minutes: Minutes::USUAL,
            summary: Summary::parse("Drained a zone").unwrap(),
            next_actions: NextWords::lines(next).unwrap(),
            done,
            plan_id: None,
            postmortem_id: None,
            another: true,
            observations: Default::default(),
        }
    }

    /// What is open, in words, with rows.
    fn open(&self) -> Vec<(String, i64)> {
        let actions = self.site.dossier().next_actions;
        actions.into_iter().map(|a| (a.body, a.id)).collect()
    }

    fn take(&mut self, step: Step) {
        self.site.app.wait_seconds(20);
        let (act, ramp) = (self.site.act(Role::Mentor), self.site.ramp_id);
        let open = self.open();
        match step {
            Step::Record(done, next) => {
                let done = done.lines().map(|words| row(&open, words)).collect();
                let new = self.told(next, done);
                let made = self.site.app.db(|c| record(c, &act, ramp, &new));
                self.records.push(made.id);
            }
            Step::Correct(n, next) => {
                let (id, new) = (self.records[n], self.told(next, BTreeSet::new()));
                let words = Words::default();
                let made = self
                    .site
                    .app
                    .db(|c| amend::correct(c, &act, id, &new, &words));
                self.records.push(made);
            }
            Step::Undo(n) => {
                let id = self.records[n];
                self.site.app.db(|c| amend::undo(c, &act, id));
            }
            Step::Tick(words) => {
                let id = row(&open, words);
                self.site.app.db(|c| tick(c, &act, ramp, id, true));
            }
            Step::Reopen(n, words) => {
                let id = self.records[n];
                let left = self.site.app.db(|c| of_sessions(c, &[id]));
                let action = left.iter().find(|a| a.body == words).unwrap().id;
                self.site.app.db(|c| tick(c, &act, ramp, action, false));
            }
        }
    }
}

fn row(open: &[(String, i64)], words: &str) -> i64 {
    let found = open.iter().find(|(body, _)| body == words);
    found.unwrap_or_else(|| panic!("{words} is not open")).1
}

#[test]
fn what_is_open_is_what_the_records_that_stand_left_and_did_not_tick_off() {
    use Step::{Correct, Record, Reopen, Tick, Undo};
    let table: [(&str, &[Step], &[&str]); 15] = [
        (
            "a record ticks off",
            &[Record("", "drain\ncall"), Record("drain", "write")],
            &["call", "write"],
        ),
        (
            "taken back, it did not",
            &[Record("", "drain\ncall"), Record("drain", "write"), Undo(1)],
            &["drain", "call"],
        ),
        (
            "only its own ticks are undone",
            &[
                Record("", "drain\ncall"),
                Tick("call"),
                Record("drain", ""),
                Undo(1),
            ],
            &["drain"],
        ),
        (
            "a tick made anew by hand is nobody's record",
            &[
                Record("", "drain"),
                Record("drain", ""),
                Reopen(0, "drain"),
                Tick("drain"),
                Undo(1),
            ],
            &[],
        ),
        (
            "the correction of the record that ticked ticks as well",
            &[
                Record("", "drain"),
                Record("drain", ""),
                Correct(1, "write"),
            ],
            &["write"],
        ),
        (
            "the correction taken back, the record that ticked stands",
            &[
                Record("", "drain"),
                Record("drain", ""),
                Correct(1, "write"),
                Undo(2),
            ],
            &[],
        ),
        (
            "both taken back, nothing is ticked",
            &[
                Record("", "drain"),
                Record("drain", ""),
                Correct(1, "write"),
                Undo(2),
                Undo(1),
            ],
            &["drain"],
        ),
        (
            "a correction of where it was agreed keeps the tick",
            &[
                Record("", "drain"),
                Record("drain", ""),
                Correct(0, "drain\ncall"),
            ],
            &["call"],
        ),
        (
            "and the record that ticked it is taken back all the same",
            &[
                Record("", "drain"),
                Record("drain", ""),
                Correct(0, "drain\ncall"),
                Undo(1),
            ],
            &["drain", "call"],
        ),
        (
            "then the correction as well",
            &[
                Record("", "drain"),
                Record("drain", ""),
                Correct(0, "drain"),
                Undo(1),
                Undo(2),
            ],
            &["drain"],
        ),
        (
            "a tick made under a correction outlives it",
            &[
                Record("", "drain"),
                Correct(0, "drain"),
                Record("drain", ""),
                Undo(1),
            ],
            &[],
        ),
        (
            "and is undone with the record that made it",
            &[
                Record("", "drain"),
                Correct(0, "drain"),
                Record("drain", ""),
                Undo(1),
                Undo(2),
            ],
            &["drain"],
        ),
        (
            "what was opened again under a correction stays open",
            &[
                Record("", "drain"),
                Tick("drain"),
                Correct(0, "drain\ncall"),
                Reopen(1, "drain"),
                Undo(1),
            ],
            &["drain"],
        ),
        (
            "through two corrections taken back",
            &[
                Record("", "drain"),
                Correct(0, "drain"),
                Correct(1, "drain\ncall"),
                Tick("drain"),
                Undo(2),
                Undo(1),
            ],
            &[],
        ),
        (
            "what a correction left out is open again when it is taken back",
            &[
                Record("", "drain\ncall"),
                Correct(0, "call"),
                Tick("call"),
                Undo(1),
            ],
            &["drain"],
        ),
    ];
    for (case, steps, expected) in table {
        let mut story = Story::new();
        for step in steps {
            story.take(*step);
        }
        let open: Vec<String> = story.open().into_iter().map(|(body, _)| body).collect();
        assert_eq!(open, expected, "{case}");
    }
}
