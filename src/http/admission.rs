//! Admission: how much work and how many bytes are let in at once.
//!
//! Work on documents runs on blocking threads, a bounded number at a time, with a bounded queue in
//! front. Both are asked before a body is read, so that a full service says so at once instead of
//! taking uploads that it cannot work on. Sealing and validation have pools of their own: a flood of
//! checks does not delay the copies.
//!
//! Work that has to wait for somebody outside steps aside meanwhile: it holds neither a thread nor a
//! place in the queue, but one of a bounded number of places to wait.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::{Problem, ProblemCode};

/// Bytes that one permit of a [`ByteBudget`] stands for.
const GRANULE: usize = 4096;

/// Threads for one kind of work, and the queue in front of them.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    workers: Arc<Semaphore>,
    places: Arc<Semaphore>,
    aside: Arc<Semaphore>,
    all: usize,
}

/// A place in a [`Pool`]: the right to have one piece of work done.
#[derive(Debug)]
pub(crate) struct Place {
    workers: Arc<Semaphore>,
    aside: Arc<Semaphore>,
    place: OwnedSemaphorePermit,
}

impl Pool {
    /// A pool of `workers` threads before which `queue` more requests may wait.
    pub(crate) fn new(workers: usize, queue: usize) -> Self {
        let workers = workers.max(1);
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            places: Arc::new(Semaphore::new(workers.saturating_add(queue))),
            aside: Arc::new(Semaphore::new(0)),
            all: workers.saturating_add(queue),
        }
    }

    /// With places for `aside` pieces of work that wait for somebody outside.
    pub(crate) fn with_room_aside(self, aside: usize) -> Self {
        self.aside.add_permits(aside.min(Semaphore::MAX_PERMITS));
        self
    }

    /// How many pieces of work are let in at once, at work or waiting for their turn.
    pub(crate) const fn places(&self) -> usize {
        self.all
    }

    /// How many more are let in now.
    pub(crate) fn free(&self) -> usize {
        self.places.available_permits()
    }

    /// Takes a place, or says at once that there is none.
    pub(crate) fn admit(&self) -> Result<Place, Problem> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => Ok(Place {
                workers: Arc::clone(&self.workers),
                aside: Arc::clone(&self.aside),
                place,
            }),
            Err(_) => Err(ProblemCode::Busy.into()),
        }
    }
}

impl Place {
    /// Runs `work` on a blocking thread when it is its turn. The place is given back when the work
    /// ends, even if the caller has gone away by then.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (outcome, _place) = self.run_stage(work).await?;
        Ok(outcome)
    }

    /// The same for work that goes on afterwards: it keeps its place, and gives the thread back.
    pub(crate) async fn run_stage<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<(T, Self), Problem> {
        let turn = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| ProblemCode::Busy)?;
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let outcome = span.in_scope(work);
            drop(turn);
            (outcome, self)
        });
        done.await
            .map_err(|error| Problem::new(ProblemCode::Internal).caused_by(&error))
    }

    /// Gives the place in the queue back and takes one among those who wait; whether there is one. Work
    /// that is there already stays where it is.
    pub(crate) fn step_aside(&mut self) -> bool {
        if Arc::ptr_eq(self.place.semaphore(), &self.aside) {
            return true;
        }
        match Arc::clone(&self.aside).try_acquire_owned() {
            Ok(place) => {
                self.place = place;
                true
            }
            Err(_) => false,
        }
    }
}

/// The bytes of uploads that may be in memory at once.
#[derive(Clone, Debug)]
pub(crate) struct ByteBudget {
    granules: Arc<Semaphore>,
    all: usize,
}

/// Bytes taken out of a [`ByteBudget`]; given back when dropped.
#[derive(Debug)]
pub(crate) struct HeldBytes(
    #[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit,
);

impl ByteBudget {
    /// A budget of `bytes`, rounded up to whole granules.
    pub(crate) fn new(bytes: usize) -> Self {
        let granules = bytes.div_ceil(GRANULE).min(Semaphore::MAX_PERMITS);
        Self {
            granules: Arc::new(Semaphore::new(granules)),
            all: granules,
        }
    }

    /// All bytes that it has, and those that are taken now.
    pub(crate) fn bytes(&self) -> (usize, usize) {
        let taken = self.all.saturating_sub(self.granules.available_permits());
        (
            self.all.saturating_mul(GRANULE),
            taken.saturating_mul(GRANULE),
        )
    }

    /// Takes `bytes`, or says at once that they are not there.
    pub(crate) fn take(&self, bytes: usize) -> Result<HeldBytes, Problem> {
        let granules = u32::try_from(bytes.div_ceil(GRANULE)).map_err(|_| ProblemCode::Busy)?;
        match Arc::clone(&self.granules).try_acquire_many_owned(granules) {
            Ok(permit) => Ok(HeldBytes(permit)),
            Err(_) => Err(ProblemCode::Busy.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_and_a_returned_place_is_free_again() {
        let pool = Pool::new(1, 1);
        let first = pool.admit().unwrap();
        let second = pool.admit().unwrap();
        assert_eq!(pool.admit().unwrap_err().code(), ProblemCode::Busy);
        drop(first);
        assert!(pool.admit().is_ok());
        drop(second);
    }

    #[test]
    fn bytes_in_flight_are_counted_and_given_back() {
        let budget = ByteBudget::new(2 * GRANULE);
        let held = budget.take(GRANULE + 1).unwrap();
        assert_eq!(budget.bytes(), (2 * GRANULE, 2 * GRANULE));
        assert_eq!(budget.take(1).unwrap_err().code(), ProblemCode::Busy);
        drop(held);
        assert_eq!(budget.bytes(), (2 * GRANULE, 0));
        assert!(budget.take(2 * GRANULE).is_ok());
    }

    #[tokio::test]
    async fn work_that_waits_leaves_its_place_to_others_and_comes_back_without_one() {
        let pool = Pool::new(1, 0).with_room_aside(1);
        let (_, mut waiting) = pool.admit().unwrap().run_stage(|| ()).await.unwrap();
        assert!(pool.admit().is_err(), "the place is kept between stages");
        assert!(waiting.step_aside() && waiting.step_aside());
        let mut other = pool.admit().unwrap();
        assert!(!other.step_aside(), "only one may wait");
        drop(other);
        let (outcome, waiting) = waiting.run_stage(|| 7).await.unwrap();
        assert_eq!(outcome, 7);
        drop(waiting);
        assert!(pool.admit().unwrap().step_aside());
    }

    #[tokio::test]
    async fn work_that_panics_is_a_problem_and_gives_its_place_back() {
        let pool = Pool::new(1, 0);
        let place = pool.admit().unwrap();
        let outcome: Result<(), Problem> = place.run(|| panic!("boom")).await;
        assert_eq!(outcome.unwrap_err().code(), ProblemCode::Internal);
        assert!(pool.admit().is_ok());
    }

    #[tokio::test]
    async fn the_place_of_a_caller_who_left_is_kept_until_the_work_ends() {
        let pool = Pool::new(1, 0);
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let place = pool.admit().unwrap();
        let caller = tokio::spawn(place.run(move || wait.recv().is_ok()));
        tokio::task::yield_now().await;
        caller.abort();
        let _ = caller.await;
        assert!(pool.admit().is_err(), "the thread is still at work");
        release.send(()).unwrap();
        while pool.admit().is_err() {
            tokio::task::yield_now().await;
        }
    }
}
