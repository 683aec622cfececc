//! A copy over two decades: sealed at level B-B, raised to B-LTA, renewed twice, and read by pyHanko each
//! time. Certomancer is time-stamp authority, OCSP responder and CRL server, and its clock goes along.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use segell::archive::Content;
use segell::authorities::{
    Access, AuthoritySetup, Clock, Revocation, RevocationParts, SourceSetup, TimeLimits,
    TimestampAuthorities, TimestampParts,
};
use segell::cades::{Imprint, TimestampToken};
use segell::model::SignatureLevel::{BLta, BT};
use segell::model::{Deadline, HashTrail};
use segell::pki::Anchors;
use segell::seal::preserve::{PreserveRequest, Preserved, Preserver};
use segell::seal::{LevelMeans, NoTimestamp};
use segell::validate::report::CopyPartKind;
use segell::validate::{Indication, Options, Report, Verdict, policy};
use tokio::runtime::Runtime;

use crate::stages::asking;
use crate::support::office::{self, ORGANS, Office};
use crate::support::pki_service::PkiService;
use crate::support::tools;

const DAY: i64 = 24 * 3600;

/// The service, the authorities it leans on, and one clock for all.
struct Decades {
    service: PkiService,
    offset: Arc<AtomicI64>,
    office: Office,
    timestamps: TimestampAuthorities,
    revocation: Revocation,
    anchors: Arc<Anchors>,
    preserver: Preserver,
    runtime: Runtime,
}

