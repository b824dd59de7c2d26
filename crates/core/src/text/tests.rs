use super::email::{email_key, is_address, unwrapped};
use super::*;
use proptest::prelude::*;

/// Texts that are full of letters with marks, signs without a look, and ways to write one.
fn tricky() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ABÄaäßẞŁłØøÆæĐđıİiſςσΣ'’ \u{300}\u{301}\u{308}\u{323}\u{345}\u{200b}\u{200d}\u{ad}\u{202e}\u{a0}<>@,;.-]{0,24}",
        "\\PC{0,24}",
    ]
}

#[test]
fn a_line_has_one_form_and_plain_spaces() {
    for (typed, read) in [
        ("  E\u{301}quipe ", "Équipe"),
        ("Ada\u{a0}\u{3000} Lind\n", "Ada Lind"),
        ("あき\u{e000}", "あき\u{e000}"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("ශ්\u{200d}රී", "ශ්\u{200d}රී"),
        ("葛\u{e0100}城", "葛\u{e0100}城"),
        (
            "Fire ❤\u{fe0f} 👩\u{1f3fd}\u{200d}🚒",
            "Fire ❤\u{fe0f} 👩\u{1f3fd}\u{200d}🚒",
        ),
    ] {
        assert_eq!(line(typed, "The name").unwrap(), read, "{typed:?}");
    }
}

#[test]
fn a_name_keeps_the_joiners_its_script_needs_and_a_flag_its_region() {
    for name in [
        "സുരേന്ദ്രന്\u{200d}",
        "സുരേന്ദ്രന്\u{200d} നായര്\u{200d}, Ops",
        "র\u{200d}্যাচেল",
        "র\u{200d}্যাব",
        "क्\u{200d}",
        "क्\u{200c}ष",
        "ক্\u{200d} খান",
        "ශ්\u{200d}රීමාලි",
        "علی\u{200c}رضا",
        "محمّد\u{200c}حسین",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} London",
        "Ops \u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        "\u{1f3f4}\u{200d}☠\u{fe0f}",
    ] {
        assert_eq!(line(name, "The name").unwrap(), name);
    }
    for name in [
        "क्\u{200d}\u{200d}",
        "क\u{200d}",
        "क\u{200d} ख",
        "a\u{200d}\u{301}",
        "\u{1f3f4}\u{e0067}\u{e0062}",
        "\u{1f3f4}\u{e007f}",
        "\u{1f3f4}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e007f}",
        "A\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    ] {
        assert!(line(name, "The name").is_err(), "{name:?}");
    }
}

#[test]
fn a_line_with_a_sign_that_hides_is_refused_by_its_number() {
    let hiding = [
        '\u{0}',
        '\u{7}',
        '\u{b}',
        '\u{85}',
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{17b4}',
        '\u{180e}',
        '\u{200b}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{2069}',
        '\u{206f}',
        '\u{2800}',
        '\u{3164}',
        '\u{fe00}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{fff9}',
        '\u{fffc}',
        '\u{1d173}',
        '\u{e0001}',
        '\u{e0041}',
        '\u{e0100}',
        '\u{e0fff}',
    ];
    for sign in hiding {
        for text in [
            format!("Ada{sign}Lind"),
            format!("{sign}Ada"),
            format!("Ada{sign}"),
        ] {
            let refused = line(&text, "The name").unwrap_err();
            let number = format!(
                "The name holds an invisible sign (U+{:04X}).",
                u32::from(sign)
            );
            assert!(refused.starts_with(&number), "{text:?}: {refused}");
        }
    }
    for text in [
        "\u{200d}Ada",
        "Ada\u{200c}",
        "Ada \u{200d}Lind",
        "A\u{200d}\u{200d}b",
        "1\u{200c}2",
    ] {
        assert!(line(text, "The name").is_err(), "{text:?}");
    }
}

