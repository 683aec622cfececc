//! X.509 and keys. Knows openssl; receives bytes, never files; the time comes in as an argument.

pub mod anchors;
pub mod certificate;
pub mod defect;
pub mod seal_key;
pub mod verify;

pub use anchors::Anchors;
pub use certificate::CertificateFacts;
pub use defect::SealDefect;
pub use seal_key::{SealContainer, SealKey, SealRules};