impl Decades {
    fn start() -> Option<Self> {
        let service = PkiService::start()?;
        let runtime = Runtime::new().expect("a runtime");
        let offset = Arc::new(AtomicI64::new(0));
        let clock: Clock = {
            let offset = Arc::clone(&offset);
            Arc::new(move || {
                Timestamp::now() + SignedDuration::from_secs(offset.load(Ordering::SeqCst))
            })
        };
        let pem = |name: &str| std::fs::read(service.certificate(name)).expect("a certificate");
        let root = pem("time-root");
        let anchors = Anchors::from_pem([("time-root", root.as_slice())]);
        let anchors = Arc::new(anchors.expect("an anchor"));
        let limits = TimeLimits {
            total: Duration::from_secs(20),
            ..TimeLimits::default()
        };
        let random = || [9; 32];
        let at = |url: String| Access {
            url,
            ..Access::default()
        };
        let source = |name: &str, list: bool| SourceSetup {
            issuer: Anchors::from_pem([(name, pem(name).as_slice())])
                .expect("an issuer")
                .der()
                .swap_remove(0),
            ocsp: Some(at(service.ocsp(name))),
            crl: list.then(|| at(service.crl(name))),
        };
        let revocation = Revocation::new(RevocationParts {
            sources: vec![
                source("root", true),
                source("sector-public", true),
                source("time-root", false),
            ],
            anchors: vec![Arc::new(office::anchors()), Arc::clone(&anchors)],
            limits,
            max_age: Duration::from_secs(24 * 3600),
            clock: Arc::clone(&clock),
            random,
            runtime: runtime.handle().clone(),
        })
        .expect("sources");
        let keeper = revocation.clone();
        let timestamps = TimestampAuthorities::new(TimestampParts {
            authorities: vec![AuthoritySetup {
                access: at(service.tsa()),
                policy: None,
            }],
            limits,
            skew: Duration::from_secs(60),
            anchors: Arc::clone(&anchors),
            clock,
            random,
            on_chain: Arc::new(move |chain| keeper.keep(chain)),
            runtime: runtime.handle().clone(),
        })
        .expect("an authority");
        let means = LevelMeans {
            token_bytes: Some(8 << 10),
            revocation: Some(Arc::new(revocation.clone())),
        };
        // Copies of the test environment answer for thirty days; these are to be kept for decades.
        let office = Office::lasting(365 * 40, means.clone());
        let lead = SignedDuration::from_hours(24 * 365 * 20);
        let preserver = office.preserver(means, Arc::clone(&anchors), lead);
        Some(Self {
            service,
            offset,
            office,
            timestamps,
            revocation,
            anchors,
            preserver,
            runtime,
        })
    }

    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.offset.load(Ordering::SeqCst))
    }

    /// So many days from today.
    fn travel(&self, days: i64) {
        self.offset.store(days * DAY, Ordering::SeqCst);
        self.service.set_clock(days * DAY);
        self.runtime.block_on(self.revocation.refresh());
    }

    fn stamp(&self, imprint: &Imprint) -> Result<TimestampToken, NoTimestamp> {
        self.runtime.block_on(async {
            let token = self.timestamps.timestamp(imprint).await;
            self.revocation.first_round().await;
            token.map_err(|outage| NoTimestamp::Outage {
                cause: outage.to_string(),
                retry_after: None,
            })
        })
    }

    /// A copy of level B-T, and the request to keep it at B-LTA.
    fn seal(&self, organ: &str) -> PreserveRequest {
        let request = asking(&self.office, organ, BT);
        let stamp = |imprint: &_| self.stamp(imprint);
        let clock = || self.now();
        let issued = self
            .office
            .sealer()
            .seal_with(request, clock, &Deadline::never(), stamp);
        PreserveRequest {
            index: issued.expect("a copy").record.intent.index,
            level: BLta,
            application: None,
        }
    }

    fn preserve(&self, request: &PreserveRequest) -> Preserved {
        let authority = |imprint: &_| self.stamp(imprint);
        let keeper = |chains: &[Vec<_>]| {
            for chain in chains {
                self.revocation.keep(chain);
            }
            self.runtime.block_on(self.revocation.first_round());
        };
        let clock = || self.now();
        self.preserver
            .preserve_with(request, clock, &Deadline::never(), authority, keeper)
            .unwrap_or_else(|error| panic!("{error:?}"))
    }

    fn file(&self, preserved: &Preserved) -> Vec<u8> {
        let disclosure = preserved.standing.for_the_organ().expect("in force");
        let parts = self.office.archive().read(disclosure, Content::Newest);
        parts.expect("an archive").expect("a document").concat()
    }

    /// What we say of it today.
    fn report(&self, file: &[u8]) -> Report {
        let bytes = Bytes::copy_from_slice(file);
        let validator = self.office.validator_trusting(Arc::clone(&self.anchors));
        let options = Options {
            validation_time: None,
            policy: &policy::DEFAULT,
        };
        let hash = HashTrail::of(file);
        validator.validate(&bytes, &hash, self.now(), &options, &Deadline::never())
    }

    /// What pyHanko says of it today.
    fn pyhanko(&self, file: &[u8]) -> serde_json::Value {
        let path = self.service.folder().join("judged.pdf");
        std::fs::write(&path, file).expect("a file can be written");
        // It takes everything for as old as its own start: it has to be asked about a moment after that.
        let soon = self.now() + SignedDuration::from_secs(60);
        let script = crate::support::root().join("tests/levels/lta.py");
        let output = Command::new(tools::python())
            .arg(script)
            .arg(&path)
            .arg(soon.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string())
            .arg(self.service.certificate("sector-public"))
            .arg(self.service.certificate("time-root"))
            .output()
            .expect("python runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

#[test]
fn a_copy_that_is_renewed_in_time_is_valid_for_decades() {
    let Some(decades) = Decades::start() else {
        return;
    };
    for organ in &ORGANS[..1] {
        decades.travel(0);
        let request = decades.seal(organ);
        let steps = [
            (0, true, 3),
            (1, false, 3),
            (3_700, true, 5),
            (3_701, false, 5),
            (5_600, true, 7),
        ];
        let mut before = Vec::new();
        for (days, extended, parts) in steps {
            decades.travel(days);
            let done = decades.preserve(&request);
            assert_eq!(
                (done.extended, done.level),
                (extended, BLta),
                "{organ}, day {days}"
            );
            let file = decades.file(&done);
            assert!(file.starts_with(&before) && (file.len() > before.len()) == extended);
            before = file.clone();
            if !extended {
                continue;
            }
            let judged = decades.report(&file);
            assert_eq!(judged.verdict, Verdict::Identical);
            let copy = judged.copy.as_ref().expect("a copy of ours");
            assert_eq!(copy.version, done.standing.versions());
            assert_eq!(copy.parts.len(), parts);
            assert_eq!(
                copy.parts.last().map(|part| part.kind),
                Some(CopyPartKind::Timestamp)
            );
            let seal = &judged.signatures[0];
            assert_eq!(
                (judged.indication, seal.level),
                (Some(Indication::TotalPassed), Some(BLta)),
                "{organ}, day {days}: {:#?}",
                judged.findings
            );
            assert!(
                seal.best_signature_time
                    < Some(decades.now() - SignedDuration::from_hours(24 * (days - 1)))
            );

            let theirs = decades.pyhanko(&file);
            assert_eq!(theirs["coverage"], "ENTIRE_REVISION", "{theirs}");
            assert_eq!(theirs["changes"], "LTA_UPDATES", "{theirs}");
            // Without proof of existence, it judges the path as of today.
            if days == 0 {
                assert_eq!(theirs["bottom_line"], true, "{organ}: {theirs}");
            }
        }
    }
}

#[test]
fn a_copy_whose_seal_was_revoked_after_its_timestamp_stays_passed() {
    let Some(decades) = Decades::start() else {
        return;
    };
    let organ = ORGANS[0];
    let request = decades.seal(organ);
    let file = decades.file(&decades.preserve(&request));
    decades.travel(30);
    decades.service.revoke(organ, "key_compromise");
    decades.runtime.block_on(decades.revocation.refresh());
    let judged = decades.report(&file);
    assert_eq!(
        judged.indication,
        Some(Indication::TotalPassed),
        "{:#?}",
        judged.findings
    );
    assert_eq!(decades.pyhanko(&file)["changes"], "LTA_UPDATES");
}
