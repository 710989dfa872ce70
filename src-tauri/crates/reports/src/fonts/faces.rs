//! The faces at hand: five bundled, then the system's, opened only when a text needs them.

use std::sync::OnceLock;

use rustybuzz::Face;

use super::system;
use crate::ReportError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    Regular,
    Bold,
    /// Every character as wide as the other: checksums.
    Mono,
}

/// Place of a face in `Faces`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub usize);

impl FaceId {
    pub const EMOJI: Self = Self(3);
}

pub struct LoadedFace {
    pub face: Face<'static>,
    pub bytes: &'static [u8],
    /// Which face of a collection.
    pub index: u32,
}

/// All faces, in the order in which they are asked for a character.
pub struct Faces {
    faces: Vec<LoadedFace>,
    system_tried: bool,
}

const REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");
const ARABIC: &[u8] = include_bytes!("../../fonts/NotoSansArabic-Regular.ttf");
const EMOJI: &[u8] = include_bytes!("../../fonts/NotoEmoji-Regular.ttf");
const MONO: &[u8] = include_bytes!("../../fonts/NotoSansMono-Latin.ttf");

impl Faces {
    /// The bundled faces.
    ///
    /// # Errors
    /// A font inside the program is damaged.
    pub fn bundled() -> Result<Self, ReportError> {
        let face = |name, bytes: &'static [u8]| {
            Face::from_slice(bytes, 0).map(|face| LoadedFace { face, bytes, index: 0 }).ok_or(ReportError::Font(name))
        };
        Ok(Self {
            faces: vec![
                face("NotoSans-Regular", REGULAR)?,
                face("NotoSans-Bold", BOLD)?,
                face("NotoSansArabic-Regular", ARABIC)?,
                face("NotoEmoji-Regular", EMOJI)?,
                face("NotoSansMono-Latin", MONO)?,
            ],
            system_tried: false,
        })
    }

    pub fn get(&self, id: FaceId) -> Option<&LoadedFace> {
        self.faces.get(id.0)
    }

    /// The first face that has all of a cluster's characters; the plain one where none has.
    pub fn covering(&mut self, cluster: &str, weight: Weight) -> FaceId {
        let first = match weight {
            Weight::Regular => 0,
            Weight::Bold => 1,
            Weight::Mono => 4,
        };
        // The bundled faces have all of ASCII: most of every report.
        if let [byte] = cluster.as_bytes()
            && matches!(byte, b' '..=b'~')
        {
            return FaceId(first);
        }
        let covers = |face: &LoadedFace| cluster.chars().filter(|c| !ignorable(*c)).all(|c| face.face.glyph_index(c).is_some());
        let emoji_first = cluster.contains('\u{fe0f}');
        let mut order = vec![first];
        if emoji_first {
            order.insert(0, FaceId::EMOJI.0);
        }
        order.extend(2..self.faces.len());
        if let Some(found) = order.into_iter().find(|place| self.faces.get(*place).is_some_and(covers)) {
            return FaceId(found);
        }
        if !self.system_tried {
            self.system_tried = true;
            self.faces.extend(system_faces().iter().filter_map(|(bytes, index)| {
                Face::from_slice(bytes, *index).map(|face| LoadedFace { face, bytes, index: *index })
            }));
            return self.covering(cluster, weight);
        }
        FaceId(first)
    }
}

/// Joiners, variation selectors and direction marks draw nothing.
fn ignorable(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0020}'..='\u{e007f}')
}

/// Read once a process and kept for its life, since faces point into them.
fn system_faces() -> &'static [(Vec<u8>, u32)] {
    static FACES: OnceLock<Vec<(Vec<u8>, u32)>> = OnceLock::new();
    FACES.get_or_init(|| system::files().into_iter().filter_map(|file| std::fs::read(file).ok()).map(|bytes| (bytes, 0)).collect())
}
