//! Client assertions: "Microsoft identity platform application authentication certificate credentials". PS256, the SHA-256
//! thumbprint in `x5t#S256`, each assertion once.

use super::LoginError;
use crate::state::{Shared, lock};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use rsa::RsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use rsa::pss::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use serde_json::Value;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::der::{Decode, DecodePem, Encode};

pub(super) fn check(shared: &Shared, tenant: &str, client: &str, assertion: &str, now: DateTime<Utc>) -> Result<(), LoginError> {
    let refuse = |code, what: &str| LoginError::new(401, "invalid_client", code, what);
    let malformed = || refuse(50_027, "JWT token is invalid or malformed.");
    let mut parts = assertion.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(malformed());
    };
    let json = |part: &str| URL_SAFE_NO_PAD.decode(part).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let (Some(head), Some(body)) = (json(header), json(claims)) else { return Err(malformed()) };
    if head.get("alg").and_then(Value::as_str) != Some("PS256") {
        return Err(refuse(5_002_723, "Invalid JWT token. Unsupported algorithm in the header; PS256 is expected."));
    }
    let Some(thumbprint) = head.get("x5t#S256").and_then(Value::as_str) else {
        return Err(refuse(5_002_730, "Invalid JWT token. No certificate SHA-256 thumbprint specified in token header (x5t#S256)."));
    };
    let certificates = shared.read(tenant).map(|tenant| tenant.profile.certificates.clone()).unwrap_or_default();
    let Some(certificate) = certificates.iter().find(|der| URL_SAFE_NO_PAD.encode(Sha256::digest(der)) == thumbprint.trim_end_matches('=')) else {
        let what = "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]";
        return Err(refuse(700_027, what));
    };
    let key = public_key(certificate).ok_or_else(|| refuse(700_027, "The registered certificate has no RSA key."))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok().and_then(|bytes| Signature::try_from(bytes.as_slice()).ok()).ok_or_else(malformed)?;
    let verifier: VerifyingKey<Sha256> = VerifyingKey::new(key);
    if verifier.verify(format!("{header}.{claims}").as_bytes(), &signature).is_err() {
        return Err(refuse(700_027, "Client assertion failed signature validation."));
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| body.get(name).and_then(Value::as_i64);
    if !text("iss").eq_ignore_ascii_case(client) || !text("sub").eq_ignore_ascii_case(client) {
        return Err(refuse(700_021, "Client assertion application identifier doesn't match 'client_id' parameter."));
    }
    let audience = format!("/{tenant}/oauth2/v2.0/token");
    if !text("aud").ends_with(&audience) && !text("aud").ends_with("/v2.0") && !text("aud").ends_with("/oauth2/v2.0/token") {
        return Err(refuse(700_023, "Client assertion audience claim does not match Realm issuer. Review the documentation for the expected audience."));
    }
    // Five minutes of skew are tolerated; more, and the machine's clock is off.
    let at = now.timestamp();
    let early = number("nbf").or_else(|| number("iat")).is_some_and(|nbf| nbf > at + 300);
    let late = number("exp").is_none_or(|exp| exp < at - 300);
    if early || late {
        let what = format!("Client assertion is not within its valid time range. Current time: {}.", now.format("%Y-%m-%dT%H:%M:%S%.6fZ"));
        return Err(refuse(700_024, &what));
    }
    if text("jti").is_empty() || !lock(&shared.pending).assertions.insert(text("jti").to_owned()) {
        return Err(refuse(700_025, "Client assertion must have a 'jti' that was not used before."));
    }
    Ok(())
}

fn public_key(certificate: &[u8]) -> Option<RsaPublicKey> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let info = certificate.tbs_certificate.subject_public_key_info.to_der().ok()?;
    RsaPublicKey::from_public_key_der(&info).ok()
}

/// DER of a certificate given as PEM (the first certificate in it) or DER.
pub(crate) fn certificate_der(bytes: &[u8]) -> Option<Vec<u8>> {
    if Certificate::from_der(bytes).is_ok() {
        return Some(bytes.to_vec());
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let start = text.find("-----BEGIN CERTIFICATE-----")?;
    let end = "-----END CERTIFICATE-----";
    let stop = start + text[start..].find(end)? + end.len();
    Certificate::from_pem(&text.as_bytes()[start..stop]).ok()?.to_der().ok()
}
