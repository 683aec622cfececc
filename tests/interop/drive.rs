//! Sends the corpus through a service, two files at a time.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::judges::{Banded, Copy, Judgement, Panel};
use crate::report::{Outcome, Row};
use crate::support::corpus::Specimen;
use crate::support::service::{Answer, ORGAN, Service};
use crate::support::target;

/// The host of the organ that the tests seal for.
pub(crate) const HOST: &str = "verifica.exemple.cat";

/// Whether the copies are judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judging {
    /// By every judge.
    Everything,
    /// Only the answers are looked at.
    Nothing,
}

/// Seals every specimen and tells what came of it, in the order of the corpus.
pub(crate) fn all(service: &Service, specimens: &[Specimen], judging: Judging) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut panel = (judging == Judging::Everything).then(Panel::new);
                while let Some(specimen) = specimens.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = one(service, specimen, panel.as_mut());
                    rows.lock().expect("no worker panicked").push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().expect("no worker panicked");
    rows.sort_by(|a, b| a.file.cmp(&b.file));
    assert_eq!(rows.len(), specimens.len(), "every file has its row");
    rows
}

fn one(service: &Service, specimen: &Specimen, panel: Option<&mut Panel>) -> Row {
    let source = specimen.bytes();
    let start = Instant::now();
    let mut answer = service.seal(&source, &format!("organ={ORGAN}"));
    let milliseconds = start.elapsed().as_millis();
    let mut outcome = outcome(&answer);
    if outcome == Outcome::Refused("page-no-room".to_owned()) {
        // The advice of this refusal has to be true.
        answer = service.seal(&source, &format!("organ={ORGAN}&placement=last"));
        if answer.as_ref().is_ok_and(|answer| answer.status == 201) {
            outcome = Outcome::SealedAtTheEnd;
        }
    }
    let judgement = match (answer, panel) {
        (Ok(answer), Some(panel)) if answer.status == 201 => {
            let sealed = keep(&format!("{}.pdf", specimen.stem()), &answer.body);
            panel.judge(&Copy {
                source: &specimen.path,
                sealed: &sealed,
                code: answer.header("Verification-Code"),
                host: HOST,
                anchors: &service.anchors(),
                banded: match outcome {
                    Outcome::SealedAtTheEnd => Banded::LastPage,
                    _ => Banded::EveryPage,
                },
            })
        }
        _ => Judgement::default(),
    };
    Row {
        file: specimen.name.clone(),
        class: specimen.columns["expected_class"].clone(),
        outcome,
        judgement,
        milliseconds,
    }
}

fn outcome(answer: &Result<Answer, String>) -> Outcome {
    match answer {
        Err(error) => Outcome::Failed(error.clone()),
        Ok(answer) if answer.status == 201 => Outcome::Sealed,
        Ok(answer) => {
            let problem = answer.json();
            match problem["code"].as_str() {
                Some(code) if (400..500).contains(&answer.status) => {
                    Outcome::Refused(code.to_owned())
                }
                _ => Outcome::Failed(format!("{} {problem}", answer.status)),
            }
        }
    }
}

/// Keeps a file in `target/interop/copies`, where a person can look at it afterwards.
pub(crate) fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = target().join("interop/copies");
    fs::create_dir_all(&folder).expect("the folder of copies can be made");
    let path = folder.join(name);
    fs::write(&path, bytes).expect("the copy can be kept");
    path
}
