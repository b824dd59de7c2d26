//! Who may: every route x everybody it could matter to. The test walks the [`table`] on a live app, and fails when a
//! route is mounted that has no line there.

mod address;
mod before;
mod discussion;
mod fields;
mod mounted;
mod plans;
mod postmortem;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use address::address;
pub use address::owners;
pub use mounted::mounted;
use table::{Line, table};

use crate::support::statements::Statements;
use crate::support::{Answer, Client, On, Role, Site, TestApp, at_once};
use crate::web::unchanged;

fn ask(line: &Line, site: &Site, client: &Client) -> Answer {
    let path = address(line.path, site);
    if line.method == "GET" {
        return client.get(&path);
    }
    let fields = (line.fields)(site);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    client.send(&path, &fields)
}

/// Every line.
fn lines() -> Vec<Line> {
    let mut all = table();
    all.extend(postmortem::lines());
    all.extend(discussion::lines());
    all
}

/// A site made ready for a line, which tells what its pages ask the database.
fn prepared(line: &Line) -> (Site, Statements) {
    let (app, statements) = TestApp::counted();
    let site = Site::open_on(app);
    if let Some(prepare) = line.prepared {
        prepare(&site);
    }
    (site, statements)
}

/// What was seen when everybody had asked for every line.
#[derive(Default)]
struct Walk {
    /// Who was answered something else than the line says.
    wrong: Vec<String>,
    /// Every statement, and the first line, by the letters of its path, that asked it.
    asked: BTreeMap<String, &'static str>,
    /// Pages that are kept although they change while nothing is written.
    unsettled: Vec<String>,
}

impl Walk {
    fn keep(&mut self, path: &'static str, statements: &Statements) {
        for said in statements.take() {
            let statement = said.split(" -- binds:").next().unwrap();
            self.note(statement.to_owned(), path);
        }
    }

    fn note(&mut self, statement: String, path: &'static str) {
        let first = self.asked.entry(statement).or_insert(path);
        *first = path.min(first);
    }

    fn and(mut self, other: Self) -> Self {
        self.wrong.extend(other.wrong);
        self.unsettled.extend(other.unsettled);
        for (statement, path) in other.asked {
            self.note(statement, path);
        }
        self
    }
}

/// It takes a while, and two tests look at it.
static WALK: LazyLock<Walk> = LazyLock::new(walk);

/// Lines that are tried at once: a site of its own takes longer to open than to ask.
const AT_ONCE: usize = 4;

fn walk() -> Walk {
    let lines = lines();
    let next = AtomicUsize::new(0);
    let walks = at_once(AT_ONCE, |_| {
        let mut walk = Walk::default();
        while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
            ask_everybody(line, &mut walk);
        }
        walk
    });
    walks.into_iter().fold(Walk::default(), Walk::and)
}

#[test]
fn everybody_may_what_the_table_says_and_nothing_else() {
    let wrong = &WALK.wrong;
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn ask_everybody(line: &Line, walk: &mut Walk) {
    // Who is refused changes nothing, so they can share a site; who succeeds gets one of their own.
    let shared = prepared(line);
    for (role, expected) in Role::ALL.into_iter().zip(line.expected) {
        let succeeds = line.method == "POST" && expected == 303;
        let own = succeeds.then(|| prepared(line));
        let (site, statements) = own.as_ref().unwrap_or(&shared);
        let client = site.client(role);
        statements.take();
        let answer = ask(line, site, &client);
        walk.keep(line.path, statements);
        if line.method == "GET" && answer.status == 200 {
            ask_again(line, site, role, &client, walk);
        }
        let text = answer.text();
        let text = text.rsplit("You may not do this").next().unwrap();
        let text = text.split("What you can do").next().unwrap();
        let says_who = [
            "nly ",
            "This is for ",
            "open to ",
            "belongs to ",
            "must be ",
            "nyone",
        ];
        if answer.status == 403 && !says_who.iter().any(|word| text.contains(word)) {
            walk.wrong.push(format!(
                "{} {} as {role:?} is not told who may: {text}",
                line.method, line.path
            ));
        }
        if answer.status != expected {
            let (method, path) = (line.method, line.path);
            walk.wrong.push(format!(
                "{method} {path} as {role:?}: {expected} expected, {} {}",
                answer.status,
                answer.text()
            ));
        }
    }
}

#[test]
fn no_page_that_is_kept_changes_while_nothing_is_written() {
    let unsettled = &WALK.unsettled;
    assert!(unsettled.is_empty(), "\n{}", unsettled.join("\n"));
}

fn ask_again(line: &Line, site: &Site, role: Role, client: &Client, walk: &mut Walk) {
    let path = address(line.path, site);
    // No page is asked for in the very moment in which a minute begins. Whoever asks first is noted as seen.
    site.app.wait_seconds(1);
    client.get(&path);
    let page = client.get(&path);
    site.app.wait_seconds(58);
    if let Some(tag) = unchanged::tag(&page) {
        let version = site.app.version();
        let (answer, later) = (unchanged::ask(client, &path, &tag), client.get(&path));
        let is_read_only = site.app.version() == version;
        let (was, is) = (unchanged::settled(&page), unchanged::settled(&later));
        // On a server, what other tests commit is a commit too.
        let is_alone = On::this_run() == On::Sqlite;
        if was != is || (is_alone && (answer.status != 304 || !is_read_only)) {
            let (path, status) = (line.path, answer.status);
            let differs = was.bytes().zip(is.bytes()).position(|(a, b)| a != b);
            let from = differs.unwrap_or_default().saturating_sub(80);
            let part = |page: &str| {
                String::from_utf8_lossy(&page.as_bytes()[from..])
                    .chars()
                    .take(160)
                    .collect::<String>()
            };
            walk.unsettled.push(format!(
                "{path} as {role:?}: {status}, only read: {is_read_only}, {} became {}",
                part(&was),
                part(&is)
            ));
        }
    }
    site.app.wait_seconds(-59);
}

#[test]
fn every_mounted_route_has_a_line() {
    let lines: BTreeSet<(String, String)> = lines()
        .iter()
        .map(|l| {
            (
                l.method.to_owned(),
                l.path.split('?').next().unwrap().to_owned(),
            )
        })
        .collect();
    let mounted = mounted();
    let missing: Vec<_> = mounted.difference(&lines).collect();
    assert!(
        missing.is_empty(),
        "give these a line in the table of permissions: {missing:?}"
    );
    let gone: Vec<_> = lines.difference(&mounted).collect();
    assert!(gone.is_empty(), "these are mounted no more: {gone:?}");
}
