//! `checkride rota check`, as a pipeline runs it.

use std::io::Write;
use std::process::{Output, Stdio};

use checkride::domain::area;
use checkride::domain::area::model::Fields;
use checkride::domain::rota::finding::{Identity, Kind, Who};
use checkride::domain::rota::store;
use serde_json::Value;

use crate::support::Site;
use crate::support::process::checkride_on;

/// Its exit code, and what it printed and complained of.
fn check(site: &Site, rota: &str, more: &[&str]) -> (i32, String, String) {
    let arguments = [&["rota", "check", "--file", "-"], more].concat();
    let mut command = checkride_on(site.app.database(), &arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may refuse before it has read all.
    let _ = child.stdin.take().unwrap().write_all(rota.as_bytes());
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

// The command asks the clock of the machine.
fn soon(who: &str) -> String {
    let from = checkride::clock::Clock::system().now().plus_hours(48);
    format!(
        "BEGIN:VCALENDAR\r\nPRODID:x\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:On call: {who}\r\n\
         DTSTART:{}\r\nDURATION:P1D\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        from.iso().replace(['-', ':'], "")
    )
}

#[test]
fn a_pipeline_can_refuse_a_rota() {
    let site = Site::open();
    let area = ["--area", site.area_slug.as_str()];
    let (code, said, _) = check(&site, &soon("The duty phone"), &area);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("1 shift, 1 finding, 0 accepted."), "{said}");
    assert!(
        said.contains("The duty phone") && said.contains("Unknown person:"),
        "{said}"
    );
    let (code, said, _) = check(
        &site,
        &soon("The duty phone"),
        &["--area", "pay", "--format", "json"],
    );
    let json: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, json["open"].as_i64()), (1, Some(1)));
    let keys = |value: &Value| -> Vec<String> {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        keys
    };
    assert_eq!(
        keys(&json),
        ["area", "at", "days", "findings", "open", "shifts"]
    );
    let finding = &json["findings"][0];
    assert_eq!(
        keys(finding),
        [
            "accepted", "at", "kind", "label", "person", "sentence", "until"
        ]
    );
    assert_eq!(
        (&finding["kind"], &finding["accepted"]),
        (&Value::from("unknown"), &Value::Null)
    );
    let empty = "BEGIN:VCALENDAR\r\nPRODID:x\r\nEND:VCALENDAR\r\n";
    for (rota, more) in [
        // Without shifts it would pass whatever happened to the schedule.
        (empty, &area[..]),
        ("<html>", &area[..]),
        ("start,end,person\nsoon,later,Bo\n", &area),
        (empty, &["--area", "nowhere"]),
        (empty, &["--area", "pay", "--zone", "Mars/Olympus"]),
    ] {
        let (code, said, complained) = check(&site, rota, more);
        assert_eq!((code, said.as_str()), (2, ""), "{complained}");
        assert!(complained.starts_with("checkride: "), "{complained}");
    }
}

#[test]
fn what_was_accepted_on_the_page_passes() {
    let site = Site::open();
    let now = checkride::clock::Clock::system().now();
    let (from, to) = (now.plus_hours(48).rounded_down(60), now.plus_hours(72));
    let rota = format!(
        "start,end,person\n{},{},The duty phone\n",
        from.iso(),
        to.iso()
    );
    let area = ["--area", site.area_slug.as_str()];
    assert_eq!(check(&site, &rota, &area).0, 1);
    let of = Identity {
        at: from,
        who: Who::Named("the duty phone".into()),
        kind: Kind::Unknown,
    };
    let by = (site.mentor.id, now);
    let until = now.day().plus_days(3);
    site.app
        .db(|c| store::accept(c, site.area_id, &of, ("Only a phone", until), by));
    let (code, said, _) = check(&site, &rota, &area);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("Accepted until") && said.contains("Only a phone"),
        "{said}"
    );
}

#[test]
fn one_run_checks_one_area_by_its_name_or_its_code() {
    let site = Site::open();
    let now = site.app.now();
    // The name of one is the code of the other: the name counts.
    let other = site.app.db(|c| {
        let first = area::store::by_id(c, site.area_id)?;
        let fields = Fields {
            name: "Payouts".into(),
            code: "OUT".into(),
            ..Fields::of(&first)
        };
        Ok(area::store::insert(
            c,
            "pay",
            &fields,
            first.owner_team_id,
            now,
        )?)
    });
    let rota = soon("The duty phone");
    for (word, name) in [
        ("pay", "Payouts"),
        ("Out", "Payouts"),
        ("PAYMENTS", "Payments"),
    ] {
        let (code, said, _) = check(&site, &rota, &["--area", word]);
        assert_eq!(code, 1, "{said}");
        assert!(said.starts_with(&format!("{name}, next 28 days")), "{said}");
    }
    site.app
        .db(|c| area::store::set_archived(c, other, true, now));
    let (_, said, _) = check(&site, &rota, &["--area", "pay"]);
    assert!(said.starts_with("Payments, "), "{said}");
    for (area, sentence) in [
        (&["--area", "nowhere"][..], "there is no area nowhere"),
        (&["--area", "out"], "there is no area out"),
        (
            &["--area", "payments", "--area", "pay"],
            "cannot be used multiple times",
        ),
        (&[], "--area"),
    ] {
        let (code, said, complained) = check(&site, &rota, area);
        assert_eq!((code, said.as_str()), (2, ""), "{area:?}: {complained}");
        assert!(complained.contains(sentence), "{area:?}: {complained}");
    }
}
