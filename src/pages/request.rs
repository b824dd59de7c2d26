//! The two ways of a page to the app: [`show`] reads, [`submit`] writes. Both know first who asks.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::db::locks::Order;
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, locks, past};
use crate::domain::audit::Act;
use crate::domain::auth::context::ReadContext;
use crate::domain::auth::{ABSOLUTE_HOURS, Cookies, KNOWN_HOURS, store};
use crate::domain::notification;
use crate::domain::people::next::{NextDeed, Part};
use crate::domain::people::{Actor, initials};
use crate::domain::ramp;
use crate::error::{Error, Result};
use crate::forms::{made_for, new_key, new_key_for};
use crate::time::LocalTime;
use crate::usecases::auth::actions;
use crate::usecases::notify::rounds;
use crate::web::guard::caller;
use crate::web::{
    Deed, Done, Fields, Look, Page, Past, Viewer, form_status, html, html_with, respond,
};

/// The cookie that holds the session token.
pub const COOKIE: &str = "checkride";
/// The cookie that holds the token by which a browser is known.
pub const BROWSER: &str = "checkride-browser";

/// The app behind a request.
pub fn app(req: &HttpRequest) -> Result<web::Data<App>> {
    req.app_data::<web::Data<App>>()
        .cloned()
        .ok_or_else(|| Error::fault("the app is not mounted"))
}

/// The session token the browser sent.
pub fn token(req: &HttpRequest) -> Option<String> {
    req.cookie(&respond::cookie_name(req, COOKIE))
        .map(|c| c.value().to_owned())
}

/// Whoever holds that token, asking now, or now about a past day on a connection that looks back; also says whether "last
/// seen" should be written anew.
pub fn context(
    c: &mut Conn,
    token: &str,
    now: UtcTime,
    day: Option<Day>,
) -> Result<(ReadContext, Option<i64>)> {
    if day.is_some() {
        past::view_at(c, UtcTime::MAX)?;
    }
    let found = actions::signed_in(c, token, now)?;
    let stale = found.is_due.then_some(found.session);
    let local = LocalTime::new(&found.actor.time_zone, now);
    let mut context = ReadContext {
        actor: found.actor,
        now,
        local,
        unread: found.unread,
        part: found.part,
        past: None,
    };
    if let Some(day) = day {
        context = context.at_end_of(day);
        past::view_at(c, context.known_before())?;
    }
    Ok((context, stale))
}

/// The shell of every page that this person is shown, with the number of notifications they have not read and what they
/// do next.
pub fn shell(actor: &Actor, (unread, part): (i64, Part), now: UtcTime) -> Page {
    Page {
        viewer: Some(viewer(actor)),
        unread,
        deed: NextDeed::of(part, actor).map(deed),
        zone: actor.time_zone.clone(),
        utc_day: LocalTime::new(&actor.time_zone, now).utc_day(),
        form_key: actor.id.map_or_else(new_key, new_key_for),
        ..Page::signed_out("")
    }
}

/// Shows a page: `f` reads what is on it, in one snapshot, and is given the shell to show it in.
pub async fn show<T, F>(req: &HttpRequest, f: F) -> Result<HttpResponse>
where
    T: Template + Send + 'static,
    F: FnOnce(&mut Conn, &ReadContext, Page) -> Result<T> + Send + 'static,
{
    html(&read_page(req, &Past::default(), f).await?)
}

/// Shows a page of another day, where one is asked for: of a past one, what was known at its end; of one to come, how it
/// is if nothing changes; and a word where the day is none.
pub async fn show_at<T, F>(req: &HttpRequest, past: &Past, f: F) -> Result<HttpResponse>
where
    T: Template + Send + 'static,
    F: FnOnce(&mut Conn, &ReadContext, Page) -> Result<T> + Send + 'static,
{
    let status = form_status(&past.errors);
    html_with(status, &read_page(req, past, f).await?)
}

/// The other day that a page is asked for.
pub fn other_day(req: &HttpRequest, query: &Fields) -> Result<Past> {
    Ok(Past::parse(query, app(req)?.clock.now().day()))
}

