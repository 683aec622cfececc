//! One token: where it is, whether it is logged in, and its sessions.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use cryptoki::context::Pkcs11;
use cryptoki::object::{KeyType, ObjectHandle};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;

use super::lock;
use super::module::{Module, Running, Start};
use super::name::{KeyName, Pin, TokenName};
use super::trouble::trouble_of;
use crate::pki::TokenTrouble;

/// Longest wait for a session that others use.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Refused PINs that are remembered; the oldest is forgotten first.
const MOST_REFUSED: usize = 64;

/// A token by name, there or not.
pub(super) struct Token {
    module: Arc<Module>,
    name: TokenName,
    pool: Mutex<Pool>,
    came_free: Condvar,
    /// Held while logging in: two wrong tries at once would be two tries.
    refused: Mutex<Vec<Pin>>,
    missed: AtomicBool,
}

/// The sessions of a token.
struct Pool {
    idle: Vec<OpenSession>,
    /// Idle and in use.
    open: usize,
    most: usize,
    /// Sessions opened before the last loss have another number and are not kept.
    losses: u64,
}

/// A session that is logged in if its token wants that.
pub(super) struct OpenSession {
    session: Session,
    start: Start,
    losses: u64,
    keys: FoundKeys,
}

/// Keys found through a session, few: by name and by the kind they were looked for.
pub(super) type FoundKeys = Vec<(KeyName, KeyType, ObjectHandle)>;

/// A session for the use of one thread; goes back when dropped.
pub(super) struct Lease<'a> {
    token: &'a Token,
    session: Option<OpenSession>,
}

impl Token {
    pub(super) fn new(module: Arc<Module>, name: TokenName) -> Self {
        Self {
            module,
            name,
            pool: Mutex::new(Pool {
                idle: Vec::new(),
                open: 0,
                most: 1,
                losses: 0,
            }),
            came_free: Condvar::new(),
            refused: Mutex::default(),
            missed: AtomicBool::new(false),
        }
    }

    pub(super) fn module(&self) -> &Module {
        &self.module
    }

    /// Allows so many sessions, or as many as before when those were more.
    pub(super) fn allow(&self, sessions: usize) {
        let mut pool = lock(&self.pool);
        pool.most = pool.most.max(sessions);
    }

    /// Remembers that it is missed, so that it is looked for.
    pub(super) fn miss(&self) {
        self.missed.store(true, Ordering::Relaxed);
        self.module.miss();
    }

    /// Remembers that it is there.
    pub(super) fn found(&self) {
        if self.missed.swap(false, Ordering::Relaxed) {
            self.module.end_pause();
        }
    }

    /// The slot it is in now.
    pub(super) fn slot(&self) -> Result<Slot, TokenTrouble> {
        self.module.find(&self.name)
    }

    /// A session, an idle one or a new one. Waits while all are in use.
    pub(super) fn lease(
        &self,
        running: &Running<'_>,
        pin: Option<&Pin>,
    ) -> Result<Lease<'_>, TokenTrouble> {
        let mut lease = Lease {
            token: self,
            session: self.take(**running)?,
        };
        if lease.session.is_none() {
            // The place in the pool is given back with the lease if this fails.
            lease.session = Some(self.open_session(**running, pin)?);
        }
        Ok(lease)
    }

    /// Takes an idle session, or a place for a new one.
    fn take(&self, start: Start) -> Result<Option<OpenSession>, TokenTrouble> {
        let (mut pool, waited) = self
            .came_free
            .wait_timeout_while(lock(&self.pool), LONGEST_WAIT, |pool| {
                pool.idle.is_empty() && pool.open >= pool.most
            })
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(TokenTrouble::Busy);
        }
        while let Some(session) = pool.idle.pop() {
            if session.start == start {
                return Ok(Some(session));
            }
            // Its handle belongs to a start of the library that is over.
            pool.open -= 1;
        }
        pool.open += 1;
        Ok(None)
    }

    fn open_session(&self, start: Start, pin: Option<&Pin>) -> Result<OpenSession, TokenTrouble> {
        let losses = lock(&self.pool).losses;
        let slot = self.slot()?;
        // Closed by hand: a handle that a later start of the library gave to somebody else must not be.
        let session = self.module.context().open_ro_session_no_drop(slot);
        let session = session.map_err(|error| trouble_of(&error))?;
        if let Err(trouble) = self.log_in(&session, slot, pin) {
            let _ = session.close();
            return Err(trouble);
        }
        Ok(OpenSession {
            session,
            start,
            losses,
            keys: Vec::new(),
        })
    }

    /// Logs in unless that is done or not needed: all sessions of a token share it.
    fn log_in(&self, session: &Session, slot: Slot, pin: Option<&Pin>) -> Result<(), TokenTrouble> {
        let context: &Pkcs11 = self.module.context();
        let mut refused = lock(&self.refused);
        let token = context.get_token_info(slot);
        let token = token.map_err(|error| trouble_of(&error))?;
        let state = session.get_session_info();
        let state = state.map_err(|error| trouble_of(&error))?.session_state();
        let logged_in = matches!(state, SessionState::RoUser | SessionState::RwUser);
        if logged_in || !token.login_required() {
            return Ok(());
        }
        let pin = pin.ok_or(TokenTrouble::NoPin)?;
        if refused.iter().any(|before| pin.is_refused_with(before)) {
            return Err(TokenTrouble::PinWrong);
        }
        if token.user_pin_locked() {
            return Err(TokenTrouble::PinLocked);
        }
        if token.user_pin_final_try() {
            return Err(TokenTrouble::PinLastTry);
        }
        let secret = AuthPin::from(pin.text().to_owned());
        match session.login(UserType::User, Some(&secret)) {
            Ok(()) => {
                refused.clear();
                Ok(())
            }
            Err(error) => match trouble_of(&error) {
                // Somebody logged in between: every session is, then.
                TokenTrouble::Refused { answer } if answer == "UserAlreadyLoggedIn" => Ok(()),
                TokenTrouble::PinWrong => {
                    // Its file was written again, or it is another.
                    refused.retain(|before| before.text() != pin.text());
                    if refused.len() >= MOST_REFUSED {
                        refused.remove(0);
                    }
                    refused.push(pin.clone());
                    Err(TokenTrouble::PinWrong)
                }
                trouble => Err(trouble),
            },
        }
    }

    /// Every session opened so far is worthless.
    pub(super) fn lose_sessions(&self) {
        let mut pool = lock(&self.pool);
        pool.losses = pool.losses.wrapping_add(1);
        let idle = std::mem::take(&mut pool.idle);
        pool.open -= idle.len().min(pool.open);
        drop(pool);
        for session in idle {
            // It says itself that it is closed.
            let _ = session.session.close();
        }
        self.came_free.notify_all();
    }
}

impl Lease<'_> {
    /// The session itself, with the keys found through it.
    pub(super) fn session(&mut self) -> Option<(&Session, &mut FoundKeys)> {
        let open = self.session.as_mut()?;
        Some((&open.session, &mut open.keys))
    }

    /// Throws the session away.
    pub(super) fn discard(mut self) {
        if let Some(open) = self.session.take() {
            let _ = open.session.close();
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut pool = lock(&self.token.pool);
        match self.session.take() {
            Some(open) if open.losses == pool.losses => pool.idle.push(open),
            Some(open) => {
                pool.open = pool.open.saturating_sub(1);
                let _ = open.session.close();
            }
            None => pool.open = pool.open.saturating_sub(1),
        }
        drop(pool);
        self.token.came_free.notify_one();
    }
}
