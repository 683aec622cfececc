//! What can happen between two signatures: sessions lost, the token pulled out, a PIN changed.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use jiff::Timestamp;
use segell::model::SealAlgorithm;
use segell::model::SealAlgorithm::{
    EcdsaP256Sha256, EcdsaP384Sha384, RsaPkcs1Sha256, RsaPssSha256,
};
use segell::pki::{
    Anchors, DeviceCertificates, SealContainer, SealDefect, SealKey, SealRules, Signer,
    TokenTrouble,
};
use segell::tokens::{KeyName, KeyPlace, Pin, TokenKey, TokenName, Tokens};
use zeroize::Zeroizing;

use crate::softhsm::{self, PIN, alone};
use crate::support::root;

fn place(token: &str, organ: &str, sessions: usize) -> KeyPlace {
    KeyPlace {
        module: softhsm::module(),
        token: TokenName::Label(token.to_owned()),
        key: KeyName {
            label: Some(organ.to_owned()),
            id: None,
        },
        sessions,
    }
}

/// A PIN in a file written so many seconds after 1970.
fn pin(text: &str, written: u64) -> Option<Pin> {
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(written);
    let text = Zeroizing::new(text.to_owned());
    Some(Pin::new(text, "token.pin".into(), Some(written)))
}

fn open(tokens: &Tokens, place: &KeyPlace) -> Result<TokenKey, TokenTrouble> {
    tokens.open(place, pin(PIN, 1), RsaPkcs1Sha256)
}

/// A session besides those of the product, logged in when the product is.
fn session(label: &str) -> Session {
    let context = Pkcs11::new(softhsm::module()).expect("the library loads");
    let _ = context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slots = context.get_slots_with_token().expect("there are slots");
    let slot = slots.into_iter().find(|slot| {
        let info = context.get_token_info(*slot);
        info.is_ok_and(|info| info.label().trim_end() == label)
    });
    let slot = slot.expect("the token is there");
    context.open_rw_session(slot).expect("a session opens")
}

fn log_in(session: &Session, pin: &str) {
    let pin = AuthPin::from(pin.to_owned());
    session
        .login(UserType::User, Some(&pin))
        .expect("the PIN is right");
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("the file is there")
}

fn anchors() -> Anchors {
    let trust = root().join("certs-example/trust");
    let root = read(&trust.join("root.pem"));
    let ca = read(&trust.join("sector-public.pem"));
    let anchors = Anchors::from_pem([("root.pem", &*root), ("sector-public.pem", &*ca)]);
    anchors.expect("the example anchors")
}

fn seal(
    key: TokenKey,
    certificates: DeviceCertificates<'_>,
    nif: &str,
    algorithm: SealAlgorithm,
) -> Result<SealKey, SealDefect> {
    let container = SealContainer::Device {
        signer: Arc::new(key),
        certificates,
    };
    let rules = SealRules {
        nif: &nif.parse().expect("a NIF"),
        algorithm,
        anchors: &anchors(),
        now: Timestamp::now(),
    };
    SealKey::open(&container, &rules)
}

#[test]
fn a_key_on_a_token_becomes_a_seal_with_every_algorithm_and_with_no_other() {
    alone(
        "sessions::a_key_on_a_token_becomes_a_seal_with_every_algorithm_and_with_no_other",
        |hsm| {
            let token = hsm.token("t");
            let tokens = Tokens::default();
            for (organ, nif, algorithm, other) in [
                ("L01990015", "P9900100J", RsaPkcs1Sha256, EcdsaP256Sha256),
                ("L01990027", "P9900200H", RsaPssSha256, EcdsaP384Sha384),
                ("L01990033", "P9900300F", EcdsaP256Sha256, EcdsaP384Sha384),
                ("L01990051", "P9900500A", EcdsaP384Sha384, RsaPssSha256),
            ] {
                hsm.import(&token, organ);
                let chain = read(&hsm.chain(organ));
                let open = |algorithm| {
                    let key = tokens.open(&place("t", organ, 1), pin(PIN, 1), algorithm)?;
                    seal(key, DeviceCertificates::Pem(&chain), nif, algorithm)
                };
                let sealed = open(algorithm).expect("a seal");
                let value = sealed.sign(b"anything").expect("a signature");
                assert!(value.len() <= sealed.signature_len(), "{organ}");
                let refused = open(other).expect_err("another algorithm").code();
                let expected = match organ {
                    // The token does not tell the curve of a key; its certificate does.
                    "L01990033" => "key-unfit",
                    _ => "token-cannot-sign",
                };
                assert_eq!(refused, expected, "{organ}");
            }
            let key = tokens.open(&place("t", "L01990015", 1), pin(PIN, 1), RsaPkcs1Sha256);
            let foreign = read(&hsm.chain("L01990027"));
            let refused = seal(
                key.expect("the key is there"),
                DeviceCertificates::Pem(&foreign),
                "P9900200H",
                RsaPkcs1Sha256,
            );
            assert_eq!(refused.expect_err("foreign").code(), "key-mismatch");
        },
    );
}

