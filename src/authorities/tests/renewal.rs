//! Revocation data are renewed before they end.

use std::sync::atomic::{AtomicI64, Ordering};

use super::issuing::FRESH;
use super::revocations::{Cast, lying};
use super::*;
use crate::pki::revocation::RevocationKeeper as _;

#[tokio::test]
async fn an_answer_is_renewed_in_the_background_before_it_ends() {
    let cast = Cast::new();
    // Sixty seconds of life left: the next round comes after the shortest pause.
    let (list, place) = lying(
        cast.root
            .crl(["20260602110000Z", "20260602120100Z"], &[], &[]),
    );
    let offset = Arc::new(AtomicI64::new(0));
    let ahead = Arc::clone(&offset);
    let moving: Clock = Arc::new(move || {
        let seconds = now().as_second() + ahead.load(Ordering::SeqCst);
        Timestamp::from_second(seconds).unwrap()
    });
    let keeper = Revocation::new(RevocationParts {
        clock: moving,
        ..cast.parts(None, Some(&list.url))
    })
    .unwrap();
    keeper.keep(&[cast.seal.der()]);
    keeper.first_round().await;
    *place.lock().unwrap() = cast.root.crl(FRESH, &[], &[]);
    offset.store(60, Ordering::SeqCst);
    let after = "2026-06-02T12:30:00Z".parse().unwrap();
    for _ in 0..20 {
        // Time passes as fast as nothing else has to be done; on a slow machine too fast for the answer,
        // which is then asked for again.
        let asked = list.requests();
        tokio::time::pause();
        while list.requests() == asked {
            tokio::time::sleep(Duration::from_secs(1)).await;
            tokio::task::yield_now().await;
        }
        tokio::time::resume();
        for _ in 0..50 {
            if keeper.current(&[cast.seal.der()], after).is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    panic!("not renewed: {:?}", keeper.kept());
}
