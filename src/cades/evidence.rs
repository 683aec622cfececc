//! Reading somebody's CMS: facts, as sent, without judging or re-encoding them.

/// A CMS that cannot be read or made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not a `SignedData` that can be parsed.
    #[error("not a readable SignedData: {0}")]
    Unreadable(&'static str),
}

/// What a signature's CMS says (RFC 5652), for a validator to judge.
#[derive(Clone, Debug)]
pub struct CmsEvidence {
    /// Bytes of DER before the padding.
    pub der_len: usize,
    /// Bytes after it are all zero.
    pub padding_is_zero: bool,
    /// Number of `SignerInfo`s.
    pub signers: usize,
    /// The `content` is absent (detached).
    pub detached: bool,
    /// Dotted OID of the digest algorithm of the first signer.
    pub digest_algorithm: String,
    /// Signed attribute content-type is id-data.
    pub content_type_is_data: bool,
    /// Signed attribute message-digest.
    pub message_digest: Option<Vec<u8>>,
    /// A signing-time attribute is there, which PAdES forbids.
    pub signing_time: bool,
    /// The signing-certificate-v2 hash matches the certificate of the signer.
    pub signing_certificate_matches: Option<bool>,
    /// DER of the signer's certificate, when it is inside.
    pub signer_certificate: Option<Vec<u8>>,
    /// DER of every certificate inside.
    pub certificates: Vec<Vec<u8>>,
    /// The signature value is right over the attributes as sent.
    pub signature_verifies: bool,
}

impl CmsEvidence {
    /// Reads the bytes of `/Contents`, padding included, and verifies the signature over the attributes.
    pub fn collect(contents: &[u8]) -> Result<Self, CmsError> {
        let _ = contents;
        todo!()
    }
}
