//! The certificate of the fake web: one, self-signed, made at start.

use std::sync::Arc;

use anyhow::{Context, Result};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

/// A TLS configuration that shows the same new certificate to every host name.
///
/// Browsers accept it because they are started with `acceptInsecureCerts`.
pub(super) fn self_signed() -> Result<Arc<ServerConfig>> {
    let made = rcgen::generate_simple_self_signed(vec!["lab.invalid".to_owned()])
        .context("making the self-signed certificate of the fake web")?;
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("choosing the TLS versions of the fake web")?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .context("giving the fake web its certificate")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
