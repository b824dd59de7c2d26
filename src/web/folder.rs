//! A folder of files as a ZIP, written where it holds up no other request.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::block;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::error::{Error, Result};
use crate::web::respond::stored_as;
use crate::web::stream;

/// The files of a folder: path inside it, and what it holds.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The answer; `make` says what is in the folder, on the thread that writes it. `name` has no ending.
pub async fn sent<F>(name: &str, make: F) -> Result<HttpResponse>
where
    F: FnOnce() -> Result<Files> + Send + 'static,
{
    let zip = block(move || zipped(&make()?)).await;
    let body = stream::file(zip.map_err(Error::fault)??);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header(stored_as(&format!("{name}.zip")))
        .body(body))
}

/// The same files give the same bytes.
fn zipped(files: &Files) -> Result<File> {
    let file = tempfile::tempfile().map_err(Error::fault)?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    for (path, bytes) in files {
        // Without a time of its own, so that the same files are the same bytes.
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        zip.start_file(path.as_str(), options)
            .map_err(Error::fault)?;
        zip.write_all(bytes).map_err(Error::fault)?;
    }
    let writer = zip.finish().map_err(Error::fault)?;
    let mut file = writer.into_inner().map_err(Error::fault)?;
    file.rewind().map_err(Error::fault)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_same_files_are_the_same_bytes_and_read_back() {
        let files = Files::from([
            ("a.md".to_owned(), b"one".to_vec()),
            ("b/c.json".to_owned(), vec![0; 100_000]),
        ]);
        let bytes = |mut file: File| {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            bytes
        };
        let first = bytes(zipped(&files).unwrap());
        assert_eq!(first, bytes(zipped(&files).unwrap()));
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(first)).unwrap();
        let mut text = String::new();
        zip.by_name("a.md")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!((zip.len(), text.as_str()), (2, "one"));
    }
}
