//! What the return values of PKCS#11 mean for a seal.

use cryptoki::error::{Error, RvError};

use crate::pki::TokenTrouble;

/// The trouble behind an error of the library.
pub(super) fn trouble_of(error: &Error) -> TokenTrouble {
    let Error::Pkcs11(answer, _) = error else {
        return TokenTrouble::Refused {
            answer: error.to_string(),
        };
    };
    match answer {
        RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => {
            TokenTrouble::PinWrong
        }
        RvError::PinLocked => TokenTrouble::PinLocked,
        RvError::PinExpired => TokenTrouble::PinExpired,
        RvError::UserPinNotInitialized => TokenTrouble::PinLocked,
        RvError::MechanismInvalid
        | RvError::MechanismParamInvalid
        | RvError::KeyTypeInconsistent
        | RvError::KeyFunctionNotPermitted
        | RvError::KeySizeRange
        | RvError::DataLenRange => TokenTrouble::CannotSign,
        RvError::SessionCount => TokenTrouble::Busy,
        // Which of these a library says when its token is pulled out is its own choice; SoftHSM says
        // the last four of them when its files are gone.
        RvError::TokenNotPresent
        | RvError::TokenNotRecognized
        | RvError::SlotIdInvalid
        | RvError::DeviceRemoved
        | RvError::DeviceError
        | RvError::DeviceMemory
        | RvError::CryptokiNotInitialized
        | RvError::SessionClosed
        | RvError::SessionHandleInvalid
        | RvError::OperationNotInitialized
        | RvError::UserNotLoggedIn
        | RvError::KeyHandleInvalid
        | RvError::ObjectHandleInvalid
        | RvError::FunctionFailed
        | RvError::GeneralError => TokenTrouble::Lost,
        other => TokenTrouble::Refused {
            answer: format!("{other:?}"),
        },
    }
}

/// The library has no such function, or says something that PKCS#11 does not know.
pub(super) fn unusable(error: &Error) -> TokenTrouble {
    let what = match error {
        // What the loader says holds the path.
        Error::LibraryLoading(_) => "it cannot be loaded".to_owned(),
        Error::MissingSymbol(_) => "it is no PKCS#11 library".to_owned(),
        Error::Pkcs11(answer, _) => format!("it does not start ({answer:?})"),
        other => other.to_string(),
    };
    TokenTrouble::ModuleUnusable { what }
}
