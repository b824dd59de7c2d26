//! What is sent, in the language of the other side. Names are text of people: in no language do they become a link, a
//! mention or a format.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::event::Names;
use super::{Dialect, Event};
use crate::db::types::UtcTime;
use crate::forms::random_bytes;

/// Marks a secret of Standard Webhooks, so that scanners of source code find one that was lost.
const PREFIX: &str = "whsec_";
const OPEN: &str = "Open in Checkride";

/// A new secret for a program: 256 random bits.
pub fn fresh_secret() -> String {
    format!("{PREFIX}{}", STANDARD.encode(random_bytes::<32>()))
}

/// The name of a message for the other side. It stays the same whenever the message is sent again.
pub fn webhook_id(key: &str) -> String {
    let hash = hex::encode(Sha256::digest(key.as_bytes()));
    format!("msg_{}", hash.get(..32).unwrap_or(&hash))
}

/// The headers of Standard Webhooks: who made the body is known by the secret, and when by the time in it.
pub fn signed_headers(
    secret: &str,
    key: &str,
    body: &str,
    now: UtcTime,
) -> Vec<(&'static str, String)> {
    let id = webhook_id(key);
    let seconds = now.timestamp().as_second();
    let mut headers = vec![
        ("webhook-id", id.clone()),
        ("webhook-timestamp", seconds.to_string()),
    ];
    if let Some(signature) = signature(secret, &format!("{id}.{seconds}.{body}")) {
        headers.push(("webhook-signature", format!("v1,{signature}")));
    }
    headers
}

fn signature(secret: &str, text: &str) -> Option<String> {
    let secret = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).ok()?;
    mac.update(text.as_bytes());
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

/// The body. `url` is the address of the event's page, where the installation knows its own.
pub fn body(dialect: Dialect, event: &Event, names: &Names, url: Option<&str>) -> Value {
    let text = event.sentence(names);
    match dialect {
        Dialect::Signed => signed(event, names, &text, url),
        Dialect::Slack => slack(&text, url),
        Dialect::Mattermost => mattermost(&text, url),
        Dialect::Teams => teams(&text, url),
    }
}

fn signed(event: &Event, names: &Names, text: &str, url: Option<&str>) -> Value {
    let area = event
        .area_id()
        .map(|_| json!({ "name": names.area, "slug": names.slug }));
    json!({
        "type": event.kind().word(),
        "timestamp": event.at(),
        "data": {
            "text": text,
            "url": url,
            "area": area,
            "person": names.person.as_ref().map(|name| json!({ "name": name })),
            "last_day": event.last_day().map(|day| day.to_string()),
        },
    })
}

/// The sentence is plain text, in which nothing is a format; notifications show the escaped one.
fn slack(text: &str, url: Option<&str>) -> Value {
    let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    let mut blocks = vec![json!({ "type": "section", "text": plain(&no_mention(text)) })];
    if let Some(url) = url {
        let link = format!("<{}|{OPEN}>", slack_escaped(url));
        let linked = json!([{ "type": "mrkdwn", "text": link }]);
        blocks.push(json!({ "type": "context", "elements": linked }));
    }
    json!({ "text": slack_escaped(&no_mention(text)), "blocks": blocks, "unfurl_links": false })
}

fn slack_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn mattermost(text: &str, url: Option<&str>) -> Value {
    let mut said = markdown_escaped(&no_mention(text));
    if let Some(url) = url {
        said.push_str(&format!(" [{OPEN}]({url})"));
    }
    json!({ "text": said })
}

/// Mattermost reads `<!here>` as Slack does before it reads Markdown, where no backslash helps: so brackets get another
/// shape.
fn markdown_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push('‹'),
            '>' => escaped.push('›'),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '~' | '|' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A text run of a card is plain text; a text block would be Markdown.
