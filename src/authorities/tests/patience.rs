//! What a dead authority costs those who seal.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::server::{Reply, Request, Server};
use super::stamping::Stamp;
use super::timestamps::{authority, imprint, parts, setup, stamping};
use super::*;
use crate::authorities::circuit::PAUSE;

const TOTAL: Duration = Duration::from_millis(600);

/// A client of one authority after the other.
fn client(root: &Authority, urls: &[&str]) -> TimestampAuthorities {
    let setups = urls.iter().map(|url| setup(url)).collect();
    let limits = TimeLimits {
        total: TOTAL,
        ..LIMITS
    };
    let parts = parts(root, setups);
    TimestampAuthorities::new(TimestampParts { limits, ..parts }).unwrap()
}

fn hanging() -> Server {
    Server::start(|_: &Request| Reply::Silence)
}

/// How long one timestamp takes.
async fn time_of(client: &TimestampAuthorities) -> Duration {
    let start = Instant::now();
    client.timestamp(&imprint()).await.unwrap();
    start.elapsed()
}

#[tokio::test]
async fn a_dead_first_authority_costs_two_time_outs_in_all_and_later_requests_nothing() {
    let (root, authority) = authority();
    let (dead, good) = (hanging(), stamping(&authority, Stamp::default()));
    let client = client(&root, &[&dead.url, &good.url]);
    for _ in 0..10 {
        time_of(&client).await;
    }
    let eleventh = time_of(&client).await;
    assert!(eleventh < TOTAL, "{eleventh:?}");
    assert_eq!(dead.requests(), 2, "then it is left alone");
    let [first, second] = <[EndpointState; 2]>::try_from(client.states()).unwrap();
    assert_eq!((first.circuit, first.faults), (CircuitState::Open, 2));
    assert_eq!(
        (second.circuit, second.successes),
        (CircuitState::Closed, 11)
    );
}

#[tokio::test]
async fn requests_under_way_go_on_to_the_next_authority_when_others_find_out() {
    let (root, authority) = authority();
    let (dead, good) = (hanging(), stamping(&authority, Stamp::default()));
    let client = client(&root, &[&dead.url, &good.url]);
    let mut asking = JoinSet::new();
    let ask = |asking: &mut JoinSet<Duration>| {
        let client = client.clone();
        asking.spawn(async move { time_of(&client).await });
    };
    (0..2).for_each(|_| ask(&mut asking));
    tokio::time::sleep(TOTAL / 2).await;
    (0..30).for_each(|_| ask(&mut asking));
    let mut times = asking.join_all().await;
    times.sort_unstable();
    let slow = times.iter().filter(|time| **time >= TOTAL).count();
    assert_eq!(slow, 2, "{times:?}");
    assert_eq!(client.states()[0].faults, 2);
}

#[tokio::test]
async fn the_only_authority_that_answers_is_waited_for_to_the_end() {
    let (root, authority) = authority();
    let slow = Server::start(move |request: &Request| {
        let answer = Stamp::default().answer(&authority, &request.body);
        Reply::Late(TOTAL / 2, answer)
    });
    let nobody = Server::nobody();
    let client = client(&root, &[&slow.url, &nobody]);
    for _ in 0..5 {
        assert!(client.timestamp(&imprint()).await.is_ok());
    }
    assert_eq!(client.states()[0].circuit, CircuitState::Closed);
}

#[tokio::test]
async fn whether_a_dead_authority_is_back_is_tried_by_one_and_aside() {
    let (root, authority) = authority();
    let good = stamping(&authority, Stamp::default());
    let is_back = Arc::new(AtomicBool::new(false));
    let first = {
        let is_back = Arc::clone(&is_back);
        Server::start(
            move |request: &Request| match is_back.load(Ordering::SeqCst) {
                true => Reply::Body(Stamp::default().answer(&authority, &request.body)),
                false => Reply::Silence,
            },
        )
    };
    let client = client(&root, &[&first.url, &good.url]);
    for _ in 0..2 {
        time_of(&client).await;
    }
    for (back, asked) in [(false, 3), (true, 4)] {
        is_back.store(back, Ordering::SeqCst);
        tokio::time::pause();
        tokio::time::advance(PAUSE).await;
        tokio::time::resume();
        for _ in 0..5 {
            let time = time_of(&client).await;
            assert!(time < TOTAL, "{time:?}");
        }
        let state = || client.states().remove(0).circuit;
        let start = Instant::now();
        while state() == CircuitState::HalfOpen && start.elapsed() < TOTAL * 10 {
            tokio::time::sleep(TOTAL / 20).await;
        }
        let expected = match back {
            true => CircuitState::Closed,
            false => CircuitState::Open,
        };
        assert_eq!(state(), expected);
        assert!(first.requests() >= asked, "nobody tried");
        assert!(back || first.requests() == asked, "more than one tried");
    }
}
