//! Tokens, good and forged, signed here as an issuer would.

use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sha::sha256;
use openssl::sign::Signer;
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// An issuer with a key of each kind.
struct Issuer {
    rsa: PKey<Private>,
    ec: EcKey<Private>,
}

impl Issuer {
    fn new() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        Self {
            rsa: PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap(),
            ec: EcKey::generate(&group).unwrap(),
        }
    }

    /// Its RSA key as PEM and its other one as a JWK.
    fn registered(&self, jwks: bool) -> TokenIssuer {
        let keys = if jwks {
            let (group, public) = (self.ec.group(), self.ec.public_key());
            let mut context = BigNumContext::new().unwrap();
            let (mut x, mut y) = (
                openssl::bn::BigNum::new().unwrap(),
                openssl::bn::BigNum::new().unwrap(),
            );
            public
                .affine_coordinates(group, &mut x, &mut y, &mut context)
                .unwrap();
            let number = |number: &openssl::bn::BigNum| {
                URL_SAFE_NO_PAD.encode(number.to_vec_padded(32).unwrap())
            };
            let key = json!({
                "kty": "EC", "crv": "P-256", "kid": "a", "x": number(&x), "y": number(&y)
            });
            json!({ "keys": [key] }).to_string().into_bytes()
        } else {
            self.rsa.public_key_to_pem().unwrap()
        };
        TokenIssuer {
            issuer: "registre".to_owned(),
            audience: "segell".to_owned(),
            keys: JwsKeys::read(&keys).unwrap(),
            environment: None,
        }
    }

    fn sign(&self, header: &Value, body: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(body));
        let signature = match header["alg"].as_str() {
            Some("RS256") => {
                let mut signer = Signer::new(MessageDigest::sha256(), &self.rsa).unwrap();
                signer.sign_oneshot_to_vec(signed.as_bytes()).unwrap()
            }
            Some("ES256") => {
                let signature = EcdsaSig::sign(&sha256(signed.as_bytes()), &self.ec).unwrap();
                let half = |number: &openssl::bn::BigNumRef| number.to_vec_padded(32).unwrap();
                [half(signature.r()), half(signature.s())].concat()
            }
            Some("HS256") => {
                let key = PKey::hmac(&self.rsa.public_key_to_pem().unwrap()).unwrap();
                let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
                signer.sign_oneshot_to_vec(signed.as_bytes()).unwrap()
            }
            _ => Vec::new(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn body() -> Value {
    json!({
        "iss": "registre", "sub": "9900150000", "aud": "segell", "iat": NOW, "nbf": NOW,
        "exp": NOW + 300, "user": "12345678Z", "name": "Maria",
    })
}

fn verify(issuer: &TokenIssuer, token: &str) -> Result<Claims, TokenFault> {
    Token::read(token)?.verify(issuer, now(), b"trace key")
}

#[test]
fn a_token_signed_either_way_says_for_whom_it_asks_and_nothing_of_the_person() {
    let issuer = Issuer::new();
    for (algorithm, jwks) in [("RS256", false), ("ES256", true)] {
        let token = issuer.sign(&json!({ "alg": algorithm, "kid": "a" }), &body());
        assert!(looks_like_one(&token));
        let claims = verify(&issuer.registered(jwks), &token).unwrap();
        assert_eq!(
            claims.subject,
            Subject::Ine10("9900150000".parse().unwrap())
        );
        let reference = claims.end_user.clone().unwrap();
        assert_eq!(reference.len(), REFERENCE_DIGITS);
        let told = format!("{claims:?}");
        assert!(
            !told.contains("12345678Z") && !told.contains("Maria"),
            "{told}"
        );
    }
}

#[test]
fn the_same_person_has_the_same_reference_and_another_key_makes_another() {
    let text = body().to_string();
    let body: Body = serde_json::from_str(&text).unwrap();
    let reference = |issuer: &str, key: &[u8]| body.end_user(issuer, key).unwrap();
    assert_eq!(reference("a", b"k"), reference("a", b"k"));
    assert_ne!(reference("a", b"k"), reference("b", b"k"));
    assert_ne!(reference("a", b"k"), reference("a", b"other"));
}

#[test]
fn no_other_algorithm_is_believed() {
    let issuer = Issuer::new();
    let registered = issuer.registered(false);
    for algorithm in ["none", "HS256", "None", "RS384", "PS256", "EdDSA"] {
        let token = issuer.sign(&json!({ "alg": algorithm }), &body());
        assert_eq!(
            verify(&registered, &token),
            Err(TokenFault::Algorithm),
            "{algorithm}"
        );
    }
    // A key of one kind verifies nothing of the other.
    let token = issuer.sign(&json!({ "alg": "ES256" }), &body());
    assert_eq!(verify(&registered, &token), Err(TokenFault::Signature));
}

#[test]
fn a_key_that_the_token_brings_along_is_not_followed() {
    let (issuer, forger) = (Issuer::new(), Issuer::new());
    let header = json!({
        "alg": "RS256", "jku": "https://forger.example/keys", "x5u": "https://forger.example/x",
        "jwk": { "kty": "RSA", "n": "AQAB", "e": "AQAB" },
    });
    let token = forger.sign(&header, &body());
    assert_eq!(
        verify(&issuer.registered(false), &token),
        Err(TokenFault::Signature)
    );
    let critical = issuer.sign(&json!({ "alg": "RS256", "crit": ["b64"] }), &body());
    assert_eq!(
        verify(&issuer.registered(false), &critical),
        Err(TokenFault::Critical)
    );
}

#[test]
fn every_claim_is_checked() {
    let issuer = Issuer::new();
    let registered = issuer.registered(false);
    let with = |name: &str, value: Value| {
        let mut body = body();
        body[name] = value;
        verify(&registered, &issuer.sign(&json!({ "alg": "RS256" }), &body))
    };
    assert_eq!(with("aud", json!("other")), Err(TokenFault::Audience));
    assert_eq!(with("aud", json!([])), Err(TokenFault::Audience));
    assert!(with("aud", json!(["other", "segell"])).is_ok());
    assert_eq!(with("exp", Value::Null), Err(TokenFault::Expired));
    assert_eq!(with("exp", json!(NOW - 31)), Err(TokenFault::Expired));
    assert_eq!(with("exp", json!(NOW + 601)), Err(TokenFault::Life));
    assert_eq!(with("exp", json!(NOW + 100_000)), Err(TokenFault::Life));
    assert_eq!(with("nbf", json!(NOW + 60)), Err(TokenFault::Early));
    assert_eq!(with("iat", json!(NOW + 60)), Err(TokenFault::Early));
    assert_eq!(with("sub", json!("someone")), Err(TokenFault::Subject));
    assert_eq!(with("sub", Value::Null), Err(TokenFault::Subject));
    let narrowed = with("scope", json!("copies:read openid")).unwrap();
    assert_eq!(narrowed.scopes.unwrap().words(), ["copies:read"]);
    assert!(with("exp", json!(NOW as f64 + 300.5)).is_ok());
}

#[test]
fn what_is_no_token_is_refused_without_a_panic() {
    for text in [
        "",
        "..",
        "ey.ey.ey",
        "a.b",
        "ey..",
        "e30.e30.",
        "eyJhbGciOjF9.e30.AA",
    ] {
        let outcome = Token::read(text).map(|_| ());
        assert_eq!(outcome, Err(TokenFault::Form), "{text}");
    }
}

#[test]
fn every_bit_of_a_token_counts() {
    let issuer = Issuer::new();
    let registered = issuer.registered(true);
    let token = issuer.sign(&json!({ "alg": "ES256" }), &body());
    for at in (0..token.len()).step_by(7) {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verify(&registered, &changed).is_err(), "{at}");
    }
}
