//! How a token is asked to sign, and what has to be done to its answer.

use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::KeyType;
use der::asn1::Uint;
use der::{Encode, Sequence};
use sha2::{Digest, Sha256, Sha384};

use crate::model::SealAlgorithm;
use crate::pki::TokenTrouble;

/// `DigestInfo` of SHA-256 up to the digest (RFC 8017, 9.2, note 1).
const DIGEST_INFO_SHA256: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// A way of signing that a token has. Hashing is done here where the token allows it: its time is dear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// `CKM_RSA_PKCS` over `DigestInfo`.
    RsaPkcs1,
    /// `CKM_SHA256_RSA_PKCS` over everything, for tokens that insist on hashing.
    HashingRsaPkcs1,
    /// `CKM_RSA_PKCS_PSS` over the digest.
    RsaPss,
    /// `CKM_SHA256_RSA_PKCS_PSS` over everything.
    HashingRsaPss,
    /// `CKM_ECDSA` over SHA-256.
    EcdsaSha256,
    /// `CKM_ECDSA` over SHA-384.
    EcdsaSha384,
}

/// An ECDSA signature value (RFC 3279, 2.2.3).
#[derive(Sequence)]
struct EcdsaValue {
    r: Uint,
    s: Uint,
}

impl Way {
    /// The best way that a token with these mechanisms has.
    pub(super) fn choose(
        algorithm: SealAlgorithm,
        mechanisms: &[MechanismType],
    ) -> Result<Self, TokenTrouble> {
        let ways: &[Self] = match algorithm {
            SealAlgorithm::RsaPkcs1Sha256 => &[Self::RsaPkcs1, Self::HashingRsaPkcs1],
            SealAlgorithm::RsaPssSha256 => &[Self::RsaPss, Self::HashingRsaPss],
            SealAlgorithm::EcdsaP256Sha256 => &[Self::EcdsaSha256],
            SealAlgorithm::EcdsaP384Sha384 => &[Self::EcdsaSha384],
        };
        let has = |way: &&Self| mechanisms.contains(&way.mechanism().mechanism_type());
        ways.iter()
            .find(has)
            .copied()
            .ok_or(TokenTrouble::CannotSign)
    }

    /// The kind of key it is for.
    pub(super) const fn key_type(self) -> KeyType {
        match self {
            Self::RsaPkcs1 | Self::HashingRsaPkcs1 | Self::RsaPss | Self::HashingRsaPss => {
                KeyType::RSA
            }
            Self::EcdsaSha256 | Self::EcdsaSha384 => KeyType::EC,
        }
    }

    /// The mechanism to ask for.
    pub(super) fn mechanism(self) -> Mechanism<'static> {
        let salted = PkcsPssParams {
            hash_alg: MechanismType::SHA256,
            mgf: PkcsMgfType::MGF1_SHA256,
            s_len: 32.into(),
        };
        match self {
            Self::RsaPkcs1 => Mechanism::RsaPkcs,
            Self::HashingRsaPkcs1 => Mechanism::Sha256RsaPkcs,
            Self::RsaPss => Mechanism::RsaPkcsPss(salted),
            Self::HashingRsaPss => Mechanism::Sha256RsaPkcsPss(salted),
            Self::EcdsaSha256 | Self::EcdsaSha384 => Mechanism::Ecdsa,
        }
    }

    /// What the token is given.
    pub(super) fn input(self, to_be_signed: &[u8]) -> Vec<u8> {
        match self {
            Self::RsaPkcs1 => {
                let digest = Sha256::digest(to_be_signed);
                [DIGEST_INFO_SHA256.as_slice(), digest.as_slice()].concat()
            }
            Self::HashingRsaPkcs1 | Self::HashingRsaPss => to_be_signed.to_vec(),
            Self::RsaPss | Self::EcdsaSha256 => Sha256::digest(to_be_signed).to_vec(),
            Self::EcdsaSha384 => Sha384::digest(to_be_signed).to_vec(),
        }
    }

    /// The signature value out of what the token gave: PKCS#11 has r and s of ECDSA side by side.
    pub(super) fn output(self, given: Vec<u8>) -> Result<Vec<u8>, TokenTrouble> {
        match self {
            Self::EcdsaSha256 | Self::EcdsaSha384 => ecdsa_value(&given),
            _ => Ok(given),
        }
    }
}

fn ecdsa_value(side_by_side: &[u8]) -> Result<Vec<u8>, TokenTrouble> {
    let odd = || TokenTrouble::Refused {
        answer: "something that is no ECDSA signature".to_owned(),
    };
    let half = side_by_side.len() / 2;
    let (r, s) = side_by_side.split_at_checked(half).ok_or_else(odd)?;
    if r.len() != s.len() || r.is_empty() {
        return Err(odd());
    }
    let value = || {
        EcdsaValue {
            r: Uint::new(r)?,
            s: Uint::new(s)?,
        }
        .to_der()
    };
    value().map_err(|_| odd())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_and_s_side_by_side_become_two_der_integers() {
        let mut given = vec![0; 64];
        given[31] = 1;
        given[32] = 0x80;
        let value = ecdsa_value(&given).unwrap();
        assert_eq!(value[..7], [0x30, 38, 0x02, 1, 1, 0x02, 33]);
        assert_eq!(value[7..9], [0, 0x80]);
        assert_eq!(value.len(), 40);
    }

    #[test]
    fn what_cannot_be_halved_is_no_ecdsa_signature() {
        for given in [&[][..], &[1], &[1; 63]] {
            assert!(ecdsa_value(given).is_err(), "{given:?}");
        }
    }

    #[test]
    fn a_token_that_insists_on_hashing_is_given_everything() {
        let only = [MechanismType::SHA256_RSA_PKCS];
        let way = Way::choose(SealAlgorithm::RsaPkcs1Sha256, &only).unwrap();
        assert_eq!(way, Way::HashingRsaPkcs1);
        assert_eq!(way.input(b"everything"), b"everything");
        let both = [MechanismType::SHA256_RSA_PKCS, MechanismType::RSA_PKCS];
        let way = Way::choose(SealAlgorithm::RsaPkcs1Sha256, &both).unwrap();
        assert_eq!(way.input(b"everything").len(), 19 + 32);
        assert_eq!(
            Way::choose(SealAlgorithm::EcdsaP256Sha256, &both),
            Err(TokenTrouble::CannotSign)
        );
    }
}
