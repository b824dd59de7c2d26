//! Chromium, for what only a browser can show: scripts, width, contrast, the keyboard.

use std::cell::Cell;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::action_chain::ActionChain;
use thirtyfour::error::{WebDriverError, WebDriverResult};
use thirtyfour::{
    By, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, TypingData, WebDriver,
    WebElement,
};

use super::factory::PASSWORD;
use super::{Member, TestApp, block_on};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);
const MISSING: &str = "scripts/test installs it and runs the browser tests";

/// How large the window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewport {
    /// 360 x 740: the smallest phone looked at.
    Narrow,
    /// 390 x 844.
    Phone,
    /// 1280 x 900.
    Desktop,
}

/// Which colours the person prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Viewport {
    pub const ALL: [Self; 2] = [Self::Phone, Self::Desktop];

    fn size(self) -> (u32, u32) {
        match self {
            Self::Narrow => (360, 740),
            Self::Phone => (390, 844),
            Self::Desktop => (1280, 900),
        }
    }
}

/// A browser of one test. It closes when this is dropped.
pub struct Browser {
    driver: Option<WebDriver>,
    base: String,
    viewport: Cell<Viewport>,
    // The last field: the driver's process goes when no browser needs it any more.
    _process: Arc<Chromedriver>,
}

impl Browser {
    /// Opens one at desktop width, in light colours.
    pub fn open(app: &TestApp) -> Self {
        let process = Chromedriver::running();
        let driver = block_on(async {
            let mut wanted = DesiredCapabilities::chrome();
            for flag in [
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-quic",
                "--hide-scrollbars",
            ] {
                wanted.add_arg(flag)?;
            }
            wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
            WebDriver::new(process.address.as_str(), wanted).await
        });
        let driver = driver.unwrap_or_else(|e| panic!("Chromium does not start ({e}); {MISSING}"));
        let viewport = Cell::new(Viewport::Desktop);
        let browser = Self {
            driver: Some(driver),
            base: app.base.clone(),
            viewport,
            _process: process,
        };
        browser.resize(Viewport::Desktop);
        browser.prefer(Theme::Light);
        browser
    }

