//! Signatures surveyed, in files of the corpus and made up.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read the corpus, and say what they left out"
)]

mod corpus;
