//! Marks that answer yes, partly, no or unknown: each a shape of its own, so that it is read in grey print as well as in colour.

use super::{Ink, Sheet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A full disc with a tick.
    Yes,
    /// A disc half full.
    Partly,
    /// A square with a cross.
    No,
    /// A ring with a question mark.
    Unknown,
}

impl Mark {
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::Partly => "Partly",
            Self::No => "No",
            Self::Unknown => "Not known",
        }
    }

    pub fn ink(self) -> Ink {
        match self {
            Self::Yes => Ink::STRONG,
            Self::Partly => Ink::WEAK_TEXT,
            Self::No => Ink::NONE,
            Self::Unknown => Ink::MUTED,
        }
    }
}

impl Sheet {
    /// Draws a mark around a point.
    pub fn mark(&mut self, mark: Mark, x: f32, y: f32, radius: f32) {
        let (r, ink) = (radius, mark.ink());
        match mark {
            Mark::Yes => {
                self.circle(x, y, r, ink, None);
                self.line(&[(x - r * 0.45, y + r * 0.05), (x - r * 0.1, y + r * 0.42), (x + r * 0.5, y - r * 0.38)], r * 0.26, Ink::WHITE, 0.0);
            }
            Mark::Partly => {
                // Half a disc, as sixteen corners: at this size nobody sees them.
                let half: Vec<(f32, f32)> = (0..=16)
                    .map(|step| {
                        let turn = std::f32::consts::PI * (0.5 + step as f32 / 16.0);
                        (x + r * turn.cos(), y + r * turn.sin())
                    })
                    .collect();
                self.shape(&half, ink);
                self.circle(x, y, r * 0.92, ink, Some(r * 0.18));
            }
            Mark::No => {
                let s = r * 0.9;
                self.shape(&[(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)], ink);
                let c = r * 0.42;
                self.line(&[(x - c, y - c), (x + c, y + c)], r * 0.26, Ink::WHITE, 0.0);
                self.line(&[(x - c, y + c), (x + c, y - c)], r * 0.26, Ink::WHITE, 0.0);
            }
            Mark::Unknown => {
                self.circle(x, y, r * 0.92, ink, Some(r * 0.14));
                let hook: Vec<(f32, f32)> = [(-0.3, -0.22), (-0.22, -0.46), (0.0, -0.55), (0.24, -0.46), (0.3, -0.24), (0.2, -0.06), (0.02, 0.1), (0.0, 0.28)]
                    .into_iter()
                    .map(|(a, b): (f32, f32)| (x + a * r, y + b * r))
                    .collect();
                self.line(&hook, r * 0.18, ink, 0.0);
                self.circle(x, y + r * 0.53, r * 0.12, ink, None);
            }
        }
    }
}
