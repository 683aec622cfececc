//! The TLS of the service as it is now, for listeners that have begun with what it was.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use openssl::error::ErrorStack;
use openssl::ssl::{SniError, SslAcceptorBuilder, SslAlert, SslContext, SslRef};

use super::{ServerTls, TlsFault};

/// What is shown to new connections. Cheap to clone: all clones are one.
#[derive(Clone)]
pub struct CurrentTls(Arc<ArcSwap<Shown>>);

/// A certificate and key, made ready for both kinds of listener.
struct Shown {
    tls: ServerTls,
    /// Where clients are asked for a certificate.
    asking: SslContext,
    /// Where they are not.
    silent: SslContext,
}

impl Shown {
    fn new(tls: ServerTls) -> Result<Self, TlsFault> {
        let context = |asks| Ok(tls.acceptor(asks)?.build().into_context());
        Ok(Self {
            asking: context(true)?,
            silent: context(false)?,
            tls,
        })
    }
}

impl CurrentTls {
    /// Begins with these.
    ///
    /// # Errors
    /// [`TlsFault::Refused`].
    pub fn new(tls: ServerTls) -> Result<Self, TlsFault> {
        let shown = Shown::new(tls)?;
        Ok(Self(Arc::new(ArcSwap::from_pointee(shown))))
    }

    /// Shows these to every connection from now on. Those that are open go on as they began.
    ///
    /// # Errors
    /// [`TlsFault::Refused`]; then nothing has changed.
    pub fn replace(&self, tls: ServerTls) -> Result<(), TlsFault> {
        self.0.store(Arc::new(Shown::new(tls)?));
        Ok(())
    }

    /// What a listener needs, as [`ServerTls::acceptor`] says; it follows every replacement.
    ///
    /// # Errors
    /// [`TlsFault::Refused`].
    pub fn acceptor(&self, asks: bool) -> Result<SslAcceptorBuilder, TlsFault> {
        let mut builder = self.0.load().tls.acceptor(asks)?;
        let current = self.clone();
        // Called for every hello, whether or not it names a server.
        builder.set_servername_callback(move |connection, alert| {
            current.show(connection, asks).map_err(|_| {
                *alert = SslAlert::INTERNAL_ERROR;
                SniError::ALERT_FATAL
            })
        });
        Ok(builder)
    }

    fn show(&self, connection: &mut SslRef, asks: bool) -> Result<(), ErrorStack> {
        let shown = self.0.load();
        connection.set_ssl_context(match asks {
            true => &shown.asking,
            false => &shown.silent,
        })
    }
}

impl fmt::Debug for CurrentTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CurrentTls")
    }
}
