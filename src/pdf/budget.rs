//! What reading one source may still cost.

use super::{Limits, PdfError};
use crate::model::Deadline;

/// The limits of one source and how much of them is used up.
pub(super) struct Budget<'a> {
    pub(super) limits: &'a Limits,
    deadline: &'a Deadline,
    inflated: usize,
    entries: u64,
}

impl<'a> Budget<'a> {
    pub(super) const fn new(limits: &'a Limits, deadline: &'a Deadline) -> Self {
        Self {
            limits,
            deadline,
            inflated: 0,
            entries: 0,
        }
    }

    /// # Errors
    /// [`PdfError::OutOfTime`].
    pub(super) fn check_time(&self) -> Result<(), PdfError> {
        if self.deadline.has_passed() {
            return Err(PdfError::OutOfTime);
        }
        Ok(())
    }

    /// Counts the steps of a walk.
    pub(super) const fn steps(&self) -> Steps<'a> {
        Steps::new(self.limits, self.deadline)
    }

    /// Bytes inflated so far.
    pub(super) const fn inflated(&self) -> usize {
        self.inflated
    }

    /// Bytes that the next stream may inflate to.
    pub(super) fn allowance(&self) -> Allowance {
        Allowance::of(self.limits, self.inflated)
    }

    /// Counts a stream that was inflated.
    pub(super) const fn spend(&mut self, bytes: usize) {
        self.inflated = self.inflated.saturating_add(bytes);
    }

    /// Counts `entries` read from cross-reference sections. Far more of them than the objects
    /// allowed can only be there to cost time.
    pub(super) fn count_entries(&mut self, entries: u64) -> Result<(), PdfError> {
        const SECTIONS_IN_FULL: u64 = 16;
        self.entries = self.entries.saturating_add(entries);
        if self.entries > u64::from(self.limits.objects) * SECTIONS_IN_FULL {
            return Err(objects_passed(self.limits));
        }
        self.check_time()
    }
}

pub(super) fn objects_passed(limits: &Limits) -> PdfError {
    PdfError::LimitPassed {
        limit: "objects",
        allowed: u64::from(limits.objects),
    }
}

/// How far one stream may inflate, and which limit says so.
#[derive(Clone, Copy)]
pub(super) struct Allowance {
    pub(super) bytes: usize,
    limit: &'static str,
    allowed: usize,
}

impl Allowance {
    /// What is left of `limits` after `inflated` bytes.
    pub(super) fn of(limits: &Limits, inflated: usize) -> Self {
        let left = limits.inflated_bytes.saturating_sub(inflated);
        if left < limits.stream_bytes {
            Self {
                bytes: left,
                limit: "inflated_bytes",
                allowed: limits.inflated_bytes,
            }
        } else {
            Self {
                bytes: limits.stream_bytes,
                limit: "stream_bytes",
                allowed: limits.stream_bytes,
            }
        }
    }

    /// The refusal for a stream that inflates further.
    pub(super) fn passed(self) -> PdfError {
        PdfError::LimitPassed {
            limit: self.limit,
            allowed: self.allowed as u64,
        }
    }
}

/// Steps of a walk over objects that may share what they hold: a walk takes about as many steps as
/// there are objects, and one that takes far more was made to cost time.
pub(super) struct Steps<'a> {
    limits: &'a Limits,
    deadline: &'a Deadline,
    taken: u64,
}

impl<'a> Steps<'a> {
    pub(super) const fn new(limits: &'a Limits, deadline: &'a Deadline) -> Self {
        Self {
            limits,
            deadline,
            taken: 0,
        }
    }

    /// Counts one step.
    ///
    /// # Errors
    /// [`PdfError::OutOfTime`], or [`PdfError::LimitPassed`] for objects.
    pub(super) fn take(&mut self) -> Result<(), PdfError> {
        const BETWEEN_LOOKS: u64 = 4096;
        const PER_OBJECT: u64 = 8;
        self.taken += 1;
        if self.taken > u64::from(self.limits.objects) * PER_OBJECT {
            return Err(objects_passed(self.limits));
        }
        if self.taken.is_multiple_of(BETWEEN_LOOKS) && self.deadline.has_passed() {
            return Err(PdfError::OutOfTime);
        }
        Ok(())
    }
}
