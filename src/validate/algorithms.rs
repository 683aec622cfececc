//! Which algorithms are acceptable, and until when (EN 319 102-1, 5.1.4.3; ETSI TS 119 312).
//!
//! A signature made with an algorithm that was good at a time which is proved stays good; without proof
//! it is judged by today's terms.

use jiff::Timestamp;

use crate::model::PublicKey;

/// How long an algorithm is acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// No end is foreseen.
    Open,
    /// Acceptable for what was made before this time.
    Until(Timestamp),
    /// Never, or not known here.
    Never,
}

impl Term {
    /// Whether it covers `time`.
    pub fn covers(self, time: Timestamp) -> bool {
        match self {
            Self::Open => true,
            Self::Until(end) => time < end,
            Self::Never => false,
        }
    }

    /// The term of two things that are both needed.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Until(one), Self::Until(two)) => Self::Until(one.min(two)),
            (Self::Until(end), Self::Open) | (Self::Open, Self::Until(end)) => Self::Until(end),
            (Self::Open, Self::Open) => Self::Open,
        }
    }
}

/// Families of signature schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
    /// RSASSA-PSS.
    Pss,
    /// ECDSA.
    Ecdsa,
    /// Ed25519 and Ed448.
    Edwards,
}

/// The terms of every algorithm.
#[derive(Debug)]
pub struct AlgorithmTerms {
    digests: &'static [(&'static str, &'static str, Term)],
    /// RSA keys of at least so many bits, longest first.
    rsa: &'static [(u32, Term)],
    curves: &'static [&'static str],
    pkcs1: Term,
}

/// Midnight UTC, 1 August 2004: the end of MD5.
const MD5_END: Term = Term::Until(Timestamp::constant(1_091_318_400, 0));
/// 1 January 2010: the end of RSA of 1,024 bits.
const RSA_1024_END: Term = Term::Until(Timestamp::constant(1_262_304_000, 0));
/// 1 August 2012: the end of SHA-1.
const SHA1_END: Term = Term::Until(Timestamp::constant(1_343_779_200, 0));
/// 1 January 2017: the end of RSA of 1,536 bits.
const RSA_1536_END: Term = Term::Until(Timestamp::constant(1_483_228_800, 0));
/// 1 January 2029: the end of SHA-224, of RSA under 3,000 bits and of PKCS#1 v1.5.
const LEGACY_END: Term = Term::Until(Timestamp::constant(1_861_920_000, 0));

impl AlgorithmTerms {
    /// The terms of ETSI TS 119 312.
    pub const TS_119_312: Self = Self {
        digests: &[
            ("2.16.840.1.101.3.4.2.1", "SHA-256", Term::Open),
            ("2.16.840.1.101.3.4.2.2", "SHA-384", Term::Open),
            ("2.16.840.1.101.3.4.2.3", "SHA-512", Term::Open),
            ("2.16.840.1.101.3.4.2.8", "SHA3-256", Term::Open),
            ("2.16.840.1.101.3.4.2.9", "SHA3-384", Term::Open),
            ("2.16.840.1.101.3.4.2.10", "SHA3-512", Term::Open),
            ("2.16.840.1.101.3.4.2.12", "SHAKE256", Term::Open),
            ("2.16.840.1.101.3.4.2.4", "SHA-224", LEGACY_END),
            ("1.3.14.3.2.26", "SHA-1", SHA1_END),
            ("1.2.840.113549.2.5", "MD5", MD5_END),
        ],
        rsa: &[
            (3000, Term::Open),
            (1900, LEGACY_END),
            (1536, RSA_1536_END),
            (1024, RSA_1024_END),
        ],
        curves: &[
            "1.2.840.10045.3.1.7",     // P-256
            "1.3.132.0.34",            // P-384
            "1.3.132.0.35",            // P-521
            "1.3.36.3.3.2.8.1.1.7",    // brainpoolP256r1
            "1.3.36.3.3.2.8.1.1.11",   // brainpoolP384r1
            "1.3.36.3.3.2.8.1.1.13",   // brainpoolP512r1
            "1.2.250.1.223.101.256.1", // FRP256v1
        ],
        pkcs1: LEGACY_END,
    };

    /// How long a digest is acceptable, by its dotted identifier.
    pub fn digest(&self, algorithm: &str) -> Term {
        let mut known = self.digests.iter();
        known
            .find_map(|(oid, _, term)| (*oid == algorithm).then_some(*term))
            .unwrap_or(Term::Never)
    }

    /// Its name for people, or the identifier itself.
    pub fn digest_name<'a>(&'a self, algorithm: &'a str) -> &'a str {
        let mut known = self.digests.iter();
        known
            .find_map(|(oid, name, _)| (*oid == algorithm).then_some(*name))
            .unwrap_or(algorithm)
    }

    /// How long a public key is acceptable (rules C11, C12).
    pub fn key(&self, key: &PublicKey) -> Term {
        match key {
            PublicKey::Rsa { bits, exponent } => {
                // An even or tiny exponent is no RSA key that can be relied upon.
                let sound = exponent.is_none_or(|e| e > u64::from(u16::MAX) && e % 2 == 1);
                let mut sizes = self.rsa.iter();
                let term = sizes.find_map(|(least, term)| (bits >= least).then_some(*term));
                term.filter(|_| sound).unwrap_or(Term::Never)
            }
            PublicKey::Ec { curve: Some(curve) } if self.curves.contains(&curve.as_str()) => {
                Term::Open
            }
            PublicKey::Ed25519 | PublicKey::Ed448 => Term::Open,
            PublicKey::Ec { .. } | PublicKey::Other { .. } => Term::Never,
        }
    }