    /// Turns scripts off, as some people do; forms must work all the same.
    pub fn without_javascript(&self) -> &Self {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        );
        self
    }

    /// Takes that width.
    pub fn resize(&self, viewport: Viewport) {
        self.viewport.set(viewport);
        let (width, height) = viewport.size();
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": viewport != Viewport::Desktop,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Takes a width of its own, without a reload.
    pub fn resize_to(&self, width: u32) {
        let metrics = json!({
            "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 800,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Prefers those colours, and no movement.
    pub fn prefer(&self, theme: Theme) {
        let word = if theme == Theme::Dark {
            "dark"
        } else {
            "light"
        };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": word },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        self.devtools("Emulation.setEmulatedMedia", features);
    }

    /// Goes to a page of the app.
    pub fn goto(&self, path: &str) {
        self.run(async |d| d.goto(format!("{}{path}", self.base)).await);
    }

    /// Goes back to the page before.
    pub fn back(&self) {
        self.run(async |d| d.back().await);
    }

    /// Where it is: path and query.
    pub fn path(&self) -> String {
        let url = self.run(async |d| d.current_url().await).to_string();
        url.strip_prefix(&self.base).unwrap_or(&url).to_owned()
    }

    /// Signs in through the form.
    pub fn sign_in(&self, member: &Member) {
        self.goto("/sign-in");
        self.fill("email", &member.email);
        self.fill("password", PASSWORD);
        self.press("Sign in");
        self.wait_until("signed in", || !self.path().starts_with("/sign-in"));
    }

    /// Signs in with the demo's one click.
    pub fn sign_in_as(&self, role: &str) {
        self.goto("/sign-in");
        let button = format!("//button[starts-with(normalize-space(), 'Sign in as {role} ')]");
        self.with(By::XPath(button), async |target| target.click().await);
        self.wait_until("signed in", || !self.path().starts_with("/sign-in"));
    }

    /// Types into the field of that name, in place of what was there.
    pub fn fill(&self, name: &str, text: &str) {
        self.with(By::Css(format!("[name='{name}']")), async |field| {
            field.clear().await?;
            field.send_keys(text).await
        });
    }

    /// Chooses the radio button, check box or option with that value.
    pub fn choose(&self, name: &str, value: &str) {
        let css = format!(
            "input[name='{name}'][value='{value}'], select[name='{name}'] option[value='{value}']"
        );
        self.with(By::Css(css), async |choice| {
            // A bar that stays at the foot of the window may lie over it.
            choice.scroll_into_view().await?;
            choice.click().await
        });
    }

    /// Presses the button or follows the link that says exactly this.
    pub fn press(&self, words: &str) {
        let says = format!("normalize-space()=\"{words}\"");
        let path = format!("//button[{says}] | //a[{says}] | //summary[{says}]");
        self.with(By::XPath(path), async |target| target.click().await);
    }

    /// Sends the form for `action` with these values, past the browser's own checks and our script: the answer is the
    /// page as it comes back.
    pub fn send(&self, action: &str, fields: &[(&str, &str)]) {
        self.script(
            "const form = document.querySelector(`form[action='${arguments[0]}']`); \
             for (const [name, value] of arguments[1]) form.elements.namedItem(name).value = value; \
             document.body.dataset.sent = '1'; form.submit();",
            vec![json!(action), json!(fields)],
        );
        self.wait_until("the answer", || {
            self.script("return document.body && document.readyState === 'complete' && !document.body.dataset.sent", vec![])
                == true
        });
    }

    /// Drags the first element that fits `from` onto `to`, with the mouse: to this share of its height.
    pub fn drag(&self, from: &str, to: &str, share: f64) {
        let points = self.script(
            "const [from, to] = [arguments[0], arguments[1]].map((css) => document.querySelector(css)); \
             from.scrollIntoView({ block: 'center', behavior: 'instant' }); \
             const [a, b] = [from, to].map((e) => e.getBoundingClientRect()); \
             return [a.x + a.width / 2, a.y + a.height / 2, b.x + b.width / 2, b.y + b.height * arguments[2]]",
            vec![json!(from), json!(to), json!(share)],
        );
        let mouse = |kind: &str, x: &Value, y: &Value| {
            let pressed = u8::from(kind != "mouseReleased");
            self.devtools(
                "Input.dispatchMouseEvent",
                json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": pressed, "clickCount": 1 }),
            );
        };
        mouse("mousePressed", &points[0], &points[1]);
        mouse("mouseMoved", &points[0], &points[3]);
        mouse("mouseMoved", &points[2], &points[3]);
        mouse("mouseReleased", &points[2], &points[3]);
    }

    /// Opens everything on the page that folds. A menu is not: it opens over what stands below it, one at a time.
    pub fn unfold(&self) {
        self.script(
            "document.querySelectorAll('details:not([open], [data-menu])').forEach((d) => { d.open = true; d.dataset.unfolded = ''; })",
            vec![],
        );
    }

    /// Closes what [`Self::unfold`] opened.
    pub fn fold(&self) {
        self.script(
            "document.querySelectorAll('details[data-unfolded]').forEach((d) => { d.open = false; delete d.dataset.unfolded; })",
            vec![],
        );
    }

    /// Does something with the first element that fits and is shown, as soon as there is one. A page that is just
    /// being replaced is asked again.
    ///
    /// # Panics
    /// When there is none in time; shows the page.
    pub fn with(&self, by: By, act: impl AsyncFn(&WebElement) -> WebDriverResult<()>) {
        let began = Instant::now();
        loop {
            let done = block_on(async {
                for element in self.driver().find_all(by.clone()).await? {
                    if element.is_displayed().await? {
                        return act(&element).await.map(|()| true);
                    }
                }
                Ok::<_, WebDriverError>(false)
            });
            if matches!(done, Ok(true)) {
                return;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{by:?} at {}: {done:?}: {}",
                self.path(),
                self.text()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the page says this.
    pub fn see(&self, words: &str) {
        self.wait_until(&format!("“{words}”"), || self.text().contains(words));
    }

    /// The words of the page as they are shown, white space as single spaces.
    pub fn text(&self) -> String {
        let text = self.script(
            "return document.body ? document.body.innerText : ''",
            vec![],
        );
        let text = text.as_str().unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of a script, run with `arguments` in the page.
    pub fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.run(async |d| Ok(d.execute(script, arguments).await?.json().clone()))
    }

    /// Types wherever the focus is, once the page is painted and has the focus: before that the browser drops what is
    /// typed.
    pub fn keys(&self, keys: impl Into<TypingData>) {
        self.chord(|chain| chain.send_keys(keys));
    }

    /// The same with keys held down.
    pub fn chord(&self, typed: impl FnOnce(ActionChain) -> ActionChain) {
        let is_ready =
            "return performance.getEntriesByType('paint').length > 0 && document.hasFocus()";
        self.wait_until("the page to take keys", || {
            self.script(is_ready, vec![]) == true
        });
        self.run(async |d| typed(d.action_chain()).perform().await);
    }

    /// Presses keys, and again where nothing came of them: a browser under load may still drop one.
    pub fn press_until(
        &self,
        what: &str,
        press: impl Fn(ActionChain) -> ActionChain,
        is_done: impl Fn() -> bool,
    ) {
        for _ in 0..5 {
            self.chord(&press);
            let pressed = Instant::now();
            while pressed.elapsed() < PATIENCE / 5 {
                if is_done() {
                    return;
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        panic!("{what} at {}: {}", self.path(), self.text());
    }

    /// What axe has against the page, one line each: rule, why, where.
    pub fn axe(&self) -> Vec<String> {
        let rules = json!({ "type": "tag", "values": [
            "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
        ]});
        self.axe_with(rules, "return document")
    }

    /// The same by the rules that look at colours; nothing else changes with the theme. Of texts that have the same
    /// colour, size, weight and backgrounds one is looked at: these rules take half of the time of a look.
    pub fn axe_on_colours(&self) -> Vec<String> {
        let rules = json!({ "type": "rule", "values": ["color-contrast", "link-in-text-block"] });
        self.axe_with(rules, ONE_OF_EACH_COLOUR)
    }

    fn axe_with(&self, rules: Value, texts: &str) -> Vec<String> {
        if self.script("return typeof axe", vec![]) != "object" {
            self.script(&AXE, vec![]);
            // Every page from here on brings it along, which takes a tenth of the time.
            let source = json!({ "source": *AXE });
            self.devtools("Page.addScriptToEvaluateOnNewDocument", source);
        }
        let script = format!(
            "const done = arguments[arguments.length - 1], texts = (() => {{ {texts} }})(); \
             axe.run(texts, {{ resultTypes: ['violations'], runOnly: arguments[0] }}) \
             .then((r) => done(r.violations.flatMap((v) => v.nodes.map((n) => \
                 `axe ${{v.id}}: ${{v.help}}: ${{n.html}} ${{n.failureSummary}}`))), (e) => done([`axe failed: ${{e}}`]));"
        );
        let found = self.run(async |d| {
            let answer = d.execute_async(&script, vec![rules]).await?;
            Ok(answer.json().clone())
        });
        found
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap().replace('\n', " "))
            .collect()
    }

    /// How far the page is wider than the window, in pixels, and what sticks out; nothing when it fits.
    pub fn overflow(&self) -> Option<String> {
        let (width, _) = self.viewport.get().size();
        let found = self.script(
            "const width = arguments[0], page = document.documentElement.scrollWidth; \
             if (page <= width) return null; \
             const out = [...document.body.querySelectorAll('*')].find((e) => e.getBoundingClientRect().right > width + 1); \
             return `scrolls sideways: ${page} of ${width} pixels, because of ${out ? out.outerHTML.slice(0, 200) : 'something'}`",
            vec![json!(width)],
        );
        found.as_str().map(str::to_owned)
    }

    /// What is filled beside the one button that may be, where more than one is. The page of all components shows more.
    pub fn filled_buttons(&self) -> Option<String> {
        if self.path() == "/_ui" {
            return None;
        }
        let found = self.script(
            "const filled = (e) => e.checkVisibility() && getComputedStyle(e).backgroundColor === accent; \
             const probe = document.createElement('i'); probe.style.color = 'var(--accent)'; \
             document.body.append(probe); const accent = getComputedStyle(probe).color; probe.remove(); \
             const all = [...document.querySelectorAll('.btn, main button')].filter(filled); \
             return all.length > 1 ? all.map((e) => e.innerText.trim()).join(', ') : null",
            vec![],
        );
        let words = found.as_str()?;
        Some(format!("more than one filled button: {words}"))
    }

    /// What the console complained of since it was last asked.
    pub fn console(&self) -> Vec<String> {
        let entries = self.run(async |d| d.browser_log().await);
        // That a page which does not exist is answered 404 is no fault of the page.
        let about_itself = format!("{}{} - Failed to load resource", self.base, self.path());
        entries
            .into_iter()
            .filter(|e| {
                matches!(e.level.as_str(), "SEVERE" | "WARNING")
                    && !e.message.starts_with(&about_itself)
            })
            .map(|e| format!("console: {}", e.message))
            .collect()
    }

    /// Keeps a picture of the window as `screenshots/NAME.png` in the target folder.
    pub fn screenshot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .parent()
            .unwrap()
            .join("screenshots");
        let file = folder.join(format!("{name}.png"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        self.run(async |d| d.screenshot(&file).await);
    }

    /// How many sheets of paper the page is printed on, A4 portrait unless the page's own style says otherwise.
    pub fn printed_pages(&self) -> u64 {
        let wanted = json!({
            "paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true, "preferCSSPageSize": true,
        });
        let printed = self.run(async |d| d.cdp().send_raw("Page.printToPDF", wanted).await);
        // A page object names its type; the tree of pages is of another type.
        let count = "return (atob(arguments[0]).match(/\\/Type\\s*\\/Page(?!s)/g) || []).length";
        let pages = self.script(count, vec![printed["data"].clone()]);
        pages.as_u64().unwrap_or_default()
    }

    /// Waits until it is so.
    ///
    /// # Panics
    /// When it does not become so; shows the page.
    pub fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        let began = Instant::now();
        while !is_so() {
            assert!(
                began.elapsed() < PATIENCE,
                "waited for {what} at {}, but it says: {}",
                self.path(),
                self.text()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whatever else WebDriver can do.
    pub fn run<T>(&self, f: impl AsyncFnOnce(&WebDriver) -> WebDriverResult<T>) -> T {
        block_on(f(self.driver())).unwrap_or_else(|e| panic!("the browser: {e}"))
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().unwrap()
    }

    /// Asks something of the browser itself.
    pub fn devtools(&self, command: &str, arguments: Value) {
        self.run(async |d| d.cdp().send_raw(command, arguments).await);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take()
            && let Err(e) = block_on(driver.quit())
        {
            eprintln!("the browser did not close: {e}");
        }
    }
}

/// The elements that hold a text of their own: one for each look that a text has on the page.
const ONE_OF_EACH_COLOUR: &str = "\
    const looks = new Map(); \
    for (const e of document.body.querySelectorAll('*')) { \
        const holds_text = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()); \
        if (!(holds_text || e.matches('input, select, textarea')) || !e.checkVisibility()) continue; \
        const own = getComputedStyle(e); \
        const look = [own.color, own.fontSize, own.fontWeight, own.textShadow, e.matches('a'), \
            !!e.closest('[disabled], [aria-disabled=true]'), getComputedStyle(e.parentElement).color]; \
        let is_shown = own.visibility === 'visible'; \
        for (let up = e; up; up = up.parentElement) { \
            const { backgroundColor, backgroundImage, opacity, clipPath } = getComputedStyle(up); \
            is_shown &&= clipPath === 'none'; \
            if (backgroundColor !== 'rgba(0, 0, 0, 0)') look.push(backgroundColor); \
            if (backgroundImage !== 'none') look.push(backgroundImage); \
            if (opacity !== '1') look.push(opacity); \
        } \
        if (is_shown && !looks.has(look.join())) looks.set(look.join(), e); \
    } \
    return [...looks.values()];";

/// axe-core, from the one place `npm ci` puts it.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let file: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}; {MISSING}", file.display()))
});

/// The process that drives Chromium: one for all browsers, as long as there is one.
struct Chromedriver {
    child: Mutex<Child>,
    address: String,
}

impl Chromedriver {
    fn running() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Chromedriver>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(process) = running.upgrade() {
            return process;
        }
        let process = Arc::new(Self::start());
        *running = Arc::downgrade(&process);
        process
    }

    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("chromedriver does not start ({e}); {MISSING}"));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.unwrap_or_else(|| panic!("chromedriver names no port; {MISSING}"));
        // It stops when nobody listens to it.
        thread::spawn(move || lines.for_each(drop));
        Self {
            child: Mutex::new(child),
            address: format!("http://127.0.0.1:{port}"),
        }
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(e) = child.kill().and_then(|()| child.wait()) {
            eprintln!("chromedriver did not stop: {e}");
        }
    }
}
