//! CMS and CAdES structures (RFC 5652, RFC 5035, ETSI EN 319 122-1). Knows neither PDF nor keys.

pub mod evidence;
pub mod profile;

pub use evidence::{CmsError, CmsEvidence};
pub use profile::{CmsProfile, SignedAttributes};
