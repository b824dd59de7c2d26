//! Where a request comes from: its address behind our proxies, and whether a page of this site sent it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::header::{self, HeaderMap, HeaderName};

use super::guard::Rules;

/// The client's address. Each proxy appends the address it heard from, on the same line or a new one. Addresses from
/// trusted proxies are followed, from the last hop backwards, until one is not trusted or cannot be read.
pub(super) fn address(peer: IpAddr, headers: &HeaderMap, rules: &Rules) -> IpAddr {
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut believed = peer.to_canonical();
    for hop in hops {
        let Some(from) = hop_address(hop).filter(|_| is_trusted(believed, rules)) else {
            break;
        };
        believed = from;
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

pub(super) fn is_trusted(ip: IpAddr, rules: &Rules) -> bool {
    let ip = ip.to_canonical();
    rules.trusted_proxies.iter().any(|net| net.contains(&ip))
}

/// A browser says where a request comes from: with `Sec-Fetch-Site`, older ones with `Origin`. A request with neither
/// is not trusted.
pub(super) fn is_own_origin(headers: &HeaderMap, rules: &Rules) -> bool {
    if let Some(site) = text(headers, HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    text(headers, header::ORIGIN)
        .and_then(|origin| origin.split_once("://"))
        .is_some_and(|(_, host)| is_own_host(host, headers, rules))
}

/// The path of the page that sent a request, if it is one of this site. As a link it cannot lead anywhere else.
pub(super) fn page_before(headers: &HeaderMap, rules: &Rules) -> Option<String> {
    let (_, rest) = text(headers, header::REFERER)?.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let path = path.split('#').next()?;
    let stays = !path.starts_with("//") && !path.contains('\\');
    (stays && is_own_host(host, headers, rules)).then(|| path.to_owned())
}

fn is_own_host(host: &str, headers: &HeaderMap, rules: &Rules) -> bool {
    let own = rules
        .public_url
        .as_deref()
        .and_then(|url| url.split_once("://"))
        .map(|(_, host)| host);
    own.or_else(|| text(headers, header::HOST))
        .is_some_and(|own| own.trim_end_matches('/').eq_ignore_ascii_case(host))
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
                address(peer, &headers(&pairs), &rules).to_string(),
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
