//! Time-stamp responses, with a defect or without.

use super::issuing::*;

/// What an authority stamps; the default answers the request.
#[derive(Clone)]
pub(super) struct Stamp {
    pub(super) version: u8,
    pub(super) policy: &'static str,
    /// Another imprint than the one asked for.
    pub(super) imprint: Option<Vec<u8>>,
    pub(super) time: &'static str,
    /// Another nonce; an empty one is left out.
    pub(super) nonce: Option<Vec<u8>>,
    /// The certificate travels inside.
    pub(super) brings_certificate: bool,
    /// The certificate that is named, if another.
    pub(super) names: Option<Authority>,
    /// What is signed is not what is sent.
    pub(super) forged: bool,
}

pub(super) const POLICY: &str = "1.3.6.1.4.1.32473.1";

impl Default for Stamp {
    fn default() -> Self {
        Self {
            version: 1,
            policy: POLICY,
            imprint: None,
            time: "20260602120000Z",
            nonce: None,
            brings_certificate: true,
            names: None,
            forged: false,
        }
    }
}

impl Stamp {
    /// The `TimeStampResp` of `authority` to a request.
    pub(super) fn answer(&self, authority: &Authority, request: &[u8]) -> Vec<u8> {
        let token = self.token(authority, request);
        tlv(0x30, &[&tlv(0x30, &[&[2, 1, 0]]), &token])
    }

    fn token(&self, authority: &Authority, request: &[u8]) -> Vec<u8> {
        const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
        let asked = find(request, &[1]);
        let imprint = self.imprint.as_ref().map(|digest| {
            let algorithm = find(asked, &[0]);
            tlv(0x30, &[algorithm, &tlv(0x04, &[digest])])
        });
        // A policy may stand before the nonce.
        let third = find(request, &[2]);
        let asked_nonce = if third[0] == 2 {
            third
        } else {
            find(request, &[3])
        };
        let nonce = self.nonce.as_ref().map(|nonce| match nonce.as_slice() {
            [] => Vec::new(),
            nonce => tlv(0x02, &[nonce]),
        });
        let info = tlv(
            0x30,
            &[
                &[2, 1, self.version],
                &oid(self.policy),
                imprint.as_deref().unwrap_or(asked),
                &[2, 2, 0x10, 0x92],
                &general_time(self.time),
                nonce.as_deref().unwrap_or(asked_nonce),
            ],
        );
        let attribute = |kind: &str, value: &[u8]| tlv(0x30, &[&oid(kind), &tlv(0x31, &[value])]);
        let named = self.names.as_ref().unwrap_or(authority);
        let named = tlv(0x04, &[&sha256(&named.der())]);
        let named = tlv(0x30, &[&tlv(0x30, &[&tlv(0x30, &[&named])])]);
        let mut attributes = [
            attribute("1.2.840.113549.1.9.3", &oid(TST_INFO)),
            attribute("1.2.840.113549.1.9.4", &tlv(0x04, &[&sha256(&info)])),
            attribute("1.2.840.113549.1.9.16.2.47", &named),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let mut signed = tlv(0x31, &[&attributes]);
        if self.forged {
            signed.push(0);
        }
        let certificate = &authority.certificate;
        let issuer = certificate.issuer_name().to_der().unwrap();
        let sha256 = tlv(0x30, &[&oid("2.16.840.1.101.3.4.2.1")]);
        let signer = tlv(
            0x30,
            &[
                &[2, 1, 1],
                &tlv(0x30, &[&issuer, &authority.serial()]),
                &sha256,
                &tlv(0xA0, &[&attributes]),
                &ecdsa_with_sha256(),
                &tlv(0x04, &[&authority.sign(&signed)]),
            ],
        );
        let inside = tlv(0xA0, &[&tlv(0x04, &[&info])]);
        let certificates = if self.brings_certificate {
            tlv(0xA0, &[&authority.der()])
        } else {
            Vec::new()
        };
        let signed_data = tlv(
            0x30,
            &[
                &[2, 1, 3],
                &tlv(0x31, &[&sha256]),
                &tlv(0x30, &[&oid(TST_INFO), &inside]),
                &certificates,
                &tlv(0x31, &[&signer]),
            ],
        );
        tlv(
            0x30,
            &[&oid("1.2.840.113549.1.7.2"), &tlv(0xA0, &[&signed_data])],
        )
    }
}
