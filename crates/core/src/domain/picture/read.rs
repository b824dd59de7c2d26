//! Reads a file within limits and writes it again: of what was sent only the pixels are kept, so the place, the camera and
//! whatever hides behind the picture are gone.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::imageops::overlay;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, Limits, Rgba, RgbaImage};

use super::{Chosen, Kind, MOST_BYTES, Picture, Refused};

/// A photo of a phone fits.
const MOST_PIXELS: u64 = 25_000_000;

/// Most bytes of a picture while it is read: four for each pixel.
const MOST_MEMORY: u64 = 4 * MOST_PIXELS;

/// A wider or higher one is made smaller, in pixels.
const MOST_SIDE: u32 = 2_000;

/// A PNG that would be larger is kept as JPEG, in bytes.
const MOST_PNG: usize = 2 << 20;

/// Of 100: text in a screenshot stays readable.
const QUALITY: u8 = 88;

/// A file as it is kept: turned as its camera meant it, and smaller where it is large. It takes up to a second and, for a
/// moment, some hundred megabytes: never on a connection's thread, and one at a time.
pub fn prepared(sent: &[u8]) -> Chosen {
    if sent.len() > MOST_BYTES {
        return Err(Refused::TooManyBytes);
    }
    let format = image::guess_format(sent).map_err(|_| Refused::Kind)?;
    let file = Cursor::new(sent);
    let pixels = match format {
        ImageFormat::Png => {
            let png = PngDecoder::with_limits(file, limits()).map_err(refused)?;
            match png.is_apng() {
                Ok(false) => decoded(png)?,
                _ => return Err(Refused::Moving),
            }
        }
        ImageFormat::Jpeg if !is_whole(sent) => return Err(Refused::Broken),
        ImageFormat::Jpeg => decoded(JpegDecoder::new(file).map_err(refused)?)?,
        ImageFormat::WebP => {
            let webp = WebPDecoder::new(file).map_err(refused)?;
            match webp.has_animation() {
                false => decoded(webp)?,
                true => return Err(Refused::Moving),
            }
        }
        _ => return Err(Refused::Kind),
    };
    // A screenshot stays sharp as PNG. A photo is much smaller as JPEG.
    let is_photo = format != ImageFormat::Png && !pixels.color().has_alpha();
    let png = (!is_photo).then(|| as_png(&pixels)).transpose()?;
    match png.filter(|png| png.len() <= MOST_PNG) {
        Some(bytes) => Ok(picture(Kind::Png, &pixels, bytes)),
        None => Ok(picture(Kind::Jpeg, &pixels, as_jpeg(&pixels)?)),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// The decoder of a JPEG fills up what is missing. Its scan begins with one mark and ends with another, which do not occur
/// inside; a small one for a preview may stand before it, with marks of its own.
fn is_whole(jpeg: &[u8]) -> bool {
    let last = |mark: [u8; 2]| jpeg.windows(2).rposition(|pair| pair == mark);
    last([0xff, 0xd9]) > last([0xff, 0xda])
}

fn decoded(mut decoder: impl ImageDecoder) -> Result<DynamicImage, Refused> {
    let (width, height) = decoder.dimensions();
    let count = u64::from(width) * u64::from(height);
    if count > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Refused::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(refused)?;
    // What says nothing readable of its way up is meant as it is.
    let turned = decoder.orientation().ok();
    let mut pixels = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if pixels.width().max(pixels.height()) > MOST_SIDE {
        pixels = pixels.thumbnail(MOST_SIDE, MOST_SIDE);
    }
    if let Some(turned) = turned {
        pixels.apply_orientation(turned);
    }
    Ok(match pixels.color().has_alpha() {
        true => pixels.into_rgba8().into(),
        false => pixels.into_rgb8().into(),
    })
}

fn refused(error: ImageError) -> Refused {
    match error {
        ImageError::Limits(_) => Refused::TooManyPixels,
        _ => Refused::Broken,
    }
}

fn as_png(pixels: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let done = pixels.write_with_encoder(PngEncoder::new(&mut bytes));
    done.map(|()| bytes).map_err(|_| Refused::Broken)
}

fn as_jpeg(pixels: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let on_white = match pixels {
        // What cannot be seen through is not seen.
        DynamicImage::ImageRgba8(pixels) => {
            let (width, height) = pixels.dimensions();
            let mut white = RgbaImage::from_pixel(width, height, Rgba([255; 4]));
            overlay(&mut white, pixels, 0, 0);
            DynamicImage::from(white).into_rgb8()
        }
        other => other.to_rgb8(),
    };
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    let done = on_white.write_with_encoder(encoder);
    done.map(|()| bytes).map_err(|_| Refused::Broken)
}

fn picture(kind: Kind, pixels: &DynamicImage, bytes: Vec<u8>) -> Picture {
    Picture {
        kind,
        width: pixels.width(),
        height: pixels.height(),
        bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, load_from_memory};
    use proptest::prelude::*;

    fn shaded(width: u32, height: u32) -> DynamicImage {
        let shade = |n: u32| u8::try_from(n % 256).unwrap();
        RgbImage::from_fn(width, height, |x, y| {
            Rgb([shade(x), shade(y), shade(x + y)])
        })
        .into()
    }

    fn clear() -> DynamicImage {
        RgbaImage::from_pixel(5, 5, Rgba([9, 9, 9, 0])).into()
    }

    fn file(pixels: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        pixels.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A JPEG with an Exif block: a place, and the way up as that number.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
        tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        tiff.extend([0, 0, 0, 0]);
        tiff.extend(b"GPSLatitude 52.52 Kreuzberg");
        let block = [&b"Exif\0\0"[..], &tiff].concat();
        let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &block, &jpeg[2..]].concat()
    }

    fn checked(body: &[u8]) -> [u8; 4] {
        let step = |sum: u32| (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
        let all = body.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum))
        });
        (!all).to_be_bytes()
    }

    /// A PNG with one more chunk behind its header.
    fn with_chunk(png: &[u8], kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        let body = [&kind[..], data].concat();
        let chunk = [&length[..], &body, &checked(&body)].concat();
        [&png[..33], &chunk, &png[33..]].concat()
    }

    /// A PNG that says it is that large, and holds one pixel.
    fn says(width: u32, height: u32) -> Vec<u8> {
        let mut sent = file(&shaded(1, 1), ImageFormat::Png);
        sent[16..20].copy_from_slice(&width.to_be_bytes());
        sent[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = checked(&sent[12..29]);
        sent[29..33].copy_from_slice(&sum);
        sent
    }

    /// A WebP with an animation header.
    fn moving() -> Vec<u8> {
        let body = [
            &b"WEBPVP8X\x0a\0\0\0\x02\0\0\0\x01\0\0\x01\0\0ANIM\x06\0\0\0\0\0\0\0\0\0"[..],
            b"ANMF\x18\0\0\0\0\0\0\0\0\0\x01\0\0\x01\0\0\0\0\0\0VP8L\0\0\0\0",
        ]
        .concat();
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        [&b"RIFF"[..], &length, &body].concat()
    }

    fn holds(bytes: &[u8], words: &str) -> bool {
        bytes.windows(words.len()).any(|w| w == words.as_bytes())
    }

    #[test]
    fn the_three_formats_are_read_and_written_again() {
        let table = [
            (file(&shaded(40, 20), ImageFormat::Png), Kind::Png),
            (file(&shaded(40, 20), ImageFormat::Jpeg), Kind::Jpeg),
            (file(&shaded(40, 20), ImageFormat::WebP), Kind::Jpeg),
            (file(&clear(), ImageFormat::WebP), Kind::Png),
            (file(&clear(), ImageFormat::Png), Kind::Png),
        ];
        for (sent, kind) in table {
            let kept = prepared(&sent).unwrap();
            assert_eq!(kept.kind, kind);
            let again = load_from_memory(&kept.bytes).unwrap();
            assert_eq!((again.width(), again.height()), (kept.width, kept.height));
        }
    }

    #[test]
    fn the_place_is_gone_and_the_picture_is_the_right_way_up() {
        let sent = with_exif(&file(&shaded(40, 20), ImageFormat::Jpeg), 6);
        assert!(holds(&sent, "Kreuzberg"));
        let kept = prepared(&sent).unwrap();
        assert!(!holds(&kept.bytes, "Kreuzberg") && !holds(&kept.bytes, "Exif"));
        assert_eq!((kept.width, kept.height), (20, 40));
    }

    #[test]
    fn nothing_beside_the_pixels_is_kept() {
        let png = file(&shaded(9, 9), ImageFormat::Png);
        let noted = with_chunk(&png, b"tEXt", b"Comment\0Kreuzberg");
        let jpeg = file(&shaded(9, 9), ImageFormat::Jpeg);
        for sent in [
            noted,
            [&png[..], b"PK\x03\x04Kreuzberg"].concat(),
            [&jpeg[..], b"<script>Kreuzberg</script>"].concat(),
        ] {
            assert!(!holds(&prepared(&sent).unwrap().bytes, "Kreuzberg"));
        }
    }

    #[test]
    fn a_large_one_is_made_smaller_in_proportion() {
        let kept = prepared(&file(&shaded(2_400, 12), ImageFormat::Jpeg)).unwrap();
        assert_eq!((kept.width, kept.height), (2_000, 10));
    }

    #[test]
    fn a_png_of_many_bytes_is_kept_as_jpeg_on_white() {
        let mut seed = 1_u32;
        let noise = RgbaImage::from_fn(900, 900, |x, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [r, g, b, _] = seed.to_be_bytes();
            Rgba([r, g, b, if x < 20 { 0 } else { 255 }])
        });
        let kept = prepared(&file(&noise.into(), ImageFormat::Png)).unwrap();
        assert_eq!(kept.kind, Kind::Jpeg);
        let corner = load_from_memory(&kept.bytes).unwrap().to_rgb8()[(2, 2)];
        assert!(corner.0.iter().all(|part| *part > 240), "{corner:?}");
    }

    #[test]
    fn what_is_no_picture_of_these_or_too_large_is_refused() {
        let png = file(&shaded(40, 20), ImageFormat::Png);
        let jpeg = file(&shaded(40, 20), ImageFormat::Jpeg);
        let previewed = with_exif(&jpeg, 1);
        let cut = previewed.len() - 40;
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
        let table = [
            (vec![], Refused::Kind),
            (vec![0; MOST_BYTES + 1], Refused::TooManyBytes),
            (svg, Refused::Kind),
            (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), Refused::Kind),
            (b"%PDF-1.7".to_vec(), Refused::Kind),
            (says(60_000, 60_000), Refused::TooManyPixels),
            (says(1_000_000, 30), Refused::TooManyPixels),
            (says(30, 30), Refused::Broken),
            (jpeg[..jpeg.len() / 2].to_vec(), Refused::Broken),
            (previewed[..cut].to_vec(), Refused::Broken),
            (png[..png.len() / 2].to_vec(), Refused::Broken),
            (b"\x89PNG\r\n\x1a\n".to_vec(), Refused::Broken),
            (
                with_chunk(&png, b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
                Refused::Moving,
            ),
            (moving(), Refused::Moving),
        ];
        for (n, (sent, refused)) in table.into_iter().enumerate() {
            assert_eq!(prepared(&sent).err(), Some(refused), "row {n}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(start in 0..4_usize, rest in prop::collection::vec(any::<u8>(), 0..400)) {
            let starts: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0", b"RIFF\x40\0\0\0WEBPVP8L", b""];
            let _ = prepared(&[starts[start], &rest].concat());
        }

        #[test]
        fn a_picture_with_any_byte_changed_is_read_or_refused(at in 0..2_000_usize, byte in any::<u8>(), format in 0..3_usize) {
            let formats = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];
            let mut sent = file(&shaded(24, 24), formats[format]);
            let at = at % sent.len();
            sent[at] = byte;
            let _ = prepared(&sent);
        }
    }
}
