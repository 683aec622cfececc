//! What others say: the time, the time-stamp authorities, the sources of revocation data.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::{Scene, local};
use crate::authorities::visit;
use crate::cli::doctor::{Line, State};
use crate::commands::examine::{ask_each, trouble};
use crate::opening::{self, authorities as asked, levels, store_access};

/// Addresses asked what time it is there.
const MOST_ASKED: usize = 6;
/// How long each may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// Further than this a clock is not on time.
const ON_TIME: SignedDuration = SignedDuration::from_secs(2);
/// Two clocks of one machine part by so much only when one of them is set.
const SET: SignedDuration = SignedDuration::from_millis(250);
/// `Date` says whole seconds: what it says is half a second old on average.
const HALF: SignedDuration = SignedDuration::from_millis(500);
/// No clock of this program's time is behind its release.
const RELEASED: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// Whether the clock is right, as far as somebody says what time it is.
pub(super) fn clock(scene: &Scene) -> Vec<Line> {
    let mut lines = vec![time(scene)];
    let (calendar, steady) = scene.began;
    let passed = SignedDuration::try_from(steady.elapsed()).unwrap_or_default();
    let parted = scene.now().duration_since(calendar) - passed;
    if parted.abs() > SET {
        lines.push(
            Line::new(
                "clock",
                State::Attention,
                format!("it was set by {} while it was looked at", offset(parted)),
            )
            .with_next_step("let one time service keep it (chrony, systemd-timesyncd)"),
        );
    }
    lines.push(local::time_zone(scene.now()));
    lines
}

fn time(scene: &Scene) -> Line {
    let now = scene.now();
    if now < RELEASED {
        return Line::failed("clock", format!("it says {now}"))
            .with_next_step("set it: timedatectl set-ntp true");
    }
    let addresses = addresses(scene);
    if addresses.is_empty() {
        let fact = format!(
            "it says {}; nobody is configured to compare it with",
            second(now)
        );
        return Line::new("clock", State::NotAsked, fact)
            .with_next_step("chronyc tracking, or timedatectl");
    }
    let Ok(runtime) = opening::runtime() else {
        return Line::failed("clock", "no threads can be had");
    };
    let visits = addresses.iter().map(|address| async {
        let seen = visit(address, "*/*", 0, PATIENCE).await.ok()?;
        let way = SignedDuration::try_from(seen.latency / 2).ok()?;
        let there = seen.date?.checked_add(HALF + way).ok()?;
        Some(scene.now().duration_since(there))
    });
    let offsets = runtime.block_on(join_all(visits));
    runtime.shutdown_background();
    let mut offsets: Vec<_> = offsets.into_iter().flatten().collect();
    judge(&mut offsets, scene.settings.timestamp.skew_seconds, now)
}

/// The clock against those of others; one of them that is wrong does not outvote the rest.
fn judge(offsets: &mut [SignedDuration], skew_seconds: u64, now: Timestamp) -> Line {
    offsets.sort();
    let Some(middle) = offsets.get(offsets.len() / 2) else {
        let fact = format!("it says {}; nobody could be asked", second(now));
        return Line::new("clock", State::NotAsked, fact)
            .with_next_step("chronyc tracking, or timedatectl");
    };
    let fact = format!("{} against {} other(s)", offset(*middle), offsets.len());
    let skew = SignedDuration::from_secs(i64::try_from(skew_seconds).unwrap_or(i64::MAX));
    let step = "let a time service keep it (chrony, systemd-timesyncd)";
    match middle.abs() {
        away if away <= ON_TIME => Line::ok("clock", fact),
        away if away <= skew => Line::new("clock", State::Attention, fact).with_next_step(step),
        _ => Line::failed("clock", format!("{fact}: timestamps are refused")).with_next_step(step),
    }
}

/// Who may know what time it is: whoever the settings name.
fn addresses(scene: &Scene) -> Vec<String> {
    let settings = &scene.settings;
    let store = settings.archive.url.starts_with("s3://");
    let store = store.then(|| store_access::of_process(&settings.archive)?.endpoint);
    let stampers = settings.timestamp.authorities.iter();
    let sources = settings.revocation.sources.iter();
    let sources = sources.flat_map(|source| source.ocsp.iter().chain(&source.crl).cloned());
    let named: BTreeSet<String> = store
        .flatten()
        .into_iter()
        .chain(stampers.map(|authority| authority.url.clone()))
        .chain(sources)
        .collect();
    named.into_iter().take(MOST_ASKED).collect()
}

fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn offset(by: SignedDuration) -> String {
    let way = if by.is_negative() { "behind" } else { "ahead" };
    format!("{:.1} s {way}", by.abs().as_secs_f64())
}

/// The time-stamp authorities and the sources of revocation data: each is asked for real.
pub(super) fn authorities(scene: &Scene) -> Vec<Line> {
    let settings = &scene.settings;
    let opened = opening::runtime().and_then(|runtime| {
        let anchors = (&scene.seals, &scene.timestamps);
        let opened = asked::open(
            settings,
            anchors.0,
            anchors.1,
            &scene.clock,
            runtime.handle(),
        )?;
        Ok((runtime, opened))
    });
    let (runtime, opened) = match opened {
        Ok(opened) => opened,
        Err(failure) => {
            return vec![Line::of_trouble(
                "authorities",
                State::Failed,
                trouble(failure),
            )];
        }
    };
    let seats = scene.organs.as_ref().map(|organs| organs.seats.as_slice());
    let seats = seats.unwrap_or_default();
    let mut lines = Vec::new();
    if !(settings.timestamp.authorities.is_empty() && settings.revocation.sources.is_empty()) {
        let trials = ask_each(settings, &opened, seats, scene.now(), &runtime);
        lines.extend(local::lines_of(trials, State::Failed));
    } else {
        let fact = "none for timestamps: copies are sealed at level B-B";
        lines.push(Line::new("authorities", State::NotAsked, fact));
    }
    if settings.revocation.sources.is_empty() {
        let fact = "no source: whether a seal was revoked is not known before it seals";
        lines.push(
            Line::new("revocation", State::NotAsked, fact)
                .with_next_step("config/default.toml shows the shape under [revocation]"),
        );
    }
    let means = levels::means(settings, &opened.timestamps, &opened.revocation);
    let out_of_reach = levels::out_of_reach(&means, seats).into_iter();
    lines.extend(out_of_reach.map(|trouble| Line::of_trouble("levels", State::Failed, trouble)));
    runtime.shutdown_background();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(offsets: &[i64]) -> State {
        let mut offsets: Vec<_> = offsets
            .iter()
            .map(|seconds| SignedDuration::from_secs(*seconds))
            .collect();
        judge(&mut offsets, 60, RELEASED).state
    }

    #[test]
    fn a_clock_is_judged_by_the_middle_of_the_others() {
        assert_eq!(state(&[]), State::NotAsked);
        assert_eq!(state(&[1]), State::Ok);
        assert_eq!(state(&[0, 1, 4000]), State::Ok, "one of them is wrong");
        assert_eq!(state(&[-20, -20]), State::Attention);
        assert_eq!(state(&[90]), State::Failed);
    }
}
