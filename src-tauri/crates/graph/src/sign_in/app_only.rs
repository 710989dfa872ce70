//! The signed assertion by which an application proves that it holds its certificate's key ("Microsoft identity platform
//! application authentication certificate credentials"): PS256, with the certificate's SHA-256 thumbprint in the header.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{certificate::ClientCertificate, fault::SignInError};
use crate::secret::Secret;

pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Valid for ten minutes from `now`.
pub(crate) fn assertion(certificate: &ClientCertificate, client_id: &str, audience: &str, now: DateTime<Utc>) -> Result<Secret, SignInError> {
    certificate.check_dates(now)?;
    let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": certificate.thumbprint_base64() });
    let claims = json!({
        "aud": audience,
        "iss": client_id,
        "sub": client_id,
        "jti": uuid::Uuid::new_v4().to_string(),
        "iat": now.timestamp(),
        "nbf": now.timestamp(),
        "exp": (now + Duration::minutes(10)).timestamp(),
    });
    let unsigned = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = certificate.sign(unsigned.as_bytes())?;
    Ok(Secret::new(format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(signature))))
}
