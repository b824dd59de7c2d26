//! The source of Checkride, and the paths each file names.

use std::path::{Path, PathBuf};

/// A file below `src`, by its path there, and every path of the crate that its code names.
pub struct Source {
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

    /// The folder or file below the wing.
    pub fn noun(&self) -> &str {
        let noun = self.file.split('/').nth(1).unwrap_or_default();
        noun.trim_end_matches(".rs")
    }
}

/// Every file of `src`.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&root, "rs");
    assert!(files.len() > 300, "the source was not found");
    let read = |path: PathBuf| {
        let code = without_comments(&std::fs::read_to_string(&path).unwrap());
        Source {
            file: path.strip_prefix(&root).unwrap().display().to_string(),
            names: named(&code),
            code,
        }
    };
    files.into_iter().map(read).collect()
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
