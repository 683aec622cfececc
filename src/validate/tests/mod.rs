//! The judgement over evidence that is made up: every row of the readings that are easy to get wrong.

mod chain;
mod making;
mod renewal;
mod timeline;
mod whole;