    /// How long a signature algorithm is acceptable, by its dotted identifier. `digest` is the one that
    /// goes with it where the identifier names none (RSA, PSS).
    pub fn signature(&self, algorithm: &str, digest: Option<&str>) -> Term {
        let Some((family, named)) = scheme(algorithm) else {
            return Term::Never;
        };
        let digest = match (named.or(digest), family) {
            (Some(digest), _) => self.digest(digest),
            (None, Family::Edwards) => Term::Open,
            (None, Family::Pkcs1 | Family::Pss | Family::Ecdsa) => Term::Never,
        };
        match family {
            Family::Pkcs1 => digest.and(self.pkcs1),
            Family::Pss | Family::Ecdsa => digest,
            Family::Edwards => Term::Open,
        }
    }
}

/// The family of a signature algorithm, and the digest that its identifier names.
fn scheme(algorithm: &str) -> Option<(Family, Option<&'static str>)> {
    const SHA_1: &str = "1.3.14.3.2.26";
    const SHA_224: &str = "2.16.840.1.101.3.4.2.4";
    const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
    const SHA_384: &str = "2.16.840.1.101.3.4.2.2";
    const SHA_512: &str = "2.16.840.1.101.3.4.2.3";
    const SHA3_256: &str = "2.16.840.1.101.3.4.2.8";
    const SHA3_384: &str = "2.16.840.1.101.3.4.2.9";
    const SHA3_512: &str = "2.16.840.1.101.3.4.2.10";
    Some(match algorithm {
        "1.2.840.113549.1.1.1" => (Family::Pkcs1, None),
        "1.2.840.113549.1.1.4" => (Family::Pkcs1, Some("1.2.840.113549.2.5")),
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => (Family::Pkcs1, Some(SHA_1)),
        "1.2.840.113549.1.1.14" => (Family::Pkcs1, Some(SHA_224)),
        "1.2.840.113549.1.1.11" => (Family::Pkcs1, Some(SHA_256)),
        "1.2.840.113549.1.1.12" => (Family::Pkcs1, Some(SHA_384)),
        "1.2.840.113549.1.1.13" => (Family::Pkcs1, Some(SHA_512)),
        "2.16.840.1.101.3.4.3.14" => (Family::Pkcs1, Some(SHA3_256)),
        "2.16.840.1.101.3.4.3.15" => (Family::Pkcs1, Some(SHA3_384)),
        "2.16.840.1.101.3.4.3.16" => (Family::Pkcs1, Some(SHA3_512)),
        "1.2.840.113549.1.1.10" => (Family::Pss, None),
        "1.2.840.10045.2.1" => (Family::Ecdsa, None),
        "1.2.840.10045.4.1" => (Family::Ecdsa, Some(SHA_1)),
        "1.2.840.10045.4.3.1" => (Family::Ecdsa, Some(SHA_224)),
        "1.2.840.10045.4.3.2" => (Family::Ecdsa, Some(SHA_256)),
        "1.2.840.10045.4.3.3" => (Family::Ecdsa, Some(SHA_384)),
        "1.2.840.10045.4.3.4" => (Family::Ecdsa, Some(SHA_512)),
        "2.16.840.1.101.3.4.3.10" => (Family::Ecdsa, Some(SHA3_256)),
        "2.16.840.1.101.3.4.3.11" => (Family::Ecdsa, Some(SHA3_384)),
        "2.16.840.1.101.3.4.3.12" => (Family::Ecdsa, Some(SHA3_512)),
        "1.3.101.112" | "1.3.101.113" => (Family::Edwards, None),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: AlgorithmTerms = AlgorithmTerms::TS_119_312;

    fn at(text: &str) -> Timestamp {
        format!("{text}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn what_was_retired_is_good_only_for_what_is_proved_to_be_older() {
        let sha1 = TERMS.digest("1.3.14.3.2.26");
        assert!(sha1.covers(at("2012-07-31")));
        assert!(!sha1.covers(at("2012-08-01")));
        let with_sha1 = TERMS.signature("1.2.840.113549.1.1.1", Some("1.3.14.3.2.26"));
        assert_eq!(with_sha1, sha1);
        let today = at("2026-11-22");
        assert!(TERMS.signature("1.2.840.113549.1.1.11", None).covers(today));
        assert!(
            !TERMS
                .signature("1.2.840.113549.1.1.11", None)
                .covers(at("2029-01-01"))
        );
        assert!(
            TERMS
                .signature("1.2.840.10045.4.3.2", None)
                .covers(at("2035-01-01"))
        );
    }

    #[test]
    fn an_algorithm_that_is_not_known_is_never_acceptable() {
        let long_ago = at("1990-01-01");
        assert!(!TERMS.digest("1.2.3").covers(long_ago));
        assert!(
            !TERMS
                .signature("1.2.3", Some("2.16.840.1.101.3.4.2.1"))
                .covers(long_ago)
        );
        assert!(!TERMS.signature("1.2.840.10045.2.1", None).covers(long_ago));
        let written_out = PublicKey::Ec { curve: None };
        assert_eq!(TERMS.key(&written_out), Term::Never);
    }

    #[test]
    fn keys_are_judged_by_their_size_and_exponent() {
        let rsa = |bits, exponent| {
            TERMS.key(&PublicKey::Rsa {
                bits,
                exponent: Some(exponent),
            })
        };
        assert_eq!(rsa(3072, 65537), Term::Open);
        assert_eq!(rsa(2047, 65537), LEGACY_END);
        assert!(!rsa(1024, 65537).covers(at("2026-11-22")));
        assert_eq!(rsa(1023, 65537), Term::Never);
        assert_eq!(rsa(3072, 3), Term::Never);
        let p224 = PublicKey::Ec {
            curve: Some("1.3.132.0.33".to_owned()),
        };
        assert_eq!(TERMS.key(&p224), Term::Never);
    }
}
