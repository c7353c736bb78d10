use futures_util::FutureExt;

use super::*;
use crate::config::Timeouts;
use crate::transport::Deadlines;

const ONE: Throttle = Throttle { concurrency: Some(1), requests_per_minute: None };

fn visitor(limits: Throttle) -> Visitor {
    Visitor { limits, since: Instant::now(), deadline: None }
}

fn own_queue() -> Arc<Queue> {
    Arc::default()
}

fn deadline(ms: u64) -> Option<Deadline> {
    let total = Some(Duration::from_millis(ms));
    Deadlines::start(Timeouts { total, ..Timeouts::default() }).total()
}

#[tokio::test]
async fn those_who_wait_go_in_the_order_in_which_their_calls_began() {
    let queue = own_queue();
    let first = queue.enter(visitor(ONE), |_| panic!("nobody waits")).await.unwrap();
    let order = Arc::new(Mutex::new(Vec::new()));
    let start = Instant::now();
    let mut tasks = Vec::new();
    // The third call began before the others: it is tried again.
    for (number, age) in [(1, 0), (2, 0), (0, 5)] {
        let (queue, order) = (Arc::clone(&queue), Arc::clone(&order));
        let since = start.checked_sub(Duration::from_secs(age)).unwrap();
        tasks.push(tokio::spawn(async move {
            let pass = queue.enter(Visitor { limits: ONE, since, deadline: None }, |_| {}).await;
            lock(&order).push(number);
            drop(pass.unwrap());
        }));
        tokio::task::yield_now().await;
    }
    drop(first);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*lock(&order), [0, 1, 2]);
    assert!(lock(&queue.state).waiting.is_empty());
}

#[tokio::test]
async fn who_gives_up_is_not_waited_for() {
    let queue = own_queue();
    let first = queue.enter(visitor(ONE), |_| {}).await.unwrap();
    let mut given_up = Box::pin(queue.enter(visitor(ONE), |_| {}));
    assert!((&mut given_up).now_or_never().is_none());
    let mut patient = Box::pin(queue.enter(visitor(ONE), |already| assert_eq!(already, 1)));
    assert!((&mut patient).now_or_never().is_none());
    drop(given_up);
    drop(first);
    drop(patient.await.unwrap());
    assert_eq!(lock(&queue.state).traffic.entry(ONE, Instant::now()), Admission::Now);
}

#[tokio::test]
async fn a_pass_that_its_owner_did_not_take_comes_back() {
    let queue = own_queue();
    let first = queue.enter(visitor(ONE), |_| {}).await.unwrap();
    let mut second = Box::pin(queue.enter(visitor(ONE), |_| {}));
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    // Let in, and not polled since.
    while !lock(&queue.state).waiting.is_empty() {
        tokio::task::yield_now().await;
    }
    drop(second);
    drop(queue.enter(visitor(ONE), |_| {}).await.unwrap());
}

#[tokio::test]
async fn who_has_no_time_left_is_sent_away_and_the_rest_wait_on() {
    let queue = own_queue();
    let first = queue.enter(visitor(ONE), |_| {}).await.unwrap();
    let hurried = Visitor { deadline: deadline(20), ..visitor(ONE) };
    let mut patient = Box::pin(queue.enter(visitor(ONE), |_| {}));
    assert!((&mut patient).now_or_never().is_none());
    let error = queue.enter(hurried, |_| {}).await.unwrap_err();
    assert_eq!(error.code().as_str(), "TIMEOUT");
    assert_eq!(error.fields().phase, Some(Phase::Queue));
    drop(first);
    drop(patient.await.unwrap());
    assert!(lock(&queue.state).deadlines.is_empty());
}

#[tokio::test]
async fn a_429_holds_back_everybody() {
    let queue = own_queue();
    let none = Throttle::default();
    let pass = queue.enter(visitor(none), |_| {}).await.unwrap();
    let told = |ms: &str| HeaderMap::from_iter([(
        http::HeaderName::from_static("retry-after-ms"),
        http::HeaderValue::from_str(ms).unwrap(),
    )]);
    pass.heard(503, &told("30000"));
    pass.heard(429, &HeaderMap::new());
    pass.heard(429, &told("3600000"));
    drop(queue.enter(visitor(none), |_| panic!("nobody is held back")).await.unwrap());
    pass.heard(429, &told("30"));
    let began = Instant::now();
    let held = [(); 3].map(|()| queue.enter(visitor(none), |_| {}));
    futures_util::future::join_all(held).await;
    assert!(began.elapsed() >= Duration::from_millis(25));
}

#[tokio::test]
async fn ten_thousand_wait_with_one_task_and_leave_as_fast_as_they_came() {
    let queue = own_queue();
    let first = queue.enter(visitor(ONE), |_| {}).await.unwrap();
    let began = Instant::now();
    let mut waiting: Vec<_> = (0..10_000)
        .map(|_| Box::pin(queue.enter(Visitor { deadline: deadline(60_000), ..visitor(ONE) }, |_| {})))
        .collect();
    for one in &mut waiting {
        assert!((one).now_or_never().is_none());
    }
    // One for each future that holds it, one for the task, one for the pass, one here.
    let holders = Arc::strong_count(&queue);
    assert!(holders <= 4, "{holders}");
    drop(waiting);
    assert!(lock(&queue.state).waiting.is_empty() && lock(&queue.state).deadlines.is_empty());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    drop(first);
}

#[test]
fn a_queue_is_one_per_key_and_origin_and_forgotten_when_it_is_idle() {
    let key = |text: &str| ApiKey::parse(text).unwrap();
    let (one, other) = (key("sk-throttle-one"), key("sk-throttle-other"));
    let first = queue(&one, "http://a");
    assert!(Arc::ptr_eq(&first, &queue(&one, "http://a")));
    assert!(!Arc::ptr_eq(&first, &queue(&one, "http://b")));
    assert!(!Arc::ptr_eq(&first, &queue(&other, "http://a")));
    let weak = Arc::downgrade(&first);
    drop(first);
    drop(queue(&other, "http://c"));
    assert!(weak.upgrade().is_none());
}
