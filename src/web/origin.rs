//! Where a request comes from: its address behind our proxies, and whether a page of this site sent it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::Uri;
use actix_web::http::header::{self, HeaderMap, HeaderName};

use super::base::below;
use super::guard::Rules;

/// The client's address. Each proxy appends the address it heard from, on the same line or a new one. Addresses from
/// trusted proxies are followed, from the last hop backwards, until one is not trusted or cannot be read.
/// A peer without an address is at our socket, and only our proxy gets there.
pub(super) fn address(peer: Option<IpAddr>, headers: &HeaderMap, rules: &Rules) -> Option<IpAddr> {
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut believed = peer.map(|ip| ip.to_canonical());
    for hop in hops {
        let Some(from) = hop_address(hop).filter(|_| is_trusted(believed, rules)) else {
            break;
        };
        believed = Some(from);
    }
    believed
}

/// The address of a hop, with or without a port. An IPv4 address in IPv6 form becomes IPv4.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    hop.parse()
        .ok()
        .or_else(|| hop.parse().ok().map(|with_port: SocketAddr| with_port.ip()))
        .or_else(|| bracketed().map(|v6: Ipv6Addr| v6.into()))
        .map(|ip: IpAddr| ip.to_canonical())
}

pub(super) fn is_trusted(peer: Option<IpAddr>, rules: &Rules) -> bool {
    peer.is_none_or(|ip| {
        let ip = ip.to_canonical();
        rules.trusted_proxies.iter().any(|net| net.contains(&ip))
    })
}

/// A browser says where a request comes from: with `Sec-Fetch-Site`, older ones with `Origin`. A request with neither
/// is not trusted.
pub(super) fn is_own_origin(headers: &HeaderMap, rules: &Rules) -> bool {
    if let Some(site) = text(headers, HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    text(headers, header::ORIGIN).is_some_and(|origin| is_own(origin, headers, rules))
}

/// The path below our base of the page that sent a request, if it is one of this site. As a link it cannot lead anywhere
/// else.
pub(super) fn page_before(headers: &HeaderMap, rules: &Rules) -> Option<String> {
    let referer = text(headers, header::REFERER)?;
    let host = referer.find("://")? + "://".len();
    let (origin, path) = referer.split_at(host + referer.get(host..)?.find('/')?);
    let path = path.split('#').next()?;
    let stays = !path.starts_with("//") && !path.contains('\\');
    let own = stays && is_own(origin, headers, rules);
    below(path, &rules.base_path).filter(|_| own)
}

/// Whether an origin is ours: the public one, or that of the host that was asked.
fn is_own(origin: &str, headers: &HeaderMap, rules: &Rules) -> bool {
    let Ok(theirs) = Origin::parse(origin) else {
        return false;
    };
    let own = match &rules.public_url {
        Some(url) => Origin::parse(url),
        // Which scheme it was asked by is known to the proxy alone.
        None => Origin::parse(&format!(
            "{}://{}",
            theirs.scheme,
            text(headers, header::HOST).unwrap_or_default()
        )),
    };
    own.is_ok_and(|own| own == theirs)
}

/// The host of a request that no setting of ours names; links made from it would lead people to the sender. Without a
/// public address only numbers, this machine and what a trusted proxy passes on are known to be ours.
pub(super) fn foreign_host<'h>(
    peer: Option<IpAddr>,
    headers: &'h HeaderMap,
    rules: &Rules,
) -> Option<&'h str> {
    let host = text(headers, header::HOST).unwrap_or_default();
    let name = Origin::parse(&format!("http://{host}")).map(|o| o.host);
    let name = name.unwrap_or_default();
    let ip = name.trim_start_matches('[').trim_end_matches(']');
    let is_ours = rules.public_url.is_some()
        || is_trusted(peer, rules)
        || ip.parse::<IpAddr>().is_ok()
        || name == "localhost"
        || name.ends_with(".localhost");
    (!is_ours).then_some(host)
}

