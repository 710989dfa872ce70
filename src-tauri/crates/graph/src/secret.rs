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
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` with every occurrence of this secret taken out, as it is or as a form carries it, whole or cut off at its end: for
    /// words that a server chose.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secret = self.expose();
        if secret.len() < 6 {
            return text.to_owned();
        }
        let form: Zeroizing<String> = Zeroizing::new(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
        let mut text = without(text, secret);
        if *form != secret {
            text = without(&text, &form);
            text = without(&text, &Zeroizing::new(form.to_lowercase()));
        }
        text
    }
}

/// So much of a secret's beginning is taken for the secret.
const TELLING: usize = 16;

fn without(text: &str, secret: &str) -> String {
    let beginning = secret.get(..TELLING).unwrap_or(secret);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(beginning) {
        let (before, found) = rest.split_at(at);
        let same: usize = found.chars().zip(secret.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        out.push_str(before);
        out.push_str("(removed)");
        rest = &found[same..];
    }
    out + rest
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
        let secret = Secret::new("kq~8Q~abc/def+ghi=jklmnop");
        let form = "kq%7E8Q%7Eabc%2Fdef%2Bghi%3Djklmnop";
        for said in [secret.expose(), form, &form.to_lowercase(), &form[..30], "kq~8Q~abc/def+ghi"] {
            assert_eq!(secret.redact(&format!("a {said} b {said}")), "a (removed) b (removed)", "{said}");
        }
        assert_eq!(secret.redact("kq~8Q is how it begins"), "kq~8Q is how it begins", "a few letters tell nothing");
    }
}
