//! The faces at hand: five bundled, then the system's, opened only when a text needs them.

use std::collections::HashSet;
use std::path::PathBuf;
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
    /// How many of the system's files were opened.
    opened: usize,
    /// Clusters that no face has, so that the system's are not asked for each again.
    missing: HashSet<String>,
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
        let face = |name, bytes: &'static [u8]| Face::from_slice(bytes, 0).map(|face| LoadedFace { face, bytes, index: 0 }).ok_or(ReportError::Font(name));
        Ok(Self {
            faces: vec![
                face("NotoSans-Regular", REGULAR)?,
                face("NotoSans-Bold", BOLD)?,
                face("NotoSansArabic-Regular", ARABIC)?,
                face("NotoEmoji-Regular", EMOJI)?,
                face("NotoSansMono-Latin", MONO)?,
            ],
            opened: 0,
            missing: HashSet::new(),
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
        if self.missing.contains(cluster) {
            return FaceId(first);
        }
        // One file after the other: a name in Hebrew does not load the fonts of China.
        while let Some(file) = system_files().get(self.opened) {
            self.opened += 1;
            let Some(bytes) = file.bytes() else { continue };
            let Some(face) = Face::from_slice(bytes, 0) else { continue };
            let loaded = LoadedFace { face, bytes, index: 0 };
            let found = covers(&loaded);
            self.faces.push(loaded);
            if found {
                return FaceId(self.faces.len() - 1);
            }
        }
        self.missing.insert(cluster.to_owned());
        FaceId(first)
    }
}

/// Joiners, variation selectors and direction marks draw nothing.
fn ignorable(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0020}'..='\u{e007f}')
}

/// A font file of the system, read when it is first needed and kept for the life of the process, since faces point into it.
struct SystemFile {
    path: PathBuf,
    bytes: OnceLock<Option<Vec<u8>>>,
}

impl SystemFile {
    fn bytes(&'static self) -> Option<&'static [u8]> {
        self.bytes.get_or_init(|| std::fs::read(&self.path).ok()).as_deref()
    }
}

fn system_files() -> &'static [SystemFile] {
    static FILES: OnceLock<Vec<SystemFile>> = OnceLock::new();
    FILES.get_or_init(|| system::files().into_iter().map(|path| SystemFile { path, bytes: OnceLock::new() }).collect())
}
