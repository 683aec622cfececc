//! Segell makes **sealed authentic copies** of PDF documents for public administrations, and checks
//! them again. This page is the map; read it first.
//!
//! # The house
//!
//! ```text
//! main → startup → http, cli     startup wires everything and decides nothing; http alone knows actix
//!        settings  telemetry     what was configured, as written; what is logged
//! seal → validate                the two use cases; the one sideways arrow: its own copies, signed sources
//! tokens                         keys behind PKCS#11, which sign for pki's seals; startup alone opens it
//! archive                        create-only copies, records and digests over an object store
//! pdf    cades    pki            three strangers: ISO 32000 bytes · CMS structures · X.509 and keys
//! model                          the words of the domain as types that cannot be wrong; knows nobody
//! ```
//!
//! A room may use any room below its own and nothing beside it, save the arrow drawn. The lints of
//! `.clippy.toml` and `tests/architecture.rs` keep it so:
//!
//! | room | HTTP | disk, environment | clock | lopdf | openssl | cryptoki | object store |
//! |---|---|---|---|---|---|---|---|
//! | `model` | never | never | never | no | no | no | no |
//! | `pdf` | never | never | never | **yes** | no | no | no |
//! | `cades`, `pki` | never | never (receive bytes) | passed in | no | **yes** | no | no |
//! | `tokens` | never | the library of a token, by its path | never | no | no | **yes** | no |
//! | `archive` | never | through the store | passed in | no | no | no | **yes** |
//! | `validate`, `seal` | never | never | passed in | no | no | no | no |
//! | `http` | **yes** | never | passed in | no | no | no | no |
//! | `settings`, `startup`, `cli` | startup only | **yes** | **the one real clock** | no | no | no | no |
//!
//! A key on a token reaches `pki` as a [`pki::Signer`]: the core knows that something signs, and not what.
//!
//! # Three journeys
//!
//! Each is one direction; each arrow is a type that only the step before can make.
//!
//! **Seal** (`POST /v1/copies`, `segell seal`)
//!
//! 1. The door counts and hashes the body while it arrives, and parses every field: a
//!    [`seal::SealRequest`] holds nothing unparsed.
//! 2. The request names its copy: a [`model::Code`] is derived from it. If that copy is in the archive,
//!    it is the answer.
//! 3. [`pdf::SourcePdf::open`]: bounded, or refused by name. If it is signed,
//!    [`validate::source_signatures`] judges what it carries. [`seal::policy`] judges all that was found
//!    by what the organ has decided.
//! 4. [`pdf::band::draw`] adds the band to a [`pdf::Update`] and makes page content of old signatures;
//!    [`pdf::Update::finish`] writes the appended section with a hole for the signature: a
//!    [`pdf::PreparedRevision`]. The source's bytes are not copied.
//! 5. [`cades::CmsProfile`] makes the signed attributes, [`pki::SealKey`] signs them,
//!    [`pdf::PreparedRevision::embed`] takes the result and itself: a [`pdf::SealedPdf`].
//! 6. [`validate::own_copy`] checks the copy from its own bytes, or nothing leaves.
//! 7. [`archive::Archive::begin`] stores the intent: whoever finds a sealed document without a record can
//!    complete it. A key that does not sign has left nothing behind.
//! 8. [`archive::Archive::commit`] stores it, record last: only now does the code answer.
//! 9. The door sends the source followed by the tail.
//!
//! **Validate** (`POST /v1/validations`, `segell validate`)
//!
//! 1. The file's digest, and that of each prefix ending at an `%%EOF`, against the archive:
//!    [`validate::identity`]. No PDF is parsed for this.
//! 2. [`validate::Evidence`]: every signature in the revision that it signs ([`pdf::signed`]), its CMS
//!    and timestamps ([`cades`]), the ways up to an anchor ([`pki::path`]). Facts, no opinion.
//! 3. Rules over the evidence, block by block, and an indication in the words of EN 319 102-1.
//! 4. A [`validate::Report`], whatever the verdict: a verdict is never an error.
//!
//! **Verify** (`GET /v1/copies/{code}`, `GET /{CODE}`)
//!
//! 1. [`model::Code::read`]: any way people write it; what is mistyped never reaches the archive.
//! 2. The record and its events, an [`archive::Standing`]: in force, withdrawn, expired or erased, open or
//!    not, or "cannot look now".
//! 3. The standing makes an [`archive::Disclosure`] for who may have the content, or says why not.
//! 4. The stored bytes, from the store to the wire: the archive gives none without a disclosure.
//!
//! # Why it is like this
//!
//! - *A copy is the source plus what we append.* The source can be cut out again and its digest proved;
//!   nothing that was received is ever rewritten.
//! - *The code is derived, not drawn.* The same request names the same copy on every replica, so
//!   idempotency needs no table and no lock; the archive's create-only write decides.
//! - *The content is never moved to make room.* The band stands outside the old page, so a hostile source
//!   can neither draw under it nor hide it.

pub mod archive;
pub mod cades;
pub mod cli;
pub mod http;
pub mod model;
pub mod pdf;
pub mod pki;
pub mod seal;
pub mod settings;
pub mod startup;
pub mod telemetry;
pub mod tokens;
pub mod validate;
