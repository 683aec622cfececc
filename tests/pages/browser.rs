//! Chromium, driven over plain WebDriver (W3C) and a few commands of its DevTools.

use std::cell::Cell;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::support::{self, tools};

const PATIENCE: Duration = Duration::from_secs(120);

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The programs that these tests need.
pub(crate) fn present() -> bool {
    let axe = axe();
    tools::present(&["chromium", "chromedriver", &axe.to_string_lossy()])
}

fn axe() -> PathBuf {
    tools::node_modules().join("axe-core/axe.min.js")
}

/// A browser with one window and an empty profile; closed when dropped.
pub(crate) struct Browser {
    driver: Child,
    session: String,
    agent: Agent,
    axe: String,
    scripts: Cell<bool>,
    _profile: TempDir,
}

/// An element of the page.
#[derive(Debug, Clone)]
pub(crate) struct Element(String);

impl Browser {
    /// Starts one; `width` is that of its window in CSS pixels.
    pub(crate) fn start(width: u32) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{port}"),
            agent: Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(PATIENCE))
                .build()
                .new_agent(),
            axe: fs::read_to_string(axe()).expect("axe-core is installed"),
            scripts: Cell::new(true),
            _profile: profile,
        };
        browser.open_session();
        browser.resize(width);
        browser
    }

    fn open_session(&mut self) {
        let profile = self._profile.path().display();
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            &format!("--user-data-dir={profile}"),
        ];
        let wish = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
        }}});
        let start = Instant::now();
        let ready = || {
            let url = format!("{}/status", self.session);
            self.agent.get(url).call().is_ok()
        };
        while !ready() {
            assert!(start.elapsed() < PATIENCE, "chromedriver does not answer");
            thread::sleep(Duration::from_millis(50));
        }
        let answer = self.post("/session", &wish);
        let id = answer["sessionId"].as_str().expect("a session").to_owned();
        self.session = format!("{}/session/{id}", self.session);
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.session))
            .header("Content-Type", "application/json")
            .send(body.to_string())
            .expect("chromedriver answers");
        let text = answer
            .body_mut()
            .with_config()
            .limit(256 << 20)
            .read_to_string()
            .expect("an answer");
        let value: Value = serde_json::from_str(&text).expect("WebDriver speaks JSON");
        let value = value["value"].clone();
        assert!(
            value["error"].is_null(),
            "{path}: {}: {}",
            value["error"],
            value["message"]
        );
        value
    }

    fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.post("/goog/cdp/execute", &body)
    }

    /// Makes the page so many CSS pixels wide.
    pub(crate) fn resize(&self, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    /// Switches the scripts of pages on or off.
    pub(crate) fn scripts(&self, on: bool) {
        self.scripts.set(on);
        self.allow_scripts(on);
    }

    fn allow_scripts(&self, on: bool) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({"value": !on}),
        );
    }

    /// Shows pages as on paper, or in dark colours.
    pub(crate) fn shows_as(&self, medium: &str, scheme: &str) {
        let scheme = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let media = json!({"media": medium, "features": scheme});
        self.devtools("Emulation.setEmulatedMedia", media);
    }

    /// Keeps what is downloaded in a folder.
    pub(crate) fn downloads_into(&self, folder: &Path) {
        let behaviour = json!({"behavior": "allow", "downloadPath": folder.display().to_string()});
        self.devtools("Browser.setDownloadBehavior", behaviour);
    }

    /// Opens an address.
    pub(crate) fn go(&self, url: &str) {
        self.post("/url", &json!({"url": url}));
    }

    /// Runs a function's body in the page.
    pub(crate) fn script(&self, body: &str) -> Value {
        self.post("/execute/sync", &json!({"script": body, "args": []}))
    }

    /// The text of the first element that matches.
    pub(crate) fn text(&self, selector: &str) -> String {
        let found = format!("return document.querySelector({selector:?})?.innerText ?? ''");
        self.script(&found).as_str().unwrap_or_default().to_owned()
    }

    /// The title of the page.
    pub(crate) fn title(&self) -> String {
        self.script("return document.title")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The path and query of the page.
    pub(crate) fn path(&self) -> String {
        self.script("return location.pathname + location.search")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The first element that matches.
    pub(crate) fn find(&self, selector: &str) -> Element {
        let wish = json!({"using": "css selector", "value": selector});
        let found = self.post("/element", &wish);
        Element(found[ELEMENT].as_str().expect("an element").to_owned())
    }

    /// Types into an element; into an input for files, the path of one.
    pub(crate) fn type_into(&self, element: &Element, text: &str) {
        let path = format!("/element/{}/value", element.0);
        self.post(&path, &json!({"text": text}));
    }

    /// Clicks on an element.
    pub(crate) fn click(&self, element: &Element) {
        self.post(&format!("/element/{}/click", element.0), &json!({}));
    }

    /// Presses keys one after the other, wherever the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let presses: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                let key = key.to_string();
                [
                    json!({"type": "keyDown", "value": key}),
                    json!({"type": "keyUp", "value": key}),
                ]
            })
            .collect();
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": presses});
        self.post("/actions", &json!({"actions": [keyboard]}));
    }

    /// Waits until something in the page is true.
    pub(crate) fn wait_until(&self, condition: &str) {
        let start = Instant::now();
        while self.script(&format!("return Boolean({condition})")) != true {
            assert!(
                start.elapsed() < PATIENCE,
                "never: {condition}; the page is {}",
                self.text("body")
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// What axe-core finds wrong with the page: rule and elements.
    pub(crate) fn violations(&self) -> Vec<String> {
        // Axe waits for timers, which do not run where scripts are off. The page's own script does not
        // start any more: it had its moment when the page was loaded.
        self.allow_scripts(true);
        if self.script("return typeof axe === 'undefined'") == true {
            self.script(&self.axe);
        }
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(
                (found) => done(found.violations.map((violation) => violation.id + ': '
                    + violation.nodes.map((node) => node.html).join(' | '))),
                (error) => done(['axe failed: ' + error]));";
        let found = self.post("/execute/async", &json!({"script": run, "args": []}));
        self.allow_scripts(self.scripts.get());
        let found = found.as_array().expect("a list of violations");
        found.iter().map(ToString::to_string).collect()
    }

    /// Keeps a picture of the whole page in `target/pages`, for who wants to look.
    pub(crate) fn picture(&self, name: &str) {
        let wish = json!({"format": "png", "captureBeyondViewport": true});
        let size = self.script(
            "return [document.documentElement.clientWidth, document.documentElement.scrollHeight]",
        );
        let clip = json!({"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1});
        let mut wish = wish;
        wish["clip"] = clip;
        let picture = self.devtools("Page.captureScreenshot", wish);
        let png = STANDARD
            .decode(picture["data"].as_str().expect("a picture"))
            .expect("Base64");
        let folder = pictures();
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(folder.join(format!("{name}.png")), png).expect("the picture can be written");
    }
}

/// Where the pictures are kept.
fn pictures() -> PathBuf {
    support::target().join("pages")
}

/// A file of its own that a browser can be given.
pub(crate) fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("the file can be written");
    path.to_string_lossy().into_owned()
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
