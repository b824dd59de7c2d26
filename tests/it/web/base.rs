//! Below a base path, at a socket, and under a name that nobody gave us.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use checkride::web::guard::Rules;

use crate::support::factory::PASSWORD;
use crate::support::process::{checkride, checkride_on, printed, refused};
use crate::support::{Database, Role, Site, TestApp};

/// Addresses of this site in a page.
fn addresses(page: &str) -> BTreeSet<String> {
    let after = |mark: &str| {
        let all = page.split(mark).skip(1);
        all.filter_map(|rest| Some(rest.split_once('"')?.0.split('#').next()?.to_owned()))
            .filter(|to| to.starts_with('/'))
            .collect::<BTreeSet<String>>()
    };
    let marks = [" href=\"", " action=\"", " formaction=\"", " src=\""];
    marks.into_iter().flat_map(after).collect()
}

#[test]
fn below_a_base_path_every_link_form_and_answer_leads_below_it() {
    let site = Site::open_on(TestApp::start_with(|app| {
        app.rules = Rules {
            public_url: Some("http://ride.example".into()),
            base_path: "/checkride".into(),
            ..Rules::default()
        };
    }));
    let lead = site.member(Role::OwnerLead).unwrap();
    let client = site.app.client();
    let sign_in = [("email", lead.email.as_str()), ("password", PASSWORD)];
    let answer = client.post("/checkride/sign-in", &sign_in);
    answer.assert_leads_to("/checkride/");
    assert!(
        answer
            .set_cookie("checkride")
            .unwrap()
            .contains("Path=/checkride")
    );
    client.get("/board").assert_status(404);
    client.get("/checkrides").assert_status(404);
    client.get("/healthz").assert_status(200);
    let meant = client.get("/checkride/Board/");
    meant.assert_status(308);
    assert_eq!(meant.header("location"), "/checkride/board");

    let mut seen: BTreeSet<String> = ["/checkride".to_owned()].into();
    let mut next: Vec<String> = seen.iter().cloned().collect();
    while let Some(path) = next.pop() {
        let page = client.get(&path);
        assert_eq!(page.status, 200, "{path}");
        for to in addresses(&page.body) {
            assert!(to.starts_with("/checkride/"), "{path} leads to {to}");
            let is_page = page.body.contains(&format!("href=\"{to}\""));
            if is_page && seen.len() < 60 && seen.insert(to.clone()) {
                next.push(to);
            }
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
}

#[test]
fn a_name_that_nobody_gave_us_is_not_ours() {
    let app = TestApp::start();
    for (host, status) in [
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example:8380", 421),
        ("localhost:8380", 200),
        ("192.0.2.7", 200),
        ("[::1]:8380", 200),
    ] {
        let client = app.client().with("host", host);
        let answer = client.get("/sign-in");
        answer.assert_status(status);
        client.get("/healthz").assert_status(200);
        if status == 421 {
            answer.assert_text("This address is not known");
        }
    }
}

#[test]
fn a_trusted_proxy_answers_for_the_names_it_passes_on() {
    let rules = Rules {
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Rules::default()
    };
    let app = TestApp::start_with(|app| app.rules = rules);
    let proxied = app.client().with("host", "ride.example.com");
    proxied.get("/sign-in").assert_status(200);
}

/// What is answered to a request at a socket.
fn asked(socket: &std::path::Path, request: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_proxy_reaches_us_at_a_socket_and_its_headers_are_believed() {
    let database = Database::migrated();
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let listen = format!("unix:{}", socket.display());
    let public = ["--public-url", "http://ride.example"];
    // A process that was killed left this behind.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let serve = ["serve", "--listen", &listen, public[0], public[1]];
    let mut server = checkride_on(&database, &serve)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let health = ["health", "--listen", &listen, public[0], public[1]];
    let began = Instant::now();
    while !checkride(&health).output().unwrap().status.success() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "it does not start"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(printed(&mut checkride(&health)), "ready\n");
    let second = refused(&mut checkride_on(&database, &serve));
    assert!(second.contains("cannot listen on unix:"), "{second}");
    let plain = "GET /sign-in HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert!(!asked(&socket, plain).contains("strict-transport-security"));
    let secure = plain.replace("host: x", "host: x\r\nx-forwarded-proto: https, http");
    assert!(asked(&socket, &secure).contains("strict-transport-security"));

    let pid = server.id().to_string();
    let mut stop = std::process::Command::new("kill");
    assert!(stop.arg(pid).status().unwrap().success());
    assert!(server.wait().unwrap().success());
    assert!(!socket.exists());
    let gone = refused(&mut checkride(&health));
    assert!(gone.contains("nothing answers at unix:"), "{gone}");
}
