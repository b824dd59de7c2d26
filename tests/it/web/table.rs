//! Tables as files: the rows and filters of the page, in three forms, and nothing in them runs.

use std::io::{Cursor, Read};

use checkride::domain::people;
use checkride::domain::people::Name;

use crate::support::{Answer, Role, Site};

fn sheet(answer: &Answer) -> String {
    answer.assert_status(200);
    assert!(answer.header("content-type").contains("spreadsheetml"));
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.bytes.clone())).unwrap();
    let mut text = String::new();
    let mut part = zip.by_name("xl/worksheets/sheet1.xml").unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// Pages with a table, without the ending of their files.
fn tables(site: &Site) -> Vec<String> {
    let (ramp, slug, handle) = (site.ramp_id, &site.area_slug, &site.mentee.handle);
    let mut all: Vec<String> = [
        "/areas",
        "/people",
        "/ramps",
        "/board",
        "/board/teams",
        "/drills",
        "/library",
        "/sign-offs",
        "/admin/people",
        "/admin/messages",
        "/admin/audit",
        "/audit/programme",
        "/hooks",
    ]
    .map(str::to_owned)
    .into();
    let of_area = [
        "people",
        "forecast",
        "queue",
        "qualifiers",
        "standard/flags",
    ];
    all.extend(of_area.map(|of| format!("/areas/{slug}/{of}")));
    let signoff = site.dossier().signoffs[0].id;
    all.push(format!("/sign-offs/{signoff}/gates"));
    all.push(format!("/areas/{slug}/standard/v/1/lines"));
    all.push(format!("/people/{handle}/practice"));
    all.extend(["sessions", "shifts", "waivers"].map(|list| format!("/ramps/{ramp}/{list}")));
    all
}

#[test]
fn every_table_comes_in_three_forms_with_the_same_rows() {
    let site = Site::open();
    site.hold_session(45);
    site.ask_for_signoff();
    let (name, now) = (Name::parse("=HYPERLINK(1); @Ada").unwrap(), site.app.now());
    site.app
        .db(|c| people::store::set_name(c, site.mentee.id, &name, now));
    let client = site.client(Role::Administrator);
    for table in tables(&site) {
        let comma = client.get(&format!("{table}.csv"));
        comma.assert_status(200);
        let semicolon = client.get(&format!("{table}.csv?separator=semicolon"));
        let rows = |answer: &Answer, separator: u8| -> usize {
            let text = answer.body.trim_start_matches('\u{feff}');
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(separator)
                .from_reader(text.as_bytes());
            assert!(reader.headers().unwrap().len() > 3, "{table}");
            reader.records().filter(|row| row.is_ok()).count()
        };
        let count = rows(&comma, b',');
        assert_eq!(rows(&semicolon, b';'), count, "{table}");
        let xml = sheet(&client.get(&format!("{table}.xlsx")));
        assert_eq!(xml.matches("<row ").count(), count + 1, "{table}");
        assert!(!xml.contains("<f>"), "{table}");
        for body in [&comma.body, &semicolon.body] {
            assert!(!body.contains("\n=HYPERLINK"), "{table}: {body}");
            assert!(!body.contains(",=HYPERLINK"), "{table}: {body}");
        }
    }
    let people = client.get("/people.csv").body;
    assert!(people.contains("'=HYPERLINK(1); '@Ada"), "{people}");
    let xml = sheet(&client.get("/people.xlsx"));
    assert!(xml.contains("<t>=HYPERLINK(1); @Ada</t>"), "{xml}");
}

#[test]
fn a_file_has_the_filters_of_its_page() {
    let site = Site::open();
    let client = site.client(Role::Stranger);
    let handle = &site.mentor.handle;
    let page = client.get(&format!("/people?q={handle}"));
    assert!(page.body.contains(&format!("/people.xlsx?q={handle}")));
    let file = client.get(&format!("/people.csv?q={handle}")).body;
    assert_eq!(file.lines().count(), 2, "{file}");
    let all = client.get("/people.csv").body;
    assert!(all.lines().count() > 5, "{all}");
}
