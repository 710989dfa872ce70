//! The faces at hand: five bundled, then the system's, opened only when a text needs them and let go with the document.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::OnceLock;

use rustybuzz::Face;

use super::files::Characters;
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

self_cell::self_cell!(
    /// A font's bytes with what was read out of them.
    pub struct LoadedFace {
        owner: Cow<'static, [u8]>,
        #[covariant]
        dependent: Face,
    }
);

impl LoadedFace {
    fn of(bytes: Cow<'static, [u8]>) -> Option<Self> {
        Self::try_new(bytes, |bytes| Face::from_slice(bytes, 0).ok_or(())).ok()
    }

    pub fn face(&self) -> &Face<'_> {
        self.borrow_dependent()
    }

    pub fn bytes(&self) -> &[u8] {
        self.borrow_owner()
    }
}

/// A font file of the system, looked at when a character first needs it.
#[derive(Default)]
enum SystemFont {
    #[default]
    NotSeen,
    /// Nothing can be drawn with it.
    Useless,
    Known(Characters),
    Loaded(Characters, FaceId),
}

/// All faces, in the order in which they are asked for a character.
pub struct Faces {
    faces: Vec<LoadedFace>,
    /// Beside the system's files, in their order.
    system: Vec<SystemFont>,
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
        let face = |name, bytes: &'static [u8]| LoadedFace::of(Cow::Borrowed(bytes)).ok_or(ReportError::Font(name));
        Ok(Self {
            faces: vec![
                face("NotoSans-Regular", REGULAR)?,
                face("NotoSans-Bold", BOLD)?,
                face("NotoSansArabic-Regular", ARABIC)?,
                face("NotoEmoji-Regular", EMOJI)?,
                face("NotoSansMono-Latin", MONO)?,
            ],
            system: Vec::new(),
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
        let emoji_first = cluster.contains('\u{fe0f}');
        let mut order = vec![first];
        if emoji_first {
            order.insert(0, FaceId::EMOJI.0);
        }
        order.extend(2..BUNDLED);
        let covers = |face: &LoadedFace| drawn(cluster).all(|c| face.face().glyph_index(c).is_some());
        if let Some(found) = order.into_iter().find(|place| self.faces.get(*place).is_some_and(covers)) {
            return FaceId(found);
        }
        if self.missing.contains(cluster) {
            return FaceId(first);
        }
        self.of_the_system(cluster).unwrap_or_else(|| {
            self.missing.insert(cluster.to_owned());
            FaceId(first)
        })
    }

    /// One file after the other; of those that lack a character only the table of characters is read.
    fn of_the_system(&mut self, cluster: &str) -> Option<FaceId> {
        let files = system_files();
        self.system.resize_with(files.len(), SystemFont::default);
        for (font, path) in self.system.iter_mut().zip(files) {
            if matches!(font, SystemFont::NotSeen) {
                *font = Characters::of(path).map_or(SystemFont::Useless, SystemFont::Known);
            }
            match std::mem::take(font) {
                SystemFont::Loaded(characters, id) => {
                    let found = drawn(cluster).all(|c| characters.has(c));
                    *font = SystemFont::Loaded(characters, id);
                    if found {
                        return Some(id);
                    }
                }
                SystemFont::Known(characters) if drawn(cluster).all(|c| characters.has(c)) => {
                    let id = FaceId(self.faces.len());
                    let loaded = std::fs::read(path).ok().and_then(|bytes| LoadedFace::of(Cow::Owned(bytes)));
                    // What cannot be cut cannot be embedded: the next file may draw it.
                    if let Some(loaded) = loaded.filter(|loaded| subsetter::subset(loaded.bytes(), 0, &subsetter::GlyphRemapper::new()).is_ok()) {
                        self.faces.push(loaded);
                        *font = SystemFont::Loaded(characters, id);
                        return Some(id);
                    }
                    *font = SystemFont::Useless;
                }
                other => *font = other,
            }
        }
        None
    }
}

const BUNDLED: usize = 5;

/// The characters of a cluster for which there must be a glyph.
fn drawn(cluster: &str) -> impl Iterator<Item = char> + '_ {
    cluster.chars().filter(|c| !ignorable(*c))
}

/// Joiners, variation selectors and direction marks draw nothing.
fn ignorable(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0020}'..='\u{e007f}')
}

fn system_files() -> &'static [PathBuf] {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(system::files)
}
