//! Hostile files: refused or read, never a crash.

use proptest::prelude::*;

use super::*;
use crate::words::web_address;

#[test]
fn without_a_readable_people_file_nobody_is_called_unknown() {
    for (text, words) in [
        ("", "is empty"),
        ("name;email\n", "must be exactly"),
        ("\u{0}", "must be exactly"),
    ] {
        let found = problems(&[("people.csv", text), ("areas/payments.toml", &payments())]);
        assert!(found.len() == 1 && found[0].contains(words), "{found:#?}");
    }
    let latin = Folder(vec![("people.csv".into(), Ok(b"name\nJo\xE3o".to_vec()))]);
    let found = read(&latin, &Existing::default(), today()).unwrap_err();
    assert_eq!(
        found[0].to_string(),
        "people.csv:2: The file is not UTF-8 text; save it as UTF-8."
    );
    let nowhere = Folder::open(Path::new("/nowhere/at/all"));
    let found = read(&nowhere, &Existing::default(), today()).unwrap_err();
    assert_eq!(
        found[0].to_string(),
        "people.csv:1: The file cannot be read: there is no such file."
    );
}

#[test]
fn only_the_web_is_linked_to() {
    for bad in [
        "",
        "wiki",
        "ftp://a",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        "https://a b",
        "http://\"x",
        "é",
    ] {
        assert!(web_address(bad).is_err(), "{bad}");
    }
    for good in ["https://a", "HTTP://a/b?c#d", "https://[::1]:8080/"] {
        assert!(web_address(good).is_ok(), "{good}");
    }
}

#[test]
fn a_file_cannot_control_a_terminal() {
    let csv = "name,email,time_zone,team,lead\nAda,ada@example.com,UTC,One,\"\u{1b}[2J\nno\"\n";
    assert_eq!(
        problems(&[("people.csv", csv)]),
        ["people.csv:2: lead: Write yes or no, not “ [2J no”."]
    );
}

/// Text similar enough to TOML to get past its first lines.
fn nearly_toml() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("[standard]\n".to_owned()),
        Just("[[standard.competencies]]\n".to_owned()),
        Just("[[standard.gates]]\nkind = \"sessions\"\n".to_owned()),
        Just("[[systems]]\n".to_owned()),
        Just("[a.b]\n".to_owned()),
        Just("standard.gates = [1, {}]\n".to_owned()),
        Just("code = \"PAY\"\n".to_owned()),
        Just("levels = { 1 = 2, x.y = [[[\n".to_owned()),
        Just("until = 2026-02-30\n".to_owned()),
        Just("tier = 0xFFFFFFFFFFFFFFFFFF\n".to_owned()),
        "[a-z]{1,6} = \\PC{0,12}\n",
        "\\PC{0,20}",
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn hostile_files_are_refused_or_read_but_never_crash(
        csv in "(name,email,time_zone,team,lead\n)?([\\PC\n\r\",]{0,40}\n){0,3}",
        toml in nearly_toml(),
        markdown in "(\\+\\+\\+\n)?([a-z]{1,6} = \\PC{0,12}\n|title = \"x\"\n|\\[\\[points\\]\\]\n|\\PC{0,20}\n){0,5}(\\+\\+\\+\n)?\\PC{0,30}",
        bytes in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let files = Folder(vec![
            ("people.csv".into(), Ok(csv.clone().into_bytes())),
            ("areas/a.toml".into(), Ok(toml.clone().into_bytes())),
            ("areas/b.toml".into(), Ok(bytes.clone())),
            ("postmortems/c.md".into(), Ok(markdown.clone().into_bytes())),
        ]);
        if let Err(found) = read(&files, &Existing::default(), today()) {
            let lines = |file: &str| match file {
                "people.csv" => csv.lines().count(),
                "areas/a.toml" => toml.split('\n').count(),
                "postmortems/c.md" => markdown.split('\n').count(),
                _ => bytes.split(|b| *b == b'\n').count(),
            };
            for problem in found {
                prop_assert!((1..=lines(&problem.file).max(1)).contains(&problem.line), "{problem}");
                prop_assert!(!problem.sentence.contains('\n'));
            }
        }
    }

    #[test]
    fn a_damaged_example_never_crashes(at in 0usize..4000, junk in "\\PC{0,3}", cut in 0usize..30) {
        let area = payments();
        let start = area.floor_char_boundary(at.min(area.len()));
        let end = area.floor_char_boundary((at + cut).min(area.len())).max(start);
        let damaged = format!("{}{junk}{}", &area[..start], &area[end..]);
        let _ = fresh(&[("people.csv", &people()), ("areas/payments.toml", &damaged)]);
    }
}

#[test]
fn only_plain_files_of_some_size_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let areas = dir.path().join("areas");
    std::fs::create_dir(&areas).unwrap();
    let sentence = |path: &str| {
        let Folder(files) = Folder::open(dir.path());
        let found = files.into_iter().find(|(name, _)| name == path).unwrap();
        found.1.map(|bytes| bytes.len())
    };
    std::os::unix::fs::symlink("/dev/zero", dir.path().join("people.csv")).unwrap();
    assert!(
        sentence("people.csv")
            .unwrap_err()
            .contains("no plain file")
    );
    let pipe = areas.join("payments.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    std::fs::create_dir(areas.join("orders.toml")).unwrap();
    for path in ["areas/payments.toml", "areas/orders.toml"] {
        assert!(
            sentence(path).unwrap_err().contains("no plain file"),
            "{path}"
        );
    }

    let large = dir.path().join("large");
    let file = std::fs::File::create(&large).unwrap();
    for (size, is_read) in [(8 << 20, true), ((8 << 20) + 1, false)] {
        file.set_len(size).unwrap();
        let link = areas.join("linked.toml");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(&large, &link).unwrap();
        match sentence("areas/linked.toml") {
            Ok(read) => assert!(is_read && read == 8 << 20),
            Err(said) => assert!(!is_read && said.contains("larger than 8 MiB"), "{said}"),
        }
    }
}
