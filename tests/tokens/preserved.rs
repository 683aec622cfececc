//! Copies sealed on a token, kept provable beyond the life of their seals.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use segell::archive::{Archive, ArchiveLocation, CodeIndex};
use segell::model::{Code, SignatureLevel};
use segell::pdf::Limits;
use segell::seal::preserve::{PreserveRequest, Preserver, PreserverParts};
use segell::validate::{Trust, TrustedSet, Validator};

use crate::sealing::Office;
use crate::softhsm;
use crate::support::decades::{AFTERWARDS, Decades, LEAD, SUCCESSION, newest};
use crate::support::service::{Answer, Service};
use crate::support::{office, paper, tools};

/// RSA-2048 with PKCS #1 v1.5, RSA-3072 with PSS, ECDSA on P-256.
const ORGANS: [&str; 3] = ["L01990015", "L01990027", "L01990033"];

/// A copy of level B-LTA, once the service has heard from its authorities.
fn seal(service: &Service, organ: &str) -> Answer {
    let start = Instant::now();
    loop {
        let query = format!("organ={organ}&level=B-LTA");
        let answer = service.seal(&paper::one_page(organ), &query);
        let answer = answer.expect("an answer");
        if answer.status == 201 {
            return answer;
        }
        assert!(answer.status == 503, "{}", answer.json());
        assert!(start.elapsed() < Duration::from_secs(60), "never");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Keeps the copies that a service has made.
fn preserver(decades: &Decades, archive: &Arc<Archive>) -> Preserver {
    let trust = Trust {
        seals: TrustedSet::new(Arc::new(office::anchors())),
        timestamps: TrustedSet::new(Arc::clone(&decades.anchors)),
    };
    let seals = archive.registered_seals().expect("an archive");
    let validator = Validator::new(Arc::clone(archive), trust, seals, Limits::default());
    Preserver::new(PreserverParts {
        archive: Arc::clone(archive),
        validator: Arc::new(validator),
        levels: decades.means(),
        limits: Limits::default(),
        lead: LEAD,
    })
}

#[test]
fn copies_sealed_on_a_token_are_valid_after_two_renewals() {
    if !tools::present(softhsm::PROGRAMS) {
        return;
    }
    let Some(decades) = Decades::start() else {
        return;
    };
    let office = Office::new();
    let token = office.hsm.token("decades");
    for organ in ORGANS {
        office.organ(organ, &token, "token.pin");
    }
    let mut settings = decades.service.settings();
    settings.push(("SEGELL__RETENTION__PRE_DAYS", "14600".to_owned()));
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let service = office.serve(&settings);
    let sealed = ORGANS.map(|organ| seal(&service, organ));
    let bodies = sealed.each_ref().map(|copy| copy.body.as_slice());
    decades.assert_others_agree(&bodies);

    let place = service.folder().join("archive");
    let place: ArchiveLocation = format!("file://{}", place.display())
        .parse()
        .expect("a place");
    let archive = Archive::open(&place, None, decades.runtime.handle().clone());
    let archive = Arc::new(archive.expect("the archive of the service"));
    let preserver = preserver(&decades, &archive);
    for (date, version) in [(SUCCESSION, 2), (AFTERWARDS, 3)] {
        decades.travel_to(date);
        let files = sealed.each_ref().map(|copy| {
            let code = copy.header("Verification-Code");
            let code = Code::read(code).expect("a code");
            let request = PreserveRequest {
                index: CodeIndex::of(&code),
                level: SignatureLevel::BLta,
                application: None,
            };
            let done = decades.preserve(&preserver, &request);
            assert_eq!((done.extended, done.standing.versions()), (true, version));
            newest(&archive, &done)
        });
        for (file, first) in files.iter().zip(bodies) {
            assert!(file.starts_with(first));
        }
        decades.assert_others_agree(&files.each_ref().map(Vec::as_slice));
    }
}
