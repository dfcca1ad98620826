//! Keys, and the files that hold them: PKCS#8 PEM (RFC 5958, RFC 7468) for the private half,
//! encrypted with a passphrase (PBES2, RFC 8018) where there is one; `SubjectPublicKeyInfo` PEM
//! (RFC 8410) for the public half, which may be handed round.

use crate::sign::{hex, object, sha256, text};
use anyhow::{Context, Result, anyhow, bail, ensure};
use bon_guichet::trust::json::Json;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use pkcs8::pkcs5::{pbes2, scrypt};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, der::pem::PemLabel};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use zeroize::Zeroizing;

/// Of scrypt: 16 MiB of memory, five times over, which OWASP counts as strong as 128 MiB once
/// (Password Storage Cheat Sheet, 2025), and which OpenSSL still reads.
const LOG_N: u8 = 14;
const R: u32 = 8;
const P: u32 = 5;

/// What a key file is encrypted with.
pub type Passphrase = Zeroizing<String>;

/// The public half of a key, and the id that names it in metadata (TUF §4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: String,
    object: Json,
}

impl PublicKey {
    /// A key as metadata holds it, of whatever scheme.
    pub fn of_metadata(id: &str, object: &Json) -> Self {
        Self { id: id.to_owned(), object: object.clone() }
    }

    /// Reads the public half from a file of ours.
    pub fn read(file: &Path) -> Result<Self> {
        let pem = read(file)?;
        let key = VerifyingKey::from_public_key_pem(&pem);
        let remedy = "give the .pub.pem file that `make-key` wrote beside the private key";
        Ok(key.map_err(|error| anyhow!("{} holds no Ed25519 public key ({error}); {remedy}", file.display()))?.into())
    }

    /// What names the key in metadata: the SHA-256 of its object.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key's object in metadata.
    pub fn object(&self) -> &Json {
        &self.object
    }
}

impl From<VerifyingKey> for PublicKey {
    fn from(key: VerifyingKey) -> Self {
        let value = object([("public", text(&hex(key.as_bytes())))]);
        let object = object([("keytype", text("ed25519")), ("keyval", value), ("scheme", text("ed25519"))]);
        Self { id: sha256(&object.canonical()), object }
    }
}

/// A key that signs.
#[derive(Clone)]
pub struct Key {
    signing: SigningKey,
    public: PublicKey,
}

impl Key {
    /// A new key, from the system's source of randomness.
    pub fn generate() -> Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|error| anyhow!("the system gives no random bytes: {error}"))?;
        Ok(SigningKey::from_bytes(&seed).into())
    }

    /// Reads a private key that is not encrypted, as `openssl genpkey -algorithm ed25519` writes it.
    pub fn read(file: &Path) -> Result<Self> {
        Self::unlock(file, || bail!("{} is encrypted: its passphrase is needed", file.display()))
    }

    /// Reads a private key, and asks for its passphrase if it is encrypted.
    pub fn unlock(file: &Path, passphrase: impl FnOnce() -> Result<Passphrase>) -> Result<Self> {
        let pem = Zeroizing::new(read(file)?);
        let name = file.display();
        if pem.contains(EncryptedPrivateKeyInfoRef::PEM_LABEL) {
            let key = SigningKey::from_pkcs8_encrypted_pem(&pem, passphrase()?.as_bytes());
            let wrong = |_| anyhow!("cannot decrypt {name}: the passphrase is wrong, or the file is damaged");
            return Ok(key.map_err(wrong)?.into());
        }
        let key = SigningKey::from_pkcs8_pem(&pem);
        let remedy = "make one with `bon-guichet-publish make-key` or `openssl genpkey -algorithm ed25519`";
        Ok(key.map_err(|error| anyhow!("{name} holds no Ed25519 key in PKCS#8 PEM ({error}); {remedy}"))?.into())
    }

    /// Writes the private key to a new file that only its owner may read, encrypted if there is a
    /// passphrase.
    pub fn write(&self, file: &Path, passphrase: Option<&Passphrase>) -> Result<()> {
        let pem = match passphrase {
            Some(passphrase) => self.encrypted_pem(passphrase),
            None => self.pkcs8().to_pkcs8_pem(LineEnding::LF),
        };
        let pem = pem.map_err(|error| anyhow!("the key cannot be written as PKCS#8: {error}"))?;
        write_new(file, &pem, 0o600)
    }

    /// Writes the public half to a new file that everybody may read.
    pub fn write_public(&self, file: &Path) -> Result<()> {
        let pem = self.signing.verifying_key().to_public_key_pem(LineEnding::LF);
        write_new(file, &pem.map_err(|error| anyhow!("the key cannot be written: {error}"))?, 0o644)
    }

    /// What names the key in metadata.
    pub fn id(&self) -> &str {
        &self.public.id
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The same key under another id, which metadata may give it.
    #[must_use]
    pub fn named(mut self, id: &str) -> Self {
        id.clone_into(&mut self.public.id);
        self
    }

    /// The signature of a message, in hexadecimal.
    pub fn sign(&self, message: &[u8]) -> String {
        hex(&self.signing.sign(message).to_bytes())
    }

    fn encrypted_pem(&self, passphrase: &Passphrase) -> pkcs8::Result<Zeroizing<String>> {
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        for bytes in [&mut salt, &mut iv] {
            getrandom::fill(bytes).map_err(|_| pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::Rng))?;
        }
        let cost = scrypt::Params::new(LOG_N, R, P);
        let cost = cost.map_err(|_| pkcs8::pkcs5::Error::AlgorithmParametersInvalid { oid: pbes2::SCRYPT_OID })?;
        let parameters = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt, iv)?;
        let plain = self.pkcs8().to_pkcs8_der()?;
        let key = PrivateKeyInfoRef::try_from(plain.as_bytes())?;
        let encrypted = key.encrypt_with_params(parameters, passphrase.as_bytes())?;
        Ok(encrypted.to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF)?)
    }

    /// Without the public half, which OpenSSL 3.0 does not read.
    fn pkcs8(&self) -> KeypairBytes {
        KeypairBytes { secret_key: self.signing.to_bytes(), public_key: None }
    }
}

impl From<SigningKey> for Key {
    fn from(signing: SigningKey) -> Self {
        Self { public: signing.verifying_key().into(), signing }
    }
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read the key {}", file.display()))
}

fn write_new(file: &Path, pem: &str, mode: u32) -> Result<()> {
    ensure!(!file.exists(), "{} is there already, and a key is never written over", file.display());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(file).and_then(|mut open| {
        open.write_all(pem.as_bytes())?;
        open.sync_all()
    });
    written.with_context(|| format!("cannot write the key {}", file.display()))
}
