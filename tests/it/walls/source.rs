//! The source of Checkride, and the paths each file names.

use std::path::{Path, PathBuf};

/// The two crates: what Checkride knows and decides, and what shows it.
pub const CRATES: [&str; 2] = ["crates/core/src", "src"];

/// A file of a crate, by its path there, and every path of the crate that its code names.
pub struct Source {
    /// One of [`CRATES`].
    pub of: &'static str,
    /// `pages/area/show.rs`
    pub file: String,
    pub code: String,
    /// `["domain", "area", "model", "Area"]`
    pub names: Vec<Vec<String>>,
}

impl Source {
    /// `pages`, `domain`; a file of no folder is its own wing.
    pub fn wing(&self) -> &str {
        self.file
            .split_once('/')
            .map_or(self.file.trim_end_matches(".rs"), |(wing, _)| wing)
    }

    /// `src/pages/area/show.rs`
    pub fn path(&self) -> String {
        format!("{}/{}", self.of, self.file)
    }

    /// The folder or file below the wing.
    pub fn noun(&self) -> &str {
        let noun = self.file.split('/').nth(1).unwrap_or_default();
        noun.trim_end_matches(".rs")
    }
}

/// Every file of both crates.
pub fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for of in CRATES {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(of);
        let files = files(&root, "rs");
        assert!(files.len() > 150, "the source of {of} was not found");
        found.extend(files.into_iter().map(|path| {
            let code = without_comments(&std::fs::read_to_string(&path).unwrap());
            Source {
                of,
                file: path.strip_prefix(&root).unwrap().display().to_string(),
                names: named(&code),
                code,
            }
        }));
    }
    found
}

/// Every file of that ending in a folder and the folders in it.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found
}

fn without_comments(code: &str) -> String {
    let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path below `crate::`, with the trees of `use` taken apart.
pub fn named(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        tree(&code[at + "crate::".len()..], &[], &mut found);
    }
    found
}

/// Reads one path or tree of paths; gives back what comes after it.
fn tree<'a>(text: &'a str, before: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut inside) = text.strip_prefix('{') {
        loop {
            inside = inside.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            match inside.strip_prefix('}') {
                Some(rest) => return rest,
                None if inside.is_empty() => return inside,
                None => inside = tree(inside, before, found),
            }
        }
    }
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end.max(usize::from(text.starts_with('*'))));
    let mut path = before.to_vec();
    path.push(name.to_owned());
    if let Some(rest) = rest.strip_prefix("::").filter(|r| !r.starts_with('<')) {
        return tree(rest, &path, found);
    }
    found.push(path);
    let rest = rest.strip_prefix(" as ").unwrap_or(rest);
    // What stands between this name and the next comma or brace is a new name for it.
    rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
}
