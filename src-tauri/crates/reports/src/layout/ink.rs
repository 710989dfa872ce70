//! Colours. Every meaning also has a word or a pattern beside its colour, since reports are printed in grey.

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink(pub u8, pub u8, pub u8);

/// How an area is filled, so that neighbours differ in grey print too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    Plain,
    /// Thin rising lines on white: what is not known.
    Hatched,
    /// White falling lines on the colour: what is missing. In grey print it differs from a plain area as dark as itself.
    Striped,
}

impl Ink {
    pub const TEXT: Self = Self(0x24, 0x24, 0x24);
    pub const MUTED: Self = Self(0x61, 0x61, 0x61);
    pub const LINE: Self = Self(0xd1, 0xd1, 0xd1);
    pub const BAND: Self = Self(0xf5, 0xf5, 0xf5);
    pub const ACCENT: Self = Self(0x0f, 0x54, 0x8c);
    pub const STRONG: Self = Self(0x0e, 0x70, 0x0e);
    pub const WEAK: Self = Self(0xda, 0x8b, 0x00);
    /// Amber as text is too light on paper; its darker shade keeps 4.5 to 1.
    pub const WEAK_TEXT: Self = Self(0x8a, 0x53, 0x00);
    pub const NONE: Self = Self(0xb1, 0x0e, 0x1c);
    pub const UNKNOWN: Self = Self(0x8a, 0x88, 0x86);
    pub const WHITE: Self = Self(0xff, 0xff, 0xff);

    /// "#0f548c"
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// How well one colour is read on the other, 1 to 21 (WCAG 2.2, contrast ratio).
    pub fn contrast(self, other: Self) -> f32 {
        let (mine, others) = (self.luminance(), other.luminance());
        (mine.max(others) + 0.05) / (mine.min(others) + 0.05)
    }

    fn luminance(self) -> f32 {
        let linear = |part: u8| {
            let share = f32::from(part) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}
