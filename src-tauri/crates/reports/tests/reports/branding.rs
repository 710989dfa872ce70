//! A logo is a picture or one clear sentence; a brand's colour never makes text hard to read.

use reports::layout::{Ink, Paper};
use reports::{Branding, Logo};

use crate::fixture;

fn picture(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn a_png_and_a_jpeg_are_logos() {
    for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg] {
        let logo = Logo::read(&picture(300, 80, format)).unwrap();
        assert_eq!(format!("{logo:?}"), "Logo(300 × 80)");
        let branding = Branding { logo: Some(logo), ..Branding::named("Northgate IT") };
        let pdf = reports::insurer::render(&fixture::insurer(), &branding, Paper::A4, fixture::HASH).unwrap();
        let document = lopdf::Document::load_mem(&pdf).unwrap();
        let images = document.objects.values().filter(|object| {
            object.as_stream().is_ok_and(|stream| stream.dict.get(b"Subtype").is_ok_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"Image")))
        });
        assert_eq!(images.count(), 1, "the picture is embedded once and drawn on every page");
    }
}

#[test]
fn a_large_logo_is_made_smaller_and_never_makes_the_report_large() {
    let logo = Logo::read(&picture(3000, 900, image::ImageFormat::Png)).unwrap();
    assert_eq!(format!("{logo:?}"), "Logo(800 × 240)");
}

#[test]
fn what_is_no_logo_is_refused_in_one_sentence() {
    let mut cut = picture(300, 80, image::ImageFormat::Png);
    cut.truncate(200);
    let huge = {
        // Only the header of a picture of 100,000 × 100,000 pixels: it must be refused before anything is unpacked.
        let mut png = picture(16, 16, image::ImageFormat::Png);
        png[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
        png
    };
    for (bytes, expected) in [
        (b"MZ this is a program".to_vec(), "neither a PNG nor a JPEG"),
        (Vec::new(), "neither a PNG nor a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>".to_vec(), "SVG"),
        (cut, "damaged"),
        (huge, ""),
        (vec![0x89; 5 * 1024 * 1024], "at most 4 MB"),
        (picture(4, 4, image::ImageFormat::Png), "cannot be drawn legibly"),
        (picture(40, 2000, image::ImageFormat::Png), "cannot be drawn legibly"),
    ] {
        let error = Logo::read(&bytes).unwrap_err();
        assert_eq!(error.code(), "report.logo");
        let said = error.to_string();
        assert!(said.contains(expected) && said.starts_with("The logo ") && said.ends_with('.'), "{said}");
        assert!(error.next_step().contains("PNG or JPEG"));
    }
}

#[test]
fn a_pale_colour_fills_areas_and_never_carries_text() {
    let pale = Branding { colour: Ink::from_hex("#ffd54f"), ..Branding::default() };
    assert_eq!(pale.area(), Ink(0xff, 0xd5, 0x4f));
    assert!(pale.title().contrast(Ink::WHITE) >= 4.5);
    let dark = Branding { colour: Ink::from_hex("#5b2d8e"), ..Branding::default() };
    assert_eq!(dark.title(), Ink(0x5b, 0x2d, 0x8e));
    for wrong in ["", "5b2d8e", "#5b2d8", "#5b2d8ez", "#gggggg", "#ééé"] {
        assert_eq!(Ink::from_hex(wrong), None, "{wrong}");
    }
}
