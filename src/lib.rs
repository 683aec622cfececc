//! Segell: sealed authentic copies of PDF documents, and the means to check them again.
//!
//! # The house
//!
//! ```text
//! main → startup → http, cli     startup wires everything and decides nothing; http alone knows actix
//! seal → validate                the two use cases; the one sideways arrow is the self-check
//! archive                        create-only copies, records and digests over an object store
//! pdf    cades    pki            three strangers: ISO 32000 bytes · CMS structures · X.509 and keys
//! model                          the words of the domain as types that cannot be wrong; knows nobody
//! ```

pub mod archive;
pub mod cades;
pub mod model;
pub mod pdf;
pub mod pki;
pub mod seal;
pub mod settings;
pub mod validate;