#[test]
fn a_certificate_beside_the_key_is_read_from_the_token() {
    alone(
        "sessions::a_certificate_beside_the_key_is_read_from_the_token",
        |hsm| {
            let token = hsm.token("t");
            hsm.import(&token, "L01990015");
            let tokens = Tokens::default();
            let key = open(&tokens, &place("t", "L01990015", 1)).expect("the key is there");
            assert_eq!(key.certificates(), Ok(Vec::new()));
            let none = seal(
                key,
                DeviceCertificates::Der(&[]),
                "P9900100J",
                RsaPkcs1Sha256,
            );
            assert_eq!(none.expect_err("no certificate").code(), "no-certificate");

            let chain = read(&hsm.chain("L01990015"));
            let leaf = openssl::x509::X509::from_pem(&chain).expect("a chain, leaf first");
            let subject = leaf.subject_name().to_der().expect("DER");
            let der = leaf.to_der().expect("DER");
            let id: Vec<u8> = vec![0x00, 0x15];
            session("t")
                .create_object(&[
                    Attribute::Class(ObjectClass::CERTIFICATE),
                    Attribute::CertificateType(CertificateType::X_509),
                    Attribute::Token(true),
                    Attribute::Private(false),
                    Attribute::Id(id),
                    Attribute::Subject(subject),
                    Attribute::Value(der.clone()),
                ])
                .expect("the token keeps certificates");
            let key = open(&tokens, &place("t", "L01990015", 1)).expect("the key is there");
            let found = key.certificates().expect("certificates");
            assert_eq!(found, [der]);
            let seal = seal(
                key,
                DeviceCertificates::Der(&found),
                "P9900100J",
                RsaPkcs1Sha256,
            );
            assert_eq!(seal.expect("a seal").chain().len(), 2);
        },
    );
}

#[test]
fn sessions_closed_or_logged_out_behind_our_back_are_opened_again_within_the_request() {
    alone(
        "sessions::sessions_closed_or_logged_out_behind_our_back_are_opened_again_within_the_request",
        |hsm| {
            let token = hsm.token("t");
            hsm.import(&token, "L01990015");
            let tokens = Tokens::default();
            let key = open(&tokens, &place("t", "L01990015", 4)).expect("the key is there");
            let before = key.sign(b"x").expect("a signature");

            session("t").logout().expect("whoever logs out, all are");
            assert_eq!(key.sign(b"x"), Ok(before.clone()));

            // Another user of the library stops and starts it: no handle means anything any more.
            let context = Pkcs11::new(softhsm::module()).expect("the library loads");
            context.finalize().expect("the library stops");
            let lost = key.sign(b"x").expect_err("the library is stopped");
            assert_eq!(lost.code(), "token-lost");
            tokens.look_again();
            assert_eq!(key.sign(b"x"), Ok(before));
        },
    );
}

#[test]
fn more_threads_than_sessions_wait_for_each_other() {
    alone(
        "sessions::more_threads_than_sessions_wait_for_each_other",
        |hsm| {
            let token = hsm.token("t");
            hsm.import(&token, "L01990015");
            let tokens = Tokens::default();
            let key = open(&tokens, &place("t", "L01990015", 2)).expect("the key is there");
            let expected = key.sign(b"x").expect("a signature");
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        for _ in 0..20 {
                            assert_eq!(key.sign(b"x").as_ref(), Ok(&expected));
                        }
                    });
                }
                // The library is started anew in the middle of it all.
                for _ in 0..5 {
                    let context = Pkcs11::new(softhsm::module()).expect("the library loads");
                    let slots = context.get_slots_with_token().expect("there are slots");
                    let open = |slot: &&cryptoki::slot::Slot| {
                        let info = context.get_token_info(**slot);
                        info.is_ok_and(|info| info.label().trim_end() == "t")
                    };
                    let slot = slots.iter().find(open).expect("the token is there");
                    let info = context.get_token_info(*slot).expect("it tells of itself");
                    assert!(info.session_count().is_none_or(|sessions| sessions <= 2));
                    thread::sleep(Duration::from_millis(5));
                }
            });
        },
    );
}

