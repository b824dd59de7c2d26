//! Lets the embedded database's log be emptied under load: for a moment no transaction of ours begins.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    inside: usize,
    closed: bool,
}

/// A transaction that the gate let in.
pub(super) struct Inside<'a>(&'a Gate);

/// The gate is closed, and nobody is inside.
pub(super) struct Closed<'a>(&'a Gate);

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn enter(&self) -> Inside<'_> {
        let waiting = self.changed.wait_while(self.state(), |s| s.closed);
        waiting.unwrap_or_else(PoisonError::into_inner).inside += 1;
        Inside(self)
    }

    /// The same for who cannot wait; `None` while the gate is closed.
    pub(super) fn try_enter(&self) -> Option<Inside<'_>> {
        let mut state = self.state();
        if state.closed {
            return None;
        }
        state.inside += 1;
        drop(state);
        Some(Inside(self))
    }

    /// Closes the gate when everybody inside has left, unless that takes longer than `patience`.
    pub(super) fn close(&self, patience: Duration) -> Option<Closed<'_>> {
        let until = Instant::now() + patience;
        let mut state = self.state();
        if state.closed {
            return None;
        }
        state.closed = true;
        let closed = Closed(self);
        while state.inside > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(state);
                return None;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        Some(closed)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.state().inside -= 1;
        self.0.changed.notify_all();
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.state().closed = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_closes_only_when_nobody_is_inside_and_opens_again() {
        let gate = Gate::default();
        let inside = gate.enter();
        assert!(gate.close(Duration::from_millis(1)).is_none());
        drop(gate.enter());
        drop(gate.try_enter().unwrap());
        drop(inside);
        let closed = gate.close(Duration::from_millis(1)).unwrap();
        assert!(gate.try_enter().is_none());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| drop(gate.enter()));
            assert!(!waiting.is_finished());
            drop(closed);
            waiting.join().unwrap();
        });
    }
}
