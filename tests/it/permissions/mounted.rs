//! The routes, read from the source.

use std::collections::BTreeSet;
use std::path::Path;

/// Every `.route("path", web::method()` in the source. Other ways to mount something are refused, so that none escapes.
pub fn mounted() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for other in [
            "web::resource(",
            "web::scope(",
            ".service(",
            "#[get(",
            "#[post(",
        ] {
            assert!(
                !source.contains(other),
                "mount routes by .route(\"...\", web::get()), not by {other}"
            );
        }
        for call in source.split(".route(").skip(1) {
            let mut parts = call.splitn(3, '"').skip(1);
            let (path, rest) = (parts.next().unwrap(), parts.next().unwrap());
            let method = rest
                .split_once("web::")
                .unwrap()
                .1
                .split('(')
                .next()
                .unwrap();
            found.insert((method.to_uppercase(), path.to_owned()));
        }
    }
    assert!(found.len() > 10, "the source was not understood: {found:?}");
    found
}

fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|p| p.is_dir());
    let here = files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "rs"));
    here.map(|f| std::fs::read_to_string(f).unwrap())
        .chain(folders.iter().flat_map(|f| sources(f)))
        .collect()
}
