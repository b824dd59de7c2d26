//! Reading files, without a database.

use super::*;
use crate::import::as_error;
use crate::import::existing::{ExistingArea, ExistingPerson};

/// An area as the database would have it.
pub(super) fn existing_area(entry: crate::import::AreaEntry) -> ExistingArea {
    ExistingArea {
        archived: None,
        id: 1,
        fields: entry.fields,
        owner_team: "Payments".into(),
        systems: Vec::new(),
        qualifiers: Default::default(),
        ever_cleared: Default::default(),
        ever_ramped: Default::default(),
        standards: Vec::new(),
    }
}

/// Problems of the example area after one replacement, with the example people.
fn broken(from: &str, to: &str) -> Vec<String> {
    let (people, area) = (people(), payments());
    assert!(area.contains(from), "{from}");
    problems(&[
        ("people.csv", &people),
        ("areas/payments.toml", &area.replacen(from, to, 1)),
    ])
}

fn line_of(text: &str, what: &str) -> usize {
    text.lines().position(|line| line.contains(what)).unwrap() + 1
}

#[test]
fn the_guides_example_and_the_demo_can_be_read() {
    let guide = fresh(&[
        ("people.csv", &people()),
        ("areas/payments.toml", &payments()),
    ])
    .unwrap();
    assert_eq!((guide.people.len(), guide.areas.len()), (3, 1));
    assert_eq!(guide.people[1].teams.len(), 2);
    assert_eq!(
        guide.areas[0].standard.as_ref().unwrap().competencies[1].behaviours[3],
        "Switches alone"
    );
    let demo = read(&demo(), &Existing::default(), today()).unwrap();
    assert_eq!((demo.people.len(), demo.areas.len()), (14, 6));
    assert_eq!(demo.postmortems.len(), 10);
}

#[test]
fn every_error_of_every_file_is_reported_at_once() {
    let people = people().replace("Europe/Lisbon,Payments,no", "Europe/Lisboa,Payments,maybe");
    let area = payments()
        .replace("tier = 1 ", "tier = 4 ")
        .replace("qualifiers = [\"ada.", "qualifiers = [\"eve.")
        .replace("required_level = 3", "requires_level = 3")
        .replace("PAY-I1", "PAY-A1");
    let found = problems(&[
        ("people.csv", &people),
        ("areas/payments.toml", &area),
        ("areas/Odd Name.toml", "a = ["),
    ]);
    let line = |what| line_of(&area, what);
    let expected = [
        "people.csv:3: time_zone: “Europe/Lisboa” is not a time zone. Use an IANA name such as Europe/Lisbon.".to_owned(),
        "people.csv:3: lead: Write yes or no, not “maybe”.".to_owned(),
        format!(
            "areas/payments.toml:{}: `tier` must be a whole number from 1 to 3, not 4.",
            line("tier = 4")
        ),
        format!(
            "areas/payments.toml:{}: There is nobody with the e-mail eve.lindqvist@example.com in people.csv.",
            line("eve.")
        ),
        format!("areas/payments.toml:{}: `required_level` is missing.", line("[[standard.competencies]]")),
        format!(
            "areas/payments.toml:{}: `requires_level` is not known here; known are `code`, `group`, `statement`, \
             `required_level`, `critical`, `levels`.",
            line("requires_level")
        ),
        format!(
            "areas/payments.toml:{}: The code PAY-A1 is used at areas/payments.toml:{} already.",
            line("required_level = 4") - 3,
            line("PAY-A1")
        ),
    ];
    assert_eq!(found[..expected.len()], expected, "{found:#?}");
    assert!(
        found[expected.len()].starts_with("areas/Odd Name.toml:1: "),
        "{found:#?}"
    );
    assert!(
        found
            .iter()
            .any(|p| p.contains("lower-case letters, digits and hyphens")),
        "{found:#?}"
    );
    assert!(
        found.iter().any(|p| p.contains("is not TOML here")),
        "{found:#?}"
    );
}

#[test]
fn the_guide_shows_the_errors_as_they_are() {
    let people = people().replacen("Europe/Lisbon", "Europe/Lisboa", 1);
    let area = payments()
        .replacen("tier = 1", "tier = 4", 1)
        .replacen("[\"ada.lindqvist@", "[\"ada@", 1)
        .replacen("PAY-I1", "PAY-A1", 1)
        .replacen("critical =", "important =", 1);
    let found = fresh(&[("people.csv", &people), ("areas/payments.toml", &area)]).unwrap_err();
    let words = format!("```text\ncheckride: {}\n```", as_error(&found));
    assert!(GUIDE.contains(&words), "{words}");
}

