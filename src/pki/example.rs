//! Recognising what ships in `certs-example`, whose private keys everybody has.

use openssl::x509::X509;

/// The example authorities.
const AUTHORITIES: [&[u8]; 2] = [
    include_bytes!("../../certs-example/trust/root.pem"),
    include_bytes!("../../certs-example/trust/sector-public.pem"),
];

/// Whether any of these DER certificates is an example authority or was issued by one: signed with its
/// key, whatever it says. Fit for a seal's chain and for anchors alike.
pub fn is_example_material(chain: &[Vec<u8>]) -> bool {
    let authorities = AUTHORITIES.map(X509::from_pem);
    chain
        .iter()
        .filter_map(|der| X509::from_der(der).ok())
        .any(|certificate| {
            let mut keys = authorities.iter().flatten().flat_map(|ca| ca.public_key());
            // A root is signed with its own key, so this finds the authorities too.
            keys.any(|key| certificate.verify(&key).unwrap_or(false))
        })
}
