//! How little goes over the wire: compressed pages and assets, and a second visit that asks for nothing but the page.

use std::collections::BTreeSet;
use std::io::Read;

use checkride::web::assets::assets;
use flate2::read::GzDecoder;

use crate::support::browser::Browser;
use crate::support::client::words_of;
use crate::support::{Answer, Client, Demo, Role, Site, path};

fn files() -> [&'static str; 4] {
    let all = assets();
    [all.css, all.js, all.icons, all.favicon]
}

fn zipped(client: &Client) -> Client {
    client.with("accept-encoding", "gzip, deflate, br, zstd")
}

fn unzipped(answer: &Answer) -> Vec<u8> {
    assert_eq!(
        answer.header("content-encoding"),
        "gzip",
        "{}",
        answer.text()
    );
    let mut plain = Vec::new();
    GzDecoder::new(&answer.bytes[..])
        .read_to_end(&mut plain)
        .unwrap();
    plain
}

/// Everything that caches are told to look at.
fn varies_by(answer: &Answer) -> String {
    let all = answer.headers.get_all("vary").iter();
    all.map(|v| v.to_str().unwrap())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Bytes of an answer, its headers as they are written included.
fn weight(answer: &Answer) -> usize {
    let headers = answer.headers.iter();
    answer.bytes.len()
        + headers
            .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
            .sum::<usize>()
}

#[test]
fn an_asset_is_sent_compressed_and_is_the_same_file() {
    let site = Site::open();
    let client = site.app.client();
    for file in files() {
        let plain = client.get(file);
        plain.assert_status(200);
        assert_eq!(plain.header("content-encoding"), "", "{file}");
        let small = zipped(&client).get(file);
        assert_eq!(unzipped(&small), plain.bytes, "{file}");
        assert!(small.bytes.len() < plain.bytes.len(), "{file}");
        for answer in [&plain, &small] {
            assert_eq!(
                answer.header("cache-control"),
                "public, max-age=31536000, immutable"
            );
            assert_eq!(varies_by(answer), "Accept-Encoding");
        }
        assert_eq!(plain.header("content-type"), small.header("content-type"));
    }
}

#[test]
fn who_does_not_take_gzip_gets_none() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    for accepted in ["identity", "gzip;q=0", "br, zstd"] {
        let client = client.with("accept-encoding", accepted);
        for path in ["/", assets().css] {
            let answer = client.get(path);
            answer.assert_status(200);
            assert_eq!(
                answer.header("content-encoding"),
                "",
                "{path} for {accepted}"
            );
        }
    }
}

#[test]
fn a_page_is_sent_compressed_and_says_the_same() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    for path in ["/", "/board", "/areas"] {
        let plain = client.get(path);
        let small = zipped(&client).get(path);
        assert_eq!(small.status, plain.status);
        let body = String::from_utf8(unzipped(&small)).unwrap();
        assert_eq!(words_of(&body), plain.text());
        assert!(small.bytes.len() < plain.bytes.len(), "{path}");
        for answer in [&plain, &small] {
            assert_eq!(varies_by(answer), "X-Fragment, Cookie, Accept-Encoding");
            assert_eq!(answer.header("cache-control"), "private, no-cache");
        }
    }
}

#[test]
fn the_headers_of_something_compressed_are_those_of_the_thing_itself() {
    let site = Site::open();
    let client = zipped(&site.client(Role::Mentor));
    for path in ["/account", assets().css] {
        let (whole, headers) = (client.get(path), client.head(path));
        headers.assert_status(200);
        assert!(headers.bytes.is_empty());
        for name in ["content-type", "content-encoding", "cache-control"] {
            assert_eq!(headers.header(name), whole.header(name), "{path} {name}");
        }
        assert_eq!(varies_by(&headers), varies_by(&whole));
    }
}

#[test]
fn what_has_no_body_is_left_alone() {
    let site = Site::open();
    let client = zipped(&site.client(Role::Mentor));
    let answer = client.send(path::TIME_ZONE, &[("time_zone", "UTC")]);
    answer.assert_status(303);
    assert_eq!(answer.header("content-encoding"), "");
    assert!(answer.bytes.is_empty());
    let small = client.get("/healthz");
    assert_eq!(small.header("content-encoding"), "");
    assert_eq!(small.body, "alive");
}

#[test]
fn a_first_visit_is_light_and_a_second_one_asks_for_the_page_alone() {
    let site = Site::open();
    let client = zipped(&site.client(Role::Mentor));
    let page = client.get("/");
    let html = String::from_utf8(unzipped(&page)).unwrap();
    let linked: BTreeSet<&str> = html
        .split("=\"")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '#']).next())
        .filter(|address| address.starts_with("/assets/"))
        .collect();
    assert_eq!(linked, BTreeSet::from(files()));
    let mut first = weight(&page);
    for file in &linked {
        let answer = client.get(file);
        assert!(answer.header("cache-control").contains("immutable"));
        first += weight(&answer);
    }
    assert!(linked.len() <= 4, "besides the page: {linked:?}");
    assert!(first < 35_000, "a first visit is {first} bytes");
    let second = weight(&page);
    assert!(second < 10_000, "a second visit is {second} bytes");
}

#[test]
fn a_browser_keeps_the_assets() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("mentor");
    browser.devtools("Network.clearBrowserCache", serde_json::json!({}));
    // The page and what it asked for: how many came over the wire, and how many bytes they were.
    let came = || {
        let sizes = browser.script(
            "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] \
             .map((e) => e.transferSize).filter((bytes) => bytes > 0)",
            vec![],
        );
        let sizes: Vec<u64> = serde_json::from_value(sizes).unwrap();
        (sizes.len(), sizes.iter().sum::<u64>())
    };
    browser.goto("/");
    let (requests, bytes) = came();
    assert!((4..=5).contains(&requests), "{requests} requests");
    assert!(bytes < 35_000, "{bytes} bytes");
    browser.goto("/");
    let (requests, bytes) = came();
    assert_eq!(requests, 1);
    assert!(bytes < 10_000, "{bytes} bytes");
}
