//! Work on many things at once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, available_parallelism};

/// Does something with each, on every core, and gives the outcomes in the order of what was given.
pub(super) fn side_by_side<T: Send, U: Send>(all: Vec<T>, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    let threads = available_parallelism().map_or(1, usize::from);
    let threads = threads.min(all.len());
    let queue = Mutex::new(all.into_iter().enumerate());
    let next = || lock(&queue).next();
    let done = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, item)) = next() {
                    let outcome = work(item);
                    lock(&done).insert(index, outcome);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_values().collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
