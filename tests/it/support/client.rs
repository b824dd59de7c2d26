//! A browser reduced to what the server sees: cookies, forms, no redirect followed by itself.

use checkride::forms::new_key;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;

use super::block_on;

/// Keeps cookies and says that its forms come from our own pages, as every browser does.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            base: base.to_owned(),
            headers: Vec::new(),
        }
        .with("sec-fetch-site", "same-origin")
    }

    /// The same browser, sending this header; it shares the cookies.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.without(name);
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same browser, not sending this header.
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(n, _)| n != name);
        other
    }

    /// Loads a page.
    pub fn get(&self, path: &str) -> Answer {
        self.answer(self.http.get(self.address(path)))
    }

    /// Asks for the headers of a page alone.
    pub fn head(&self, path: &str) -> Answer {
        self.answer(self.http.head(self.address(path)))
    }

    /// Sends these fields and no others.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.answer(self.http.post(self.address(path)).form(fields))
    }

    /// Sends these fields with a fresh form key, as from a page loaded just now.
    pub fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.try_send(path, fields)
            .unwrap_or_else(|e| panic!("the server does not answer: {e}"))
    }

    /// The same, for a server that may be gone.
    pub fn try_send(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Answer> {
        let key = new_key();
        let fields = [fields, &[("form_key", key.as_str())]].concat();
        self.try_answer(self.http.post(self.address(path)).form(&fields))
    }

    /// Sends a body of that kind.
    pub fn post_as(&self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = self.http.post(self.address(path));
        self.answer(request.header("content-type", kind).body(body))
    }

    /// Loads `page` and sends its form for `action`: its hidden fields, and what is typed.
    pub fn submit(&self, page: &str, action: &str, typed: &[(&str, &str)]) -> Answer {
        let hidden = self.get(page).assert_status(200).hidden(action);
        let mut fields: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        fields.extend_from_slice(typed);
        self.post(action, &fields)
    }

    /// Signs in, whatever comes of it.
    pub fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", email), ("password", password)])
    }

    /// Whether somebody is signed in here.
    pub fn is_signed_in(&self) -> bool {
        self.get("/account").status == 200
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn answer(&self, request: reqwest::RequestBuilder) -> Answer {
        self.try_answer(request)
            .unwrap_or_else(|e| panic!("the server does not answer: {e}"))
    }

    fn try_answer(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let request = self
            .headers
            .iter()
            .fold(request, |r, (name, value)| r.header(name, value));
        block_on(async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = response.bytes().await?.to_vec();
            Ok(Answer {
                status,
                headers,
                body: String::from_utf8_lossy(&bytes).into_owned(),
                bytes,
            })
        })
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    /// The body as it came, which may be compressed.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// Where a redirect leads; empty when it is none.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The whole `Set-Cookie` line of a cookie.
    pub fn set_cookie(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}=");
        self.headers
            .get_all("set-cookie")
            .iter()
            .map(|v| v.to_str().unwrap())
            .find(|v| v.starts_with(&prefix))
    }

    /// The value of a cookie that was set.
    pub fn cookie(&self, name: &str) -> String {
        let line = self
            .set_cookie(name)
            .unwrap_or_else(|| panic!("no cookie {name} was set"));
        line.split(';').next().unwrap()[name.len() + 1..].to_owned()
    }

    /// # Panics
    /// When the status is another; shows the page.
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "the page says: {}", self.text());
        self
    }

    /// # Panics
    /// When it does not lead there.
    pub fn assert_leads_to(&self, location: &str) -> &Self {
        self.assert_status(303);
        assert_eq!(self.location(), location);
        self
    }

    /// # Panics
    /// When the words are not on the page.
    pub fn assert_text(&self, words: &str) -> &Self {
        assert!(
            self.text().contains(words),
            "“{words}” is not in: {}",
            self.text()
        );
        self
    }

    /// The words of the page: no tags, entities decoded, white space as single spaces.
    pub fn text(&self) -> String {
        words_of(&self.body)
    }

    /// The words of the page's first part that begins and ends so; to the end of the page where nothing ends it.
    ///
    /// # Panics
    /// When no part begins so.
    pub fn part(&self, begins: &str, ends: &str) -> String {
        let from = self.body.find(begins);
        let from = from.unwrap_or_else(|| panic!("no {begins} in {}", self.body));
        let rest = &self.body[from..];
        words_of(rest.split(ends).next().unwrap())
    }

    /// The hidden fields of the page's form for `action`.
    ///
    /// # Panics
    /// When the page has no such form.
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        self.form(action)
            .split("<input")
            .skip(1)
            .map(|rest| rest.split('>').next().unwrap())
            .filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"))
            .map(|tag| {
                (
                    attribute(tag, "name").unwrap(),
                    attribute(tag, "value").unwrap_or_default(),
                )
            })
            .collect()
    }

    /// The markup of the page's form for `action`.
    ///
    /// # Panics
    /// When the page has no such form.
    pub fn form(&self, action: &str) -> &str {
        self.find_form(action)
            .unwrap_or_else(|| panic!("no form for {action} on: {}", self.text()))
    }

    /// Whether the page has a form for `action`.
    pub fn has_form(&self, action: &str) -> bool {
        self.find_form(action).is_some()
    }

    fn find_form(&self, action: &str) -> Option<&str> {
        self.body
            .split("<form")
            .skip(1)
            .map(|rest| rest.split("</form>").next().unwrap())
            .find(|form| {
                attribute(form.split('>').next().unwrap(), "action").as_deref() == Some(action)
            })
    }
}

/// The words of some markup: no tags, entities decoded, white space as single spaces.
pub fn words_of(html: &str) -> String {
    let mut words = String::new();
    for piece in html.split('<') {
        words.push_str(piece.split_once('>').map_or(piece, |(_, after)| after));
        words.push(' ');
    }
    decode(&words)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a tag has an attribute without a value.
pub(super) fn is_set(tag: &str, name: &str) -> bool {
    // Every second piece is a value.
    tag.split('"')
        .step_by(2)
        .any(|bare| bare.split_whitespace().any(|word| word == name))
}

/// The value of an attribute of a tag.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(decode)
}

/// Text without entities.
pub fn decode(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let Some((entity, rest)) = piece.split_once(';') else {
            plain.push('&');
            plain.push_str(piece);
            continue;
        };
        let number = entity
            .strip_prefix('#')
            .and_then(|n| n.parse().ok())
            .and_then(char::from_u32);
        plain.push(number.unwrap_or(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            _ => ' ',
        }));
        plain.push_str(rest);
    }
    plain
}
