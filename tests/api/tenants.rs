//! Nobody reads what is another's: thousands of random trials against a model of who may do what.

use std::collections::{BTreeMap, BTreeSet};

use ureq::Agent;

use crate::credentials::Registry;
use crate::problem;
use crate::support::paper;
use crate::support::service::{Answer, Service};

const TRIALS: u32 = 5_000;
const COPIES_OF_AN_ORGAN: usize = 4;
const ORGANS: [&str; 5] = [
    "L01990015",
    "L01990027",
    "L01990033",
    "L01990048",
    "L01990051",
];
const SCOPES: [&str; 4] = ["copies:issue", "copies:read", "copies:withdraw", "validate"];

/// Numbers that are the same in every run (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

/// A credential, as the model knows it.
struct Credential {
    key: String,
    organs: BTreeSet<&'static str>,
    scopes: BTreeSet<&'static str>,
    real: bool,
}

/// A copy, as the model knows it.
struct Copy {
    organ: &'static str,
    code: String,
    digest: String,
    withdrawn: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verb {
    Record,
    Document,
    Source,
    Withdraw,
    Visibility,
    Preflight,
    Organs,
    Status,
}

impl Verb {
    const ALL: [Self; 8] = [
        Self::Record,
        Self::Document,
        Self::Source,
        Self::Withdraw,
        Self::Visibility,
        Self::Preflight,
        Self::Organs,
        Self::Status,
    ];

    fn scope(self) -> Option<&'static str> {
        match self {
            Self::Record | Self::Document | Self::Source => Some("copies:read"),
            Self::Withdraw | Self::Visibility => Some("copies:withdraw"),
            Self::Preflight => Some("copies:issue"),
            Self::Organs | Self::Status => None,
        }
    }
}

/// What the model expects: the status, and the code of the problem when it is one.
fn expected(credential: &Credential, copy: &Copy, verb: Verb) -> (u16, &'static str) {
    let may = credential.organs.contains(copy.organ);
    match verb {
        Verb::Organs => (200, ""),
        _ if verb
            .scope()
            .is_some_and(|scope| !credential.scopes.contains(scope)) =>
        {
            (403, "scope-missing")
        }
        Verb::Status if !may || credential.real => (404, "not-found"),
        Verb::Status => (200, ""),
        Verb::Preflight if !may => (403, "organ-not-allowed"),
        _ if credential.real => (403, "environment-mismatch"),
        Verb::Preflight => (200, ""),
        _ if !may => (404, "not-found"),
        Verb::Document | Verb::Source if copy.withdrawn => (410, "copy-gone"),
        _ => (200, ""),
    }
}

