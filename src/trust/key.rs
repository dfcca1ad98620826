//! Public keys (TUF §4.2, §4.3), and what each accepts as a signature.

use super::hex;
use super::json::Json;
use ed25519_dalek::{Signature, VerifyingKey};

/// The public halves of `data/keys/development/`, one hexadecimal key a line. The private halves
/// are in the repository, so a list that any of them vouches for proves nothing to a citizen.
const DEVELOPMENT_KEYS: &str = include_str!("../../data/keys/development/public.txt");

/// A public key of a scheme that this build knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PublicKey {
    Ed25519(VerifyingKey),
    #[cfg(feature = "p256")]
    P256(p256::ecdsa::VerifyingKey),
    #[cfg(feature = "rsa-test")]
    Rsa(rsa::RsaPublicKey),
}

impl PublicKey {
    /// A key of another scheme is not ours to use: it parses, and never counts.
    pub(super) fn read(key: &Json) -> Option<Self> {
        let public = key.get("keyval")?.get("public")?.text()?;
        match (key.get("keytype")?.text()?, key.get("scheme")?.text()?) {
            ("ed25519", "ed25519") => VerifyingKey::from_bytes(&hex::array(public)?).ok().map(Self::Ed25519),
            #[cfg(feature = "p256")]
            ("ecdsa" | "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256") => p256_key(public).map(Self::P256),
            #[cfg(feature = "rsa-test")]
            ("rsa", "rsassa-pss-sha256") => {
                use rsa::pkcs8::DecodePublicKey;
                rsa::RsaPublicKey::from_public_key_pem(public).ok().map(Self::Rsa)
            }
            _ => None,
        }
    }

    pub(super) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            // Strict: a key of small order would let one signature pass for every message.
            Self::Ed25519(key) => {
                Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }
            #[cfg(feature = "p256")]
            Self::P256(key) => {
                use p256::ecdsa::signature::Verifier;
                p256::ecdsa::Signature::from_der(signature)
                    .is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            #[cfg(feature = "rsa-test")]
            Self::Rsa(key) => {
                use rsa::pss::{Signature, VerifyingKey};
                use rsa::signature::Verifier;
                let key = VerifyingKey::<rsa::sha2::Sha256>::new(key.clone());
                Signature::try_from(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        }
    }

    pub(super) fn is_development(&self) -> bool {
        match self {
            Self::Ed25519(key) => {
                DEVELOPMENT_KEYS.lines().filter_map(hex::array::<32>).any(|known| known == key.to_bytes())
            }
            #[cfg(any(feature = "p256", feature = "rsa-test"))]
            _ => false,
        }
    }
}

/// As PEM, or as the hexadecimal digits of a point: both are found in published roots.
#[cfg(feature = "p256")]
fn p256_key(public: &str) -> Option<p256::ecdsa::VerifyingKey> {
    use p256::pkcs8::DecodePublicKey;
    match hex::array::<65>(public) {
        Some(point) => p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok(),
        None => p256::ecdsa::VerifyingKey::from_public_key_pem(public).ok(),
    }
}