#[test]
fn an_area_is_refused_where_it_is_wrong() {
    let area = payments();
    for (from, to, at, words) in [
        (
            "code = \"PAY\"",
            "code = \"pay\"",
            "code = \"PAY\"",
            "2 to 6 capital letters",
        ),
        (
            "name = \"Checkout & payments\"",
            "name = \"\"",
            "name = \"Checkout &",
            "Enter a name",
        ),
        (
            "summary = \"From",
            "sumary = \"From",
            "summary",
            "`sumary` is not known here",
        ),
        (
            "owner_team = \"Payments\"",
            "owner_team = \"Payment\"",
            "owner_team",
            "no team “Payment”",
        ),
        (
            "minimum_cover = 2",
            "minimum_cover = -1",
            "minimum_cover",
            "from 0 to 1000, not -1",
        ),
        (
            "target_weeks = 12",
            "target_weeks = 0",
            "target_weeks",
            "from 1 to 520, not 0",
        ),
        (
            "validity_months = 12",
            "validity_months = 1.5",
            "validity_months",
            "not a number with a fraction",
        ),
        (
            "practices = 1 ",
            "practices = 0 ",
            "practices = 1 ",
            "from 1 to 100, not 0",
        ),
        (
            "# practice_minutes",
            "practice_minutes",
            "# practice_minutes",
            "`practices` or `practice_minutes`, not both",
        ),
        (
            "[\"shift\", \"incident\"]",
            "[\"shift\", \"call\"]",
            "practice_kinds",
            "“call” is no kind of practice; they are shift, drill, incident, drill_led",
        ),
        (
            "# ends = \"03-31\"",
            "ends = \"02-29\"",
            "# ends",
            "a day of the year like \"03-31\", not “02-29”",
        ),
        (
            "recency_days = 90",
            "recency_days = 99999999999",
            "recency_days",
            "not 99999999999",
        ),
        (
            "qualifiers = [",
            "qualifiers = [\"nobody\", ",
            "qualifiers",
            "“nobody” is not an e-mail address",
        ),
        (
            "https://wiki.example.com/checkout",
            "javascript:alert(1)//",
            "links",
            "starts with https://",
        ),
        (
            "until = 2027-03-01",
            "until = \"2027-03-01\"",
            "until",
            "without quotes",
        ),
        (
            "until = 2027-03-01",
            "until = 2026-11-21",
            "until",
            "2026-11-21 is past",
        ),
        (
            "person = \"ada.",
            "person = \"eve.",
            "person",
            "nobody with the e-mail eve.",
        ),
        (
            "code = \"PAY-A1\"",
            "code = \"ORD-A1\"",
            "code = \"PAY-A1\"",
            "Write PAY- and then",
        ),
        (
            "\"architecture\"",
            "\"architect\"",
            "\"architecture\"",
            "architecture, observability, incident, change",
        ),
        (
            "required_level = 3",
            "required_level = 6",
            "required_level = 3",
            "from 1 to 5, not 6",
        ),
        (
            "critical = true",
            "critical = \"yes\"",
            "critical = true",
            "must be true or false, not a text",
        ),
        (
            "levels = { 1 =",
            "levels = { 7 =",
            "levels = {",
            "`7` is not known here; known are `1`, `2`",
        ),
        (
            "group = \"read\"",
            "group = \"watch\"",
            "group = \"read\"",
            "read, access, meet, do",
        ),
        (
            "kind = \"levels\"",
            "kind = \"board\"",
            "kind = \"levels\"",
            "levels, checklist, sessions",
        ),
        (
            "kind = \"checklist\"",
            "kind = \"levels\"",
            "kind = \"checklist\"",
            "at most once",
        ),
        (
            "[[systems]]",
            "[systems]",
            "[[systems]]",
            "`systems` must be a list of tables, not a table",
        ),
    ] {
        let found = broken(from, to);
        let expected = format!("areas/payments.toml:{}: ", line_of(&area, at));
        assert!(
            found
                .iter()
                .any(|p| p.starts_with(&expected) && p.contains(words)),
            "{from} -> {to}: {found:#?}"
        );
    }
}

#[test]
fn a_standard_asks_for_something() {
    let cut = payments().split("[standard]").next().unwrap().to_owned();
    let found = problems(&[
        ("people.csv", &people()),
        ("areas/payments.toml", &(cut.clone() + "[standard]")),
    ]);
    let line = line_of(&cut, "until") + 2;
    assert!(
        found[0].starts_with(&format!(
            "areas/payments.toml:{line}: The standard has no competency"
        )),
        "{found:#?}"
    );
    assert!(found[1].contains("no gate"), "{found:#?}");
    let later = fresh(&[("people.csv", &people()), ("areas/payments.toml", &cut)]).unwrap();
    assert_eq!(later.areas[0].standard, None, "it is written later");
    let found = broken("held = 6\nminutes = 360", "held = 0");
    assert!(found[0].contains("asks for nothing"), "{found:#?}");
}

