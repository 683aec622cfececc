//! No timestamp: what each authority did, and whose turn it is.

use std::fmt;
use std::time::Duration;

use super::endpoint::ExchangeFault;
use super::trusted::Untrusted;
use crate::cades::TimestampFault;

/// Why an authority gave no timestamp that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityFault {
    /// It could not be asked, or gave no answer.
    #[error(transparent)]
    Exchange(#[from] ExchangeFault),
    /// Its answer is wrong.
    #[error(transparent)]
    Answer(#[from] TimestampFault),
    /// Its token is not one we trust.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// Our own runtime is ending.
    #[error("the service is stopping")]
    Stopping,
}

impl AuthorityFault {
    /// The stable word of the fault, for metrics and tests.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Exchange(fault) => match fault {
                ExchangeFault::CircuitOpen(_) => "circuit-open",
                ExchangeFault::Connection(_) => "connection",
                ExchangeFault::TimedOut(_) => "timed-out",
                ExchangeFault::Status(_) => "http-status",
                ExchangeFault::TooLong(_) => "too-long",
            },
            Self::Answer(fault) => match fault {
                TimestampFault::TooLong(_) => "too-long",
                TimestampFault::NoResponse => "no-response",
                TimestampFault::Refused { .. } => "refused",
                TimestampFault::NoToken => "no-token",
                TimestampFault::Token(_) => "unreadable-token",
                TimestampFault::Version(_) => "version",
                TimestampFault::WrongImprint => "wrong-imprint",
                TimestampFault::WrongNonce => "wrong-nonce",
                TimestampFault::WrongPolicy { .. } => "wrong-policy",
                TimestampFault::CriticalExtension(_) => "critical-extension",
                TimestampFault::Signers(_) => "signers",
                TimestampFault::NoCertificate => "no-certificate",
                TimestampFault::WrongCertificate => "wrong-certificate",
                TimestampFault::Algorithm => "algorithm",
                TimestampFault::Signature => "signature",
            },
            Self::Untrusted(fault) => match fault {
                Untrusted::Clock { .. } => "clock",
                Untrusted::Purpose { .. } => "purpose",
                Untrusted::WeakKey { .. } => "weak-key",
                Untrusted::Dates { .. } => "dates",
                Untrusted::Chain { .. } => "chain",
                Untrusted::Unreadable => "unreadable-certificate",
            },
            Self::Stopping => "stopping",
        }
    }

    /// An answer came and is not what was asked for: somebody may be tampering.
    pub(super) const fn is_security_event(&self) -> bool {
        match self {
            Self::Answer(TimestampFault::Refused { .. }) | Self::Exchange(_) | Self::Stopping => {
                false
            }
            Self::Answer(_) | Self::Untrusted(_) => true,
        }
    }
}

/// One authority that gave no timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    /// Its address, without name and password.
    pub authority: String,
    /// Why not.
    pub fault: AuthorityFault,
}

/// No authority gave a timestamp. In the order in which they were asked; none when none is configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimestampOutage {
    /// What each did.
    pub attempts: Vec<FailedAttempt>,
}

impl TimestampOutage {
    /// After how long the same request may succeed: `None` when it cannot, because no authority is configured.
    pub fn retry_after(&self) -> Option<Duration> {
        const A_WHILE: Duration = Duration::from_secs(15);
        let waits = self.attempts.iter().map(|attempt| match &attempt.fault {
            AuthorityFault::Exchange(ExchangeFault::CircuitOpen(left)) => {
                (*left).max(Duration::from_secs(1))
            }
            _ => A_WHILE,
        });
        waits.min()
    }

    /// What whoever runs the service has to do.
    pub const fn next_step(&self) -> &'static str {
        if self.attempts.is_empty() {
            "the operator names an authority in timestamp.authorities, and its anchor in \
             trust.timestamps"
        } else {
            "the operator looks at these authorities, or names another in timestamp.authorities; the \
             same request may be made again in a while"
        }
    }
}

impl fmt::Display for TimestampOutage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attempts.is_empty() {
            return f.write_str("no time-stamp authority is configured");
        }
        f.write_str("no time-stamp authority gave a usable timestamp")?;
        for attempt in &self.attempts {
            write!(f, "; {}: {}", attempt.authority, attempt.fault)?;
        }
        Ok(())
    }
}

impl std::error::Error for TimestampOutage {}
