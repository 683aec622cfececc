//! Decades in a few seconds: Certomancer as time-stamp authority, OCSP responder and CRL server, the clients that
//! ask it, and one clock for all. Its first authority and the example seals end on 1 January 2045; the authority
//! that comes after and the authority that issued the seals last a year longer.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use segell::archive::{Archive, Content};
use segell::authorities::{
    Access, AuthoritySetup, Clock, Revocation, RevocationParts, SourceSetup, TimeLimits,
    TimestampAuthorities, TimestampParts,
};
use segell::cades::{Imprint, TimestampToken};
use segell::model::{Deadline, HashTrail};
use segell::pki::Anchors;
use segell::seal::preserve::{PreserveRequest, Preserved, Preserver};
use segell::seal::{LevelMeans, NoTimestamp};
use segell::validate::{Options, Report, Validator, policy};
use tokio::runtime::Runtime;

use super::office;
use super::pki_service::PkiService;
use super::tools;

/// When one time-stamp authority takes the place of the other.
pub(crate) const SUCCESSION: &str = "2044-06-01";
/// After the seals and the first authority have ended. When their issuer has ended too, in 2046, pyHanko gives up
/// where it judges the path as of today (CERTIFICATE_CHAIN_GENERAL_FAILURE), before it looks at the past.
pub(crate) const AFTERWARDS: &str = "2045-07-01";

/// Before its end an archive timestamp is renewed, in the second half of its time.
pub(crate) const LEAD: SignedDuration = SignedDuration::from_hours(24 * 365 * 20);

/// The authorities, whoever asks them, and their time.
pub(crate) struct Decades {
    pub(crate) service: PkiService,
    pub(crate) revocation: Revocation,
    pub(crate) runtime: Runtime,
    /// For timestamps.
    pub(crate) anchors: Arc<Anchors>,
    offset: Arc<AtomicI64>,
    /// The one, and the one that comes after.
    timestamps: [TimestampAuthorities; 2],
}

impl Decades {
    /// Starts them today; `None` (said aloud) when something is not here.
    pub(crate) fn start() -> Option<Self> {
        if !tools::present(&["qpdf", "pdfsig"]) {
            return None;
        }
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
        let timestamps = ["tsa", "tsa-late"].map(|name| {
            let keeper = revocation.clone();
            TimestampAuthorities::new(TimestampParts {
                authorities: vec![AuthoritySetup {
                    access: at(service.tsa_named(name)),
                    policy: None,
                }],
                limits,
                skew: Duration::from_secs(60),
                anchors: Arc::clone(&anchors),
                clock: Arc::clone(&clock),
                random,
                on_chain: Arc::new(move |chain| keeper.keep(chain)),
                runtime: runtime.handle().clone(),
            })
            .expect("an authority")
        });
        Some(Self {
            service,
            offset,
            timestamps,
            revocation,
            anchors,
            runtime,
        })
    }

    /// What levels above B-B are reached with.
    pub(crate) fn means(&self) -> LevelMeans {
        LevelMeans {
            token_bytes: Some(8 << 10),
            revocation: Some(Arc::new(self.revocation.clone())),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.offset.load(Ordering::SeqCst))
    }

    /// To the beginning of this day.
    pub(crate) fn travel_to(&self, date: &str) {
        let then: Timestamp = format!("{date}T00:00:00Z").parse().expect("a date");
        // The offset is of whole seconds, and must not fall short of the day.
        let ahead = then.duration_since(Timestamp::now());
        self.travel(ahead + SignedDuration::from_secs(1));
    }

    /// So far ahead of today.
    pub(crate) fn travel(&self, ahead: SignedDuration) {
        self.offset.store(ahead.as_secs(), Ordering::SeqCst);
        self.service.set_clock(ahead.as_secs());
        self.runtime.block_on(self.revocation.refresh());
    }

