//! A queue before the network (option `throttle`): how many requests of one key and origin are in
//! flight, and how many within a minute.
//!
//! It is one for the process: all clients and workers with the same key and origin stand in the same
//! queue. Each brings its own limits; the first one decides when it goes, and nobody goes before it. First
//! is the call that began first, so that an attempt after a failure keeps its call's place.
//!
//! However many wait, there is one task and one timer for each queue. Who gives up (a signal, `close()`)
//! drops its future, and is no longer there.
//!
//! | file | concept |
//! |---|---|
//! | `mod.rs` | the queue, and who stands in it |
//! | `traffic.rs` | when the next request may go |

mod traffic;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use http::HeaderMap;
use tokio::sync::{Notify, oneshot};

use super::lock::lock;
use crate::config::{ApiKey, Throttle};
use crate::error::{Error, ErrorCode, Phase, Result, retry_after};
use crate::transport::Deadline;
use traffic::{Admission, Traffic};

/// A 429 that asks for more is told to its caller; nobody is kept waiting for it.
const LONGEST_HOLD: Duration = Duration::from_secs(60);
const TOO_MANY_REQUESTS: u16 = 429;

/// The queue of one key and origin.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    traffic: Traffic,
    waiting: BTreeMap<QueuePlace, Waiting>,
    /// Those of them that will not wait for ever, the first to give up first.
    deadlines: BTreeSet<(Instant, QueuePlace)>,
    /// There is a task that lets them in.
    served: bool,
    last: u64,
}

/// When the call began; and a number, since two may have begun at once.
type QueuePlace = (Instant, u64);

#[derive(Debug)]
struct Waiting {
    limits: Throttle,
    deadline: Option<Deadline>,
    pass: oneshot::Sender<Result<Pass>>,
}

/// Somebody who wants to send a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visitor {
    pub(super) limits: Throttle,
    /// When its call began.
    pub(super) since: Instant,
    /// How long it waits.
    pub(super) deadline: Option<Deadline>,
}

/// A request in flight. Dropping it makes room for the next one.
#[derive(Debug)]
pub(super) struct Pass(Arc<Queue>);

type Queues = HashMap<(ApiKey, String), Arc<Queue>>;

static QUEUES: LazyLock<Mutex<Queues>> = LazyLock::new(Mutex::default);

/// The queue of this key and origin.
pub(super) fn queue(key: &ApiKey, origin: &str) -> Arc<Queue> {
    let mut queues = lock(&QUEUES);
    let name = (key.clone(), origin.to_owned());
    if let Some(queue) = queues.get(&name) {
        return Arc::clone(queue);
    }
    let now = Instant::now();
    queues.retain(|_, queue| Arc::strong_count(queue) > 1 || !lock(&queue.state).traffic.is_idle(now));
    Arc::clone(queues.entry(name).or_default())
}

impl Queue {
    /// Waits until a request may be sent. `queued` is called if it cannot be at once, with how many wait
    /// already.
    ///
    /// # Errors
    /// The visitor's deadline.
    pub(super) async fn enter(
        self: &Arc<Self>,
        visitor: Visitor,
        queued: impl FnOnce(usize),
    ) -> Result<Pass> {
        let Visitor { limits, since, deadline } = visitor;
        let (pass, admitted) = oneshot::channel();
        let (place, already) = {
            let mut state = lock(&self.state);
            let now = Instant::now();
            if state.waiting.is_empty() && state.traffic.entry(limits, now) == Admission::Now {
                state.traffic.enter(now);
                return Ok(Pass(Arc::clone(self)));
            }
            let already = state.waiting.len();
            (state.join(since, Waiting { limits, deadline, pass }), already)
        };
        let _stand = Stand { queue: self, place };
        self.serve();
        queued(already);
        match admitted.await {
            Ok(outcome) => outcome,
            // The task that serves the queue went with its runtime: so does whoever waits.
            Err(_) => std::future::pending().await,
        }
    }

    /// Sees to it that those who wait are let in.
    fn serve(self: &Arc<Self>) {
        let served = std::mem::replace(&mut lock(&self.state).served, true);
        match served {
            true => self.changed.notify_one(),
            false => drop(tokio::spawn(Arc::clone(self).let_in())),
        }
    }

