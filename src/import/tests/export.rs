//! Export, import into an empty database, export again: the same bytes.

use proptest::prelude::*;

use super::organisation::{DRAFTS, TestOrganisation};
use super::*;
use crate::domain::people::{Name, NewPerson};
use crate::import::PersonEntry;
use crate::import::export::{Files, files};
use crate::text;

fn as_folder(files: &Files) -> Folder {
    let all = files.iter();
    Folder(
        all.map(|(path, bytes)| (path.clone(), Ok(bytes.clone())))
            .collect(),
    )
}

/// What is exported after an import, which is checked to come back as the same bytes.
fn exported(folder: &Folder) -> Files {
    let mut first = TestOrganisation::new();
    first.import(folder, DRAFTS).unwrap();
    let written = first.within(files).unwrap();
    let mut second = TestOrganisation::new();
    second.import(&as_folder(&written), DRAFTS).unwrap();
    assert_eq!(second.within(files).unwrap(), written);
    // The files say what the database says.
    let nothing: [String; 0] = [];
    assert_eq!(
        second.import(&as_folder(&written), DRAFTS).unwrap(),
        nothing
    );
    written
}

fn says_the_same(folder: &Folder, written: &Files) {
    let one = read(folder, &Existing::default(), today()).unwrap();
    let other = read(&as_folder(written), &Existing::default(), today()).unwrap();
    assert_eq!(one.people.len(), other.people.len());
    for entry in &one.people {
        let of = |p: &&PersonEntry| p.person.email == entry.person.email;
        let found = other.people.iter().find(of).unwrap();
        let who = |p: &NewPerson| (p.name.clone(), p.email.clone(), p.time_zone.clone());
        assert_eq!(who(&found.person), who(&entry.person));
        let keys = |p: &PersonEntry| {
            let mut keys: Vec<_> = p.teams.iter().map(|(t, lead)| (t.key(), *lead)).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(found), keys(entry));
    }
    for (one, other) in one.areas.iter().zip(&other.areas) {
        assert_eq!(one.slug, other.slug);
        assert_eq!(one.fields, other.fields);
        assert_eq!(one.systems, other.systems);
        assert_eq!((&one.note, &one.standard), (&other.note, &other.standard));
    }
    let documents = |o: &Organisation| {
        let all = o.postmortems.iter();
        all.map(|p| (p.slug.clone(), p.document.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(documents(&one), documents(&other));
}

#[test]
fn the_demo_comes_back_as_the_same_bytes_and_says_what_its_files_say() {
    let written = exported(&demo());
    assert_eq!(written.len(), 17);
    says_the_same(&demo(), &written);
}

#[test]
fn a_team_without_people_a_person_without_a_team_and_an_area_without_a_standard_are_in_it() {
    let people =
        "name,email,time_zone,team,lead\nAda King,ada@example.com,UTC,,no\n,,,Night owls,no\n";
    let area = payments().split("[[systems]]").next().unwrap().to_owned();
    let area = area
        .replace("owner_team = \"Payments\"", "owner_team = \"Night owls\"")
        .replace(
            "qualifiers = [\"ada.lindqvist@example.com\"]",
            "qualifiers = []",
        );
    let written = exported(&guide(people, &area));
    let said = String::from_utf8(written["people.csv"].clone()).unwrap();
    assert_eq!(said, people);
    let area = String::from_utf8(written["areas/payments.toml"].clone()).unwrap();
    assert!(!area.contains("[standard]"), "{area}");
}

fn odd() -> impl Strategy<Value = String> {
    "[a-zA-Zéßñ漢字Ω\"';,|#+=\\\\@{}\\[\\] \u{7f}-]{1,14}"
}

fn odd_name() -> impl Strategy<Value = String> {
    odd().prop_filter_map("no name", |name| {
        Some(Name::parse(&name).ok()?.as_str().to_owned())
    })
}

fn some_text() -> impl Strategy<Value = String> {
    odd().prop_filter_map("no text", |t| {
        text::line(&t, "It").ok().filter(|t| !t.is_empty())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn an_organisation_with_odd_names_comes_back_as_the_same_bytes(
        names in prop::collection::vec(odd_name(), 1..5),
        team in odd_name(),
        texts in prop::collection::vec(some_text(), 8),
        body in "[a-z+#=\"\\\\\n '|]{0,60}",
    ) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["name", "email", "time_zone", "team", "lead"]).unwrap();
        for (n, name) in names.iter().enumerate() {
            let email = format!("p{n}@example.com");
            csv.write_record([name.as_str(), &email, "Asia/Tokyo", &team, "no"]).unwrap();
        }
        let people = String::from_utf8(csv.into_inner().unwrap()).unwrap();
        let area = toml::toml! {
            code = "ODD"
            summary = ""
            tier = 2
            minimum_cover = 1
            target_weeks = 4
            validity_months = 6
            recency_days = 30
            qualifiers = ["p0@example.com"]
            [[systems]]
            name = "s"
            [standard]
            [[standard.competencies]]
            code = "ODD-A1"
            group = "change"
            required_level = 2
            [[standard.gates]]
            kind = "levels"
        };
        let mut area = area;
        let set = |table: &mut toml::Table, key: &str, text: &str| {
            table.insert(key.to_owned(), toml::Value::String(text.to_owned()));
        };
        set(&mut area, "name", &names[0]);
        set(&mut area, "summary", &texts[0]);
        set(&mut area, "owner_team", &team);
        let system = area["systems"][0].as_table_mut().unwrap();
        set(system, "name", &texts[1]);
        set(system, "reference", &texts[2]);
        let standard = area["standard"].as_table_mut().unwrap();
        set(standard, "note", &texts[3]);
        let line = standard["competencies"][0].as_table_mut().unwrap();
        set(line, "statement", &texts[4]);
        let levels = toml::Table::from_iter([("2".to_owned(), toml::Value::String(texts[5].clone()))]);
        line.insert("levels".to_owned(), toml::Value::Table(levels));
        let mut front = toml::toml! {
            severity = "sev1"
            when = 2026-01-02T03:04:05Z
            minutes = 3
            areas = ["odd-one"]
            [[points]]
            teaches = ["ODD-A1"]
            [[actions]]
            what = "Do it"
        };
        set(&mut front, "title", &texts[6]);
        set(&mut front, "impact", &body);
        let point = front["points"][0].as_table_mut().unwrap();
        set(point, "saw", &texts[7]);
        let front = toml::to_string(&front).unwrap();
        prop_assume!(!front.contains("\n+++"));
        let postmortem = format!("+++\n{front}+++\n\n{body}\n");
        let files = folder(&[
            ("people.csv", &people),
            ("areas/odd-one.toml", &toml::to_string(&area).unwrap()),
            ("postmortems/odd-thing.md", &postmortem),
        ]);
        let written = exported(&files);
        says_the_same(&files, &written);
    }
}