fn credentials(dice: &mut Dice) -> Vec<Credential> {
    (0..24)
        .map(|number| {
            let mut some = |all: &[&'static str]| -> BTreeSet<&'static str> {
                let chosen = all.iter().copied().filter(|_| dice.below(2) == 0);
                let mut chosen: BTreeSet<_> = chosen.collect();
                chosen.insert(all[dice.below(all.len())]);
                chosen
            };
            let (organs, scopes) = (some(&ORGANS), some(&SCOPES));
            let real = number % 8 == 7;
            let prefix = if real { "segell_pro" } else { "segell_pre" };
            Credential {
                key: format!("{prefix}_model_key_{number:02}"),
                organs,
                scopes,
                real,
            }
        })
        .collect()
}

/// Asks over one connection, as a busy application does.
fn ask(
    agent: &Agent,
    service: &Service,
    key: &str,
    method: &str,
    path: &str,
    body: &[u8],
) -> Answer {
    let url = format!("{}{path}", service.address());
    let bearer = format!("Bearer {key}");
    let answered = match method {
        "GET" => agent.get(url).header("Authorization", bearer).call(),
        _ => {
            let request = agent.post(url).header("Authorization", bearer);
            request.header("Content-Type", "application/pdf").send(body)
        }
    };
    let mut answered = answered.expect("the service answers");
    let body = answered.body_mut().read_to_vec().expect("a body");
    Answer {
        status: answered.status().as_u16(),
        headers: answered.headers().clone(),
        body,
    }
}

#[test]
fn no_credential_reads_what_is_of_an_organ_it_was_not_given() {
    let mut dice = Dice(2026);
    let credentials = credentials(&mut dice);
    let mut registry = Registry::new();
    registry = registry
        .application("all", &ORGANS, "")
        .key("segell_pre_of_them_all", "");
    for (number, credential) in credentials.iter().enumerate() {
        let organs: Vec<_> = credential.organs.iter().copied().collect();
        let scopes = format!("scopes = {:?}", credential.scopes);
        // A set prints as `{…}`, a list of TOML as `[…]`.
        let scopes = scopes.replace('{', "[").replace('}', "]");
        registry = registry
            .application(&format!("application-{number}"), &organs, &scopes)
            .key(&credential.key, "");
    }
    let service = registry.start(&[("SEGELL__LOG__LEVEL", "warn")]);
    let agent = Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .new_agent();
    let call = |key: &str, method: &str, path: &str, body: &[u8]| {
        ask(&agent, &service, key, method, path, body)
    };
    let mut copies = Vec::new();
    for organ in ORGANS {
        for number in 0..COPIES_OF_AN_ORGAN {
            let source = paper::one_page(&format!("{organ} {number}"));
            let path = format!("/v1/copies?organ={organ}");
            let made = call("segell_pre_of_them_all", "POST", &path, &source);
            assert_eq!(made.status, 201);
            service.keep_secret(made.header("Verification-Code"));
            copies.push(Copy {
                organ,
                code: made.header("Verification-Code").to_owned(),
                digest: made.header("ETag").to_owned(),
                withdrawn: false,
            });
        }
    }

    let withdrawal = br#"{"reason":"other","text":"model"}"#;
    let source = paper::one_page("preflight");
    let mut met: BTreeMap<(Verb, u16, &str), u32> = BTreeMap::new();
    for trial in 0..TRIALS {
        let credential = &credentials[dice.below(credentials.len())];
        let which = dice.below(copies.len());
        // Withdrawals are rare, or soon nothing would be in force. So is what costs time and tells little
        // more: documents looked into, and events to be read again by every trial to come.
        let verb = match Verb::ALL[dice.below(Verb::ALL.len())] {
            Verb::Withdraw | Verb::Visibility if dice.below(16) > 0 => Verb::Record,
            Verb::Preflight if dice.below(4) > 0 => Verb::Organs,
            verb => verb,
        };
        let copy = &copies[which];
        let path = format!("/v1/copies/{}", copy.code);
        let key = &credential.key;
        let answer = match verb {
            Verb::Record => call(key, "GET", &path, &[]),
            Verb::Document => call(key, "GET", &format!("{path}/document"), &[]),
            Verb::Source => call(key, "GET", &format!("{path}/source"), &[]),
            Verb::Withdraw => call(key, "POST", &format!("{path}/withdraw"), withdrawal),
            Verb::Visibility => call(
                key,
                "POST",
                &format!("{path}/visibility"),
                br#"{"visibility":"open"}"#,
            ),
            Verb::Preflight => {
                let path = format!("/v1/copies/preflight?organ={}", copy.organ);
                call(key, "POST", &path, &source)
            }
            Verb::Organs => call(key, "GET", "/v1/organs", &[]),
            Verb::Status => {
                let path = format!("/v1/organs/{}/status", copy.organ);
                call(key, "GET", &path, &[])
            }
        };
        let (status, code) = expected(credential, copy, verb);
        let seen = String::from_utf8_lossy(&answer.body);
        assert_eq!(
            answer.status, status,
            "trial {trial}, {verb:?} of {}: {seen}",
            copy.organ
        );
        if status != 200 {
            problem(&answer, status, code);
        }
        match verb {
            Verb::Document if status == 200 => assert_eq!(answer.header("ETag"), copy.digest),
            Verb::Record | Verb::Status if status == 200 => {
                assert_eq!(answer.json()["organ"], copy.organ);
            }
            Verb::Organs => {
                let listed = answer.json();
                let listed = listed["organs"].as_array().expect("a list").iter();
                let listed: BTreeSet<_> =
                    listed.filter_map(|organ| organ["organ"].as_str()).collect();
                let own = if credential.real {
                    BTreeSet::new()
                } else {
                    credential.organs.clone()
                };
                assert_eq!(listed, own, "trial {trial}");
            }
            _ => {}
        }
        *met.entry((verb, status, code)).or_default() += 1;
        copies[which].withdrawn |= verb == Verb::Withdraw && status == 200;
    }
    // The trials have been everywhere that the model knows.
    for outcome in [
        "not-found",
        "scope-missing",
        "environment-mismatch",
        "organ-not-allowed",
        "copy-gone",
        "",
    ] {
        let times: u32 = met
            .iter()
            .filter(|((_, _, code), _)| *code == outcome)
            .map(|(_, times)| times)
            .sum();
        assert!(times >= 10, "{outcome}: {times} of {met:?}");
    }
}