fn teams(text: &str, url: Option<&str>) -> Value {
    let run = json!({ "type": "TextRun", "text": text });
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": [{ "type": "RichTextBlock", "inlines": [run] }],
    });
    if let (Some(url), Some(card)) = (url, card.as_object_mut()) {
        let open = json!([{ "type": "Action.OpenUrl", "title": OPEN, "url": url }]);
        card.insert("actions".into(), open);
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

/// Chats call everyone of a channel when a text says so: `@channel`, `@here`, `@all`, or a name. The sign in another shape
/// is read the same by people.
fn no_mention(text: &str) -> String {
    text.replace('@', "＠")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::hook::Kind;
    use crate::sample::at;

    const NOW: &str = "2026-11-23T09:00:00Z";

    fn event() -> Event {
        Event::new(Kind::Suspended, 7, 3, at(NOW)).of(5)
    }

    fn names(person: &str) -> Names {
        Names {
            area: "Payments".into(),
            slug: "payments".into(),
            person: Some(person.into()),
        }
    }

    fn said(dialect: Dialect, person: &str) -> Value {
        body(
            dialect,
            &event(),
            &names(person),
            Some("https://ride.example/clearances/7"),
        )
    }

    #[test]
    fn each_language_says_the_same_and_links_to_the_page() {
        let sentence = "A clearance for Payments is suspended: Amara Okafor.";
        let slack = said(Dialect::Slack, "Amara Okafor");
        assert_eq!(slack["text"], sentence);
        assert_eq!(slack["blocks"][0]["text"]["text"], sentence);
        let link = "<https://ride.example/clearances/7|Open in Checkride>";
        assert_eq!(slack["blocks"][1]["elements"][0]["text"], link);
        let teams = said(Dialect::Teams, "Amara Okafor");
        let card = &teams["attachments"][0]["content"];
        assert_eq!(card["body"][0]["inlines"][0]["text"], sentence);
        assert_eq!(
            card["actions"][0]["url"],
            "https://ride.example/clearances/7"
        );
        let program = said(Dialect::Signed, "Amara Okafor");
        assert_eq!(program["type"], "clearance.suspended");
        assert_eq!(program["timestamp"], "2026-11-23T09:00:00.000000Z");
        assert_eq!(program["data"]["person"]["name"], "Amara Okafor");
        assert_eq!(program["data"]["area"]["slug"], "payments");
        let mattermost = said(Dialect::Mattermost, "Amara Okafor");
        let text = "A clearance for Payments is suspended: Amara Okafor. [Open in Checkride](https://ride.example/clearances/7)";
        assert_eq!(mattermost["text"], text);
        for dialect in Dialect::ALL {
            let unlinked = body(*dialect, &event(), &names("Ada"), None).to_string();
            assert!(
                unlinked.contains("Payments") && !unlinked.contains("Open in"),
                "{unlinked}"
            );
        }
    }

    #[test]
    fn a_name_is_no_command() {
        let hostile = "<!channel> @here *bold* [x](https://evil.example) <https://evil.example|pay> & `code` <@U1> ~town";
        let slack = said(Dialect::Slack, hostile);
        let text = slack["text"].as_str().unwrap();
        assert!(
            text.contains("&lt;!channel&gt; ＠here") && text.contains(" &amp; "),
            "{text}"
        );
        assert_eq!(slack["blocks"][0]["text"]["type"], "plain_text");
        let text = said(Dialect::Mattermost, hostile)["text"].to_string();
        for raw in ["<", "@here", " *bold", " [x]", " `code", " ~town"] {
            assert!(!text.contains(raw), "{raw} in {text}");
        }
        let card = said(Dialect::Teams, hostile);
        let inline = &card["attachments"][0]["content"]["body"][0]["inlines"][0];
        assert_eq!(inline["type"], "TextRun");
        assert!(inline["text"].as_str().unwrap().contains(hostile));
    }

    proptest! {
        #[test]
        fn no_name_mentions_links_or_formats(person in "\\PC{0,60}") {
            let slack = said(Dialect::Slack, &person);
            let text = slack["text"].as_str().unwrap();
            prop_assert!(!text.contains(['<', '>', '@']));
            let entities = text.matches("&amp;").count() + text.matches("&lt;").count() + text.matches("&gt;").count();
            prop_assert_eq!(text.matches('&').count(), entities);
            prop_assert!(!slack["blocks"][0]["text"]["text"].as_str().unwrap().contains('@'));

            let text = said(Dialect::Mattermost, &person);
            let text = text["text"].as_str().unwrap().rsplit_once(" [Open").unwrap().0;
            let mut before = ' ';
            for c in text.chars() {
                prop_assert!(!"<>@".contains(c));
                prop_assert!(!"`*_{}[]()#!~|".contains(c) || before == '\\', "{}", text);
                before = if before == '\\' && c == '\\' { ' ' } else { c };
            }
        }
    }

    #[test]
    fn the_signature_is_that_of_the_example_of_the_standard() {
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let body = r#"{"test": 2432232314}"#;
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = signature(secret, &format!("{id}.1614265330.{body}"));
        assert_eq!(
            signed.as_deref(),
            Some("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
    }

    #[test]
    fn a_message_has_one_name_and_each_sending_its_time() {
        let secret = fresh_secret();
        assert_ne!(secret, fresh_secret());
        let first = signed_headers(&secret, "hook:1:x", "{}", at(NOW));
        let again = signed_headers(&secret, "hook:1:x", "{}", at("2026-11-23T10:00:00Z"));
        assert_eq!(first[0], again[0]);
        assert_ne!(first[1], again[1]);
        assert_ne!(first[2], again[2]);
        assert_ne!(webhook_id("hook:1:x"), webhook_id("hook:2:x"));
    }
}
