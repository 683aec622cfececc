//! What signing through our pool of sessions costs above the token itself: the same token, the same eight
//! threads, once with sessions of their own and once through a seal's key.
//!
//! `cargo bench --bench tokens` makes a token of SoftHSM2 (`softhsm2-util` has to be installed) and prints
//! signatures per second and the ratio for RSA-2048 and P-256. At least 85 % is what is promised.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench makes its token on disk, stops at the first surprise and prints"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use segell::model::SealAlgorithm;
use segell::pki::Signer;
use segell::tokens::{KeyName, KeyPlace, Pin, TokenName, Tokens};
use zeroize::Zeroizing;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "482913";
const THREADS: usize = 8;
const ROUND: Duration = Duration::from_secs(3);
const LEAST: f64 = 0.85;

/// Bytes of signed attributes, about as many as a seal has.
const TO_BE_SIGNED: [u8; 180] = [0x5a; 180];

fn main() {
    if env::var_os("SOFTHSM2_CONF").is_none() {
        return with_a_token();
    }
    let tokens = Tokens::default();
    for (label, algorithm) in [
        ("rsa", SealAlgorithm::RsaPkcs1Sha256),
        ("ec", SealAlgorithm::EcdsaP256Sha256),
    ] {
        let place = KeyPlace {
            module: MODULE.into(),
            token: TokenName::Label("bench".to_owned()),
            key: KeyName {
                label: Some(label.to_owned()),
                id: None,
            },
            sessions: THREADS,
        };
        let pin = Pin::new(Zeroizing::new(PIN.to_owned()), PathBuf::new(), None);
        let key = tokens.open(&place, Some(pin), algorithm).expect("a key");
        let context = Pkcs11::new(MODULE).expect("the library");
        let _ = context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
        let slot = slot(&context);
        // In turns, so that a busy machine harms both alike.
        let (mut raw, mut ours) = (0.0, 0.0);
        for _ in 0..3 {
            raw += rate(|| {
                let session = context.open_ro_session(slot).expect("a session");
                move || raw_signature(&session, label)
            });
            ours += rate(|| || drop(key.sign(&TO_BE_SIGNED).expect("a signature")));
        }
        let ratio = ours / raw;
        println!(
            "{label}: token {:.0}/s, through the pool {:.0}/s: {:.0} % (at least {:.0} %)",
            raw / 3.0,
            ours / 3.0,
            100.0 * ratio,
            100.0 * LEAST
        );
    }
}

/// Signatures per second on all threads; `begin` runs on each of them.
fn rate<F: FnMut()>(begin: impl Fn() -> F + Sync) -> f64 {
    let (enough, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut sign = begin();
                while !enough.load(Ordering::Relaxed) {
                    sign();
                    made.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        thread::sleep(ROUND);
        enough.store(true, Ordering::Relaxed);
    });
    made.into_inner() as f64 / start.elapsed().as_secs_f64()
}

/// As whoever has nothing but the token would do it: the key is found once per session.
fn raw_signature(session: &Session, label: &str) {
    thread_local! {
        static KEY: std::cell::RefCell<Option<cryptoki::object::ObjectHandle>> =
            const { std::cell::RefCell::new(None) };
    }
    let key = KEY.with_borrow_mut(|key| {
        *key.get_or_insert_with(|| {
            let wanted = [
                Attribute::Class(ObjectClass::PRIVATE_KEY),
                Attribute::Label(label.as_bytes().to_vec()),
            ];
            let found = session.find_objects(&wanted).expect("the token looks");
            *found.first().expect("the key")
        })
    });
    let (mechanism, input) = match label {
        "rsa" => (Mechanism::RsaPkcs, &TO_BE_SIGNED[..51]),
        _ => (Mechanism::Ecdsa, &TO_BE_SIGNED[..32]),
    };
    session.sign(&mechanism, key, input).expect("a signature");
}

fn slot(context: &Pkcs11) -> Slot {
    let slots = context.get_slots_with_token().expect("slots");
    let slot = slots.into_iter().find(|slot| {
        let info = context.get_token_info(*slot);
        info.is_ok_and(|info| info.label().trim_end() == "bench")
    });
    let slot = slot.expect("the token");
    let session = context.open_ro_session(slot).expect("a session");
    let pin = AuthPin::from(PIN.to_owned());
    // The product may have logged in before.
    let _ = session.login(UserType::User, Some(&pin));
    slot
}

/// Makes a token and measures in a process whose SoftHSM finds it.
fn with_a_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("tokens")).expect("a folder");
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        path("tokens").display()
    );
    fs::write(path("softhsm2.conf"), text).expect("a file");
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("SOFTHSM2_CONF", path("softhsm2.conf"));
        let output = command.output().expect("the program is installed");
        assert!(output.status.success(), "{program} {arguments:?}");
    };
    run(
        "softhsm2-util",
        &[
            "--init-token",
            "--free",
            "--label",
            "bench",
            "--pin",
            PIN,
            "--so-pin",
            "739105",
        ],
    );
    let text_of = |path: &Path| path.to_str().expect("a path").to_owned();
    for (label, id, kind) in [
        ("rsa", "01", ["RSA", "rsa_keygen_bits:2048"]),
        ("ec", "02", ["EC", "ec_paramgen_curve:P-256"]),
    ] {
        let key = text_of(&path(label));
        let [algorithm, option] = kind;
        run(
            "openssl",
            &[
                "genpkey",
                "-algorithm",
                algorithm,
                "-pkeyopt",
                option,
                "-out",
                &key,
            ],
        );
        run(
            "softhsm2-util",
            &[
                "--import", &key, "--token", "bench", "--label", label, "--id", id, "--pin", PIN,
            ],
        );
    }
    let this = env::current_exe().expect("this program has a path");
    let status = Command::new(this)
        .arg("--bench")
        .env("SOFTHSM2_CONF", path("softhsm2.conf"))
        .status();
    assert!(status.expect("this program starts").success());
}
