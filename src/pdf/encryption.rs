//! Encryption with an empty user password (ISO 32000-2, 7.6).

use lopdf::encryption::{self, DecryptionError};
use lopdf::{Dictionary, Document, EncryptionState, Error, Object, ObjectId, Stream};

use super::facts::Encryption;
use super::{PdfError, values};

/// What decrypts a source and encrypts what is appended to it.
pub(super) struct Cipher {
    state: EncryptionState,
    /// The encryption dictionary, whose own strings stay as they are.
    dictionary: Option<ObjectId>,
}

/// Opens the lock that `trailer` names, with the empty user password; `find` knows the objects.
///
/// # Errors
/// [`PdfError::UserPassword`], [`PdfError::UnsupportedEncryption`], [`PdfError::Damaged`].
pub(super) fn unlock<'a>(
    trailer: &Dictionary,
    find: impl Fn(ObjectId) -> Option<&'a Object>,
) -> Result<Option<(Cipher, Encryption)>, PdfError> {
    let Ok(entry) = trailer.get(b"Encrypt") else {
        return Ok(None);
    };
    let resolve = |object: &Object| match object {
        Object::Reference(id) => find(*id).cloned().unwrap_or(Object::Null),
        direct => direct.clone(),
    };
    let dictionary: Dictionary = match resolve(entry) {
        Object::Null => return Ok(None),
        Object::Dictionary(dictionary) => dictionary
            .iter()
            .map(|(key, value)| (key.clone(), resolve(value)))
            .collect(),
        _ => return Err(PdfError::Damaged("the encryption dictionary")),
    };
    if values::name_entry(&dictionary, b"Filter") != Some(b"Standard") {
        return Err(PdfError::UnsupportedEncryption("security handler"));
    }
    let description = describe(&dictionary)?;

    // lopdf unlocks documents: this one holds nothing but the lock.
    const LOCK: ObjectId = (1, 0);
    let mut lock = Document::new();
    lock.trailer.set("Encrypt", Object::Reference(LOCK));
    if let Ok(id) = trailer.get(b"ID") {
        lock.trailer.set("ID", resolve(id));
    }
    lock.objects.insert(LOCK, Object::Dictionary(dictionary));
    lock.authenticate_password("").map_err(refusal)?;
    let state = EncryptionState::decode(&lock, "").map_err(refusal)?;
    let cipher = Cipher {
        state,
        dictionary: entry.as_reference().ok(),
    };
    Ok(Some((cipher, description)))
}

fn refusal(error: Error) -> PdfError {
    match error {
        Error::Decryption(DecryptionError::IncorrectPassword) | Error::InvalidPassword => {
            PdfError::UserPassword
        }
        Error::UnsupportedSecurityHandler(_) => PdfError::UnsupportedEncryption("security handler"),
        Error::Decryption(
            DecryptionError::UnsupportedEncryption
            | DecryptionError::UnsupportedVersion
            | DecryptionError::UnsupportedRevision
            | DecryptionError::InvalidVersion
            | DecryptionError::InvalidRevision,
        ) => PdfError::UnsupportedEncryption("version or revision"),
        _ => PdfError::Damaged("the encryption dictionary"),
    }
}

/// Names the cipher and reads the permissions (ISO 32000-2, tables 20, 21 and 22).
fn describe(dictionary: &Dictionary) -> Result<Encryption, PdfError> {
    const MODIFY: i64 = 1 << 3;
    const ANNOTATE: i64 = 1 << 5;
    const ASSEMBLE: i64 = 1 << 10;
    let integer = |key: &[u8]| {
        dictionary
            .get(key)
            .ok()
            .and_then(|value| value.as_i64().ok())
    };
    let cipher = match integer(b"V") {
        Some(1) => "RC4-40".to_owned(),
        Some(2 | 3) => format!("RC4-{}", integer(b"Length").unwrap_or(40)),
        Some(4 | 5) => by_crypt_filter(dictionary)?.to_owned(),
        _ => return Err(PdfError::UnsupportedEncryption("version or revision")),
    };
    let needed = match integer(b"R") {
        Some(2) => MODIFY | ANNOTATE,
        _ => MODIFY | ANNOTATE | ASSEMBLE,
    };
    let permissions = integer(b"P").unwrap_or(-1);
    Ok(Encryption {
        cipher,
        restricted: permissions & needed != needed,
    })
}

/// The cipher of the crypt filters in use. A filter that is not declared, or of an unknown method,
/// must not fall back on another.
fn by_crypt_filter(dictionary: &Dictionary) -> Result<&'static str, PdfError> {
    let mut strongest = "none";
    for key in [b"StmF", b"StrF"] {
        let name = values::name_entry(dictionary, key).unwrap_or(b"Identity");
        if name == b"Identity" {
            continue;
        }
        let method = dictionary
            .get(b"CF")
            .and_then(|filters| filters.as_dict())
            .and_then(|filters| filters.get(name))
            .and_then(|filter| filter.as_dict())
            .ok()
            .and_then(|filter| values::name_entry(filter, b"CFM"));
        strongest = match method {
            Some(b"V2") => "RC4-128",
            Some(b"AESV2") => "AES-128",
            Some(b"AESV3") => "AES-256",
            _ => return Err(PdfError::UnsupportedEncryption("crypt filter")),
        };
    }
    Ok(strongest)
}

impl Cipher {
    /// Decrypts the strings of an object that stands by itself in the file.
    /// A string that cannot be decrypted stays as it is: nothing here is drawn from it.
    pub(super) fn decrypt_strings(&self, id: ObjectId, object: &mut Object) {
        if self.dictionary == Some(id) {
            return;
        }
        if let Object::Stream(stream) = object {
            if values::name_entry(&stream.dict, b"Type") == Some(b"XRef") {
                return;
            }
            let mut dictionary = Object::Dictionary(std::mem::take(&mut stream.dict));
            drop(encryption::decrypt_object(&self.state, id, &mut dictionary));
            if let Object::Dictionary(dictionary) = dictionary {
                stream.dict = dictionary;
            }
        } else {
            drop(encryption::decrypt_object(&self.state, id, object));
        }
    }

    /// Decrypts the data of a stream; `None` when it cannot be.
    pub(super) fn decrypt_data(
        &self,
        id: ObjectId,
        dictionary: &Dictionary,
        raw: &[u8],
    ) -> Option<Vec<u8>> {
        if values::name_entry(dictionary, b"Type") == Some(b"XRef") {
            return Some(raw.to_vec());
        }
        let mut deciding = Dictionary::new();
        for key in [&b"Type"[..], b"Filter", b"DecodeParms"] {
            if let Ok(value) = dictionary.get(key) {
                deciding.set(key, value.clone());
            }
        }
        let mut object = Object::Stream(Stream::new(deciding, raw.to_vec()));
        encryption::decrypt_object(&self.state, id, &mut object).ok()?;
        object.as_stream().ok().map(|stream| stream.content.clone())
    }

    /// Encrypts the strings and the data of an object to be appended.
    pub(super) fn encrypt(&self, id: ObjectId, object: &mut Object) -> Result<(), PdfError> {
        encryption::encrypt_object(&self.state, id, object)
            .map_err(|_| PdfError::UnsupportedEncryption("cipher"))
    }
}
