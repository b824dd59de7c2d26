//! People send forms with a picture in them, as browsers do.

use std::io::Cursor;

use checkride::forms::new_key;
use image::{DynamicImage, ImageFormat, RgbImage};

use crate::support::{Answer, Client};

/// A file of that kind, with that many pixels.
pub fn drawn(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let pixels: DynamicImage = RgbImage::new(width, height).into();
    pixels.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A small PNG.
pub fn dot() -> Vec<u8> {
    drawn(ImageFormat::Png, 3, 2)
}

/// The body of a form with these fields and that file in its field `picture`.
pub fn parts(fields: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, text) in fields {
        let part =
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend(part.as_bytes());
    }
    body.extend(
        b"--edge\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"../graph.svg\"\r\n\
          Content-Type: text/html\r\n\r\n",
    );
    body.extend(file);
    body.extend(b"\r\n--edge--\r\n");
    body
}

impl Client {
    /// Sends these fields with a fresh form key, and a file.
    pub fn send_picture(&self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let key = new_key();
        let fields = [fields, &[("form_key", key.as_str())]].concat();
        self.send_parts(path, parts(&fields, file))
    }

    /// Sends the body that [`parts`] made.
    pub fn send_parts(&self, path: &str, body: Vec<u8>) -> Answer {
        self.post_as(path, "multipart/form-data; boundary=edge", body)
    }
}
