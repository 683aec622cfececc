//! Signatures that others made, compared with what OpenSSL says about them.

use super::*;
use crate::model::corpus;

/// Every `/Contents` of the signed files: what we say about the signature over the attributes is
/// what OpenSSL says.
#[test]
fn openssl_agrees_about_every_signature_of_the_corpus() {
    let Some(files) = corpus::files("signed") else {
        return;
    };
    let (mut compared, mut accepted) = (0, 0);
    for (name, bytes) in files {
        for contents in contents_of(&bytes) {
            let Ok(facts) = CmsEvidence::collect(&contents) else {
                continue;
            };
            let is_timestamp = !facts.content_type_is_data;
            if !facts.signed_attributes || !facts.signature_verifiable || is_timestamp {
                continue;
            }
            let verdict = CmsContentInfo::from_der(&contents).and_then(|mut cms| {
                let options = CMSOptions::BINARY
                    | CMSOptions::DETACHED
                    | CMSOptions::NO_CONTENT_VERIFY
                    | CMSOptions::NO_SIGNER_CERT_VERIFY;
                cms.verify(None, None, Some(b""), None, options)
            });
            let openssl = verdict.is_ok();
            assert_eq!(facts.signature_verifies, openssl, "{name}: {verdict:?}");
            compared += 1;
            accepted += usize::from(openssl);
        }
    }
    assert!(
        compared > 50 && accepted > 40,
        "{compared} compared, {accepted} accepted"
    );
}

/// Hexadecimal strings after `/Contents`, decoded.
pub(super) fn contents_of(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, b"/Contents") {
        rest = &rest[at + 9..];
        let text = rest.trim_ascii_start();
        let Some(end) = find(text, b">") else { break };
        if text.first() == Some(&b'<') && end > 200 {
            let digits: Vec<u8> = text[1..end]
                .iter()
                .copied()
                .filter(|b| !b.is_ascii_whitespace())
                .collect();
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            found.extend(
                digits
                    .chunks_exact(2)
                    .map(byte)
                    .collect::<Option<Vec<u8>>>(),
            );
        }
    }
    found
}