#[test]
fn rows_of_one_person_agree() {
    let header = "name,email,time_zone,team,lead\r\n";
    let csv = format!(
        "\u{feff}{header}\r\nAda,ada@example.com,UTC,One,no\r\nAda L,ADA@example.com,Asia/Tokyo,Two,no\r\n\
         Ada,ada@example.com,UTC,one,yes\r\nAda,ada@example.com,UTC,One\r\n"
    );
    let found = problems(&[("people.csv", &csv)]);
    assert_eq!(
        found,
        [
            "people.csv:4: The same e-mail has the name “Ada” on line 3 and “Ada L” here.",
            "people.csv:4: Ada L has the time zone UTC on line 3 and Asia/Tokyo here.",
            "people.csv:5: Ada is listed in one twice; keep one row a team.",
            "people.csv:6: The row has 4 fields instead of 5: name,email,time_zone,team,lead",
        ]
    );
}

#[test]
fn a_faulty_row_is_reported_once() {
    let people = people().replace(
        "ada.lindqvist@example.com,Europe/Stockholm",
        "ada.lindqvist@example.com,Nowhere",
    );
    let found = problems(&[
        ("people.csv", &people),
        ("areas/payments.toml", &payments()),
    ]);
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn the_database_knows_people_and_codes_as_well() {
    let people = people().replace(
        "Ada Lindqvist,ada.lindqvist@example.com",
        "Eve Holm,eve.holm@example.com",
    );
    let files = [
        ("people.csv", people.as_str()),
        ("areas/payments.toml", &payments()),
    ];
    let mut existing = Existing::default();
    let ada = |left| ExistingPerson {
        id: 1,
        name: "Ada Lindqvist".into(),
        time_zone: "UTC".into(),
        left,
        teams: Default::default(),
    };
    existing
        .people
        .insert("ada.lindqvist@example.com".into(), ada(None));
    assert!(read(&folder(&files), &existing, today()).is_ok());
    existing.people.insert(
        "ada.lindqvist@example.com".into(),
        ada(Day::parse("2026-10-01")),
    );
    let found = read(&folder(&files), &existing, today()).unwrap_err();
    assert!(
        found
            .iter()
            .all(|p| p.sentence.contains("was deactivated on 2026-10-01")),
        "{found:#?}"
    );
    assert_eq!(found.len(), 2);

    let mut known = fresh(&[
        ("people.csv", &super::people()),
        ("areas/payments.toml", &payments()),
    ])
    .unwrap();
    let area = existing_area(known.areas.remove(0));
    let mut existing = Existing::default();
    existing.areas.insert("checkout".into(), area.clone());
    let files = [
        ("people.csv", super::people()),
        ("areas/payments.toml", payments()),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let found = read(&folder(&files), &existing, today()).unwrap_err();
    assert!(
        found[0].sentence.contains("belongs to the area checkout"),
        "{found:#?}"
    );
    let mut other = area;
    other.fields.code = "CHK".into();
    existing.areas = [("payments".to_owned(), other)].into();
    let found = read(&folder(&files), &existing, today()).unwrap_err();
    assert!(
        found[0]
            .sentence
            .contains("has the code CHK; it cannot become PAY"),
        "{found:#?}"
    );
    let area = payments().replace("PAY-", "CHK-");
    let files = [("people.csv", files[0].1), ("areas/payments.toml", &area)];
    let found = read(&folder(&files), &existing, today()).unwrap_err();
    assert_eq!(found.len(), 1, "a changed code is one mistake: {found:#?}");
}

#[test]
fn an_area_says_how_much_practice_it_needs_and_how_clearances_end() {
    let read = |area: &str| {
        let read = fresh(&[("people.csv", &people()), ("areas/payments.toml", area)]);
        read.unwrap().areas.remove(0)
    };
    let area = read(&payments());
    assert_eq!(
        area.fields.rule().words(),
        "1 practice in 90 days, of on-call shifts and real incidents"
    );
    assert_eq!(area.fields.validity().words(), "12 months");
    // Nothing more than before is needed.
    let before: String = payments()
        .lines()
        .filter(|line| !line.starts_with("practice"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(read(&before).fields.rule().words(), "1 practice in 90 days");
    let other = payments()
        .replacen("validity_months = 12", "ends = \"never\"", 1)
        .replacen("practices = 1", "practice_minutes = 600", 1)
        .replacen("until = 2027-03-01", "#", 1);
    let area = read(&other);
    assert_eq!(area.fields.validity().words(), "without an end date");
    assert_eq!(
        area.fields.rule().words(),
        "600 minutes of practice in 90 days, of on-call shifts and real incidents"
    );
    assert_eq!(area.cleared[0].1, Day::NEVER);
}
