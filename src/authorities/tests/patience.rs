//! What a dead authority costs those who seal.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::server::{Reply, Request, Server};
use super::stamping::Stamp;
use super::timestamps::{authority, imprint, parts, setup, stamping};
use super::*;
use crate::authorities::circuit::PAUSE;

/// A client of one authority after the other.
fn client(root: &Authority, urls: &[&str]) -> TimestampAuthorities {
    let setups = urls.iter().map(|url| setup(url)).collect();
    TimestampAuthorities::new(parts(root, setups)).unwrap()
}

fn hanging() -> Server {
    Server::start(|_: &Request| Reply::Silence)
}

async fn stamp(client: &TimestampAuthorities) {
    client.timestamp(&imprint()).await.unwrap();
}

#[tokio::test]
async fn a_dead_first_authority_costs_two_time_outs_in_all_and_later_requests_nothing() {
    let (root, authority) = authority();
    let (dead, good) = (hanging(), stamping(&authority, Stamp::default()));
    let client = client(&root, &[&dead.url, &good.url]);
    for _ in 0..10 {
        stamp(&client).await;
    }
    let start = Instant::now();
    stamp(&client).await;
    assert!(start.elapsed() < LIMITS.total, "{:?}", start.elapsed());
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
    let ask = |asking: &mut JoinSet<()>| {
        let client = client.clone();
        asking.spawn(async move { stamp(&client).await });
    };
    (0..2).for_each(|_| ask(&mut asking));
    tokio::time::sleep(LIMITS.total / 2).await;
    (0..30).for_each(|_| ask(&mut asking));
    while dead.requests() < 32 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    asking.join_all().await;
    // Whoever waits to the end in vain makes a fault of it.
    assert_eq!(client.states()[0].faults, 2);
}

#[tokio::test]
async fn the_only_authority_that_answers_is_waited_for_to_the_end() {
    let (root, authority) = authority();
    let slow = Server::start(move |request: &Request| {
        let answer = Stamp::default().answer(&authority, &request.body);
        Reply::Late(LIMITS.total / 5, answer)
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
        stamp(&client).await;
    }
    for (back, asked) in [(false, 3), (true, 4)] {
        is_back.store(back, Ordering::SeqCst);
        tokio::time::pause();
        tokio::time::advance(PAUSE).await;
        tokio::time::resume();
        for _ in 0..5 {
            stamp(&client).await;
        }
        assert!(back || client.states()[0].faults == 2, "somebody waited");
        let state = || client.states().remove(0).circuit;
        let start = Instant::now();
        while state() == CircuitState::HalfOpen && start.elapsed() < LIMITS.total * 10 {
            tokio::time::sleep(LIMITS.total / 50).await;
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
