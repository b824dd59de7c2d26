//! Every mail there is, as its receiver reads it. `letters.txt` holds them all: read it as somebody who is tired. A change of
//! words is written there by `CHECKRIDE_WRITE_LETTERS=1`.

use std::fmt::Write as _;
use std::path::PathBuf;

use checkride::domain::notification::Kind;
use checkride::domain::notification::model::Cause;
use checkride::domain::outbox::Letter;
use checkride::domain::people::model::Person;
use checkride::mail::Mail;
use checkride::usecases::notify::letter::Reader;
use mail_parser::MessageParser;

use crate::notify::letters;
use crate::support::app::kept_mail;
use crate::support::{Role, Site, at};

const ME: i64 = 7;
const OTHER: i64 = 8;
const HEADERS: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// What is told of a kind, to whom it is about and to others where they read something else.
fn causes(kind: Kind) -> Vec<Cause> {
    let day = at("2026-12-23T00:00:00Z").day();
    let moment = at("2026-11-26T10:00:00Z");
    let on = |object: &str, path: &str| Cause::new(kind, object.into(), path.into());
    let both = |object: &str, path: &str, change: fn(Cause) -> Cause| {
        let cause = change(on(object, path));
        vec![cause.clone().of_ramp(3, ME, 2), cause.of_ramp(3, OTHER, 2)]
    };
    let mine = |cause: Cause| vec![cause.of_ramp(3, ME, 2)];
    let theirs = |cause: Cause| vec![cause.of_ramp(3, OTHER, 2)];
    match kind {
        Kind::RampAsked => vec![
            on("ramp_request:6", "/areas/payments/queue")
                .about(OTHER)
                .area(2),
        ],
        Kind::RampDeclined => vec![
            on("ramp_request:6", "/areas/payments/queue")
                .about(ME)
                .area(2),
        ],
        Kind::RampReminder => ["", "Please plan the next session"]
            .map(|words| on("ramp:3", "/ramps/3").titled(words).of_ramp(3, OTHER, 2))
            .to_vec(),
        Kind::RampProposed => both("ramp:3", "/ramps/3", |c| c),
        Kind::SignoffWaits => theirs(on("signoff:9", "/sign-offs/9").titled("first key")),
        Kind::WaiverAsked => theirs(on("ramp:3", "/ramps/3/waivers")),
        Kind::Unsupervised => theirs(on("clearance:4", "/clearances/4")),
        Kind::SignoffPossible => both("ramp:3", "/ramps/3/sign-off", |c| c),
        Kind::SessionToRecord => theirs(on("session:5", "/sessions/5").at(moment)),
        Kind::ShiftRuns => both("shift:6", "/shifts/6", |c| c.at(at("2026-11-26T18:00:00Z"))),
        Kind::DebriefDue => theirs(on("shift:6", "/shifts/6/debrief").due_on(day)),
        Kind::DrillWaits => vec![
            on("drill:2", "/drills/2")
                .area(2)
                .titled("Lost region")
                .at(moment),
        ],
        Kind::ClubToClose => vec![
            on("club:1", "/clubs/1")
                .titled("The night of the queue")
                .at(moment),
        ],
        Kind::ObservationAsked => {
            theirs(on("asked:4", "/observations/4").titled("PAY-I2").at(moment))
        }
        Kind::GapsOpen => theirs(on("ramp:3", "/ramps/3#gaps")),
        Kind::ItemsToCheck => theirs(on("ramp:3", "/ramps/3/checklist")),
        Kind::FlagsOpen => vec![on("area:2", "/areas/payments/standard/flags").area(2)],
        Kind::KpiNote => vec![
            on("kpi:coverage:area:2", "/kpis/areas/payments/coverage/note")
                .titled("Coverage, Payments"),
        ],
        Kind::KpiMissed | Kind::KpiMet => vec![
            on("kpi:coverage:area:2", "/kpis/areas/payments/coverage")
                .titled("Coverage, Payments")
                .due_on(at("2026-11-22T00:00:00Z").day()),
        ],
        Kind::RotaFindings => vec![
            on("area:2", "/areas/payments/rota")
                .area(2)
                .titled("2 findings"),
        ],
        Kind::SignoffOld => theirs(on("signoff:9", "/sign-offs/9").at(moment)),
        Kind::MentorNamed => theirs(on("ramp:3", "/ramps/3")),
        Kind::SessionPlanned | Kind::SessionMoved | Kind::SessionCancelled => {
            both("session:5", "/sessions/5", |c| {
                c.at(at("2026-11-26T10:00:00Z"))
            })
        }
        Kind::SessionHandedOver => both("session:5", "/sessions/5", |c| {
            c.titled("Bo Li").at(at("2026-11-26T10:00:00Z"))
        }),
        Kind::SessionRecorded => both("session:5", "/sessions/5", |c| {
            c.at(at("2026-11-20T10:00:00Z"))
        }),
        Kind::FeedbackGiven => mine(on("session:5", "/sessions/5").at(moment)),
        Kind::ShiftPlanned => ["planned", "moved", "cancelled"]
            .map(|how| {
                on("shift:6", "/shifts/6")
                    .titled(how)
                    .at(moment)
                    .of_ramp(3, ME, 2)
            })
            .to_vec(),
        Kind::DrillPlanned | Kind::DrillChanged | Kind::DrillLeft | Kind::DrillCancelled => {
            vec![
                on("drill:2", "/drills/2")
                    .area(2)
                    .titled("Lost region")
                    .at(moment),
            ]
        }
        Kind::ClubPlanned | Kind::ClubCancelled => {
            let club = on("club:1", "/clubs/1").at(moment);
            vec![club.clone().titled("The night of the queue"), club]
        }
        Kind::Assessed => both("ramp:3", "/ramps/3/competencies", |c| {
            c.titled("2 competencies")
        }),
        Kind::ObservationAnswered => {
            mine(on("ramp:3", "/ramps/3/competencies/PAY-I2").titled("PAY-I2"))
        }
        Kind::Mentioned | Kind::Answered | Kind::Commented => {
            let mut all = both("ramp:3", "/comments/12", |c| c);
            all.push(on("postmortem:1", "/comments/13").titled("The night of the queue"));
            all
        }
        Kind::SignoffReturned => both("signoff:9", "/sign-offs/9", |c| c),
        Kind::Cleared => {
            let mut all = both("clearance:4", "/clearances/4", |c| {
                c.titled("until").due_on(at("2027-11-23T00:00:00Z").day())
            });
            all.extend(both("clearance:4", "/clearances/4", |c| {
                c.titled("practise by")
                    .due_on(at("2027-02-21T00:00:00Z").day())
            }));
            all
        }
        Kind::ClearanceChanged => both("clearance:4", "/clearances/4", |c| c.titled("suspended")),
        Kind::InterimDecided => ["granted", "extended", "changed the supervisor of"]
            .map(|how| {
                on("clearance:4", "/clearances/4")
                    .titled(how)
                    .due_on(day)
                    .of_ramp(3, ME, 2)
            })
            .to_vec(),
        Kind::WaiverDecided => ["granted", "refused", "revoked"]
            .map(|how| {
                on("ramp:3", "/ramps/3/waivers")
                    .titled(how)
                    .of_ramp(3, ME, 2)
            })
            .to_vec(),
        Kind::DeltaAsked => mine(on("clearance:4", "/clearances/4").due_on(day)),
        Kind::Expiring => {
            let mut all = mine(on("clearance:4", "/clearances/4").due_on(day));
            let week = on("clearance:4", "/clearances/4").due_on(at("2026-11-30T00:00:00Z").day());
            all.extend([week.clone().of_ramp(3, ME, 2), week.of_ramp(3, OTHER, 2)]);
            all
        }
        Kind::PracticeDue => mine(on("clearance:4", "/clearances/4").due_on(day)),
        Kind::Lapsed => both("clearance:4", "/clearances/4", |c| {
            c.due_on(at("2026-11-22T00:00:00Z").day())
        }),
        Kind::StalePairing => both("ramp:3", "/ramps/3/sessions/plan", |c| {
            c.at(at("2026-10-12T10:00:00Z"))
        }),
        Kind::PromiseDue => both("ramp:3", "/ramps/3/sessions#next-actions", |c| {
            c.titled("Read the failover runbook.")
                .at(at("2026-11-09T10:00:00Z"))
                .due_on(at("2026-12-23T00:00:00Z").day())
        }),
        // Its own letter is below: it is made of what the week brings.
        Kind::Weekly => Vec::new(),
    }
}

