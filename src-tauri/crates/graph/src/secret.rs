//! A secret text: wiped from memory when dropped, and invisible to `Debug` and `Display`, so that no log line can hold it
//! by accident. Whoever needs the text says so with [`Secret::expose`].

use std::fmt;

use zeroize::Zeroizing;

#[derive(Clone, Default)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into().into_bytes()))
    }

    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The text itself; empty when the bytes are not UTF-8. Never put it into a message.
    #[must_use]
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` with every occurrence of this secret taken out: for words that a server chose.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secret = self.expose();
        if secret.len() < 6 { text.to_owned() } else { text.replace(secret, "(removed)") }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        // Constant time in the content: a comparison must not tell where two secrets part.
        self.0.len() == other.0.len() && self.0.iter().zip(other.0.iter()).fold(0u8, |different, (a, b)| different | (a ^ b)) == 0
    }
}
impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        let secret = Secret::new("hunter2-hunter2");
        assert_eq!(format!("{secret:?} {secret}"), "Secret(hidden) (hidden)");
        assert_eq!(secret.redact("you sent hunter2-hunter2!"), "you sent (removed)!");
    }
}
