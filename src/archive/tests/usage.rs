//! Who used a seal, counted from what is stored.

use super::*;

#[test]
fn who_used_a_seal_is_counted_for_thirty_days_and_for_its_organ_only() {
    let rig = Rig::new();
    let day = SignedDuration::from_hours(24);
    for (seed, application, ago) in [(1, "registre", 0), (2, "registre", 29), (3, "gestor", 5)] {
        commit_as(&rig, seed, application, now() - day * ago);
    }
    commit_as(&rig, 4, "antic", now() - day * 30);
    let usage = Usage::new(rig.archive.clone());
    let organ = intent(&code(1)).organ;
    let environment = intent(&code(1)).environment;
    let used = usage.used_by(&organ, environment, now()).unwrap();
    let used: Vec<_> = used
        .iter()
        .map(|used| (used.application.as_str(), used.copies))
        .collect();
    assert_eq!(used, [("registre", 2), ("gestor", 1)]);
    let elsewhere = usage.used_by(&organ, environment.other(), now()).unwrap();
    assert_eq!(elsewhere, []);
}

#[test]
fn the_copies_of_today_are_at_most_a_minute_stale() {
    let rig = Rig::new();
    let usage = Usage::new(rig.archive.clone());
    let place = [(intent(&code(1)).organ, intent(&code(1)).environment)];
    let count = |application: &str, at| usage.copies_today(application, &place, at).unwrap();
    commit_as(&rig, 1, "registre", now());
    assert_eq!(count("registre", now()), 1);
    commit_as(&rig, 2, "registre", now());
    commit_as(&rig, 3, "gestor", now());
    assert_eq!(count("registre", now() + SignedDuration::from_secs(59)), 1);
    // What this process made itself is counted at once, and once.
    for _ in 0..2 {
        usage.note(&Intent {
            application: "registre".to_owned(),
            ..intent(&code(2))
        });
    }
    assert_eq!(count("registre", now()), 2);
    let later = now() + SignedDuration::from_secs(60);
    assert_eq!(count("registre", later), 2);
    assert_eq!(count("gestor", later), 1);
    let tomorrow = now() + SignedDuration::from_hours(24);
    assert_eq!(count("registre", tomorrow), 0);
}