/// The past day that a page is asked for, where nothing is known ahead.
pub fn past_day(req: &HttpRequest, query: &Fields) -> Result<Past> {
    Ok(Past::over(query, app(req)?.clock.now().day()))
}

/// Reads what a page shows, together with the shell to show it in.
pub(super) async fn read_page<T, F>(req: &HttpRequest, past: &Past, f: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &ReadContext, Page) -> Result<T> + Send + 'static,
{
    let (flash, look) = (respond::flash(req), Look::of(req));
    read_at(req, past, move |c, context| {
        let page = Page {
            flash,
            look,
            ..shell(&context.actor, (context.unread, context.part), context.now)
        };
        f(c, context, page)
    })
    .await
}

/// The same without being seen: a page that asks by itself keeps no session alive.
pub async fn glance<T, F>(req: &HttpRequest, f: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &ReadContext) -> Result<T> + Send + 'static,
{
    let app = app(req)?;
    let now = app.clock.now();
    let token = token(req).ok_or(Error::SignedOut)?;
    let job = move |c: &mut Conn| {
        let (context, _) = context(c, &token, now, None)?;
        f(c, &context)
    };
    app.db.read(job).await
}

/// Reads in one snapshot, for the person who is signed in.
pub async fn read<T, F>(req: &HttpRequest, f: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &ReadContext) -> Result<T> + Send + 'static,
{
    read_at(req, &Past::default(), f).await
}

/// Reads for another day, where one is asked for: see [`show_at`].
pub async fn read_at<T, F>(req: &HttpRequest, past: &Past, f: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &ReadContext) -> Result<T> + Send + 'static,
{
    let app = app(req)?;
    let now = app.clock.now();
    let token = token(req).ok_or(Error::SignedOut)?;
    let (day, ahead) = (past.looks_back(), past.day.filter(|_| past.is_ahead()));
    let job = move |c: &mut Conn| {
        let (mut context, stale) = context(c, &token, now, day)?;
        if let Some(day) = ahead {
            context = context.ahead_at(day);
        }
        // What the page could not show is still an answer: the error page shows who is signed in.
        let value = f(c, &context);
        Ok((context.actor, stale, value))
    };
    let (actor, stale, value) = match day {
        None => app.db.read(job).await?,
        Some(_) => app.db.read_past(job).await?,
    };
    if let Some(id) = stale {
        let touch = move |c: &mut _| store::touch_session(c, id, now);
        in_passing(&app, "when a session was last seen", touch).await;
    }
    req.extensions_mut().insert(viewer(&actor));
    value
}

/// Writes what a page need not show. The page has been read already: it waits a moment for the writer, and no longer. The
/// next one tries again.
pub async fn in_passing<F>(app: &App, what: &'static str, f: F)
where
    F: FnOnce(&mut Conn) -> Result<()> + Send + 'static,
{
    if let Ok(Err(e)) = tokio::time::timeout(A_MOMENT, app.db.write(f)).await {
        tracing::warn!(error = %e, what, "could not write in passing");
    }
}

/// Does what a form asks, in one transaction, once: the same form sent again gets the first answer.
///
/// Errors: [`Error::SignedOut`], or what `f` returned; then nothing was written.
pub async fn submit<F>(req: &HttpRequest, fields: &Fields, f: F) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act) -> Result<Done> + Send + 'static,
{
    let app = app(req)?;
    let (clock, caller) = (app.clock.clone(), caller(req));
    let (address, request_id) = (caller.address.clone(), caller.request_id.clone());
    let token = token(req).ok_or(Error::SignedOut)?;
    let form = (fields.get("form_key").to_owned(), fields.digest(req.path()));
    let (sent, asked) = (form.clone(), token.clone());
    // Told apart from the answer, because an error page too shows who is signed in.
    let signed_in = Arc::new(OnceLock::new());
    let known = Arc::clone(&signed_in);
    let done = app
        .db
        .write(move |c| {
            // Not when it arrived: what waited in the queue happens now.
            let now = clock.now();
            let found = actions::signed_in(c, &token, now)?;
            known.get_or_init(|| viewer(&found.actor));
            let act = Act {
                actor: found.actor,
                address,
                request_id,
                session: Some(found.session),
                ..Act::operator(now)
            };
            let done = once(c, &act, (&form.0, &form.1), f)?;
            require_same_day(&act, clock.now())?;
            Ok(done)
        })
        .await;
    let done = match done {
        Err(Error::Unknown(cause)) => what_was_stored(&app, (asked, sent), cause).await,
        told => told,
    };
    if let Some(viewer) = signed_in.get() {
        req.extensions_mut().insert(viewer.clone());
    }
    Ok(respond::done(req, &done?))
}

