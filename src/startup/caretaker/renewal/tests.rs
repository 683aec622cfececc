//! An organ in both environments: what happens to one of its files leaves the other alone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::model::Organ;
use crate::opening::organs::LoadedOrgans;
use crate::opening::trust;
use crate::pki::trust_list::Purpose;
use crate::seal::{NextSeal, SealUse};
use crate::settings::Profile;
use crate::tokens::Tokens;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/certs-example");
const BROKEN: &str = "dir3 = \"L01990015\"\nnmae = 1\n";

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// The example organ, and beside it a file with this text.
fn loaded(file: &str, text: &str) -> LoadedOrgans {
    let folder = tempfile::tempdir().unwrap();
    let example = fs::read_to_string(Path::new(EXAMPLE).join("organs/L01990015.toml")).unwrap();
    let example = example.replace("../seals", &format!("{EXAMPLE}/seals"));
    fs::write(folder.path().join("pre.toml"), example).unwrap();
    fs::write(folder.path().join(file), text).unwrap();
    let terms = Terms {
        profile: Profile::Evaluation,
        anchors: &trust::anchors(&Path::new(EXAMPLE).join("trust"), Purpose::Seals).unwrap(),
        tokens: &Tokens::default(),
        now: now(),
    };
    let files = organs::files(folder.path()).unwrap();
    organs::load(folder.path(), &files, &terms, &Unchanged::new(), &|| {})
}

/// The same organ in the real environment.
fn real(test: &Seat) -> Seat {
    Seat {
        organ: Arc::new(Organ {
            environment: Environment::Pro,
            ..Organ::clone(&test.organ)
        }),
        ..test.clone()
    }
}

/// Why each seat goes on, by environment, PRE before PRO.
fn kept_words(exchange: &Exchange) -> Vec<(Environment, Option<&'static str>)> {
    let mut words: Vec<_> = exchange
        .seats
        .iter()
        .map(|seat| (seat.organ.environment, seat.kept))
        .collect();
    words.sort_unstable_by_key(|(environment, _)| *environment);
    words
}

#[test]
fn a_spoiled_file_keeps_the_seal_of_its_environment_and_leaves_the_other_alone() {
    // Known under its name; and renamed as it was spoiled.
    for known in [true, false] {
        let loaded = loaded("pro.toml", BROKEN);
        let test = loaded.seats[0].clone();
        let current = Organs::new([test.clone(), real(&test)]);
        let mut owners = BTreeMap::from([("pre.toml".to_owned(), test.key())]);
        if known {
            owners.insert("pro.toml".to_owned(), real(&test).key());
        }
        let rows = &loaded.inventory.seals;
        let exchange = exchange(&current, loaded.seats.clone(), rows, &owners, now());
        assert_eq!(
            kept_words(&exchange),
            [
                (Environment::Pre, None),
                (Environment::Pro, Some("organ-file-malformed"))
            ]
        );
        assert_eq!(exchange.troubles.len(), 1);
        assert_eq!(exchange.troubles[0].2, KEPT);
    }
}

#[test]
fn a_seal_that_does_not_load_is_replaced_by_none_of_the_other_environment() {
    let loaded = loaded("nobody.txt", "");
    let test = loaded.seats[0].clone();
    let spoiled = Seat {
        seal: Err(SealDefect::DoesNotSign),
        ..test.clone()
    };
    let exchange = exchange(
        &Organs::new([real(&test)]),
        vec![spoiled],
        &loaded.inventory.seals,
        &BTreeMap::new(),
        now(),
    );
    assert_eq!(kept_words(&exchange), [(Environment::Pre, None)]);
    assert!(exchange.seats[0].seal.is_err());
    assert_eq!(exchange.troubles[0].2, NOT_LOADED);
}

#[test]
fn a_seal_that_has_taken_over_stays_in_force_when_its_files_are_spoiled_afterwards() {
    let loaded = loaded("nobody.txt", "");
    let before = loaded.seats[0].clone();
    let moment = now();
    let spoiled = |active_from| Seat {
        next: Some(NextSeal {
            active_from,
            seal: Err(SealDefect::DoesNotSign.into()),
            seal_use: SealUse::Open,
        }),
        ..before.clone()
    };
    let current = Organs::new([Seat {
        took_over: Some(moment),
        ..before.clone()
    }]);
    let exchanged = |seat| {
        let rows = &loaded.inventory.seals;
        exchange(&current, vec![seat], rows, &BTreeMap::new(), now())
    };
    let kept = exchanged(spoiled(Some(moment)));
    assert_eq!(kept.seats[0].took_over, Some(moment));
    assert_eq!(kept.seats[0].kept, Some("does-not-sign"));
    assert_eq!(kept.troubles[0].2, NEXT_UNFIT);
    // Whoever takes its time away means the seal before it.
    let gone_back = exchanged(spoiled(None));
    assert_eq!(gone_back.seats[0].took_over, None);
    assert_eq!(gone_back.seats[0].kept, None);
}
