//! The one real clock, and how long the processor has worked on something.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

use crate::model::Deadline;

/// Tells the time to those who may know it.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Starts the deadline of one piece of work, **on the thread that will do it**.
pub(crate) type Deadlines = Arc<dyn Fn() -> Deadline + Send + Sync>;

/// The system's clock, in UTC.
pub(crate) fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}

/// Deadlines of `seconds` of processor time. Time spent waiting does not count, so a busy machine
/// refuses no document that a quiet one would take.
///
/// The processor time is the calling thread's: make a deadline on the thread that does the work, and
/// ask it there only.
pub(crate) fn processor_deadlines(seconds: u64) -> Deadlines {
    let allowed = Duration::from_secs(seconds);
    Arc::new(move || {
        let start = thread_time();
        Deadline::new(move || thread_time().saturating_sub(start) >= allowed)
    })
}

/// Processor time of the calling thread so far.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(seconds, nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_passes_a_deadline_and_waiting_does_not() {
        let deadline = processor_deadlines(1)();
        std::thread::sleep(Duration::from_millis(1100));
        assert!(!deadline.has_passed());

        let deadline = processor_deadlines(0)();
        assert!(deadline.has_passed());
    }
}