/// Origin and base path of the address people use, `https://example.com/checkride`; the error says what is wrong.
pub fn public(text: &str) -> Result<(Origin, String), &'static str> {
    let scheme = text.find("://").map_or(0, |at| at + "://".len());
    let (before, behind) = text.split_at(scheme);
    let end = behind.find('/').unwrap_or(behind.len());
    let (authority, path) = behind.split_at(end);
    let base = path.trim_end_matches('/');
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.bytes().all(|b| b == b'.')
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
    };
    if !base.split('/').skip(1).all(is_plain) {
        return Err("its path holds more than letters, digits, `-`, `.`, `_` and `~`");
    }
    Ok((
        Origin::parse(&format!("{before}{authority}"))?,
        base.to_owned(),
    ))
}

/// Scheme, host and port of an address: two spellings of one are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    scheme: &'static str,
    /// In lower case.
    host: String,
    port: u16,
}

impl Origin {
    /// Reads `https://ride.example` or `http://[::1]:8380`; the error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let uri: Uri = text
            .parse()
            .map_err(|_| "it is not an address like https://checkride.example.com")?;
        let scheme = match uri.scheme_str().map(str::to_ascii_lowercase).as_deref() {
            Some("https") => "https",
            Some("http") => "http",
            _ => return Err("it begins with neither https:// nor http://"),
        };
        let authority = uri.authority().map_or("", |a| a.as_str());
        if authority.contains('@') {
            return Err("it holds a user name");
        }
        if uri.path() != "/" && !uri.path().is_empty() {
            return Err("it holds a path");
        }
        if uri.query().is_some() {
            return Err("it holds a query");
        }
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        if host.is_empty() {
            return Err("it is not an address like https://checkride.example.com");
        }
        let port = match uri.port_u16() {
            Some(port) => port,
            None if authority.len() == host.len() => own_port(scheme),
            None => return Err("its port is not a number up to 65535"),
        };
        Ok(Self { scheme, host, port })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if self.port == own_port(self.scheme) {
            Ok(())
        } else {
            write!(f, ":{}", self.port)
        }
    }
}

fn own_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}

/// Whether the client's own connection was encrypted, as a trusted proxy says. Proxies in a row make a list of it, and the
/// first one heard the client.
pub(super) fn is_https(headers: &HeaderMap) -> bool {
    let first = headers
        .get("x-forwarded-proto")
        .and_then(|v| v.to_str().ok());
    let first = first.and_then(|list| list.split(',').next());
    first.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
}

/// Whether the browser runs on the machine of the server, and no proxy is between them: it then trusts an address without
/// HTTPS as one with it.
pub(super) fn is_on_this_machine(peer: Option<IpAddr>, headers: &HeaderMap, rules: &Rules) -> bool {
    let host = text(headers, header::HOST).unwrap_or_default();
    let asked = Origin::parse(&format!("http://{host}"));
    let is_local = asked.is_ok_and(|asked| {
        let name = asked.host.trim_start_matches('[').trim_end_matches(']');
        let ip = name.parse::<IpAddr>();
        ip.is_ok_and(|ip| ip.is_loopback()) || name == "localhost" || name.ends_with(".localhost")
    });
    is_local
        && rules.public_url.is_none()
        && !is_trusted(peer, rules)
        && peer.is_some_and(|ip| ip.to_canonical().is_loopback())
        && !is_forwarded_in_vain(peer, headers, rules)
}

