use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

const LOOPBACK: &str = "127.0.0.0/8,::1/128";

fn inside() -> Networks {
    Networks::parse(LOOPBACK).unwrap()
}

fn address(text: &str) -> Address {
    Address::kept(text).unwrap()
}

/// Serves every connection with `serve` until the test process ends; tells the first line of each request.
fn server(serve: fn(&mut dyn Conversation)) -> (u16, Receiver<String>) {
    listen(move |tcp| Some(Box::new(tcp)), serve)
}

trait Conversation: Read + Write {}
impl<T: Read + Write> Conversation for T {}

fn listen(
    open: impl Fn(TcpStream) -> Option<Box<dyn Conversation>> + Send + 'static,
    serve: fn(&mut dyn Conversation),
) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = channel();
    thread::spawn(move || {
        for tcp in listener.incoming().map_while(Result::ok) {
            let Some(mut talk) = open(tcp) else { continue };
            let mut first = String::new();
            let mut reader = BufReader::new(&mut talk);
            if reader.read_line(&mut first).is_err() {
                continue;
            }
            let mut length = 0;
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                let lower = line.to_ascii_lowercase();
                if let Some(n) = lower.strip_prefix("content-length:") {
                    length = n.trim().parse().unwrap();
                }
                first.push_str(&lower);
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            first.push_str(&String::from_utf8(body).unwrap());
            if tell.send(first).is_err() {
                return;
            }
            serve(&mut talk);
        }
    });
    (port, told)
}

/// What the other side refuses to read is its own business.
fn say(talk: &mut dyn Conversation, text: &[u8]) -> bool {
    talk.write_all(text).and_then(|()| talk.flush()).is_ok()
}

fn well(talk: &mut dyn Conversation) {
    say(
        talk,
        b"HTTP/1.1 200 OK\r\nETag: \"7\"\r\nContent-Length: 4\r\n\r\nwell",
    );
}

#[test]
fn what_is_sent_arrives_with_its_headers_and_the_answer_is_read() {
    let (port, told) = server(well);
    let to = address(&format!("http://127.0.0.1:{port}/hooks/1?key=2"));
    let outgoing = Outgoing::new(inside());

    let answer = outgoing
        .post(&to, &[("webhook-id", "msg_1")], b"{\"a\":1}")
        .unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"well"[..]));
    let request = told.recv().unwrap();
    assert!(
        request.starts_with("POST /hooks/1?key=2 HTTP/1.1\r\n"),
        "{request}"
    );
    for part in [
        "webhook-id: msg_1\r\n",
        "content-type: application/json\r\n",
        "user-agent: checkride/",
    ] {
        assert!(request.contains(part), "{part} in {request}");
    }
    assert!(request.ends_with("{\"a\":1}"), "{request}");

    let answer = outgoing
        .get(&to, &[("if-none-match", "\"7\"")], 100)
        .unwrap();
    assert_eq!(
        (answer.header("etag"), answer.body.len()),
        (Some("\"7\""), 4)
    );
    assert!(told.recv().unwrap().contains("if-none-match: \"7\""));
}

#[test]
fn nothing_is_sent_to_this_machine_under_any_of_its_names() {
    let (port, told) = server(well);
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[::]",
    ] {
        for scheme in ["http", "https"] {
            let to = address(&format!("{scheme}://{host}:{port}/"));
            let refused = Outgoing::default().post(&to, &[], b"{}").unwrap_err();
            assert_eq!(refused, Failure::Closed, "{}", to.as_str());
            assert_eq!(
                Outgoing::default().get(&to, &[], 10).unwrap_err(),
                Failure::Closed
            );
        }
    }
    assert!(told.try_recv().is_err(), "nobody connected");
    // Another allowed network opens no door, and without TLS the internet is none.
    let elsewhere = Outgoing::new(Networks::parse("10.0.0.0/8").unwrap());
    let to = address(&format!("http://localhost:{port}/"));
    assert_eq!(elsewhere.get(&to, &[], 10).unwrap_err(), Failure::Closed);
    let plain = address("http://1.1.1.1/");
    assert_eq!(elsewhere.get(&plain, &[], 10).unwrap_err(), Failure::Closed);
}

