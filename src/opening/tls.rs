//! The service's own TLS, from the files that the settings name.

use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::{Exit, Failure};
use crate::pki::tls::ServerTls;
use crate::settings::Settings;

/// Opens it; `None` when the settings name no certificate.
pub(crate) fn open(settings: &Settings) -> Result<Option<ServerTls>, Failure> {
    let files = &settings.tls;
    let (Some(certificate), Some(key)) = (&files.certificate, &files.key_file) else {
        return Ok(None);
    };
    let read =
        |path: &Path| std::fs::read(path).map_err(|error| Failure::file(path, "read", &error));
    let chain = read(certificate)?;
    let key = Zeroizing::new(read(key)?);
    let client_ca = files.client_ca.as_deref().map(read).transpose()?;
    let tls = ServerTls::new(&chain, key, client_ca.as_deref());
    tls.map(Some).map_err(|fault| {
        Failure::new(Exit::Usage, format!("[tls]: {fault}")).with_next_step(
            "certificate and client_ca are PEM, the service's own certificate first; key_file is PEM \
             without a passphrase (chmod 400)",
        )
    })
}
