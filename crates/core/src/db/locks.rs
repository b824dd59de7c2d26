//! What a transaction locks, in which order. Two transactions that lock in one order never wait for each other in a
//! circle. Debug builds and tests stop at the first lock that is taken out of order.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Conn;
use super::conn::{lock_rows, shared_transaction_lock, transaction_lock, transaction_locks};
use crate::error::Result;

/// From the first to the last. Rows of the same kind are locked by their row number.
///
/// What is not here stands under a lock that is: a shift's ledger under its ramp, a draft under its area, a person's
/// sessions and link under the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    FormKey,
    Imports,
    NewPeople,
    /// Who is an administrator, counted over everyone.
    Administrators,
    SignInsOfAccount,
    SignInsFromAddress,
    Slugs,
    /// Which areas ask for which, over all of them.
    Prerequisites,
    /// Of the organisation; those of a team or an area stand under it.
    KpiTargets,
    Team,
    Ramp,
    Drill,
    Postmortem,
    Club,
    Area,
    Shift,
    Flag,
    Clearance,
    /// Whoever acts among them: their rights are read again once this lock is held.
    Person,
    /// The audit log and what the search finds, while nobody else writes to either.
    AuditAlone,
    /// The end of the chain. Who writes an entry does not touch it.
    AuditHead,
    /// The audit log and what the search finds, together with others who write. Nobody who holds it can wait to be alone.
    AuditTogether,
    /// What the search finds of one row.
    Found,
}

/// What the transaction of this thread has locked.
#[derive(Debug, Default)]
struct Taken {
    transaction: u64,
    in_order: Vec<(Order, i64)>,
    /// Rows it made: nobody else can hold them.
    own: Vec<(Order, i64)>,
}

thread_local! {
    static TAKEN: RefCell<Taken> = RefCell::default();
}

/// A transaction begins on this thread, or the next of several acts that share one, as those of the demo do.
pub fn begin() {
    static NUMBERS: AtomicU64 = AtomicU64::new(1);
    TAKEN.set(Taken {
        transaction: NUMBERS.fetch_add(1, Ordering::Relaxed),
        ..Taken::default()
    });
}

/// The number of the transaction that runs on this thread.
pub fn transaction() -> u64 {
    TAKEN.with_borrow(|taken| taken.transaction)
}

/// Notes a lock that the caller takes with a statement of its own.
pub fn take(order: Order, id: i64) {
    if cfg!(debug_assertions) {
        let refused = TAKEN.with_borrow_mut(|taken| taken.take((order, id)).err());
        debug_assert!(refused.is_none(), "{}", refused.unwrap_or_default());
    }
}

/// Notes a row that this transaction made.
pub fn made(order: Order, id: i64) {
    if cfg!(debug_assertions) {
        TAKEN.with_borrow_mut(|taken| taken.own.push((order, id)));
    }
}

impl Taken {
    /// Errors: The sentence of a lock out of order.
    fn take(&mut self, next: (Order, i64)) -> std::result::Result<(), String> {
        if self.in_order.contains(&next) || self.own.contains(&next) {
            return Ok(());
        }
        let last = self.in_order.last().copied();
        if last.is_some_and(|last| last > next) {
            return Err(format!("{next:?} is locked after {last:?}: see db::locks"));
        }
        self.in_order.push(next);
        Ok(())
    }
}

/// Locks rows against every change by others until the transaction ends, in the order of their numbers. Read them
/// afterwards: what was read before may have changed.
pub fn lock(c: &mut Conn, order: Order, ids: &[i64]) -> Result<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for id in &ids {
        take(order, *id);
    }
    lock_rows(c, order.table(), &ids, "NO KEY UPDATE")
}

/// The same, together with others who only read it.
pub fn share(c: &mut Conn, order: Order, id: i64) -> Result<()> {
    take(order, id);
    lock_rows(c, order.table(), &[id], "SHARE")
}

/// Lets one transaction at a time through, for what two must not count at once. `of` tells apart what does not meet.
pub fn one_at_a_time(c: &mut Conn, order: Order, of: &str) -> Result<()> {
    take(order, 0);
    transaction_lock(c, &format!("{} {of}", order.table()))
}

/// Lets any number of transactions write to the audit log, but none while one is [`alone`] with it.
pub fn together(c: &mut Conn) -> Result<()> {
    take(Order::AuditTogether, 0);
    shared_transaction_lock(c, Order::AuditTogether.table())
}

/// Waits until nobody else writes to the audit log, and keeps others from it until the transaction ends.
pub fn alone(c: &mut Conn) -> Result<()> {
    take(Order::AuditAlone, 0);
    transaction_lock(c, Order::AuditAlone.table())
}

/// Lets one transaction at a time write what the search finds of these rows. The keys are sorted.
pub fn found(c: &mut Conn, keys: &[i64]) -> Result<()> {
    for key in keys {
        take(Order::Found, *key);
    }
    transaction_locks(c, keys)
}

impl Order {
    /// The table of its rows, or words for what is no row.
    fn table(self) -> &'static str {
        match self {
            Self::FormKey => "form_keys",
            Self::Imports => "imports",
            Self::NewPeople => "new people",
            Self::Administrators => "administrators",
            Self::SignInsOfAccount => "account",
            Self::SignInsFromAddress => "address",
            Self::Slugs => "slugs",
            Self::Prerequisites => "prerequisites",
            Self::KpiTargets => "kpi targets",
            Self::Team => "teams",
            Self::Ramp => "ramps",
            Self::Drill => "drills",
            Self::Postmortem => "postmortems",
            Self::Club => "clubs",
            Self::Area => "areas",
            Self::Shift => "shifts",
            Self::Flag => "stale_flags",
            Self::Clearance => "clearances",
            Self::Person => "people",
            Self::AuditAlone | Self::AuditTogether => "audit log",
            Self::AuditHead => "audit_head",
            Self::Found => "search_entries",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOME: [Order; 4] = [Order::Ramp, Order::Area, Order::Person, Order::AuditHead];

    proptest! {
        #[test]
        fn locks_are_in_order_or_refused(wanted in prop::collection::vec((0..4_usize, 0..4_i64), 0..8)) {
            let mut taken = Taken::default();
            for (kind, id) in wanted {
                let next = (SOME[kind], id);
                let fits = taken.take(next).is_ok();
                prop_assert_eq!(fits, taken.in_order.contains(&next));
                prop_assert!(taken.in_order.is_sorted());
            }
        }
    }

    #[test]
    fn a_row_that_the_transaction_made_is_locked_by_nobody_else() {
        let mut taken = Taken::default();
        assert!(taken.take((Order::AuditHead, 0)).is_ok());
        assert!(taken.take((Order::Person, 7)).is_err());
        taken.own.push((Order::Person, 7));
        assert!(taken.take((Order::Person, 7)).is_ok());
    }
}
