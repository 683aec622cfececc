//! Keys on tokens and in hardware security modules, behind PKCS#11 (OASIS PKCS #11 3.1). The only room
//! that knows `cryptoki`.
//!
//! ```text
//! Tokens ── Module (one library, one context) ── Token (login, pool of sessions) ── TokenKey (signs)
//! ```
//!
//! Organs share what they have in common: a [`Module`] per library, a
//! [`Token`](token::Token) per token, and its sessions. What goes wrong with one token is told to the
//! organs whose keys are on it and to nobody else:
//!
//! - A session that is gone (closed, logged out, its token taken out and put back) is opened again
//!   within the same request, once.
//! - A token that cannot be found is missed; [`Tokens::look_again`], called now and then, starts its
//!   library anew, because many libraries look for tokens only when they start. Signing under way ends
//!   first, and the other tokens of that library open their sessions again by themselves.
//! - **A PIN that was refused is never offered again** until its file changes: three wrong ones lock
//!   most tokens. The last try a token has left is never used.

mod key;
mod mechanism;
mod module;
mod name;
mod token;
mod trouble;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use key::TokenKey;
use module::Module;
pub use name::{KeyName, Pin, TokenName};

use crate::model::SealAlgorithm;
use crate::pki::TokenTrouble;

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    /// The PKCS#11 library.
    pub module: PathBuf,
    /// The token.
    pub token: TokenName,
    /// The key on it.
    pub key: KeyName,
    /// Sessions that may be open with the token at once, at least one. When several keys of a token say
    /// different numbers, the largest counts.
    pub sessions: usize,
}

/// Every library and token in use. One for the whole process: a library can be started only once in it.
#[derive(Default)]
pub struct Tokens {
    modules: Mutex<BTreeMap<PathBuf, Arc<Module>>>,
}

impl Tokens {
    /// Finds a key and makes sure that the token can sign with it by `algorithm`. Blocks.
    ///
    /// # Errors
    /// The [`TokenTrouble`] in the way.
    pub fn open(
        &self,
        place: &KeyPlace,
        pin: Option<Pin>,
        algorithm: SealAlgorithm,
    ) -> Result<TokenKey, TokenTrouble> {
        let module = self.module(&place.module)?;
        let token = module.token(&place.token, place.sessions);
        TokenKey::open(token, place.key.clone(), pin, algorithm)
    }

    /// Looks again for tokens that are missed, where there are any. Blocks until signatures under way on
    /// the same libraries are made.
    ///
    /// Each time in vain doubles the number of calls until the next time, to 64 at the most.
    pub fn look_again(&self) {
        let modules: Vec<_> = lock(&self.modules).values().cloned().collect();
        for module in modules {
            module.look_again();
        }
    }

    fn module(&self, path: &Path) -> Result<Arc<Module>, TokenTrouble> {
        let mut modules = lock(&self.modules);
        if let Some(module) = modules.get(path) {
            return Ok(Arc::clone(module));
        }
        let module = Arc::new(Module::start(path)?);
        modules.insert(path.to_owned(), Arc::clone(&module));
        Ok(module)
    }
}

/// What a lock protects here stays whole when a thread panics: every change is a single step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
