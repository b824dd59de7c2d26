use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn only_the_internet_is_public() {
    for open in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.0",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e",
        "2001:4860:4860::8888",
        "2001:200::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ] {
        assert!(is_public(ip(open)), "{open}");
    }
    for closed in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "2002:808:808::",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_public(ip(closed)), "{closed}");
    }
}

#[test]
fn allowed_networks_are_reached_also_without_tls_and_nothing_else_is() {
    let networks = Networks::parse(" 10.20.0.0/16, ::1/128,").unwrap();
    for (text, encrypted, plain) in [
        ("10.20.3.4", true, true),
        ("::ffff:10.20.3.4", true, true),
        ("::1", true, true),
        ("10.21.0.1", false, false),
        ("127.0.0.1", false, false),
        ("64:ff9b::a14:304", false, false),
        ("1.1.1.1", true, false),
    ] {
        let reached = (
            networks.may_reach(ip(text), true),
            networks.may_reach(ip(text), false),
        );
        assert_eq!(reached, (encrypted, plain), "{text}");
    }
    assert!(
        Networks::parse("10.0.0.0/8,nonsense")
            .unwrap_err()
            .contains("nonsense")
    );
}

#[test]
fn an_address_in_any_spelling_is_read_as_what_it_leads_to() {
    for inside in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0/",
        "https://１２７.０.０.１/",
        "https://127。0。0。1/",
        "https://%31%32%37.0.0.1/",
        "https://127.0.0.1./",
        "https:127.0.0.1",
        "https:\\\\127.0.0.1\\x",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fd00:ec2::254]/latest/meta-data/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://api.localhost/",
        "https://ⓛocalhost/",
    ] {
        let said = Address::parse(inside, &Networks::default()).unwrap_err();
        assert!(said.contains("private network"), "{inside}: {said}");
    }
    for (bad, word) in [
        ("", "web address"),
        ("chat.example.com/hook", "web address"),
        ("ftp://chat.example.com", "web address"),
        ("file:///etc/passwd", "web address"),
        ("gopher://127.0.0.1:25/x", "web address"),
        ("https://", "web address"),
        ("https://[::1", "web address"),
        ("https://256.1.1.1/", "web address"),
        ("http://chat.example.com/hook", "https://"),
        ("https://me:pw@chat.example.com", "before the @"),
        ("https://chat.example.com@127.0.0.1/", "before the @"),
    ] {
        let said = Address::parse(bad, &Networks::default()).unwrap_err();
        assert!(said.contains(word), "{bad}: {said}");
    }
    let long = format!("https://chat.example.com/{}", "x".repeat(2000));
    assert!(
        Address::parse(&long, &Networks::default())
            .unwrap_err()
            .contains("2000")
    );
}

#[test]
fn a_good_address_is_kept_whole_and_shown_without_its_secret() {
    let networks = Networks::parse("127.0.0.0/8").unwrap();
    let typed = "  https://Chat.Example.com:443/hooks/s3cret?key=1#part ";
    let address = Address::parse(typed, &Networks::default()).unwrap();
    assert_eq!(
        address.as_str(),
        "https://chat.example.com/hooks/s3cret?key=1"
    );
    assert_eq!(address.shown(), "https://chat.example.com");
    assert!(!format!("{address:?}").contains("s3cret"));
    assert_eq!(Address::kept(address.as_str()), Some(address));
    let plain = Address::parse("http://127.0.0.1:8065/hooks/x", &networks).unwrap();
    assert_eq!(plain.shown(), "http://127.0.0.1:8065");
    assert!(Address::parse("http://1.1.1.1/", &networks).is_err());
}

proptest! {
    /// However an IPv4 address is wrapped, the wrapping opens no door.
    #[test]
    fn a_closed_address_stays_closed_in_every_wrapping(bits: u32) {
        let inner = Ipv4Addr::from(bits);
        let [a, b, c, d] = inner.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let open = is_public(inner.into());
        prop_assert_eq!(is_public(inner.to_ipv6_mapped().into()), open);
        prop_assert_eq!(is_public(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low).into()), open);
        prop_assert!(!is_public(inner.to_ipv6_compatible().into()));
        prop_assert!(!is_public(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1).into()));
        if inner.is_private() || inner.is_loopback() || inner.is_link_local() || inner.is_multicast()
            || inner.is_broadcast() || inner.is_documentation() || inner.is_unspecified() {
            prop_assert!(!open);
        }
        let typed = [
            format!("https://{inner}/"),
            format!("https://{bits}/"),
            format!("https://{bits:#x}/"),
            format!("https://0{bits:o}/"),
            format!("https://{a}.{}/", bits & 0x00ff_ffff),
            format!("https://[::ffff:{inner}]/"),
        ];
        for text in typed {
            prop_assert_eq!(Address::parse(&text, &Networks::default()).is_ok(), open, "{}", text);
        }
    }

    #[test]
    fn nothing_outside_global_unicast_is_public(bits: u128) {
        let v6 = Ipv6Addr::from(bits);
        if v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_multicast() || v6.is_loopback() {
            prop_assert!(!is_public(v6.into()));
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in ".*") {
        if let Ok(address) = Address::parse(&text, &Networks::default()) {
            prop_assert!(address.as_str().starts_with("https://"));
            prop_assert_eq!(Address::kept(address.as_str()), Some(address));
        }
    }
}
