//! The mathematical step of validation.
