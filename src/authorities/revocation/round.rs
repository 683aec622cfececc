//! The rounds in the background: what is asked again when.

use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::Inner;
use super::kept::{KeptCertificate, is_of_now};
use super::source::{FetchFault, Source};
use crate::pki::revocation::{FetchedAnswer, RevocationAnswer, RevocationStatus};

/// The shortest and the longest time between two rounds.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// The pause after the first failure; it doubles with each, up to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LAST_PAUSE: Duration = Duration::from_secs(600);
/// The pause after an answer that names no `nextUpdate`.
const UNNAMED: Duration = Duration::from_secs(3600);

/// What is asked for in one go.
#[derive(Clone)]
enum Subject {
    /// The status of one certificate.
    Status(Weak<KeptCertificate>),
    /// The list of one issuer, about all its certificates.
    List(Weak<Source>),
}

/// Begins to ask about a certificate: its responder for it, and its issuer's list if nobody asks for that yet.
pub(super) fn start(inner: &Arc<Inner>, kept: Arc<KeptCertificate>) {
    let Some(origin) = &kept.origin else {
        tracing::warn!(
            subject = kept.subject(),
            "no revocation source is configured for the issuer"
        );
        return;
    };
    if origin.source.ocsp.is_some() {
        run(inner, Subject::Status(Arc::downgrade(&kept)));
    }
    if origin.source.crl.is_some() && origin.source.begin_listing() {
        run(inner, Subject::List(Arc::downgrade(&origin.source)));
    }
}

/// Asks for a subject from now on, until the keeper is gone.
fn run(inner: &Arc<Inner>, subject: Subject) {
    inner.first_rounds.send_modify(|left| *left += 1);
    let keeper = Arc::downgrade(inner);
    inner.runtime.spawn(async move {
        let mut failures = 0;
        let mut is_first = true;
        loop {
            let Some(inner) = keeper.upgrade() else {
                return;
            };
            let outcome = inner.round(&subject).await;
            if std::mem::take(&mut is_first) {
                inner
                    .first_rounds
                    .send_modify(|left| *left = left.saturating_sub(1));
            }
            let pause = match outcome {
                Ok(pause) => {
                    failures = 0;
                    pause
                }
                Err(Over) => {
                    failures += 1;
                    backoff(failures, (inner.random)())
                }
            };
            drop(inner);
            sleep(pause).await;
        }
    });
}

/// A round that brought nothing.
struct Over;

impl Inner {
    /// Asks once: the pause until the next time.
    async fn round(&self, subject: &Subject) -> Result<Duration, Over> {
        // Never closed.
        let _turn = self.at_once.acquire().await;
        let now = self.now();
        match subject {
            Subject::Status(kept) => match kept.upgrade() {
                Some(kept) => self.ask(&kept, now).await,
                None => Ok(LONGEST),
            },
            Subject::List(source) => match source.upgrade() {
                Some(source) => self.fetch(&source, now).await,
                None => Ok(LONGEST),
            },
        }
    }

    async fn ask(&self, kept: &KeptCertificate, now: Timestamp) -> Result<Duration, Over> {
        let Some(origin) = &kept.origin else {
            return Ok(LONGEST);
        };
        let Some(responder) = &origin.source.ocsp else {
            return Ok(LONGEST);
        };
        let asked = origin
            .source
            .ask(responder, &origin.certificate, (self.random)())
            .await;
        self.settle(kept, asked, now)
    }

    async fn fetch(&self, source: &Arc<Source>, now: Timestamp) -> Result<Duration, Over> {
        let Some(place) = &source.crl else {
            return Ok(LONGEST);
        };
        let kept = self.below(source);
        let certificates = kept
            .iter()
            .filter_map(|kept| kept.origin.as_ref())
            .map(|origin| origin.certificate.clone())
            .collect();
        let fetched = source.fetch(place, certificates, (self.random)()).await;
        let said = match fetched {
            Ok(said) => said,
            Err(fault) => {
                kept.iter().for_each(|kept| kept.failed(now, &fault));
                return Err(Over);
            }
        };
        let known = |late: &Arc<KeptCertificate>| kept.iter().any(|kept| Arc::ptr_eq(kept, late));
        for late in self.below(source).iter().filter(|late| !known(late)) {
            late.take_listed();
        }
        let mut soonest = None;
        for (kept, said) in kept.iter().zip(said) {
            let settled = self.settle(kept, said.map_err(FetchFault::from), now);
            soonest = match (soonest, settled) {
                (Some(pause), Ok(other)) => Some(Duration::min(pause, other)),
                (none, settled) => none.or(settled.ok()),
            };
        }
        soonest.ok_or(Over)
    }

