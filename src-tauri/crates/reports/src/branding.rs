//! Whose paper it is: the company's name, colour and logo on every page. A colour that would not carry text is used for areas only.

use crate::ReportError;
use crate::layout::Ink;

/// What the company that makes the reports puts on them. All of it may be absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Branding {
    /// The MSP's name; may be empty.
    pub company: String,
    pub colour: Option<Ink>,
    pub logo: Option<Logo>,
}

impl Branding {
    pub fn named(company: impl Into<String>) -> Self {
        Self { company: company.into(), ..Self::default() }
    }

    /// The colour of bands and rules: nothing has to be read on it.
    pub fn area(&self) -> Ink {
        self.colour.unwrap_or(Ink::ACCENT)
    }

    /// The colour of titles: the company's where it can be read on white (WCAG 2.2, 1.4.3: 4.5 to 1), otherwise the colour of text.
    pub fn title(&self) -> Ink {
        match self.colour {
            None => Ink::ACCENT,
            Some(colour) if colour.contrast(Ink::WHITE) >= 4.5 => colour,
            Some(_) => Ink::TEXT,
        }
    }
}

/// A picture that was read and can be drawn.
#[derive(Clone, PartialEq)]
pub struct Logo {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
    /// None: opaque all over.
    pub(crate) alpha: Option<Vec<u8>>,
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Logo({} × {})", self.width, self.height)
    }
}

const MOST_BYTES: usize = 4 * 1024 * 1024;
const MOST_PIXELS: u32 = 6000;
const FEWEST_PIXELS: u32 = 16;
/// A logo is drawn some centimetres wide: more than this is not seen in print.
const DRAWN_PIXELS: u32 = 800;

impl Logo {
    /// Reads a PNG or JPEG. Larger pictures are made smaller, so that no report grows by megabytes.
    ///
    /// # Errors
    /// The file is no picture, too large, or of a shape that no logo has.
    pub fn read(bytes: &[u8]) -> Result<Self, ReportError> {
        use image::{GenericImageView, ImageFormat, ImageReader};
        let refused = |why: &str| ReportError::Logo(why.to_owned());
        if bytes.len() > MOST_BYTES {
            return Err(ReportError::Logo(format!("The logo has {:.1} MB; at most 4 MB are taken.", bytes.len() as f64 / 1_048_576.0)));
        }
        let format = image::guess_format(bytes).ok().filter(|format| matches!(format, ImageFormat::Png | ImageFormat::Jpeg));
        let Some(format) = format else {
            let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_lowercase();
            return Err(refused(if start.contains("<svg") {
                "The logo is an SVG drawing, which reports do not take."
            } else {
                "The logo is neither a PNG nor a JPEG picture."
            }));
        };
        let reader = || ImageReader::with_format(std::io::Cursor::new(bytes), format);
        let broken = |_| refused("The logo is damaged: it begins like a picture but cannot be read to its end.");
        let (width, height) = reader().into_dimensions().map_err(broken)?;
        if width > MOST_PIXELS || height > MOST_PIXELS {
            return Err(ReportError::Logo(format!("The logo has {width} × {height} pixels; at most {MOST_PIXELS} each way are taken.")));
        }
        if width < FEWEST_PIXELS || height < FEWEST_PIXELS || width > height * 20 || height > width * 4 {
            return Err(ReportError::Logo(format!("The logo has {width} × {height} pixels, a shape that cannot be drawn legibly.")));
        }
        let mut picture = reader().decode().map_err(broken)?;
        if width > DRAWN_PIXELS || height > DRAWN_PIXELS {
            picture = picture.resize(DRAWN_PIXELS, DRAWN_PIXELS, image::imageops::FilterType::Lanczos3);
        }
        let (width, height) = picture.dimensions();
        let pixels = picture.into_rgba8();
        let rgb = pixels.pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        let alpha: Vec<u8> = pixels.pixels().map(|pixel| pixel[3]).collect();
        if alpha.iter().all(|value| *value < 8) {
            return Err(refused("The logo is wholly transparent."));
        }
        Ok(Self { width, height, rgb, alpha: Some(alpha).filter(|alpha| alpha.iter().any(|value| *value != 255)) })
    }
}