    /// Lets them in, one after the other, until nobody waits.
    async fn let_in(self: Arc<Self>) {
        loop {
            let (wake, outcomes) = {
                let mut state = lock(&self.state);
                let outcomes = state.settle(&self, Instant::now());
                state.served = !state.waiting.is_empty();
                (state.served.then(|| state.next_change(Instant::now())), outcomes)
            };
            // A pass that nobody takes any more comes back at once, which needs the lock.
            for (waiting, outcome) in outcomes {
                let _ = waiting.pass.send(outcome);
            }
            let Some(wake) = wake else { return };
            let changed = self.changed.notified();
            match wake {
                None => changed.await,
                // Whichever is first; the next round looks.
                Some(at) => drop(tokio::time::timeout_at(at.into(), changed).await),
            }
        }
    }
}

impl State {
    fn join(&mut self, since: Instant, waiting: Waiting) -> QueuePlace {
        self.last += 1;
        let place = (since, self.last);
        if let Some(deadline) = waiting.deadline {
            self.deadlines.insert((deadline.at(), place));
        }
        self.waiting.insert(place, waiting);
        place
    }

    fn leave(&mut self, place: QueuePlace) -> Option<Waiting> {
        let waiting = self.waiting.remove(&place)?;
        if let Some(deadline) = waiting.deadline {
            self.deadlines.remove(&(deadline.at(), place));
        }
        Some(waiting)
    }

    /// Those whose time is up, and those who may go.
    fn settle(&mut self, queue: &Arc<Queue>, now: Instant) -> Vec<(Waiting, Result<Pass>)> {
        let mut settled = Vec::new();
        while let Some((_, place)) = self.deadlines.first().copied().filter(|(at, _)| *at <= now) {
            let Some(waiting) = self.leave(place) else { break };
            if let Some(deadline) = waiting.deadline {
                settled.push((waiting, Err(out_of_time(&deadline))));
            }
        }
        while let Some((place, limits)) = self.first()
            && self.traffic.entry(limits, now) == Admission::Now
            && let Some(waiting) = self.leave(place)
        {
            self.traffic.enter(now);
            settled.push((waiting, Ok(Pass(Arc::clone(queue)))));
        }
        settled
    }

    /// When to look again, if nothing happens before.
    fn next_change(&mut self, now: Instant) -> Option<Instant> {
        let opens = self.first().and_then(|(_, limits)| match self.traffic.entry(limits, now) {
            Admission::Now => Some(now),
            Admission::At(at) => Some(at),
            Admission::AfterAnother => None,
        });
        let gives_up = self.deadlines.first().map(|(at, _)| *at);
        opens.into_iter().chain(gives_up).min()
    }

    fn first(&self) -> Option<(QueuePlace, Throttle)> {
        self.waiting.first_key_value().map(|(place, waiting)| (*place, waiting.limits))
    }
}

/// A place in the queue, left when it is dropped.
struct Stand<'q> {
    queue: &'q Arc<Queue>,
    place: QueuePlace,
}

impl Drop for Stand<'_> {
    fn drop(&mut self) {
        let left = lock(&self.queue.state).leave(self.place);
        // Whoever was behind it may be first now.
        if left.is_some() {
            self.queue.changed.notify_one();
        }
    }
}

impl Pass {
    /// Learns from the answer to its request: where the server asks to wait, all who have not been sent
    /// yet do.
    pub(super) fn heard(&self, status: u16, headers: &HeaderMap) {
        let delay = (status == TOO_MANY_REQUESTS).then(|| retry_after(headers)).flatten();
        if let Some(delay) = delay.filter(|delay| *delay <= LONGEST_HOLD) {
            lock(&self.0.state).traffic.hold(Instant::now() + delay);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.traffic.leave();
        if !state.waiting.is_empty() {
            self.0.changed.notify_one();
        }
    }
}

/// The `TIMEOUT` of a call that waited until its time was up.
fn out_of_time(deadline: &Deadline) -> Error {
    let allowed = deadline.allowed();
    let message = format!(
        "The request was not sent within {allowed} (timeout.total): it waited for others of its key (throttle)."
    );
    Error::new(ErrorCode::Timeout, message).with(|e| e.phase = Some(Phase::Queue))
}

#[cfg(test)]
mod tests;
