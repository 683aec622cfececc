//! Seals made, read, damaged and compared with what OpenSSL says, on real keys of `certs-example`.

mod corpus;
mod foreign;
mod making;
mod reading;
mod requests;
mod timestamps;

use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::hash::{MessageDigest, hash};
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;

use super::asn1::{Fields, OCTET_STRING, SEQUENCE, SET, context, element};
use super::certificate::CertificateFields;
use super::{CmsError, CmsEvidence, CmsProfile, SignedAttributes};
use crate::model::SealAlgorithm::{
    self, EcdsaP256Sha256, EcdsaP384Sha384, RsaPkcs1Sha256, RsaPssSha256,
};
use crate::model::algorithm::DigestAlgorithm;

macro_rules! example {
    ($path:literal) => {
        include_bytes!(concat!("../../../certs-example/", $path)).as_slice()
    };
}

const DOCUMENT: &[u8] = b"%PDF-1.7 as far as CMS is concerned";

/// A key with its chain, outside of the room that normally holds them.
struct Seal {
    key: PKey<Private>,
    chain: Vec<Vec<u8>>,
    algorithm: SealAlgorithm,
}

impl Seal {
    fn pkcs12(bytes: &[u8], passphrase: &str, algorithm: SealAlgorithm) -> Self {
        let parsed = Pkcs12::from_der(bytes).unwrap().parse2(passphrase).unwrap();
        let others = parsed.ca.into_iter().flatten();
        Self {
            key: parsed.pkey.unwrap(),
            chain: parsed
                .cert
                .into_iter()
                .chain(others)
                .map(|c| c.to_der().unwrap())
                .collect(),
            algorithm,
        }
    }

    fn pem(chain: &[u8], key: &[u8], algorithm: SealAlgorithm) -> Self {
        let chain = X509::stack_from_pem(chain).unwrap();
        Self {
            key: PKey::private_key_from_pem(key).unwrap(),
            chain: chain.iter().map(|c| c.to_der().unwrap()).collect(),
            algorithm,
        }
    }

    fn rsa() -> Self {
        Self::pkcs12(
            example!("seals/L01990015.p12"),
            "exemple-L01990015",
            RsaPkcs1Sha256,
        )
    }

    fn all() -> [Self; 4] {
        [
            Self::rsa(),
            Self::pkcs12(
                example!("seals/L01990027.p12"),
                "exemple-L01990027",
                RsaPssSha256,
            ),
            Self::pem(
                example!("seals/L01990033.chain.pem"),
                example!("seals/L01990033.key.pem"),
                EcdsaP256Sha256,
            ),
            Self::pem(
                example!("seals/L01990051.chain.pem"),
                example!("seals/L01990051.key.pem"),
                EcdsaP384Sha384,
            ),
        ]
    }

    fn profile(&self) -> CmsProfile {
        CmsProfile::new(&self.chain, self.algorithm).unwrap()
    }

    fn message_digest(&self) -> MessageDigest {
        match self.algorithm.digest() {
            DigestAlgorithm::Sha256 => MessageDigest::sha256(),
            DigestAlgorithm::Sha384 => MessageDigest::sha384(),
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(self.message_digest(), &self.key).unwrap();
        if let RsaPssSha256 = self.algorithm {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer
                .set_rsa_pss_saltlen(RsaPssSaltlen::custom(32))
                .unwrap();
            signer.set_rsa_mgf1_md(MessageDigest::sha256()).unwrap();
        }
        signer.sign_oneshot_to_vec(message).unwrap()
    }

    fn attributes(&self) -> SignedAttributes {
        let digest = hash(self.message_digest(), DOCUMENT).unwrap();
        self.profile().signed_attributes(&digest)
    }

    fn seal(&self) -> Vec<u8> {
        let attributes = self.attributes();
        let signature = self.sign(attributes.to_be_signed());
        self.profile().assemble(&attributes, &signature)
    }
}

/// OpenSSL's own opinion about the whole of a CMS, document and chain included.
fn openssl_accepts(cms: &[u8], document: &[u8]) -> bool {
    let mut store = X509StoreBuilder::new().unwrap();
    store
        .add_cert(X509::from_pem(example!("trust/root.pem")).unwrap())
        .unwrap();
    store
        .set_purpose(openssl::x509::X509PurposeId::ANY)
        .unwrap();
    CmsContentInfo::from_der(cms)
        .and_then(|mut cms| {
            let options = CMSOptions::BINARY | CMSOptions::DETACHED;
            cms.verify(None, Some(&store.build()), Some(document), None, options)
        })
        .is_ok()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