fn of_kind(kind: Kind) -> Vec<(String, Letter)> {
    let me = Person {
        id: ME,
        handle: "amara-okafor".into(),
        name: "Amara Okafor".into(),
        email: "amara.okafor@example.com".into(),
        time_zone: "Africa/Lagos".into(),
        is_admin: false,
        deactivated_at: None,
    };
    let is_reminder = kind.is_reminder();
    let letter = |cause: Cause| {
        let reader = Reader {
            person: &me,
            actor: if is_reminder { "" } else { "Ines Duarte" },
            subject: match cause.subject_id {
                Some(ME) => "Amara Okafor",
                Some(_) => "Kenji Sato",
                None => "",
            },
            area: if cause.area_id.is_some() {
                "Payments"
            } else {
                ""
            },
            now: at("2026-11-23T09:00:00Z"),
        };
        let about = match cause.subject_id {
            Some(ME) => "about the reader",
            Some(_) => "about someone else",
            None => "about no one",
        };
        let mut letter = reader.letter(&cause);
        letter.invites_to = None;
        (format!("{}, {about}", kind.word()), letter)
    };
    causes(kind).into_iter().map(letter).collect()
}

/// Those that are not about one thing.
fn others() -> Vec<(String, Letter)> {
    let mut all = Vec::new();
    let site = Site::open();
    let act = site.act(Role::Administrator);
    site.app.db(|c| {
        let person = checkride::domain::people::store::by_id(c, site.mentee.id)?.unwrap();
        checkride::usecases::invite::actions::mail(c, &act, &person)
    });
    all.extend(
        letters(&site.app, &site.mentee)
            .pop()
            .map(|l| ("invited".into(), l)),
    );
    site.app
        .db(|c| checkride::usecases::invite::reset::request(c, &act, &site.mentor.email));
    all.extend(
        letters(&site.app, &site.mentor)
            .pop()
            .map(|l| ("reset".into(), l)),
    );
    site.client(Role::Stranger);
    site.client(Role::Stranger);
    all.extend(
        letters(&site.app, &site.stranger)
            .pop()
            .map(|l| ("new sign-in place".into(), l)),
    );
    site.ask_for_signoff();
    site.app.rounds();
    for (who, member) in [
        ("mentee", &site.mentee),
        ("mentor", &site.mentor),
        ("lead", &site.owner_lead),
    ] {
        let weekly = letters(&site.app, member)
            .into_iter()
            .find(|l| l.subject.starts_with("Your week"));
        all.push((format!("weekly, {who}"), weekly.unwrap()));
    }
    site.client(Role::Mentor)
        .record_session(
            site.ramp_id,
            "Looked at the dashboards",
            &[("another", "1")],
        )
        .assert_status(303);
    site.app.wait_hours(24);
    site.app.rounds();
    let daily = letters(&site.app, &site.mentee)
        .into_iter()
        .find(|l| l.subject.starts_with("Today"));
    all.push(("daily".into(), daily.unwrap()));
    all.push(("test".into(), checkride::mail::test_letter()));
    all
}

