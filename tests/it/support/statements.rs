//! Counts what the app asks its database: statements, not what begins and ends a transaction, nor whether anything was
//! committed.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

thread_local! {
    /// Who counts the connections that this thread opens.
    static COUNTING: RefCell<Option<Statements>> = const { RefCell::new(None) };
}

/// The statements so far, as they were sent.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Does something whose connections are counted here; those of other tests are not.
    pub fn counting<T>(&self, f: impl FnOnce() -> T) -> T {
        set_default_instrumentation(|| {
            let counting = COUNTING.with_borrow(Clone::clone);
            counting.map(|statements| Box::new(statements) as Box<dyn Instrumentation>)
        })
        .unwrap();
        COUNTING.set(Some(self.clone()));
        let done = f();
        COUNTING.set(None);
        done
    }

    /// What was asked since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else {
            return;
        };
        let statement = query.to_string();
        let frame = ["BEGIN", "COMMIT", "ROLLBACK", "SET", "PRAGMA"];
        let is_version = statement.contains("pg_current_snapshot");
        if !is_version && !frame.iter().any(|word| statement.starts_with(word)) {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(statement);
        }
    }
}
