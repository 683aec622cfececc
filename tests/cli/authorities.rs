//! Real authorities (Certomancer) behind the program and behind the rooms that ask them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use segell::authorities::{
    Access, AuthoritySetup, Revocation, RevocationParts, SourceSetup, TimeLimits,
    TimestampAuthorities, TimestampParts,
};
use segell::cades::Imprint;
use segell::model::algorithm::DigestAlgorithm;
use segell::model::{Octets, Sha256Digest};
use segell::pki::Anchors;
use segell::pki::revocation::{NotCurrent, RevocationKeeper as _};
use tokio::runtime::Runtime;

use crate::stage::Stage;
use crate::support::pki_service::PkiService;
use crate::support::tools;

#[test]
fn check_config_asks_every_authority_and_tells_what_each_did() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let with_pki = |authorities: &str| {
        let settings = pki.settings().into_iter();
        let stage = settings.fold(Stage::new(), |stage, (name, value)| {
            stage.with(name, &value)
        });
        stage.with("SEGELL__TIMESTAMP__AUTHORITIES", authorities)
    };
    let good = with_pki(&format!("[{{ url = \"{}\" }}]", pki.tsa()));
    let said = good.run(&["check-config"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(
        said.out.contains(&format!("{} stamps", pki.tsa())),
        "{said:?}"
    );
    // Five seals, the time-stamp authority, and whoever issued the seals: an anchor here, and not everywhere.
    assert!(
        said.out.contains("fresh data for 7 certificate(s)"),
        "{said:?}"
    );

    let named = |name: &str| format!("{{ url = \"{}\" }}", pki.tsa_named(name));
    let bad = ["tsa-expired", "tsa-purpose", "tsa-untrusted"].map(named);
    pki.revoke("L01990033", "key_compromise");
    let said = with_pki(&format!("[{}]", bad.join(", "))).run(&["check-config"]);
    assert_eq!(said.exit, 2, "{said:?}");
    for cause in [
        "Exemple tsa-expired\" is valid from",
        "Exemple tsa-purpose\" is not made for timestamps only",
        "Exemple tsa-untrusted\" does not chain to an anchor",
        "is revoked since",
    ] {
        assert!(said.out.contains(cause), "{cause}: {said:?}");
    }

    let secret = "a password that nobody shows";
    let lost =
        with_pki("[{ url = \"http://127.0.0.1:1/\", username = \"us\", password_file = \"p\" }]");
    lost.file("p", secret);
    let said = lost.run(&["check-config"]);
    assert!(
        said.out.contains("http://127.0.0.1:1/: no connection"),
        "{said:?}"
    );
    assert!(!said.out.contains(secret) && !said.error.contains(secret));
    for (unfit, cause) in [
        ("[{ url = \"tsa\" }]", "http://… or https://…"),
        (
            "[{ url = \"http://tsa.example\", username = \"us\" }]",
            "password_file",
        ),
        (
            "[{ url = \"http://tsa.example\", key = \"k.pem\" }]",
            "certificates and key",
        ),
        (
            "[{ url = \"http://tsa.example\", ca_file = \"absent.pem\" }]",
            "absent.pem",
        ),
    ] {
        let said = with_pki(unfit).run(&["check-config"]);
        assert_eq!(said.exit, 2, "{said:?}");
        assert!(said.out.contains(cause), "{cause}: {said:?}");
    }
    let served = with_pki("[{ url = \"tsa\" }]").run(&["serve"]);
    assert!(
        served.exit == 2 && served.error.contains("timestamp.authorities"),
        "{served:?}"
    );
}

/// The clients, with the machine's clock.
struct Clients {
    runtime: Runtime,
    timestamps: TimestampAuthorities,
    revocation: Revocation,
}

fn der_of(pem: &Path) -> Vec<u8> {
    let pem = std::fs::read(pem).unwrap();
    let certificates = Anchors::from_pem([("", pem.as_slice())]).unwrap();
    certificates.der().remove(0)
}

impl Clients {
    fn of(pki: &PkiService) -> Self {
        let runtime = Runtime::new().unwrap();
        let anchor = |name: &str| {
            let pem = std::fs::read(pki.certificate(name)).unwrap();
            Arc::new(Anchors::from_pem([(name, pem.as_slice())]).unwrap())
        };
        let at = |url: String| Access {
            url,
            ..Access::default()
        };
        let source = |name: &str, has_list: bool| SourceSetup {
            issuer: der_of(&pki.certificate(name)),
            ocsp: (!has_list).then(|| at(pki.ocsp(name))),
            crl: has_list.then(|| at(pki.crl(name))),
        };
        let limits = TimeLimits {
            total: Duration::from_secs(20),
            ..TimeLimits::default()
        };
        let random = || {
            let moment = Timestamp::now().as_nanosecond().to_be_bytes();
            *Sha256Digest::of(&moment).as_bytes()
        };
        let revocation = Revocation::new(RevocationParts {
            sources: vec![
                source("root", true),
                source("sector-public", false),
                source("time-root", false),
            ],
            anchors: vec![anchor("root"), anchor("time-root")],
            limits,
            max_age: Duration::from_secs(24 * 3600),
            clock: Arc::new(Timestamp::now),
            random,
            runtime: runtime.handle().clone(),
        })
        .unwrap();
        let keeper = revocation.clone();
        let timestamps = TimestampAuthorities::new(TimestampParts {
            authorities: vec![AuthoritySetup {
                access: at(pki.tsa()),
                policy: None,
            }],
            limits,
            skew: Duration::from_secs(60),
            anchors: anchor("time-root"),
            clock: Arc::new(Timestamp::now),
            random,
            on_chain: Arc::new(move |chain| keeper.keep(chain)),
            runtime: runtime.handle().clone(),
        })
        .unwrap();
        Self {
            runtime,
            timestamps,
            revocation,
        }
    }

    fn fault(&self, imprint: &Imprint) -> &'static str {
        let outage = self.runtime.block_on(self.timestamps.timestamp(imprint));
        outage.unwrap_err().attempts.remove(0).fault.word()
    }
}