    /// A timestamp of the authority of the day.
    pub(crate) fn stamp(&self, imprint: &Imprint) -> Result<TimestampToken, NoTimestamp> {
        let [early, late] = &self.timestamps;
        let timestamps = match self.now().to_string().as_str() < SUCCESSION {
            true => early,
            false => late,
        };
        self.runtime.block_on(async {
            let token = timestamps.timestamp(imprint).await;
            self.revocation.first_round().await;
            token.map_err(|outage| NoTimestamp::Outage {
                cause: outage.to_string(),
                retry_after: None,
            })
        })
    }

    pub(crate) fn preserve(&self, preserver: &Preserver, request: &PreserveRequest) -> Preserved {
        let authority = |imprint: &_| self.stamp(imprint);
        let keeper = |chains: &[Vec<_>]| {
            for chain in chains {
                self.revocation.keep(chain);
            }
            self.runtime.block_on(self.revocation.first_round());
        };
        let clock = || self.now();
        preserver
            .preserve_with(request, clock, &Deadline::never(), authority, keeper)
            .unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// What a validator says of a file today.
    pub(crate) fn report(&self, validator: &Validator, file: &[u8]) -> Report {
        let bytes = Bytes::copy_from_slice(file);
        let options = Options {
            validation_time: None,
            policy: &policy::DEFAULT,
        };
        let hash = HashTrail::of(file);
        validator.validate(&bytes, &hash, self.now(), &options, &Deadline::never())
    }

    /// What pyHanko says of these files today. It trusts the roots alone and fetches nothing.
    pub(crate) fn pyhanko(&self, files: &[&[u8]]) -> Vec<serde_json::Value> {
        let paths: Vec<_> = (0..files.len()).map(|number| self.judged(number)).collect();
        for (file, path) in files.iter().zip(&paths) {
            std::fs::write(path, file).expect("a file can be written");
        }
        let roots = ["root", "time-root"].map(|name| self.service.certificate(name));
        let roots = roots.map(|root| root.display().to_string());
        let script = super::root().join("tests/levels/lta.py");
        let now = self.now().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
        let words = [script.display().to_string(), now, roots.join(",")];
        let paths = paths.iter().map(|path| path.display().to_string());
        let said = tools::text_of(&tools::python(), words.into_iter().chain(paths));
        let said = said.expect("pyHanko judges");
        let lines = said.lines().map(serde_json::from_str);
        lines
            .collect::<Result<_, _>>()
            .expect("a line of JSON each")
    }

    /// pyHanko finds in the files everything that it needs; poppler and qpdf find nothing wrong with them.
    pub(crate) fn assert_others_agree(&self, files: &[&[u8]]) {
        for (number, theirs) in self.pyhanko(files).iter().enumerate() {
            let place = format!("file {number}, {}: {theirs}", self.now());
            assert_eq!(theirs["indication"], "PASSED", "{place}");
            assert_eq!(theirs["bottom_line"], true, "{place}");
            assert_eq!(theirs["coverage"], "ENTIRE_REVISION", "{place}");
            assert_eq!(theirs["changes"], "LTA_UPDATES", "{place}");
        }
        for number in 0..files.len() {
            let path = self.judged(number);
            let said = tools::text_of("qpdf", ["--check".as_ref(), path.as_os_str()]);
            assert!(said.is_ok(), "{said:?}");
            // Of document timestamps it says that it does not know them.
            let said = tools::text_of("pdfsig", ["-nocert".as_ref(), path.as_os_str()]);
            let said = said.expect("pdfsig reads it");
            let valid = said.matches("Signature Validation: Signature is Valid.");
            assert_eq!(valid.count(), 1, "{said}");
            assert!(!said.contains("Invalid"), "{said}");
        }
    }

    /// Where a file lies while others judge it.
    fn judged(&self, number: usize) -> PathBuf {
        self.service.folder().join(format!("judged-{number}.pdf"))
    }
}

/// The newest version of a copy.
pub(crate) fn newest(archive: &Archive, preserved: &Preserved) -> Vec<u8> {
    let disclosure = preserved.standing.for_the_organ().expect("in force");
    let parts = archive.read(disclosure, Content::Newest);
    parts.expect("an archive").expect("a document").concat()
}
