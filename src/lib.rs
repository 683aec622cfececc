//! Segell makes **sealed authentic copies** of PDF documents for public administrations, and checks
//! them again. This page is the map; read it first.
//!
//! # The house
//!
//! ```text
//! main → startup                 wires the service, looks after it while it runs, and sends each command its way
//!        commands                what a command gathers, compares or edits when it needs no whole service
//!        opening                 what the settings name, opened: the operator's files, anchors, archive, keys
//!        http, cli               the two doors; http alone knows actix, cli has the words for the terminal
//!        settings  telemetry     what was configured, as written; what is logged, counted and measured
//! seal → validate                the two use cases; the one sideways arrow: its own copies, signed sources
//! tokens                         keys behind PKCS#11, which sign for pki's seals; opening alone opens them
//! audit                          who did what, in a log that nobody changes without its being found
//! archive                        create-only copies, records and digests over an object store
//! authorities                    timestamps, OCSP and revocation lists, asked for over the network
//! pdf    cades    pki            three strangers: ISO 32000 bytes · CMS structures · X.509 and keys
//! raster                         a fourth one: pages as pictures, drawn in a process of their own
//! model                          the words of the domain as types that cannot be wrong; knows nobody
//! ```
//!
//! A room may use any room below its own and nothing beside it, save the arrow drawn and `telemetry`, with
//! which `authorities` counts. The lints of
//! `.clippy.toml` and `tests/architecture.rs` keep it so:
//!
//! | room | HTTP | disk, environment | clock | library that belongs there |
//! |---|---|---|---|---|
//! | `model` | never | never | never | |
//! | `pdf` | never | never | never | lopdf |
//! | `cades`, `pki` | never | never (receive bytes) | passed in | openssl |
//! | `raster` | never | never (starts this program again) | never | hayro, rqrr |
//! | `archive` | never | through the store | passed in | object_store, and `reqwest` for the versions in a bucket |
//! | `audit` | never | through a trait that opening fills, and the archive | passed in | |
//! | `authorities` | asks, never answers | never | passed in | reqwest |
//! | `tokens` | never | the library of a token, by its path | never | cryptoki |
//! | `validate`, `seal` | never | never | passed in | |
//! | `http` | **answers** | never | passed in | actix-web |
//! | `telemetry` | never | standard error | never | metrics, opentelemetry |
//! | `cli` | asks its own service (`health`) | **yes** | passed in | clap |
//! | `settings`, `opening` | never | **yes** | **the one real clock**, in `opening` | |
//! | `commands` | asks, through `authorities` (`doctor`) | **yes** | passed on | |
//! | `startup` | opens the door | **yes** | passed on | actix-web, clap |
//!
//! A key on a token reaches `pki` as a [`pki::Signer`]: the core knows that something signs, and not what.
//!
//! # Five journeys
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
//! 5. [`cades::CmsProfile`] makes the signed attributes, [`pki::SealKey`] signs them. A copy above level B-B
//!    wants a timestamp now: the stage ends in [`seal::Step::Wanted`], the door asks [`authorities`] without
//!    holding a thread, and goes on.
//! 6. [`pdf::PreparedRevision::embed`] takes the result and itself: a [`pdf::SealedPdf`]. [`pdf::extension`]
//!    appends validation data (B-LT) and a document timestamp (B-LTA, wanted in the same way).
//! 7. [`validate::own_copy`] checks the copy from its own bytes, or nothing leaves.
//! 8. [`archive::Archive::begin`] stores the intent, with the level reached: whoever finds a sealed document
//!    without a record can complete it. [`archive::Archive::commit`] stores the document, record last: only
//!    now does the code answer.
//! 9. The [`audit`] log has its line: the door waits for it, and sends the source followed by the tails.
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
//! **Preserve** (`POST /v1/copies/{code}/extend`, `segell preserve`)
//!
//! 1. [`seal::preserve`] reads the newest version and judges it; [`validate::Renewal`] says when its archive
//!    timestamp ends.
//! 2. [`pdf::extension`] writes what is appended: validation data, a hole for a timestamp. The wait for an
//!    authority lies between two stages.
//! 3. [`validate::appended`] and the validator check the result from its bytes, and
//!    [`archive::Archive::extend`] stores it once: the next version, under the same code.
//!
//! **Compare** (`POST /{CODE}/compare`): the disclosure of *Verify*, the copy's bytes and the file in hand,
//! to [`raster::Renderer`]: two processes that have no key, no file and little memory draw the pages of
//! one each; what they send is compared pixel by pixel.
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
pub mod audit;
pub mod authorities;
pub mod cades;
pub mod cli;
mod commands;
pub mod http;
pub mod model;
mod opening;
pub mod pdf;
pub mod pki;
pub mod raster;
pub mod seal;
pub mod settings;
pub mod startup;
pub mod telemetry;
pub mod tokens;
pub mod validate;
