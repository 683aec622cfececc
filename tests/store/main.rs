//! The store: several replicas on one bucket, networks and stores on bad days, copies that end, archives
//! that move, and the proxy in front. The bucket is moto's; `s3_server.py` says what each of its buckets does.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests run the program and look at what it stored"
)]

#[path = "../support/mod.rs"]
mod support;

mod audited;
mod bucket;
mod moves;
mod program;
mod proxy;
mod replicas;
mod retention;
