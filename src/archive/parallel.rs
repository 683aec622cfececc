//! Many copies at once: a store on a network answers many questions in the time of one.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use super::error::ArchiveError;

/// Threads that ask the store.
const THREADS: usize = 16;

/// What happened.
pub(super) enum Step<R> {
    /// A job found something.
    Found(R),
    /// A job is done.
    Done,
}

/// Where a job tells what it finds.
pub(super) struct Findings<'a, R>(&'a SyncSender<Result<Step<R>, ArchiveError>>);

impl<R> Findings<'_, R> {
    pub(super) fn tell(&self, found: R) {
        // Nobody listens any more when another job failed.
        let _ = self.0.send(Ok(Step::Found(found)));
    }
}

/// Does `job` for every item, on several threads and in no order; `take` hears of everything on this one.
/// The first error ends it: no other job is begun.
pub(super) fn each<T: Send, R: Send>(
    items: Vec<T>,
    job: impl Fn(T, &Findings<'_, R>) -> Result<(), ArchiveError> + Sync,
    mut take: impl FnMut(Step<R>),
) -> Result<(), ArchiveError> {
    let threads = THREADS.min(items.len());
    let items = Mutex::new(items.into_iter());
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (sender, receiver) = sync_channel(THREADS);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, job) = (sender.clone(), &next, &job);
            scope.spawn(move || {
                while let Some(item) = next() {
                    let outcome = job(item, &Findings(&sender)).map(|()| Step::Done);
                    let failed = outcome.is_err();
                    if sender.send(outcome).is_err() || failed {
                        break;
                    }
                }
            });
        }
        drop(sender);
        // Leaving early drops the receiver, which stops every thread at its next word.
        for step in receiver {
            take(step?);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_done_once_and_all_that_is_found_is_heard() {
        let (mut found, mut done) = (Vec::new(), 0);
        let job = |item: u32, findings: &Findings<'_, u32>| {
            findings.tell(item);
            findings.tell(item + 1000);
            Ok(())
        };
        let outcome = each((0..100).collect(), job, |step| match step {
            Step::Found(item) => found.push(item),
            Step::Done => done += 1,
        });
        assert!(outcome.is_ok());
        found.sort_unstable();
        assert_eq!(found, (0..100).chain(1000..1100).collect::<Vec<_>>());
        assert_eq!(done, 100);
    }

    #[test]
    fn the_first_error_ends_it() {
        let job = |item: u32, _: &Findings<'_, ()>| match item {
            7 => Err(ArchiveError::Contended),
            _ => Ok(()),
        };
        let outcome = each((0..100_000).collect(), job, |_| {});
        assert!(matches!(outcome, Err(ArchiveError::Contended)));
    }
}
