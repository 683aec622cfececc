//! The circuit breaker of an endpoint: who has just failed repeatedly is left alone for a while.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Failures of this weight within [`WITHIN`], and no success between them, open the circuit: five that came at
/// once, or two after a whole time-out.
const ENOUGH: u32 = 5;
/// Long enough that an office which seals a copy a minute learns of a dead authority too.
const WITHIN: Duration = Duration::from_secs(300);
/// How long it stays open before one probe may pass.
pub(super) const PAUSE: Duration = Duration::from_secs(15);

/// How a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It was refused or answered wrongly: the next one would cost as little.
    AtOnce,
    /// Somebody waited in vain for as long as anybody waits.
    TimedOut,
}

impl Failure {
    const fn weight(self) -> u32 {
        match self {
            Self::AtOnce => 1,
            Self::TimedOut => 3,
        }
    }
}

/// The state of a circuit, as told to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CircuitState {
    /// Requests pass.
    Closed,
    /// Nobody is sent there.
    Open,
    /// One request is there to find out whether it answers again.
    HalfOpen,
}

impl CircuitState {
    /// The word in metrics and inventories.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// The circuit of one endpoint.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    /// When and how requests failed, within the last [`WITHIN`]; emptied by a success.
    failures: VecDeque<(Instant, Failure)>,
    opened: Option<Opened>,
}

#[derive(Debug)]
struct Opened {
    /// From then on a probe may pass.
    until: Instant,
    /// A probe is under way. One that never reports costs a pause and no more.
    probing: bool,
}

impl Circuit {
    /// Whether a request may pass now. A caller that may has to report how it went.
    pub(super) fn admits(&mut self, now: Instant) -> Result<(), Duration> {
        match &mut self.opened {
            None => Ok(()),
            Some(opened) if now >= opened.until => {
                opened.until = now + PAUSE;
                opened.probing = true;
                Ok(())
            }
            Some(opened) => Err(opened.until.saturating_duration_since(now)),
        }
    }

    /// A probe may pass now and is not under way.
    pub(super) fn awaits_probe(&self, now: Instant) -> bool {
        self.opened
            .as_ref()
            .is_some_and(|opened| now >= opened.until)
    }

    /// A request succeeded.
    pub(super) fn succeeded(&mut self) {
        self.failures.clear();
        self.opened = None;
    }

    /// A request failed. Answers `true` when that opened the circuit, which was closed before.
    pub(super) fn failed(&mut self, now: Instant, how: Failure) -> bool {
        if let Some(opened) = &mut self.opened {
            opened.until = now + PAUSE;
            opened.probing = false;
            return false;
        }
        self.failures.push_back((now, how));
        while let Some((first, _)) = self.failures.front()
            && now.saturating_duration_since(*first) > WITHIN
        {
            self.failures.pop_front();
        }
        let weights = self.failures.iter().map(|(_, how)| how.weight());
        if weights.sum::<u32>() < ENOUGH {
            return false;
        }
        self.failures.clear();
        self.opened = Some(Opened {
            until: now + PAUSE,
            probing: false,
        });
        true
    }

    /// Its state.
    pub(super) const fn state(&self) -> CircuitState {
        match &self.opened {
            None => CircuitState::Closed,
            Some(Opened { probing: true, .. }) => CircuitState::HalfOpen,
            Some(_) => CircuitState::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn opened_at(now: Instant) -> Circuit {
        let mut circuit = Circuit::default();
        for number in 1..=ENOUGH {
            assert!(circuit.admits(now).is_ok());
            assert_eq!(circuit.failed(now, Failure::AtOnce), number == ENOUGH);
        }
        circuit
    }

    #[test]
    fn two_time_outs_open_the_circuit_and_one_with_two_other_failures() {
        let start = Instant::now();
        let mut twice = Circuit::default();
        assert!(!twice.failed(start, Failure::TimedOut));
        assert!(twice.failed(start + SECOND * 120, Failure::TimedOut));
        let mut mixed = Circuit::default();
        for (how, opens) in [
            (Failure::TimedOut, false),
            (Failure::AtOnce, false),
            (Failure::AtOnce, true),
        ] {
            assert_eq!(mixed.failed(start, how), opens);
        }
    }

    #[test]
    fn five_failures_in_five_minutes_open_the_circuit() {
        let start = Instant::now();
        let mut circuit = opened_at(start);
        assert_eq!(circuit.state(), CircuitState::Open);
        assert_eq!(circuit.admits(start), Err(PAUSE));
    }

    #[test]
    fn failures_far_apart_and_successes_between_them_keep_it_closed() {
        let start = Instant::now();
        let mut slow = Circuit::default();
        let mut mixed = Circuit::default();
        for number in 0..20 {
            assert!(!slow.failed(start + SECOND * 80 * number, Failure::AtOnce));
            assert!(!mixed.failed(start, Failure::AtOnce));
            if number % 4 == 3 {
                mixed.succeeded();
            }
        }
        assert_eq!(slow.state(), CircuitState::Closed);
        assert_eq!(mixed.state(), CircuitState::Closed);
    }

    #[test]
    fn after_a_pause_one_probe_passes_and_decides() {
        let start = Instant::now();
        let later = start + PAUSE;
        let mut circuit = opened_at(start);
        assert!(circuit.admits(later - SECOND).is_err());
        assert!(!circuit.awaits_probe(later - SECOND) && circuit.awaits_probe(later));
        assert!(circuit.admits(later).is_ok());
        assert!(!circuit.awaits_probe(later), "one is under way");
        assert_eq!(circuit.state(), CircuitState::HalfOpen);
        assert!(circuit.admits(later).is_err(), "one probe at a time");
        let again = circuit.failed(later, Failure::TimedOut);
        assert!(!again, "it was open already");
        assert_eq!(circuit.state(), CircuitState::Open);
        assert_eq!(circuit.admits(later + SECOND), Err(PAUSE - SECOND));

        assert!(circuit.admits(later + PAUSE).is_ok());
        circuit.succeeded();
        assert_eq!(circuit.state(), CircuitState::Closed);
        assert!(circuit.admits(later + PAUSE).is_ok());
    }
}