/// The answer to a form that shows something once.
#[derive(Debug)]
pub enum Once<T> {
    /// The form was taken now: the shell of the page, and what it shows.
    Now(Box<Page>, T),
    /// It was sent before; what it showed then is not shown again.
    Before(HttpResponse),
}

/// Does what a form asks, once, and gives back what its answer shows and nothing keeps: a one-time link. The same
/// form sent again (the page loaded again, say) is led to the first answer's location instead.
///
/// Errors: [`Error::SignedOut`], or what `f` returned; then nothing was written.
pub async fn submit_once<T, F>(req: &HttpRequest, fields: &Fields, f: F) -> Result<Once<T>>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &Act) -> Result<(Done, T)> + Send + 'static,
{
    let look = Look::of(req);
    let made = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&made);
    let response = submit(req, fields, move |c, act| {
        let (done, value) = f(c, act)?;
        let (unread, part) = match act.actor.id {
            Some(id) => (
                notification::store::unread(c, id)?,
                ramp::store::pairs::part(c, id)?,
            ),
            None => (0, Part::default()),
        };
        let page = Page {
            look,
            ..shell(&act.actor, (unread, part), act.now)
        };
        *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some((page, value));
        Ok(done)
    })
    .await?;
    let made = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    Ok(match made {
        Some((page, value)) => Once::Now(Box::new(page), value),
        None => Once::Before(response),
    })
}

/// What the browser keeps for us.
pub fn cookies(req: &HttpRequest) -> Cookies {
    let browser = req.cookie(&respond::cookie_name(req, BROWSER));
    Cookies {
        session: token(req),
        browser: browser.map(|c| c.value().to_owned()),
    }
}

/// Has the browser keep that, and leads on.
///
/// Errors: A fault when a cookie cannot be set.
pub fn signed_in(req: &HttpRequest, cookies: Cookies, done: &Done) -> Result<HttpResponse> {
    keeping(req, respond::done(req, done), cookies)
}

/// Has the browser keep that, and send the same form again, to that path.
///
/// Errors: A fault when a cookie cannot be set.
pub fn signed_in_to_send(req: &HttpRequest, cookies: Cookies, to: &str) -> Result<HttpResponse> {
    let mut response = HttpResponse::TemporaryRedirect();
    response.insert_header((header::LOCATION, to));
    keeping(req, response.finish(), cookies)
}

/// An answer that has the browser keep that.
///
/// Errors: A fault when a cookie cannot be set.
pub fn keeping(
    req: &HttpRequest,
    mut response: HttpResponse,
    cookies: Cookies,
) -> Result<HttpResponse> {
    let tokens = [
        (COOKIE, cookies.session, ABSOLUTE_HOURS),
        (BROWSER, cookies.browser, KNOWN_HOURS),
    ];
    for (name, token, hours) in tokens {
        let Some(token) = token else { continue };
        let mut cookie = respond::cookie(req, name, token);
        cookie.set_max_age(actix_web::cookie::time::Duration::hours(hours));
        response.add_cookie(&cookie).map_err(Error::fault)?;
    }
    Ok(response)
}

/// The address of this installation as links from outside must name it, without a slash at the end: the public one, or
/// the one this request was sent to.
pub fn own_address(req: &HttpRequest) -> Result<String> {
    let app = app(req)?;
    if let Some(url) = &app.rules.public_url {
        return Ok(format!("{url}{}", app.rules.base_path));
    }
    let host = req.headers().get(header::HOST);
    let host = host.and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if caller(req).secure { "https" } else { "http" };
    Ok(format!("{scheme}://{host}"))
}

