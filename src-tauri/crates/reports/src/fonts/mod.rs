//! Which font draws which text, and where each glyph stands. The bundled fonts come first, the operating system's after, so that
//! a name in any script prints; right-to-left text is shaped and put in visual order here.

mod ascii;
mod faces;
mod files;
mod shape;
mod system;

pub use faces::{FaceId, Faces, Weight};
pub use shape::{Glyph, Run, Shaped, Typesetter, mostly_right_to_left};
