use std::path::PathBuf;

use super::super::SignatureSurvey;
use crate::model::Deadline;
use crate::pdf::Limits;

#[test]
fn explore() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    for line in manifest.lines() {
        let mut columns = line.split('\t');
        let name = columns.next().unwrap();
        let class = columns.nth(1).unwrap();
        if !(name.starts_with("signed/") || name.starts_with("attacks/")) {
            continue;
        }
        let bytes: bytes::Bytes = std::fs::read(folder.join(name)).unwrap().into();
        let limits = Limits {
            revisions: 64,
            ..Limits::default()
        };
        let start = std::time::Instant::now();
        let survey = SignatureSurvey::of(&bytes, &limits, &Deadline::never());
        let t = start.elapsed();
        println!("== {name} {class} {} {t:?}", bytes.len());
        match survey {
            Err(e) => println!("   ERR {e}"),
            Ok(s) => {
                println!(
                    "   rev {:?} repaired {:?} trailing {} stray {:?} enc {} ur {} empty {:?} dss {}/{}/{} {:?}",
                    s.revisions
                        .iter()
                        .map(|r| (
                            r.end,
                            r.pages,
                            r.readable,
                            r.hybrid,
                            r.lost_objects,
                            r.repaired.clone()
                        ))
                        .collect::<Vec<_>>(),
                    s.repaired,
                    s.trailing_bytes,
                    s.stray_byte_ranges,
                    s.encrypted,
                    s.usage_rights,
                    s.empty_fields,
                    s.validation_data.certificates.len(),
                    s.validation_data.ocsp_responses.len(),
                    s.validation_data.crls.len(),
                    s.validation_data.since_revision
                );
                for g in &s.signatures {
                    println!(
                        "   SIG {:?} +{:?} {:?} {:?} {:?} at {} rev {:?} rem {:?} rew {:?} vis {} mdp {:?} lock {:?} {:?}",
                        g.field,
                        g.other_fields,
                        g.kind,
                        g.sub_filter,
                        g.byte_range,
                        g.offset,
                        g.revision,
                        g.removed_in,
                        g.rewritten_in,
                        g.visible,
                        g.doc_mdp,
                        g.field_lock,
                        g.claims
                    );
                    for c in &g.changes {
                        println!(
                            "       {} {:?} {:?} {:?} {}",
                            c.revision, c.class, c.object, c.field, c.text
                        );
                    }
                }
            }
        }
    }
}