/// How long a page that has been read waits for a writer.
const A_MOMENT: Duration = Duration::from_millis(250);

/// How long it takes at most to find out what became of a write.
const FINDING_OUT: Duration = Duration::from_secs(8);

/// The first answer to a form, if it was stored although the answer to its commit was lost.
///
/// Errors: [`Error::Away`] when nothing was stored; [`Error::Unknown`] when nobody can say yet.
async fn what_was_stored(
    app: &App,
    (token, (key, content)): (String, (String, String)),
    cause: String,
) -> Result<Done> {
    let look = async {
        loop {
            let (token, key, content) = (token.clone(), key.clone(), content.clone());
            let now = app.clock.now();
            let look = app.db.write(move |c| {
                let found = actions::signed_in(c, &token, now)?;
                let form = (found.actor.id.ok_or(Error::SignedOut)?, key.as_str());
                // Taken, not read: a commit that is still under way is waited for.
                let answer = store::take_form_key(c, form, &content, now)?;
                if answer.is_none() {
                    store::give_form_key_back(c, form)?;
                }
                Ok(answer)
            });
            match look.await {
                Ok(answer) => return Some(answer),
                Err(Error::Away(_) | Error::Busy | Error::Unknown(_)) => {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                Err(_) => return None,
            }
        }
    };
    match tokio::time::timeout(FINDING_OUT, look).await {
        Ok(Some(Some((location, flash)))) => Ok(Done { location, flash }),
        Ok(Some(None)) => Err(Error::Away(cause)),
        Ok(None) | Err(_) => Err(Error::Unknown(cause)),
    }
}

fn once(
    c: &mut Conn,
    act: &Act,
    (key, content): (&str, &str),
    f: impl FnOnce(&mut Conn, &Act) -> Result<Done>,
) -> Result<Done> {
    let person_id = act.actor.id.ok_or(Error::SignedOut)?;
    if !is_form_key(key) {
        return Err(Error::incomplete());
    }
    if made_for(key).is_some_and(|id| id != person_id) {
        return Err(Error::Conflict(format!(
            "This form was opened by someone else, and you are signed in as {}. Nothing was stored. Check what it says: \
             what you send is yours.",
            act.actor.name
        )));
    }
    locks::take(Order::FormKey, 0);
    let form = (person_id, key);
    if let Some((location, flash)) = store::take_form_key(c, form, content, act.now)? {
        return Ok(Done { location, flash });
    }
    let done = f(c, act)?;
    rounds::look_soon(c, person_id, act.now)?;
    store::keep_form_answer(c, form, &done.location, &done.flash)?;
    Ok(done)
}

/// A page of a past day shows what was stored by its end, so nothing is stored for a day that ended while it waited for
/// others.
fn require_same_day(act: &Act, now: UtcTime) -> Result<()> {
    if now.day() == act.now.day() {
        return Ok(());
    }
    Err(Error::Conflict(
        "The day (UTC) ended before this was stored. Nothing was stored. Send it again.".into(),
    ))
}

/// A key we gave out: random, and for one of many forms of a page with what the form is about behind it.
fn is_form_key(key: &str) -> bool {
    (16..=128).contains(&key.len())
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// How what somebody does next is said, and where it is done.
fn deed(next: NextDeed) -> Deed {
    let (short, rest, href) = match next {
        NextDeed::RecordSession => ("Record", " session", "/sessions/new"),
        NextDeed::Plan => ("Plan", " session", "/plan"),
        NextDeed::StartRamp => ("Start", " ramp", "/ramps/new"),
    };
    Deed {
        short,
        rest,
        href: href.into(),
    }
}

fn viewer(actor: &Actor) -> Viewer {
    Viewer {
        name: actor.name.clone(),
        initials: initials(&actor.name),
        email: actor.email.clone(),
        handle: actor.handle.clone(),
        time_zone: actor.time_zone.clone(),
        is_admin: actor.is_admin,
        is_lead: !actor.leads.is_empty(),
    }
}