#[test]
fn a_token_pulled_out_is_named_found_again_and_harms_no_other() {
    alone(
        "sessions::a_token_pulled_out_is_named_found_again_and_harms_no_other",
        |hsm| {
            let (one, two) = (hsm.token("one"), hsm.token("two"));
            hsm.import(&one, "L01990015");
            hsm.import(&two, "L01990027");
            let tokens = Tokens::default();
            let first = open(&tokens, &place("one", "L01990015", 1)).expect("the key is there");
            let second = open(&tokens, &place("two", "L01990027", 1)).expect("the key is there");

            one.pull_out();
            let lost = first.sign(b"x").expect_err("pulled out");
            assert_eq!(lost.code(), "token-lost");
            assert!(second.sign(b"x").is_ok());
            tokens.look_again();
            assert_eq!(
                first.sign(b"x").expect_err("still out").code(),
                "token-lost"
            );
            assert!(second.sign(b"x").is_ok(), "its sessions open by themselves");
            let absent = open(&tokens, &place("one", "L01990015", 1));
            assert_eq!(absent.err(), Some(TokenTrouble::Absent));

            one.put_back();
            for _ in 0..3 {
                tokens.look_again();
            }
            assert!(first.sign(b"x").is_ok());
            assert!(second.sign(b"x").is_ok());
        },
    );
}

#[test]
fn a_pin_that_was_refused_is_never_offered_again_until_its_file_changes() {
    alone(
        "sessions::a_pin_that_was_refused_is_never_offered_again_until_its_file_changes",
        |hsm| {
            let token = hsm.token("t");
            hsm.import(&token, "L01990015");
            let tokens = Tokens::default();
            let place = place("t", "L01990015", 1);
            let try_pin = |pin| tokens.open(&place, pin, RsaPkcs1Sha256).err();
            assert_eq!(try_pin(None), Some(TokenTrouble::NoPin));
            assert_eq!(try_pin(pin("000000", 1)), Some(TokenTrouble::PinWrong));
            {
                // From now on it would be right, if it were offered.
                let session = session("t");
                log_in(&session, PIN);
                let (old, new) = (AuthPin::from(PIN.to_owned()), "000000".to_owned());
                session
                    .set_pin(&old, &AuthPin::from(new))
                    .expect("the PIN can be changed");
                session.logout().expect("logged in");
            }
            for _ in 0..3 {
                assert_eq!(try_pin(pin("000000", 1)), Some(TokenTrouble::PinWrong));
            }
            assert_eq!(
                try_pin(pin("000000", 2)),
                None,
                "the file was written again"
            );
        },
    );
}

#[test]
fn what_the_token_does_not_hold_is_named() {
    alone("sessions::what_the_token_does_not_hold_is_named", |hsm| {
        let token = hsm.token("t");
        hsm.import(&token, "L01990015");
        hsm.import(&token, "L01990033");
        let tokens = Tokens::default();
        let open = |place: &KeyPlace, algorithm| tokens.open(place, pin(PIN, 1), algorithm).err();
        let here = place("t", "L01990015", 1);
        assert_eq!(open(&here, RsaPkcs1Sha256), None);
        let nowhere = place("u", "L01990015", 1);
        assert_eq!(open(&nowhere, RsaPkcs1Sha256), Some(TokenTrouble::Absent));
        let nothing = place("t", "L01990099", 1);
        assert_eq!(
            open(&nothing, RsaPkcs1Sha256),
            Some(TokenTrouble::KeyNotFound)
        );
        let by_id = |id: u8| KeyPlace {
            key: KeyName {
                label: None,
                id: Some(vec![0, id]),
            },
            ..here.clone()
        };
        assert_eq!(open(&by_id(0x15), RsaPkcs1Sha256), None);
        assert_eq!(open(&by_id(0x33), EcdsaP256Sha256), None);
        assert_eq!(
            open(&by_id(0x34), RsaPkcs1Sha256),
            Some(TokenTrouble::KeyNotFound)
        );
        let unusable = KeyPlace {
            module: "/dev/null".into(),
            ..here.clone()
        };
        let trouble = open(&unusable, RsaPkcs1Sha256).expect("no library");
        assert_eq!(trouble.code(), "module-unusable");

        let twin = hsm.token("t");
        assert!(hsm.folder().exists());
        let fresh = Tokens::default();
        // SoftHSM looks for tokens when it starts.
        let context = Pkcs11::new(softhsm::module()).expect("the library loads");
        context.finalize().expect("the library stops");
        let ambiguous = fresh.open(&here, pin(PIN, 1), RsaPkcs1Sha256);
        assert_eq!(ambiguous.err(), Some(TokenTrouble::Ambiguous));
        twin.pull_out();
    });
}
