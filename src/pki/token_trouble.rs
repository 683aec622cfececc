//! Why a key on a token or in a module cannot be used, and what to do about it.

/// A named cause for which a key behind PKCS#11 does not sign. Texts hold no PIN and no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenTrouble {
    /// The library of the token cannot be loaded or does not start.
    #[error("the PKCS#11 library cannot be used: {what}")]
    ModuleUnusable {
        /// What it said.
        what: String,
    },
    /// No slot holds the token.
    #[error("the token is not there")]
    Absent,
    /// Several slots hold a token of this name.
    #[error("several tokens have this name")]
    Ambiguous,
    /// The token wants a PIN and none is configured.
    #[error("the token wants a PIN and none is configured")]
    NoPin,
    /// The token refused this PIN before, or now. It is not offered again.
    #[error("the token refuses the PIN")]
    PinWrong,
    /// One more wrong PIN would lock the token, so it is not offered.
    #[error("the token has one try at its PIN left, which is kept for people")]
    PinLastTry,
    /// Too many wrong PINs.
    #[error("the PIN of the token is locked")]
    PinLocked,
    /// The PIN has to be changed first.
    #[error("the PIN of the token has expired")]
    PinExpired,
    /// No private key has this name.
    #[error("the token holds no private key of this name")]
    KeyNotFound,
    /// Several private keys have this name.
    #[error("the token holds several private keys of this name")]
    KeyAmbiguous,
    /// The token has no mechanism for the algorithm configured, or not for this key.
    #[error("the token does not sign with this key in the way configured")]
    CannotSign,
    /// It was there, and is gone or no longer answers as it should.
    #[error("the token was lost")]
    Lost,
    /// Every session of the token is taken, and none came free in time.
    #[error("no session of the token came free in time")]
    Busy,
    /// Something else.
    #[error("the token answered {answer}")]
    Refused {
        /// Its return value.
        answer: String,
    },
}

impl TokenTrouble {
    /// A stable word for programs: `token-absent`, `pin-wrong`, …
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ModuleUnusable { .. } => "module-unusable",
            Self::Absent => "token-absent",
            Self::Ambiguous => "token-ambiguous",
            Self::NoPin => "no-pin",
            Self::PinWrong => "pin-wrong",
            Self::PinLastTry => "pin-last-try",
            Self::PinLocked => "pin-locked",
            Self::PinExpired => "pin-expired",
            Self::KeyNotFound => "key-not-found",
            Self::KeyAmbiguous => "key-ambiguous",
            Self::CannotSign => "token-cannot-sign",
            Self::Lost => "token-lost",
            Self::Busy => "token-busy",
            Self::Refused { .. } => "token-refused",
        }
    }

    /// What the operator has to do next, one sentence, with the command where there is one.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::ModuleUnusable { .. } => {
                "Operator: install the library of the token, name its file in `module`, and let the \
                 user of the service read it and what it is configured with; `pkcs11-tool --module \
                 MODULE -I` has to work as that user."
            }
            Self::Absent => {
                "Operator: connect the token; `pkcs11-tool --module MODULE -L` lists the labels and \
                 serial numbers that `token` and `serial` can name. It is looked for again by itself."
            }
            Self::Ambiguous => {
                "Operator: name the token by its `serial` instead of its label; `pkcs11-tool --module \
                 MODULE -L` lists them."
            }
            Self::NoPin => {
                "Operator: add `pin_file = \"FILE\"` to `pkcs11` in the organ's file; the file holds the \
                 PIN and nothing else."
            }
            Self::PinWrong => {
                "Operator: correct the PIN file (the PIN and nothing else). So that the token is not \
                 locked, the PIN is not tried again until the file changes."
            }
            Self::PinLastTry => {
                "Operator: log in once by hand (`pkcs11-tool --module MODULE --login -O`), which gives \
                 the token its tries back, correct the PIN file and touch it."
            }
            Self::PinLocked => {
                "Operator: unlock the token with its security officer's PIN (`pkcs11-tool --module \
                 MODULE --login --login-type so --init-pin`), then write the new PIN to the PIN file."
            }
            Self::PinExpired => {
                "Operator: change the PIN (`pkcs11-tool --module MODULE --login --change-pin`), then \
                 write the new one to the PIN file."
            }
            Self::KeyNotFound => {
                "Operator: correct `key` (its label) or `id` (hexadecimal); `pkcs11-tool --module MODULE \
                 --login -O` lists the keys."
            }
            Self::KeyAmbiguous => {
                "Operator: name the key by its `id` (hexadecimal) as well; `pkcs11-tool --module MODULE \
                 --login -O` lists the keys."
            }
            Self::CannotSign => {
                "Operator: set an `algorithm` that key and token have; `pkcs11-tool --module MODULE -M` \
                 lists the mechanisms."
            }
            Self::Lost => {
                "Operator: see that the token is connected and its module answers (`pkcs11-tool --module \
                 MODULE -L`). It is looked for again by itself."
            }
            Self::Busy => {
                "Operator: raise `sessions` in `pkcs11` of the organ's file as far as the token allows, \
                 or lower server.seals_at_once."
            }
            Self::Refused { .. } => {
                "Operator: look the answer up in the manual of the token (PKCS#11 calls it CKR_…) and in \
                 its log."
            }
        }
    }
}
