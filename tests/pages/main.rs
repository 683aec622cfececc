//! The pages for citizens in a real browser: every state, in every language, with and without scripts,
//! on a phone and on a desk; and from a sheet of paper to its page.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests read and write files, and measure time"
)]

#[path = "../support/mod.rs"]
mod support;

mod browser;
mod compare;
mod journeys;
mod limits;
mod looks;
mod receipts;
mod reports;
mod stage;
mod states;

use support::service::Answer;
use ureq::Agent;

/// What a browser says it accepts.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Asks for a page as a browser does, without following where it leads.
fn browse(address: &str, headers: &[(&str, &str)]) -> (Answer, String) {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .new_agent();
    let mut request = agent.get(address);
    if headers.iter().all(|(name, _)| *name != "Accept") {
        request = request.header("Accept", BROWSER);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answered = request.call().expect("the service answers");
    let body = answered.body_mut().read_to_vec().expect("the body arrives");
    let html = String::from_utf8_lossy(&body).into_owned();
    let answer = Answer {
        status: answered.status().as_u16(),
        headers: answered.headers().clone(),
        body,
    };
    (answer, html)
}