#[test]
fn an_address_is_found_in_what_is_pasted() {
    for pasted in [
        "ada@example.com",
        " <ada@example.com> ",
        "mailto:ada@example.com",
        "MAILTO:ada@example.com?subject=Hello",
        "Ada Lind <ada@example.com>",
        "\"Lind, Ada\" <ada@example.com>;",
        "ada@example.com <ada@example.com>",
        "Ada <mailto:ada@example.com>",
        "<<ada@example.com>>",
        "'ada@example.com'",
        "ada@example.com,",
        "ada@example.com; ;",
        "\u{feff}ada@exa\u{200b}mple.com\u{202c}",
        "«ada@example.com»",
        "„ada@example.com“",
        "「ada@example.com」",
        "＜ada@example.com＞",
        "Ada ＜ada@example.com＞",
        "ada@example.com；",
        "ada@example.com、",
        "`ada@example.com`",
        "**ada@example.com**",
        "_ada@example.com_",
        "{ada@example.com}",
        "|ada@example.com|",
        "'ada@example.com",
        "ada@example.com\"",
        "Ada (ada@example.com)",
        "Ada [ada@example.com],",
        "(Ada) <ada@example.com>",
        "Lind, Ada (Ops) <ada@example.com>",
        "ada@example.com (Ada Lind)",
        "<ada@example.com> [Ada]",
        "[ada@example.com](mailto:ada@example.com)",
        "'Ada@Example.com' <ada@example.com>",
        "mailto:ada@example.com?body=<b@c>",
    ] {
        let address = unwrapped(pasted);
        assert_eq!(address, "ada@example.com", "{pasted:?}");
        assert!(is_address(&address));
    }
    for pasted in [
        "",
        "ada",
        "@b",
        "a@",
        "a b@c",
        "a@b@c",
        "em@example..com",
        ".em@example.com",
        "em.@example.com",
        "em@.example.com",
        "em@example.com.",
        "em@-example.com",
        "a@b, c@d",
        "c@d <a@b>",
        "a:b@c",
        "a(b)@c",
        "a\"b@c",
        "a<b@c",
        "a@[1.2.3.4]",
        "a@b>",
        "<a@b> <c@d>",
        "a@b (c@d)",
        "a@b_c",
        "a@b/c",
        "a@b!",
        "a b@c",
        "a€@b",
        "a@b🔥",
        "a'@b",
        "a@b «c»@d",
    ] {
        assert!(!is_address(&unwrapped(pasted)), "{pasted:?}");
    }
    let long = |letter: &str| format!("{}@example.com", letter.repeat(242));
    assert!(is_address(&long("障")));
    assert!(!is_address(&long("aa")));
}

#[test]
fn an_address_of_any_letters_and_plain_signs_stays_as_it_is() {
    for address in [
        "o'neil+ops@example.com",
        "{ada}=x|y@example.com",
        "*ada*@example.com",
        "_ada_@example.com",
        "zoë@bücher.example",
        "障@例え.テスト",
        "अदा@उदाहरण.भारत",
        "a@1-2.example",
    ] {
        assert_eq!(unwrapped(address), address);
        assert!(is_address(address), "{address}");
    }
}

#[test]
fn an_address_has_one_key_however_a_browser_sends_it() {
    for (typed, sent) in [
        ("ada@bücher.de", "ada@xn--bcher-kva.de"),
        ("ada@BU\u{308}CHER.de", "Ada@XN--BCHER-KVA.DE"),
        ("ada@straße.de", "ada@xn--strae-oqa.de"),
        ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("ada@mail.bücher.de", "<ada@mail.xn--bcher-kva.de>"),
    ] {
        assert_eq!(email_key(typed), email_key(sent), "{typed}");
        assert_eq!(email_key(&email_key(sent)), email_key(typed));
    }
    assert_eq!(email_key("ada@xn--.de"), "ada@xn--.de");
    assert_ne!(email_key("bücher@x.de"), email_key("xn--bcher-kva@x.de"));
}

/// Each shape once made work, or a stack, that grew with what was typed.
#[test]
fn a_long_text_is_no_address_and_is_read_on_a_small_stack() {
    let read = || {
        for shape in [
            "<>", "<", "mailto:", "a@b <", "(a@b) ", "''", "{[", "<a@b", "@ ", "*", "a@b (a) ",
            "\u{301}",
        ] {
            for ends in ["", ">", ")", "a@b"] {
                for times in [10, 40, 75, 100_000] {
                    let bomb = format!("@{}{ends}", shape.repeat(times));
                    let address = unwrapped(&bomb);
                    assert!(address.len() <= bomb.len() && email_key(&bomb).len() <= bomb.len());
                    assert!(times < 1000 || !is_address(&address), "{shape:?}");
                }
            }
        }
    };
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    small.spawn(read).unwrap().join().unwrap();
}