#[test]
fn real_authorities_give_tokens_and_revocation_data_that_openssl_believes() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let clients = Clients::of(&pki);
    let folder = pki.folder();
    let judge = |arguments: &str| {
        let words = arguments
            .split(' ')
            .map(|word| match word.strip_prefix('@') {
                Some(name) => folder.join(name).display().to_string(),
                None => word.to_owned(),
            });
        tools::text_of("openssl", words).unwrap()
    };
    let digest = Sha256Digest::of(b"a signature");
    let imprint = Imprint {
        algorithm: DigestAlgorithm::Sha256,
        value: digest.as_bytes().to_vec(),
    };
    let stamped = clients
        .runtime
        .block_on(clients.timestamps.timestamp(&imprint));
    let token = stamped.unwrap();
    std::fs::write(folder.join("token"), &token.der).unwrap();
    judge(&format!(
        "ts -verify -token_in -in @token -digest {digest} -CAfile @time-root.pem"
    ));

    let seal: Vec<Octets> = ["L01990033", "sector-public"]
        .map(|name| der_of(&pki.certificate(name)).into())
        .to_vec();
    let (revocation, runtime) = (&clients.revocation, &clients.runtime);
    revocation.keep(&seal);
    runtime.block_on(revocation.first_round());
    let of_token = revocation.current(&token.chain, Timestamp::now()).unwrap();
    assert_eq!(of_token.ocsp_responses.len(), 1);
    let of_seal = revocation.current(&seal, Timestamp::now()).unwrap();
    assert_eq!((of_seal.ocsp_responses.len(), of_seal.crls.len()), (1, 1));
    assert_eq!(of_seal.certificates.len(), 4, "chain, anchor and responder");
    std::fs::write(folder.join("response"), &*of_seal.ocsp_responses[0]).unwrap();
    let said = judge(
        "ocsp -respin @response -issuer @sector-public.pem -cert @L01990033.pem -CAfile @root.pem \
         -no_nonce -verify_other @sector-public.pem",
    );
    assert!(said.contains("L01990033.pem: good"), "{said}");
    std::fs::write(folder.join("list"), &*of_seal.crls[0]).unwrap();
    judge("crl -inform DER -in @list -noout -CAfile @root.pem -verify");

    // Bad days.
    pki.revoke("L01990033", "key_compromise");
    runtime.block_on(revocation.refresh());
    let revoked = |at| {
        matches!(
            revocation.current(&seal, at),
            Err(NotCurrent::Revoked { .. })
        )
    };
    assert!(revoked(Timestamp::now()));
    pki.restore("L01990033");
    runtime.block_on(revocation.refresh());
    assert!(
        revoked(Timestamp::now()),
        "a revocation is never taken back"
    );
    pki.set_clock(3600);
    assert_eq!(clients.fault(&imprint), "clock");
    pki.set_clock(0);
    pki.set_down(true);
    assert_eq!(clients.fault(&imprint), "http-status");
    pki.set_down(false);
    assert!(pki.asked("/example/tsa/tsa") >= 4);
    let again = runtime.block_on(clients.timestamps.timestamp(&imprint));
    assert!(again.is_ok());
}
