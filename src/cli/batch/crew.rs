//! Many files at work at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::cli::failure::Failure;

/// How the work is shared.
#[derive(Clone, Copy)]
pub(super) struct Crew<'a> {
    /// Items at work at once.
    pub(super) jobs: usize,
    /// No further item is begun from when on this is set; those under way are finished.
    pub(super) stop: &'a AtomicBool,
}

impl Crew<'_> {
    /// Does `work` to every item, on threads of their own, and gives each outcome to `finish` on this one, as
    /// they come. Work that panics has the outcome of `broken`, and stops nobody else.
    ///
    /// # Errors
    /// That of `finish`; then no further item is begun.
    pub(super) fn work<T: Sync, R: Send>(
        self,
        items: &[T],
        work: impl Fn(&T) -> R + Sync,
        broken: impl Fn(&T) -> R + Sync,
        mut finish: impl FnMut(R) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let next = AtomicUsize::new(0);
        let given_up = AtomicBool::new(false);
        let ends = || self.stop.load(Ordering::Relaxed) || given_up.load(Ordering::Relaxed);
        let take = || match ends() {
            true => None,
            false => items.get(next.fetch_add(1, Ordering::Relaxed)),
        };
        thread::scope(|scope| {
            let (finished, outcomes) = sync_channel(self.jobs);
            for _ in 0..self.jobs.clamp(1, items.len().max(1)) {
                let finished = finished.clone();
                let (take, work, broken) = (&take, &work, &broken);
                scope.spawn(move || {
                    while let Some(item) = take() {
                        let done = catch_unwind(AssertUnwindSafe(|| work(item)));
                        let outcome = done.unwrap_or_else(|_| broken(item));
                        if finished.send(outcome).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(finished);
            // Whatever was done is told, even after a failure to tell something else.
            let mut failure = Ok(());
            for outcome in outcomes {
                let told = finish(outcome);
                if told.is_err() {
                    given_up.store(true, Ordering::Relaxed);
                }
                failure = failure.and(told);
            }
            failure
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::cli::failure::Exit;

    fn crew(stop: &AtomicBool) -> Crew<'_> {
        Crew { jobs: 3, stop }
    }

    #[test]
    fn every_item_is_worked_on_once_and_a_panic_is_one_item_s() {
        let items: Vec<usize> = (0..100).collect();
        let stop = AtomicBool::new(false);
        let mut outcomes = Vec::new();
        let work = |item: &usize| match item {
            50 => panic!("on purpose"),
            item => item * 2,
        };
        let finish = |outcome| {
            outcomes.push(outcome);
            Ok(())
        };
        crew(&stop).work(&items, work, |_| 1, finish).unwrap();
        outcomes.sort_unstable();
        assert_eq!(outcomes.len(), 100);
        assert!(outcomes.contains(&1) && !outcomes.contains(&100));
    }

    #[test]
    fn after_a_stop_nothing_is_begun_and_what_is_under_way_is_finished() {
        let items: Vec<usize> = (0..1000).collect();
        let stop = AtomicBool::new(false);
        let begun = Mutex::new(0);
        let mut told = 0;
        let work = |_: &usize| *begun.lock().unwrap() += 1;
        let finish = |()| {
            told += 1;
            stop.store(true, Ordering::Relaxed);
            Ok(())
        };
        crew(&stop).work(&items, work, |_| (), finish).unwrap();
        let begun = *begun.lock().unwrap();
        assert!(begun < 1000 && told == begun, "{told} of {begun}");
    }

    #[test]
    fn what_cannot_be_told_ends_the_work() {
        let items: Vec<usize> = (0..1000).collect();
        let stop = AtomicBool::new(false);
        let told = |_| Err(Failure::new(Exit::Trouble, "the disk is full"));
        let failure = crew(&stop).work(&items, |item| *item, |item| *item, told);
        assert_eq!(failure.unwrap_err().sentence, "the disk is full");
    }
}