#[test]
fn a_redirect_is_an_answer_and_leads_nowhere() {
    let (port, told) = server(|talk| {
        say(
            talk,
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n",
        );
    });
    let to = address(&format!("http://127.0.0.1:{port}/first"));
    for answer in [
        Outgoing::new(inside()).post(&to, &[], b"{}").unwrap(),
        Outgoing::new(inside()).get(&to, &[], 100).unwrap(),
    ] {
        assert_eq!(answer.status, 307);
        assert!(told.recv().unwrap().contains("/first"));
    }
    assert!(told.try_recv().is_err(), "asked once each");
}

#[test]
fn who_answers_drop_by_drop_is_given_up() {
    let (port, _told) = server(|talk| {
        say(talk, b"HTTP/1.1 200 OK\r\n");
        while say(talk, b"X-Drop: 1\r\n") {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let short = Outgoing::with(inside(), Vec::new(), Duration::from_millis(300));
    let to = address(&format!("http://127.0.0.1:{port}/"));
    let said = short.get(&to, &[], 100).unwrap_err();
    assert!(matches!(said, Failure::Slow | Failure::Large), "{said}");

    let (port, _told) = server(|talk| {
        say(talk, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while say(talk, b".") {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let to = address(&format!("http://127.0.0.1:{port}/"));
    assert_eq!(short.get(&to, &[], 2_000_000).unwrap_err(), Failure::Slow);
    // The status is the answer to something sent.
    assert_eq!(short.post(&to, &[], b"{}").unwrap().status, 200);
}

#[test]
fn an_endless_answer_is_not_read_to_its_end() {
    let (port, _told) = server(|talk| {
        say(
            talk,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        );
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        while say(talk, chunk.as_bytes()) {}
    });
    let to = address(&format!("http://127.0.0.1:{port}/"));
    let outgoing = Outgoing::new(inside());
    assert_eq!(outgoing.get(&to, &[], 1 << 20).unwrap_err(), Failure::Large);
    let answer = outgoing.post(&to, &[], b"{}").unwrap();
    assert_eq!(answer.body.len(), 2 << 10);

    let (port, _told) = server(|talk| {
        let long = format!(
            "HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n",
            "x".repeat(64 << 10)
        );
        say(talk, long.as_bytes());
    });
    let to = address(&format!("http://127.0.0.1:{port}/"));
    assert!(outgoing.get(&to, &[], 10).is_err());
}

#[test]
fn who_cannot_prove_their_name_gets_nothing() {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let names = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let own = names.signed_by(&key, &issuer).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![own.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
    let config = Arc::new(config);
    let open = move |tcp| -> Option<Box<dyn Conversation>> {
        let tls = ServerConnection::new(config.clone()).unwrap();
        Some(Box::new(StreamOwned::new(tls, tcp)))
    };
    let (port, told) = listen(open, well);
    let trusting = Outgoing::with(
        inside(),
        vec![Certificate::from_der(root.der()).to_owned()],
        WITHIN,
    );

    let to = address(&format!("https://localhost:{port}/"));
    assert_eq!(trusting.get(&to, &[], 100).unwrap().body, b"well");
    told.recv().unwrap();
    let other_name = address(&format!("https://127.0.0.1:{port}/"));
    let said = trusting.get(&other_name, &[], 100).unwrap_err();
    assert!(matches!(said, Failure::Certificate(_)), "{said}");
    let said = Outgoing::new(inside()).get(&to, &[], 100).unwrap_err();
    assert!(matches!(said, Failure::Certificate(_)), "{said}");
    assert!(told.try_recv().is_err(), "no request was made");
}

#[test]
fn a_name_that_nobody_has_and_a_port_where_nobody_listens_are_said() {
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let said = Outgoing::new(inside())
        .get(&address(&format!("http://{gone}/")), &[], 10)
        .unwrap_err();
    assert_eq!(said, Failure::Broken("connection refused".into()));
    let said = Outgoing::default()
        .get(&address("https://chat.invalid/"), &[], 10)
        .unwrap_err();
    assert_eq!(said, Failure::NoSuchHost);
}
