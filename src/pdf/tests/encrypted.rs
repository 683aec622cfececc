//! Encrypted sources: opened with the empty password, extended under the same lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use lopdf::encryption::crypt_filters::{Aes128CryptFilter, Aes256CryptFilter, CryptFilter};
use lopdf::{Document, EncryptionState, EncryptionVersion, Permissions};

use super::made::replaced;
use super::*;
use crate::pdf::facts::Encryption;

const IDENTIFIER: &str =
    "/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]";

fn plain() -> Document {
    let made = Made::one_page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/Lang(ca-ES)>>")
        .with(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>")
        .with_stream(4, "", b"(secret) Tj")
        .with_trailer(IDENTIFIER);
    Document::load_mem(&made.table()).unwrap()
}

fn aes(filter: impl CryptFilter + 'static) -> BTreeMap<Vec<u8>, Arc<dyn CryptFilter>> {
    BTreeMap::from([(b"StdCF".to_vec(), Arc::new(filter) as Arc<dyn CryptFilter>)])
}

/// The plain document under each lock, with the cipher's name.
fn locked(user_password: &str, permissions: Permissions) -> Vec<(&'static str, Vec<u8>)> {
    let document = plain();
    let (stream_filter, string_filter) = (b"StdCF".to_vec(), b"StdCF".to_vec());
    let versions: [(&'static str, EncryptionVersion<'_>); 4] = [
        (
            "RC4-40",
            EncryptionVersion::V1 {
                document: &document,
                owner_password: "owner",
                user_password,
                permissions,
            },
        ),
        (
            "RC4-128",
            EncryptionVersion::V2 {
                document: &document,
                owner_password: "owner",
                user_password,
                key_length: 128,
                permissions,
            },
        ),
        (
            "AES-128",
            EncryptionVersion::V4 {
                document: &document,
                encrypt_metadata: true,
                crypt_filters: aes(Aes128CryptFilter),
                stream_filter: stream_filter.clone(),
                string_filter: string_filter.clone(),
                owner_password: "owner",
                user_password,
                permissions,
            },
        ),
        (
            "AES-256",
            EncryptionVersion::V5 {
                encrypt_metadata: true,
                crypt_filters: aes(Aes256CryptFilter),
                file_encryption_key: &[7; 32],
                stream_filter,
                string_filter,
                owner_password: "owner",
                user_password,
                permissions,
            },
        ),
    ];
    versions
        .into_iter()
        .map(|(cipher, version)| {
            let mut locked = document.clone();
            let state = EncryptionState::try_from(version).unwrap();
            locked.encrypt(&state).unwrap();
            let mut bytes = Vec::new();
            locked.save_to(&mut bytes).unwrap();
            (cipher, bytes)
        })
        .collect()
}

#[test]
fn every_cipher_is_read_and_written() {
    for (cipher, bytes) in locked("", Permissions::all()) {
        assert!(memchr::memmem::find(&bytes, b"secret").is_none());
        let source = open(bytes).unwrap();
        let expected = Encryption {
            cipher: cipher.to_owned(),
            restricted: false,
        };
        assert_eq!(source.facts().encryption, Some(expected), "{cipher}");
        let copy = sealed(&source);
        assert!(
            memchr::memmem::find(&copy, b"Ajuntament").is_none(),
            "{cipher}"
        );
        assert!(
            memchr::memmem::find(&copy, b"<300100").is_some(),
            "{cipher}"
        );
        let copy = open(copy).unwrap();
        let contents = copy.page_contents(&copy.pages()[0]).unwrap();
        assert_eq!(contents.as_deref(), Some(&b"(secret) Tj"[..]), "{cipher}");
        let name = certification(&copy).get(b"Name").unwrap();
        assert_eq!(name.as_str().unwrap(), b"Ajuntament d'Exemple", "{cipher}");
        let language = copy.catalog().get(b"Lang").unwrap();
        assert_eq!(language.as_str().unwrap(), b"ca-ES", "{cipher}");
    }
}

#[test]
fn a_source_with_a_user_password_is_refused() {
    for (cipher, bytes) in locked("word", Permissions::all()) {
        assert_eq!(refusal(bytes), Some(PdfError::UserPassword), "{cipher}");
    }
}

#[test]
fn permissions_that_forbid_changes_are_a_fact() {
    for forbidden in [Permissions::MODIFIABLE, Permissions::ANNOTABLE] {
        for (cipher, bytes) in locked("", Permissions::all() - forbidden) {
            let encryption = open(bytes).unwrap().facts().encryption.clone();
            assert!(encryption.unwrap().restricted, "{cipher}");
        }
    }
    for (cipher, bytes) in locked("", Permissions::all() - Permissions::PRINTABLE) {
        let encryption = open(bytes).unwrap().facts().encryption.clone();
        assert!(!encryption.unwrap().restricted, "{cipher}");
    }
}

#[test]
fn locks_of_another_make_are_refused_by_name() {
    let lock = |entries: &str| {
        let made = Made::one_page()
            .with(9, format!("<<{entries}>>"))
            .with_trailer("/Encrypt 9 0 R");
        refusal(made.table())
    };
    let unsupported = |what| Some(PdfError::UnsupportedEncryption(what));
    assert_eq!(
        lock("/Filter/Adobe.PubSec/V 4"),
        unsupported("security handler")
    );
    assert_eq!(
        lock("/Filter/Standard/V 9"),
        unsupported("version or revision")
    );
    let undeclared = "/Filter/Standard/V 4/R 4/StmF/Odd/StrF/Odd/CF<<>>";
    assert_eq!(lock(undeclared), unsupported("crypt filter"));
    assert!(matches!(
        lock("/Filter/Standard/V 2/R 3"),
        Some(PdfError::Damaged(_))
    ));
}

#[test]
fn a_damaged_encrypted_source_is_mended_under_its_lock() {
    for (cipher, bytes) in locked("", Permissions::all()) {
        let source = open(replaced(&bytes, "startxref", "startxxxx")).unwrap();
        let copy = open(sealed(&source)).unwrap();
        let contents = copy.page_contents(&copy.pages()[0]).unwrap();
        assert_eq!(contents.as_deref(), Some(&b"(secret) Tj"[..]), "{cipher}");
    }
}