    /// Takes an answer in, if it is one: the pause until the next.
    fn settle(
        &self,
        kept: &KeptCertificate,
        fetched: Result<FetchedAnswer, FetchFault>,
        now: Timestamp,
    ) -> Result<Duration, Over> {
        let usable = fetched.and_then(|fetched| match fetched.answer.status {
            RevocationStatus::Unknown => Err(FetchFault::Unknown),
            // A revocation counts however old the news is.
            RevocationStatus::Good if !is_of_now(&fetched.answer, now) => Err(FetchFault::NotNow),
            _ => Ok(fetched),
        });
        match usable {
            Ok(fetched) => {
                let pause = pause(&fetched.answer, now);
                kept.take(fetched);
                Ok(pause)
            }
            Err(fault) => {
                let security_event = fault.is_security_event();
                tracing::warn!(security_event, subject = kept.subject(), %fault, "no revocation data");
                kept.failed(now, &fault);
                Err(Over)
            }
        }
    }

    /// The certificates that are kept below an issuer.
    fn below(&self, source: &Arc<Source>) -> Vec<Arc<KeptCertificate>> {
        self.certificates()
            .into_iter()
            .filter(|kept| {
                let origin = kept.origin.as_ref();
                origin.is_some_and(|origin| Arc::ptr_eq(&origin.source, source))
            })
            .collect()
    }
}

/// Asks for everything once more, now.
pub(super) async fn refresh(inner: &Arc<Inner>) {
    let mut subjects: Vec<Subject> = inner
        .certificates()
        .iter()
        .map(|kept| Subject::Status(Arc::downgrade(kept)))
        .collect();
    let sources = inner.sources.iter();
    subjects.extend(sources.map(|source| Subject::List(Arc::downgrade(source))));
    let rounds = subjects.into_iter().map(|subject| {
        let inner = Arc::clone(inner);
        let runtime = inner.runtime.clone();
        runtime.spawn(async move { drop(inner.round(&subject).await) })
    });
    for round in rounds.collect::<Vec<_>>() {
        // One that panicked brought nothing.
        let _ = round.await;
    }
}

/// How long an answer that came now may be left: until half of its time is over, and from then on half of what
/// remains, because issuers publish the next one late.
fn pause(answer: &RevocationAnswer, now: Timestamp) -> Duration {
    let Some(next) = answer.next_update else {
        return UNNAMED;
    };
    let seconds = |until: Timestamp, from: Timestamp| {
        let seconds = until.duration_since(from).as_secs();
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
    };
    let half = seconds(next, answer.this_update) / 2;
    let passed = seconds(now, answer.this_update);
    let wait = match half.checked_sub(passed) {
        Some(left) if !left.is_zero() => left,
        _ => seconds(next, now) / 2,
    };
    wait.clamp(SHORTEST, LONGEST)
}

/// The pause after so many failures in a row, up to half as long again by chance.
fn backoff(failures: u32, bits: [u8; 32]) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let chance = f32::from(bits.first().copied().unwrap_or(0)) / 510.0;
    let pause = doubled.min(LAST_PAUSE);
    pause + pause.mul_f32(chance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::revocation::RevocationSource;

    const HOUR: i64 = 3600;

    fn pause_after(passed: i64, life: Option<i64>) -> Duration {
        let start: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let after = |seconds| Timestamp::from_second(start.as_second() + seconds).unwrap();
        let answer = RevocationAnswer {
            source: RevocationSource::Ocsp,
            this_update: start,
            next_update: life.map(after),
            produced_at: start,
            status: RevocationStatus::Good,
            signature_algorithm: String::new(),
            signature_digest: None,
            responder_validity: None,
            responder_no_check: false,
            expired_since: None,
        };
        pause(&answer, after(passed))
    }

    #[test]
    fn an_answer_is_renewed_at_half_of_its_life_and_then_ever_sooner() {
        assert_eq!(pause_after(0, Some(2 * HOUR)).as_secs(), 3600);
        assert_eq!(pause_after(HOUR / 2, Some(2 * HOUR)).as_secs(), 1800);
        assert_eq!(pause_after(HOUR, Some(2 * HOUR)).as_secs(), 1800);
        assert_eq!(pause_after(2 * HOUR - 90, Some(2 * HOUR)), SHORTEST);
        assert_eq!(pause_after(3 * HOUR, Some(2 * HOUR)), SHORTEST);
    }

    #[test]
    fn no_answer_is_left_alone_for_longer_than_half_a_day_or_asked_for_every_second() {
        assert_eq!(pause_after(0, Some(180 * 24 * HOUR)), LONGEST);
        assert_eq!(pause_after(0, Some(10)), SHORTEST);
        assert_eq!(pause_after(0, None), UNNAMED);
    }

    #[test]
    fn the_pause_after_failures_doubles_up_to_ten_minutes() {
        let none = [0; 32];
        let seconds: Vec<u64> = (1..=9).map(|n| backoff(n, none).as_secs()).collect();
        assert_eq!(seconds, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        assert_eq!(backoff(u32::MAX, none), LAST_PAUSE);
        let most = backoff(1, [255; 32]);
        assert!(FIRST_PAUSE < most && most <= FIRST_PAUSE.mul_f32(1.5));
    }
}