#[test]
fn names_stand_in_the_order_of_their_letters() {
    let mut names = [
        "Zoe Young",
        "Élodie Martin",
        "Emma Stone",
        "Ádám Nagy",
        "Čestmír Dvořák",
        "Cecilia Ek",
        "Oscar Wild",
        "Ömer Çelik",
        "Łukasz Nowak",
        "Lukas Novák",
        "O’Neil",
        "Onda",
        "Mei-Ling Zhou",
        "Meike",
        "ada",
        "Ada",
        "Adá",
        "Σοφία",
        "ßa",
        "St",
        "Ağca",
    ];
    names.sort_by_cached_key(|name| sort_key(name));
    let expected = [
        "Ada",
        "ada",
        "Adá",
        "Ádám Nagy",
        "Ağca",
        "Cecilia Ek",
        "Čestmír Dvořák",
        "Élodie Martin",
        "Emma Stone",
        "Lukas Novák",
        "Łukasz Nowak",
        "Meike",
        "Mei-Ling Zhou",
        "Ömer Çelik",
        "Onda",
        "O’Neil",
        "Oscar Wild",
        "ßa",
        "St",
        "Zoe Young",
        "Σοφία",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_name_is_found_without_its_marks() {
    for (name, typed) in [
        ("Lukas Novák", "novak"),
        ("Lukas Novák", "NOVÁK"),
        ("Lukas Nova\u{301}k", "lukas  nov\u{e1}"),
        ("Tomás Herrera", "tomas"),
        ("Łukasz", "lukasz"),
        ("Çağla Yıldız", "cagla yildiz"),
        ("İbrahim", "ibrahim"),
        ("Ólafur Þór", "olafur thor"),
        ("Søren Ærø", "soren aero"),
        ("Straße", "STRASSE"),
        ("Σοφία", "σοφια"),
        ("ΟΔΟΣ", "οδος"),
        ("Đặng", "dang"),
        ("Ёлкин", "елкин"),
        ("O’Neil", "o'neil"),
        ("O'Neil", "oneil"),
        ("Mei-Ling", "mei ling"),
        ("Mei‐Ling", "mei-ling"),
        ("ＡＤＡ", "ada"),
    ] {
        assert!(
            search_key(name).contains(&search_key(typed)),
            "{typed} in {name}"
        );
    }
    assert!(!search_key("बिना").contains(&search_key("बन")));
}

#[test]
fn words_become_an_address_letter_by_letter() {
    for (words, address) in [
        (
            "Überlastung der Datenbank – café naïve",
            "uberlastung-der-datenbank-cafe-naive",
        ),
        (
            "INC-2418: Duplicate captures!",
            "inc-2418-duplicate-captures",
        ),
        ("zoë", "zoe"),
        ("Ærø & Łódź", "aero-lodz"),
        ("don’t", "dont"),
        ("停電", ""),
    ] {
        assert_eq!(dashed(words), address);
    }
}

#[test]
fn a_password_is_the_same_on_every_keyboard() {
    let composed = "mañana pässwörd lång";
    let decomposed = "man\u{303}ana pa\u{308}sswo\u{308}rd la\u{30a}ng";
    assert_eq!(password(decomposed), composed);
    assert_eq!(password("a\u{a0}b"), "a b");
    assert_eq!(password(" Ab "), " Ab ");
}

#[test]
fn a_search_of_any_length_is_cut_to_what_is_looked_for() {
    assert_eq!(wanted(" novak "), "novak");
    assert_eq!(wanted(&"障".repeat(60_000)), "障".repeat(SEARCH_CHARS));
    assert_eq!(anywhere("50%_!").as_deref(), Some("%50!%!_!!%"));
    assert_eq!(anywhere(""), None);
}

proptest! {
    #[test]
    fn a_line_that_was_read_is_read_the_same(text in tricky()) {
        if let Ok(read) = line(&text, "This") {
            prop_assert_eq!(line(&read, "This"), Ok(read.clone()));
            prop_assert_eq!(normal(&read), read.as_str());
        }
    }

    #[test]
    fn keys_of_keys_and_of_small_letters_are_the_same(text in tricky()) {
        let folded = key(&text);
        prop_assert_eq!(key(&folded), folded.clone());
        // Keys of older versions are small letters.
        prop_assert_eq!(key(&text.to_lowercase()), folded);
        let found = search_key(&text);
        prop_assert_eq!(search_key(&found), found.clone());
        prop_assert_eq!(search_key(&text.to_lowercase()), found);
        prop_assert_eq!(email_key(&text.to_lowercase()), email_key(&text));
    }

    #[test]
    fn two_forms_of_one_text_have_the_same_keys(text in tricky()) {
        let decomposed = icu_normalizer::DecomposingNormalizerBorrowed::new_nfd().normalize(&text).into_owned();
        prop_assert_eq!(key(&decomposed), key(&text));
        prop_assert_eq!(search_key(&decomposed), search_key(&text));
        prop_assert_eq!(sort_key(&decomposed), sort_key(&text));
        prop_assert_eq!(password(&decomposed), password(&text));
        prop_assert_eq!(email_key(&decomposed), email_key(&text));
    }

    #[test]
    fn no_key_holds_a_sign_that_cannot_be_seen(text in tricky()) {
        for made in [key(&text), search_key(&text), email_key(&text)] {
            prop_assert!(!made.chars().any(is_hidden), "{:?}", made);
        }
    }

    #[test]
    fn what_is_typed_of_a_name_finds_it(name in "[A-Za-zÀ-žΑ-ω '’-]{1,20}", from in 0_usize..20, most in 1_usize..20) {
        let part: String = name.chars().skip(from).take(most).collect();
        prop_assert!(search_key(&name).contains(&search_key(&part)));
    }

    #[test]
    fn an_address_is_unwrapped_once(text in tricky()) {
        let address = unwrapped(&text);
        prop_assert_eq!(unwrapped(&address), address);
    }

    #[test]
    fn words_in_an_address_are_plain(text in tricky()) {
        let word = dashed(&text);
        prop_assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        prop_assert_eq!(dashed(&word), word);
    }
}

#[test]
fn an_accent_alone_is_an_apostrophe_in_either_form() {
    assert_eq!(search_key("O\u{1ffd}Neil"), search_key("O\u{b4}Neil"));
}

#[test]
fn a_capital_of_one_letter_or_of_two_is_the_same_name() {
    for name in ["STRAẞE", "Straße", "STRASSE", "strasse"] {
        assert_eq!(key(name), "strasse", "{name}");
        assert_eq!(
            email_key(&format!("{name}@example.com")),
            "strasse@example.com"
        );
    }
}