/// Whether a peer that is not trusted sends what only proxies send.
pub(super) fn is_forwarded_in_vain(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    rules: &Rules,
) -> bool {
    let says = ["x-forwarded-for", "x-forwarded-proto"]
        .iter()
        .any(|name| headers.contains_key(*name));
    says && !is_trusted(peer, rules)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| {
                (
                    HeaderName::from_bytes(k.as_bytes()).unwrap(),
                    HeaderValue::from_str(v).unwrap(),
                )
            })
            .collect()
    }

    #[test]
    fn a_browser_of_this_machine_is_told_from_one_behind_a_proxy() {
        let on = |peer: &str, pairs: &[(&str, &str)], rules: &Rules| {
            is_on_this_machine(peer.parse().ok(), &headers(pairs), rules)
        };
        let plain = Rules::default();
        for host in [
            "127.0.0.1:8380",
            "localhost",
            "ride.localhost:80",
            "[::1]:8380",
        ] {
            assert!(on("127.0.0.1", &[("host", host)], &plain), "{host}");
        }
        assert!(on("::ffff:127.0.0.1", &[("host", "localhost")], &plain));
        for host in ["192.0.2.4", "ride.example", "localhost.example", ""] {
            assert!(!on("127.0.0.1", &[("host", host)], &plain), "{host}");
        }
        let local = ("host", "localhost");
        assert!(!on("192.0.2.4", &[local], &plain));
        assert!(!on(
            "127.0.0.1",
            &[local, ("x-forwarded-for", "192.0.2.4")],
            &plain
        ));
        let behind = Rules {
            trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
            ..Rules::default()
        };
        assert!(!on("127.0.0.1", &[local], &behind));
        assert!(!on("", &[local], &plain), "a proxy is at the socket");
        let named = Rules {
            public_url: Some("http://ride.example".into()),
            ..Rules::default()
        };
        assert!(!on("127.0.0.1", &[local], &named));
    }

    #[test]
    fn two_spellings_of_one_address_are_equal() {
        let same = [
            ["http://ride.lan:80", "http://ride.lan"],
            ["https://Ride.Example.COM", "https://ride.example.com:443"],
            ["HTTPS://ride.example.com/", "https://ride.example.com"],
            ["http://[::1]:8380", "HTTP://[::1]:8380/"],
        ];
        for [one, other] in same {
            assert_eq!(Origin::parse(one), Origin::parse(other), "{one}");
            assert!(Origin::parse(one).is_ok());
        }
        assert_eq!(
            Origin::parse("http://ride.lan:80").unwrap().to_string(),
            "http://ride.lan"
        );
        assert_eq!(
            Origin::parse("https://ride.lan:8443").unwrap().to_string(),
            "https://ride.lan:8443"
        );
        assert_ne!(
            Origin::parse("http://ride.lan"),
            Origin::parse("https://ride.lan")
        );
        for wrong in [
            "ride.example.com",
            "https://",
            "https://ride.example/checkride",
            "https://ride.example?x=1",
            "https://me@ride.example",
            "https://ride.example:",
            "https://ride.example:99999",
            "ftp://ride.example",
        ] {
            assert!(Origin::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_origin_is_compared_by_its_parts() {
        let rules = |url: &str| Rules {
            public_url: Some(url.into()),
            ..Rules::default()
        };
        let from = |origin: &str, host: &str, rules: &Rules| {
            is_own_origin(&headers(&[("origin", origin), ("host", host)]), rules)
        };
        assert!(from(
            "http://ride.lan",
            "ride.lan:80",
            &rules("http://ride.lan:80")
        ));
        assert!(from(
            "https://RIDE.lan:443",
            "inner",
            &rules("https://ride.lan")
        ));
        assert!(!from(
            "http://ride.lan",
            "ride.lan",
            &rules("https://ride.lan")
        ));
        assert!(from("https://ride.lan", "ride.lan:443", &Rules::default()));
        assert!(!from(
            "https://ride.lan",
            "ride.lan:8443",
            &Rules::default()
        ));
        assert!(!from("null", "ride.lan", &Rules::default()));
    }

    #[test]
    fn the_first_of_a_list_of_proxies_heard_the_client() {
        for (said, secure) in [
            ("https", true),
            ("https,http", true),
            ("https, https", true),
            (" HTTPS ,http", true),
            ("http,https", false),
            ("", false),
        ] {
            assert_eq!(
                is_https(&headers(&[("x-forwarded-proto", said)])),
                secure,
                "{said}"
            );
        }
    }

    #[test]
    fn only_our_own_origin_may_write() {
        let plain = Rules::default();
        let public = Rules {
            public_url: Some("https://ride.example".into()),
            ..Rules::default()
        };
        let cases = [
            (&plain, vec![("sec-fetch-site", "same-origin")], true),
            (
                &plain,
                vec![
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://a"),
                    ("host", "a"),
                ],
                false,
            ),
            (&plain, vec![("sec-fetch-site", "same-site")], false),
            (
                &plain,
                vec![("origin", "http://a:1"), ("host", "a:1")],
                true,
            ),
            (&plain, vec![("origin", "http://b"), ("host", "a")], false),
            (&plain, vec![("host", "a")], false),
            (
                &public,
                vec![("origin", "https://ride.example"), ("host", "inner:8080")],
                true,
            ),
            (
                &public,
                vec![("origin", "http://inner:8080"), ("host", "inner:8080")],
                false,
            ),
        ];
        for (rules, pairs, expected) in cases {
            assert_eq!(
                is_own_origin(&headers(&pairs), rules),
                expected,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn the_caller_is_the_last_address_that_a_trusted_proxy_vouches_for() {
        let rules = Rules {
            trusted_proxies: ["10.0.0.0/8", "fd00::/8"]
                .map(|net| net.parse().unwrap())
                .into(),
            ..Rules::default()
        };
        let cases: &[(&str, &[&str], &str)] = &[
            ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            (
                "10.0.0.1",
                &["6.6.6.6, 198.51.100.1, 10.0.0.2"],
                "198.51.100.1",
            ),
            // A proxy may append its own line instead of a word to the last one.
            ("10.0.0.1", &["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
            (
                "10.0.0.1",
                &["6.6.6.6", "198.51.100.1, 10.0.0.3", "10.0.0.2"],
                "198.51.100.1",
            ),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::7]:443"], "2001:db8::7"),
            ("10.0.0.1", &["[2001:db8::7]"], "2001:db8::7"),
            ("fd00::1", &["2001:db8::7"], "2001:db8::7"),
            // Anyone can forge what is left of a hop that cannot be read.
            ("10.0.0.1", &["6.6.6.6, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["6.6.6.6, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.4, 10.0.0.3"], "10.0.0.4"),
            // On [::], IPv4 arrives in IPv6 form.
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            (
                "10.0.0.1",
                &["198.51.100.1, ::ffff:10.0.0.2"],
                "198.51.100.1",
            ),
        ];
        for (peer, lines, expected) in cases {
            let pairs: Vec<_> = lines.iter().map(|l| ("x-forwarded-for", *l)).collect();
            let peer: IpAddr = peer.parse().unwrap();
            assert_eq!(
                address(Some(peer), &headers(&pairs), &rules)
                    .unwrap()
                    .to_string(),
                *expected,
                "{peer} {lines:?}"
            );
        }
    }

    #[test]
    fn the_page_before_is_one_of_ours_or_none() {
        let plain = Rules::default();
        let public = Rules {
            public_url: Some("https://ride.example".into()),
            ..Rules::default()
        };
        let cases = [
            (&plain, "http://a:1/ramps/3?x=y", Some("/ramps/3?x=y")),
            (&plain, "http://a:1/ramps/3#items", Some("/ramps/3")),
            (&plain, "http://a:1/", Some("/")),
            (&plain, "http://a:1", None),
            (&plain, "http://evil.example/ramps/3", None),
            (&plain, "http://a:1@evil.example/ramps/3", None),
            (&plain, "http://a:1//evil.example/", None),
            (&plain, "http://a:1/\\evil.example/", None),
            (&plain, "/ramps/3", None),
            (&plain, "javascript:alert(1)//", None),
            (&public, "https://ride.example/ramps/3", Some("/ramps/3")),
            (&public, "http://a:1/ramps/3", None),
        ];
        for (rules, referer, expected) in cases {
            let sent = headers(&[("host", "a:1"), ("referer", referer)]);
            assert_eq!(page_before(&sent, rules).as_deref(), expected, "{referer}");
        }
        assert_eq!(page_before(&headers(&[("host", "a:1")]), &plain), None);
    }
}
