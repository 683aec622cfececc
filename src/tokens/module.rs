//! A PKCS#11 library: loaded once, started once, started anew when a token is missed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::slot::Slot;

use super::lock;
use super::name::TokenName;
use super::token::Token;
use super::trouble::{trouble_of, unusable};
use crate::pki::TokenTrouble;

/// Most calls of [`Module::look_again`] between two that do something.
const LONGEST_PAUSE: u32 = 64;

/// A library that was started.
pub(super) struct Module {
    context: Pkcs11,
    /// How many times it was started; held for reading by whoever uses the library.
    start: RwLock<Start>,
    tokens: Mutex<BTreeMap<TokenName, Arc<Token>>>,
    missed: AtomicBool,
    pause: Mutex<Pause>,
}

/// Which start of the library something belongs to: handles of an earlier one mean nothing, or worse,
/// something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start(u64);

/// Whoever holds this can rely on the library not being stopped.
pub(super) type Running<'a> = RwLockReadGuard<'a, Start>;

/// How long to leave a library alone in which a token is missed, in calls.
#[derive(Clone, Copy, Debug, Default)]
struct Pause {
    left: u32,
    next: u32,
}

impl Module {
    /// Loads and starts a library.
    pub(super) fn start(path: &Path) -> Result<Self, TokenTrouble> {
        let context = Pkcs11::new(path).map_err(|error| unusable(&error))?;
        initialize(&context)?;
        Ok(Self {
            context,
            start: RwLock::new(Start(0)),
            tokens: Mutex::default(),
            missed: AtomicBool::new(false),
            pause: Mutex::default(),
        })
    }

    /// The token of this name, there or not.
    pub(super) fn token(self: &Arc<Self>, name: &TokenName, sessions: usize) -> Arc<Token> {
        let mut tokens = lock(&self.tokens);
        let token = tokens
            .entry(name.clone())
            .or_insert_with(|| Arc::new(Token::new(Arc::clone(self), name.clone())));
        token.allow(sessions);
        Arc::clone(token)
    }

    pub(super) fn context(&self) -> &Pkcs11 {
        &self.context
    }

    /// Keeps the library from being stopped.
    pub(super) fn keep_running(&self) -> Running<'_> {
        self.start.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The slot that holds a token now.
    pub(super) fn find(&self, name: &TokenName) -> Result<Slot, TokenTrouble> {
        let slots = self.context.get_slots_with_token();
        let slots = slots.map_err(|error| trouble_of(&error))?;
        // A slot that cannot say what it holds is not the one.
        let mut found = slots.into_iter().filter(|slot| {
            let info = self.context.get_token_info(*slot);
            info.is_ok_and(|info| match name {
                TokenName::Label(label) => info.label().trim_end() == label,
                TokenName::Serial(serial) => info.serial_number().trim_end() == serial,
            })
        });
        match (found.next(), found.next()) {
            (Some(slot), None) => Ok(slot),
            (Some(_), Some(_)) => Err(TokenTrouble::Ambiguous),
            (None, _) => Err(TokenTrouble::Absent),
        }
    }

    /// Remembers that a token is missed.
    pub(super) fn miss(&self) {
        self.missed.store(true, Ordering::Relaxed);
    }

    /// What was missed is there: the next time something is, it is looked for without delay.
    pub(super) fn end_pause(&self) {
        *lock(&self.pause) = Pause::default();
    }

    /// Starts the library anew if a token is missed and the pause is over.
    pub(super) fn look_again(&self) {
        if !self.missed.load(Ordering::Relaxed) || !lock(&self.pause).is_over() {
            return;
        }
        let mut start = self.start.write().unwrap_or_else(PoisonError::into_inner);
        // It may be stopped already; what matters is whether it starts.
        let _ = self.context.clone().finalize();
        if initialize(&self.context).is_ok() {
            self.missed.store(false, Ordering::Relaxed);
        }
        start.0 = start.0.wrapping_add(1);
    }
}

impl Pause {
    /// Whether it is over; if so, the next one is twice as long.
    fn is_over(&mut self) -> bool {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            return false;
        }
        self.left = self.next;
        self.next = (2 * self.next + 1).min(LONGEST_PAUSE);
        true
    }
}

fn initialize(context: &Pkcs11) -> Result<(), TokenTrouble> {
    match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // Somebody else in this process uses it too.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
        Err(error) => Err(unusable(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_try_in_vain_doubles_the_pause_until_the_next() {
        let mut pause = Pause::default();
        let tries: Vec<usize> = (0..200).filter(|_| pause.is_over()).collect();
        assert_eq!(tries, [0, 1, 3, 7, 15, 31, 63, 127, 192]);
    }

    #[test]
    fn what_is_no_library_of_tokens_is_said_without_its_path() {
        for path in ["/nowhere/secret.so", "/dev/null"] {
            let trouble = Module::start(Path::new(path)).err().unwrap();
            assert_eq!(trouble.code(), "module-unusable");
            assert!(!trouble.to_string().contains(path), "{trouble}");
        }
    }
}