/// The mail as it would arrive, read by another library.
fn shown(letter: &Letter) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mail = Mail::new(&kept_mail(folder.path()), "https://ride.example").unwrap();
    let mut letter = letter.clone();
    letter.unsubscribe = letter
        .ends
        .as_ref()
        .map(|word| format!("/mail/SECRET/{word}"));
    super::send(&mail, &letter, "notification-1.2");
    let mut files = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|f| f.unwrap().path());
    let file = files
        .find(|f| f.extension().is_some_and(|e| e == "eml"))
        .unwrap();
    let bytes = std::fs::read(file).unwrap();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    let mut text = String::new();
    for name in HEADERS {
        let value = match name {
            "Subject" => parsed.subject(),
            other => parsed.header_raw(other),
        };
        if let Some(value) = value {
            let line: Vec<&str> = value.split_whitespace().collect();
            writeln!(text, "{name}: {}", line.join(" ")).unwrap();
        }
    }
    let body = parsed.body_text(0).unwrap().replace("\r\n", "\n");
    let (_, path) = letter.button.as_ref().expect("every mail leads somewhere");
    let link = format!("\nhttps://ride.example{path}\n");
    assert_eq!(body.matches(&link).count(), 1, "one permalink: {body}");
    assert!(
        parsed
            .body_html(0)
            .unwrap()
            .contains(&format!("https://ride.example{path}"))
    );
    text.push('\n');
    text.push_str(&body);
    without_secrets(&text)
}

/// The secret of a link differs from run to run.
fn without_secrets(text: &str) -> String {
    let mut parts = text.split("/invite/");
    let mut said = parts.next().unwrap().to_owned();
    for rest in parts {
        write!(said, "/invite/SECRET{}", &rest[64..]).unwrap();
    }
    said
}

#[test]
fn every_mail_reads_as_it_is_written_down() {
    let mut all: Vec<(String, Letter)> = Kind::ALL.iter().flat_map(|kind| of_kind(*kind)).collect();
    all.extend(others());
    for kind in Kind::ALL {
        let is_there = all.iter().any(|(name, _)| name.starts_with(kind.word()));
        assert!(is_there, "no mail of {kind:?} is written down");
    }
    let mut text = String::new();
    for (name, letter) in &all {
        writeln!(text, "======== {name}\n\n{}", shown(letter)).unwrap();
    }
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail/letters.txt");
    if std::env::var_os("CHECKRIDE_WRITE_LETTERS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    for (one, other) in kept.split("======== ").zip(text.split("======== ")) {
        assert_eq!(one, other);
    }
    assert_eq!(kept, text);
}

#[test]
fn what_belongs_to_a_ramp_is_one_thread() {
    for kind in Kind::ALL {
        for (name, letter) in of_kind(*kind) {
            let is_apart = matches!(
                kind,
                Kind::DrillWaits
                    | Kind::DrillPlanned
                    | Kind::DrillCancelled
                    | Kind::ClubToClose
                    | Kind::ClubPlanned
                    | Kind::ClubCancelled
                    | Kind::FlagsOpen
                    | Kind::KpiNote
                    | Kind::KpiMissed
                    | Kind::KpiMet
                    | Kind::RotaFindings
                    | Kind::RampAsked
                    | Kind::RampDeclined
            ) || name.ends_with("about no one");
            let expected = (!is_apart).then_some("ramp:3");
            let thread = letter.thread.as_deref().filter(|_| !is_apart);
            assert_eq!(thread, expected, "{name}");
        }
    }
}
