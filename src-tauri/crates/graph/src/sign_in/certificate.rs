//! A client certificate with its private key, read from a PEM file that holds both. The key stays inside; only
//! signatures come out.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1::DecodeRsaPrivateKey,
    pkcs8::{DecodePrivateKey, DecodePublicKey},
    pss::BlindedSigningKey,
    sha2::Sha256,
    signature::{RandomizedSigner, SignatureEncoding},
};
use sha2::Digest;
use x509_cert::{
    Certificate,
    der::{Decode, Encode},
};

use super::fault::{SignInError, SignInFault};
use crate::words::plain;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    #[error("The file is not in PEM form")]
    NotPem,
    #[error("The file holds no certificate")]
    NoCertificate,
    #[error("The file holds no private key")]
    NoKey,
    #[error("The private key in the file is encrypted")]
    EncryptedKey,
    #[error("The private key is not an RSA key")]
    NotRsa,
    #[error("The certificate in the file cannot be read")]
    BadCertificate,
    #[error("The private key does not belong to the certificate")]
    Mismatch,
    #[error("The certificate expired on {}", .0.format("%Y-%m-%d"))]
    Expired(DateTime<Utc>),
    #[error("The certificate is not valid before {}", .0.format("%Y-%m-%d"))]
    NotYetValid(DateTime<Utc>),
    #[error("The private key could not sign")]
    CannotSign,
}

impl CertificateFault {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPem => "certificate.not_pem",
            Self::NoCertificate => "certificate.no_certificate",
            Self::NoKey => "certificate.no_key",
            Self::EncryptedKey => "certificate.encrypted_key",
            Self::NotRsa => "certificate.not_rsa",
            Self::BadCertificate => "certificate.unreadable",
            Self::Mismatch => "certificate.mismatch",
            Self::Expired(_) => "certificate.expired",
            Self::NotYetValid(_) => "certificate.not_yet_valid",
            Self::CannotSign => "certificate.cannot_sign",
        }
    }

    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::NotPem => "Export certificate and private key as PEM (openssl pkcs12 -in file.pfx -out file.pem -nodes)",
            Self::NoCertificate | Self::NoKey => "Put the certificate and its private key into one PEM file, one after the other",
            Self::EncryptedKey => "Remove the password from the key (openssl pkey -in file.pem -out key.pem); Gatehouse keeps it in the credential store",
            Self::NotRsa => "Use an RSA key of 2048 bits or more: Microsoft Entra accepts no other for this",
            Self::BadCertificate => "Export the certificate again as X.509 in PEM form",
            Self::Mismatch => "Use the key that the certificate was made with",
            Self::Expired(_) => "Make a new certificate, upload its public part to the app registration, and choose the new file",
            Self::NotYetValid(_) => "Check this machine's date and time, or choose another certificate",
            Self::CannotSign => "Choose another certificate with an RSA key of 2048 bits or more",
        }
    }
}

impl From<CertificateFault> for SignInError {
    fn from(fault: CertificateFault) -> Self {
        SignInFault::Certificate(fault).into()
    }
}

pub struct ClientCertificate {
    key: RsaPrivateKey,
    thumbprint: [u8; 32],
    subject: String,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("subject", &self.subject).field("not_after", &self.not_after).finish_non_exhaustive()
    }
}

impl ClientCertificate {
    /// From PEM text with a certificate and a PKCS#8 or PKCS#1 RSA key, in any order; further certificates are the chain and are ignored.
    ///
    /// # Errors
    /// [`CertificateFault`], also when the certificate is out of its dates at `now`.
    pub fn from_pem(pem: &[u8], now: DateTime<Utc>) -> Result<Self, SignInError> {
        let text = std::str::from_utf8(pem).map_err(|_| CertificateFault::NotPem)?;
        let blocks = blocks(text);
        if blocks.is_empty() {
            return Err(CertificateFault::NotPem.into());
        }
        let mut certificates = Vec::new();
        let mut key = None;
        for (label, block) in blocks {
            match label {
                "CERTIFICATE" => certificates.push(der(block)?),
                "PRIVATE KEY" => key = Some(RsaPrivateKey::from_pkcs8_der(&der(block)?).map_err(|_| CertificateFault::NotRsa)?),
                "RSA PRIVATE KEY" if block.contains("Proc-Type: 4,ENCRYPTED") => return Err(CertificateFault::EncryptedKey.into()),
                "RSA PRIVATE KEY" => key = Some(RsaPrivateKey::from_pkcs1_der(&der(block)?).map_err(|_| CertificateFault::NotRsa)?),
                "ENCRYPTED PRIVATE KEY" => return Err(CertificateFault::EncryptedKey.into()),
                "EC PRIVATE KEY" => return Err(CertificateFault::NotRsa.into()),
                _ => {}
            }
        }
        if certificates.is_empty() {
            return Err(CertificateFault::NoCertificate.into());
        }
        let key = key.ok_or(CertificateFault::NoKey)?;
        let public = key.to_public_key();
        let mut readable = false;
        for bytes in certificates {
            let Ok(certificate) = Certificate::from_der(&bytes) else { continue };
            readable = true;
            let info = &certificate.tbs_certificate.subject_public_key_info;
            let matches = info.to_der().ok().and_then(|info| RsaPublicKey::from_public_key_der(&info).ok()).is_some_and(|key| key == public);
            if !matches {
                continue;
            }
            let validity = &certificate.tbs_certificate.validity;
            let loaded = Self {
                key,
                thumbprint: sha2::Sha256::digest(&bytes).into(),
                subject: plain(&certificate.tbs_certificate.subject.to_string(), 200),
                not_before: validity.not_before.to_system_time().into(),
                not_after: validity.not_after.to_system_time().into(),
            };
            loaded.check_dates(now)?;
            return Ok(loaded);
        }
        Err(if readable { CertificateFault::Mismatch } else { CertificateFault::BadCertificate }.into())
    }

    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    #[must_use]
    pub fn not_after(&self) -> DateTime<Utc> {
        self.not_after
    }

    /// SHA-256 of the certificate, hex, as the portal does not show it but `openssl x509 -fingerprint -sha256` does.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.thumbprint.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    pub(crate) fn thumbprint_base64(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.thumbprint)
    }

    pub(crate) fn check_dates(&self, now: DateTime<Utc>) -> Result<(), SignInError> {
        if now > self.not_after {
            return Err(CertificateFault::Expired(self.not_after).into());
        }
        if now + chrono::Duration::minutes(5) < self.not_before {
            return Err(CertificateFault::NotYetValid(self.not_before).into());
        }
        Ok(())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignInError> {
        let key = BlindedSigningKey::<Sha256>::new(self.key.clone());
        let signature = key.try_sign_with_rng(&mut rand_core::OsRng, message).map_err(|_| CertificateFault::CannotSign)?;
        Ok(signature.to_vec())
    }
}

/// The PEM blocks of a text with their labels; what stands between them (bag attributes) is skipped.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("-----BEGIN ") {
        let block = &rest[start..];
        let Some(label) = block[11..].split("-----").next() else { break };
        let end_mark = format!("-----END {label}-----");
        let Some(end) = block.find(&end_mark) else { break };
        let end = end + end_mark.len();
        found.push((label, &block[..end]));
        rest = &block[end..];
    }
    found
}

fn der(block: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, SignInError> {
    let (_, bytes) = pem_rfc7468::decode_vec(block.as_bytes()).map_err(|_| CertificateFault::NotPem)?;
    Ok(zeroize::Zeroizing::new(bytes))
}
