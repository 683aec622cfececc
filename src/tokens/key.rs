//! A private key on a token.

use std::sync::Arc;

use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;

use super::mechanism::Way;
use super::name::{KeyName, Pin};
use super::token::{Lease, Token};
use super::trouble::trouble_of;
use crate::model::SealAlgorithm;
use crate::pki::{SealDefect, Signer, TokenTrouble};

/// Certificates read from a token, at most.
const MOST_CERTIFICATES: usize = 16;
/// New sessions tried for one signature when sessions get lost: while others lose theirs too, the first
/// new one may be lost as well.
const NEW_SESSIONS: usize = 2;

/// A private key on a token, which signs by one algorithm.
pub struct TokenKey {
    token: Arc<Token>,
    name: KeyName,
    pin: Option<Pin>,
    way: Way,
}

impl TokenKey {
    /// Logs in and finds the key.
    pub(super) fn open(
        token: Arc<Token>,
        name: KeyName,
        pin: Option<Pin>,
        algorithm: SealAlgorithm,
    ) -> Result<Self, TokenTrouble> {
        let way = {
            let _running = token.module().keep_running();
            let slot = token.slot().inspect_err(|_| token.miss())?;
            let mechanisms = token.module().context().get_mechanism_list(slot);
            Way::choose(algorithm, &mechanisms.map_err(|error| trouble_of(&error))?)?
        };
        let key = Self {
            token,
            name,
            pin,
            way,
        };
        key.with_session(|session, handle| {
            let owned = session.get_attributes(handle, &[AttributeType::Sign]);
            match owned.map_err(|error| trouble_of(&error))?.first() {
                Some(Attribute::Sign(false)) => Err(TokenTrouble::CannotSign),
                _ => Ok(()),
            }
        })?;
        Ok(key)
    }

    /// The X.509 certificates on the token that go with the key: those of the same id or, without any,
    /// of the same label. DER.
    ///
    /// # Errors
    /// The [`TokenTrouble`] in the way.
    pub fn certificates(&self) -> Result<Vec<Vec<u8>>, TokenTrouble> {
        self.with_session(|session, key| {
            let attributes =
                session.get_attributes(key, &[AttributeType::Id, AttributeType::Label]);
            let mut attributes = attributes.map_err(|error| trouble_of(&error))?;
            // The id tells more, so it is asked first.
            attributes.sort_by_key(|attribute| !matches!(attribute, Attribute::Id(_)));
            attributes.retain(|attribute| match attribute {
                Attribute::Id(bytes) | Attribute::Label(bytes) => !bytes.is_empty(),
                _ => false,
            });
            for attribute in attributes {
                let certificates = certificates_with(session, attribute)?;
                if !certificates.is_empty() {
                    return Ok(certificates);
                }
            }
            Ok(Vec::new())
        })
    }

    /// Does something with a session and the key in it, and again with a new session if that one is gone.
    fn with_session<T>(
        &self,
        act: impl Fn(&Session, ObjectHandle) -> Result<T, TokenTrouble>,
    ) -> Result<T, TokenTrouble> {
        let module = self.token.module();
        let running = module.keep_running();
        let try_once = || {
            let mut lease = self.token.lease(&running, self.pin.as_ref())?;
            let outcome = self.act(&mut lease, &act);
            if matches!(outcome, Err(TokenTrouble::Lost)) {
                lease.discard();
            }
            outcome
        };
        let mut outcome = try_once();
        for _ in 0..NEW_SESSIONS {
            if !matches!(outcome, Err(TokenTrouble::Lost)) {
                break;
            }
            self.token.lose_sessions();
            outcome = try_once();
        }
        match &outcome {
            Err(TokenTrouble::Lost | TokenTrouble::Absent) => self.token.miss(),
            Err(_) => {}
            Ok(_) => self.token.found(),
        }
        outcome
    }

    fn act<T>(
        &self,
        lease: &mut Lease<'_>,
        act: impl Fn(&Session, ObjectHandle) -> Result<T, TokenTrouble>,
    ) -> Result<T, TokenTrouble> {
        let (session, keys) = lease.session().ok_or(TokenTrouble::Lost)?;
        let kind = self.way.key_type();
        let known = keys
            .iter()
            .find(|(name, of, _)| *name == self.name && *of == kind);
        let handle = match known {
            Some((_, _, handle)) => *handle,
            None => {
                let handle = self.find(session)?;
                keys.push((self.name.clone(), kind, handle));
                handle
            }
        };
        act(session, handle)
    }

    fn find(&self, session: &Session) -> Result<ObjectHandle, TokenTrouble> {
        let label = self.name.label.as_ref();
        let label = label.map(|label| Attribute::Label(label.clone().into_bytes()));
        let id = self.name.id.clone().map(Attribute::Id);
        let mut wanted: Vec<_> = [Attribute::Class(ObjectClass::PRIVATE_KEY)]
            .into_iter()
            .chain(label)
            .chain(id)
            .collect();
        let named = session.find_objects(&wanted);
        let named = named.map_err(|error| trouble_of(&error))?;
        // A mechanism for another kind of key brings some libraries down, and the process with them
        // (SoftHSM 2.6: RSASSA-PSS with an EC key).
        wanted.push(Attribute::KeyType(self.way.key_type()));
        let fit = session.find_objects(&wanted);
        let fit = fit.map_err(|error| trouble_of(&error))?;
        match (named.as_slice(), fit.as_slice()) {
            ([_], [only]) => Ok(*only),
            ([], _) => Err(TokenTrouble::KeyNotFound),
            ([_], _) => Err(TokenTrouble::CannotSign),
            _ => Err(TokenTrouble::KeyAmbiguous),
        }
    }
}

impl Signer for TokenKey {
    fn sign(&self, to_be_signed: &[u8]) -> Result<Vec<u8>, SealDefect> {
        let (mechanism, input) = (self.way.mechanism(), self.way.input(to_be_signed));
        let signed = self.with_session(|session, key| {
            let signed = session.sign(&mechanism, key, &input);
            signed.map_err(|error| trouble_of(&error))
        });
        match signed {
            Ok(value) => Ok(self.way.output(value)?),
            // It was there when the seal was opened.
            Err(TokenTrouble::Absent) => Err(TokenTrouble::Lost.into()),
            Err(trouble) => Err(trouble.into()),
        }
    }
}

fn certificates_with(
    session: &Session,
    attribute: Attribute,
) -> Result<Vec<Vec<u8>>, TokenTrouble> {
    let wanted = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        attribute,
    ];
    let found = session.find_objects(&wanted);
    let found = found.map_err(|error| trouble_of(&error))?;
    let mut certificates = Vec::new();
    for handle in found.into_iter().take(MOST_CERTIFICATES) {
        let values = session.get_attributes(handle, &[AttributeType::Value]);
        for value in values.map_err(|error| trouble_of(&error))? {
            if let Attribute::Value(der) = value {
                certificates.push(der);
            }
        }
    }
    Ok(certificates)
}
