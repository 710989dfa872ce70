//! Opaque strings that only the simulator can make: access tokens, page and delta tokens. Sealed with HMAC-SHA-256, so that a
//! forged or cut one is told from a real one. Keys live as long as the process, except the delta key, which follows the seed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

#[derive(Clone)]
pub(crate) struct Seal(Vec<u8>);

impl Seal {
    pub fn random() -> Seal {
        let mut key = Vec::with_capacity(32);
        for _ in 0..2 {
            key.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
        }
        Seal(key)
    }

    pub fn of_seed(seed: u64) -> Seal {
        Seal(Sha256::digest(format!("gatehouse simulator {seed}")).to_vec())
    }

    fn mac(&self, bytes: &[u8]) -> Vec<u8> {
        match Hmac::<Sha256>::new_from_slice(&self.0) {
            Ok(mut mac) => {
                mac.update(bytes);
                mac.finalize().into_bytes().to_vec()
            }
            // HMAC takes keys of any length, so this cannot be; an empty seal opens nothing.
            Err(_) => Vec::new(),
        }
    }

    /// `payload.signature`, both base64url.
    pub fn seal<T: Serialize>(&self, payload: &T) -> String {
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(payload).unwrap_or_default());
        let signature = self.mac(payload.as_bytes());
        format!("{payload}.{}", URL_SAFE_NO_PAD.encode(signature.get(..16).unwrap_or_default()))
    }

    pub fn open<T: DeserializeOwned>(&self, sealed: &str) -> Option<T> {
        let (payload, signature) = sealed.rsplit_once('.')?;
        let expected = self.mac(payload.as_bytes());
        if expected.is_empty() || URL_SAFE_NO_PAD.encode(expected.get(..16)?) != signature {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    }

    /// A JSON Web Token (RFC 7519) with HS256.
    pub fn jwt<T: Serialize>(&self, claims: &T) -> String {
        let header = URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"HS256"}"#);
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
        let signed = format!("{header}.{claims}");
        let signature = URL_SAFE_NO_PAD.encode(self.mac(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    pub fn open_jwt<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let (signed, signature) = token.rsplit_once('.')?;
        let expected = self.mac(signed.as_bytes());
        if expected.is_empty() || URL_SAFE_NO_PAD.encode(expected) != signature {
            return None;
        }
        let (_, claims) = signed.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}
