//! The mailbox of one environment: everything that the I/O thread has to tell JavaScript.
//!
//! A promise or a threadsafe call per result costs several times more than the work itself, so
//! results are messages in one queue. The doorbell rings when the queue goes from empty to full;
//! JavaScript then takes all messages in one call and finds the promises in a table of its own.
//!
//! | kind | message | text |
//! |---|---|---|
//! | 0 | a call succeeded | its answer |
//! | 1 | a call failed | its error |
//! | 2 | a stream has chunks | a batch |
//! | 3 | a stream has ended | - |
//! | 4 | a stream has failed | its error |
//! | 5 | a call needs the API key | - |
//! | 6 | a step of a call that is watched | the step |
//! | 7 | a call needs a piece of a file | `[source, restart]` |
//! | 8 | how far an upload is | `[bytes, of bytes]` |
//!
//! State is per environment, never static: a worker or a Jest file has its own, and when it dies its
//! calls are cancelled and its bell is never rung again.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use napi::bindgen_prelude::{Env, Function, Object};
use napi_derive::napi;

use super::doorbell::{CleanupHandler, CleanupHook, Doorbell};
use super::text::JsItem;
use crate::client::{Backlog, Outlet, Taken, Watch};
use crate::error::{Error, Result};
use crate::transport::runtime::Task;

/// What a message says.
pub(super) enum Notification {
    /// A call has its answer.
    Answer(JsItem),
    /// A call has failed.
    Failure(Error),
    /// A stream has something to take.
    Ready(Arc<dyn Ready>),
    /// A call needs the API key for its next attempt.
    KeyRequested,
    /// Something has happened on the way of a call that is watched.
    Step(String),
    /// A call needs the next piece of a file that the caller hands over.
    ContentRequested {
        /// Which of the call's sources.
        source: usize,
        /// Whether from its beginning.
        restart: bool,
    },
    /// How far the upload of a call is: the figure at the time of reading.
    Progress(Arc<UploadProgress>),
}

/// How far an upload is. One message at a time tells it, however often it changes.
#[derive(Debug, Default)]
pub(super) struct UploadProgress {
    sent: AtomicU64,
    /// 0: not known.
    total: AtomicU64,
    told: AtomicBool,
}

impl UploadProgress {
    /// Whether a message is needed: the last one has been read.
    pub(super) fn set(&self, sent: u64, total: Option<u64>) -> bool {
        self.total.store(total.unwrap_or_default(), Ordering::Release);
        self.sent.store(sent, Ordering::Release);
        !self.told.swap(true, Ordering::AcqRel)
    }

    fn read(&self) -> String {
        self.told.store(false, Ordering::Release);
        let sent = self.sent.load(Ordering::Acquire);
        match self.total.load(Ordering::Acquire) {
            0 => format!("[{sent}]"),
            total => format!("[{sent},{total}]"),
        }
    }
}

/// A stream that has something to take, of whatever kind.
pub(super) trait Ready: Send + Sync {
    /// The message's kind and content; `None` if there is nothing after all.
    fn message(&self) -> Option<(u32, JsItem)>;
}

impl<B: Backlog> Ready for Outlet<B>
where
    JsItem: From<B::Load>,
{
    fn message(&self) -> Option<(u32, JsItem)> {
        match self.take() {
            Taken::Batch(batch) => Some((2, batch.into())),
            Taken::End => Some((3, String::new().into())),
            Taken::Failure(error) => Some((4, error.to_json().into())),
            Taken::Nothing => None,
        }
    }
}

/// The shared part: what tasks on the I/O thread hold.
pub(super) struct Mailbox {
    state: Mutex<State>,
}

/// How long the bell rests between two rings for chunks: a millisecond for every 16 calls and streams
/// under way, not at all for fewer than 8, and 4 ms at the most.
fn pause(tasks: usize) -> Duration {
    match tasks {
        0..8 => Duration::ZERO,
        8..32 => Duration::from_millis(1),
        32..48 => Duration::from_millis(2),
        48..64 => Duration::from_millis(3),
        _ => Duration::from_millis(4),
    }
}

/// Whether the bell is about to ring.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Ringing {
    /// It is not.
    #[default]
    Not,
    /// In this round of the I/O thread.
    Now,
    /// After a pause, unless something urgent comes.
    Later,
    /// It has rung, and nobody has come yet.
    Rung,
}

#[derive(Default)]
struct State {
    /// Gone once the environment is.
    bell: Option<Doorbell>,
    messages: VecDeque<(u32, Notification)>,
    ringing: Ringing,
    rung_at: Option<Instant>,
    tasks: HashMap<u32, Running>,
    /// Calls that will begin and are to be watched.
    watched: HashSet<u32>,
}

struct Running {
    task: Task,
    watch: Arc<Watch>,
}

impl Mailbox {
    /// Puts a message in, if anybody is left to read it.
    ///
    /// The bell rings once the I/O thread has gone through everything that is ready now, so that 64
    /// streams that move at once wake JavaScript once. For the chunks of a crowd of streams it rings
    /// only so often ([`pause`]): nobody sees the difference, and the threads do not chase each other.
    pub(super) fn send(self: &Arc<Self>, id: u32, message: Notification) {
        let can_wait = matches!(message, Notification::Ready(_));
        let mut state = self.lock();
        if state.bell.is_none() {
            return;
        }
        state.messages.push_back((id, message));
        let due = match state.ringing {
            Ringing::Now | Ringing::Rung => return,
            Ringing::Later if can_wait => return,
            Ringing::Not | Ringing::Later => {
                state.rung_at.filter(|_| can_wait).map(|at| at + pause(state.tasks.len()))
            }
        };
        let due = due.filter(|due| *due > Instant::now());
        state.ringing = if due.is_some() { Ringing::Later } else { Ringing::Now };
        let mailbox = Arc::clone(self);
        let ring = async move {
            if let Some(due) = due {
                tokio::time::sleep_until(due.into()).await;
            }
            mailbox.lock().ring();
        };
        if crate::transport::runtime::spawn(ring).is_err() {
            state.ring();
        }
    }

    /// The last message of a call: it can no longer be cancelled.
    pub(super) fn settle(self: &Arc<Self>, id: u32, outcome: Result<JsItem>) {
        self.lock().tasks.remove(&id);
        let message = match outcome {
            Ok(answer) if answer.fits() => Notification::Answer(answer),
            Ok(_) => Notification::Failure(Error::invalid_response(
                "the answer is longer than a string of JavaScript can be",
            )),
            Err(error) => Notification::Failure(error),
        };
        self.send(id, message);
    }

    /// Starts the task of a call, so that it can be cancelled by the call's id. `on_panic` settles
    /// a call whose task has panicked.
    pub(super) fn start(
        &self,
        id: u32,
        watch: &Arc<Watch>,
        task: impl Future<Output = ()> + Send + 'static,
        on_panic: impl FnOnce(Error) + Send + 'static,
    ) -> Result<()> {
        // The lock is held so that a task cannot settle before it is entered.
        let mut state = self.lock();
        if state.bell.is_some() {
            let task = crate::transport::runtime::spawn_caught(task, on_panic)?;
            state.tasks.insert(id, Running { task, watch: Arc::clone(watch) });
        }
        Ok(())
    }

    /// Whether the call that begins now is to be watched.
    pub(super) fn take_watched(&self, id: u32) -> bool {
        self.lock().watched.remove(&id)
    }

    /// The task has nothing more to do but to be read from.
    pub(super) fn finish(&self, id: u32) {
        self.lock().tasks.remove(&id);
    }

    /// Cancels a call or stream: its connection closes, and nothing more is said about it. How many
    /// requests it had sent.
    pub(super) fn cancel(&self, id: u32) -> u32 {
        let running = self.lock().tasks.remove(&id);
        running.map_or(0, |running| {
            running.task.abort();
            running.watch.attempts()
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn ring(&mut self) {
        if self.ringing == Ringing::Rung {
            return;
        }
        self.ringing = Ringing::Not;
        // Whoever took the messages meanwhile needs no bell.
        if let (Some(bell), false) = (&self.bell, self.messages.is_empty()) {
            bell.ring();
            self.rung_at = Some(Instant::now());
            self.ringing = Ringing::Rung;
        }
    }

    /// The oldest message. Only when there is none the bell has to ring again.
    fn take(&mut self) -> Option<(u32, Notification)> {
        let message = self.messages.pop_front();
        if message.is_none() && self.ringing == Ringing::Rung {
            self.ringing = Ringing::Not;
        }
        message
    }
}

impl CleanupHandler for Mailbox {
    fn environment_ends(&self) {
        let mut state = self.lock();
        state.bell = None;
        state.messages.clear();
        for (_, running) in state.tasks.drain() {
            running.task.abort();
        }
    }
}

/// The mailbox of one environment, as JavaScript holds it.
#[napi]
pub struct NativeMailbox {
    mailbox: Arc<Mailbox>,
    hook: Option<CleanupHook<Mailbox>>,
}

#[napi]
impl NativeMailbox {
    /// Opens a mailbox whose doorbell calls `listener`. `resource` stands for it in `node:async_hooks`.
    #[napi(constructor)]
    pub fn new(
        env: &Env,
        listener: Function<'_, (), ()>,
        resource: Object<'_>,
    ) -> napi::Result<Self> {
        super::panics::tell_by_place();
        let bell = Doorbell::install(env, &listener, &resource)?;
        let state = State { bell: Some(bell), ..State::default() };
        let mailbox = Arc::new(Mailbox { state: Mutex::new(state) });
        let hook = CleanupHook::add(env, &mailbox)?;
        Ok(Self { mailbox, hook: Some(hook) })
    }

    /// The oldest messages, `most` at most: `[id, kind, content, id, kind, content, …]`. Whoever gets as many
    /// has to come again, without being called.
    #[napi(ts_return_type = "Array<number | string | Buffer>")]
    pub fn take(&self, most: u32) -> Vec<JsItem> {
        let most = most as usize * 3;
        let mut items = Vec::new();
        while items.len() < most {
            let Some((id, message)) = self.mailbox.lock().take() else { break };
            let (kind, content): (u32, JsItem) = match message {
                Notification::Answer(answer) => (0, answer),
                Notification::Failure(error) => (1, error.to_json().into()),
                Notification::KeyRequested => (5, String::new().into()),
                Notification::Step(step) => (6, step.into()),
                Notification::ContentRequested { source, restart } => {
                    (7, format!("[{source},{restart}]").into())
                }
                Notification::Progress(progress) => (8, progress.read().into()),
                Notification::Ready(ready) => match ready.message() {
                    Some(message) => message,
                    None => continue,
                },
            };
            items.extend([JsItem::Number(id), JsItem::Number(kind), content]);
        }
        items
    }

    /// Whether the event loop has to stay for what is pending.
    #[napi]
    pub fn keep_alive(&self, env: &Env, keep: bool) -> napi::Result<()> {
        match &self.mailbox.lock().bell {
            Some(bell) => bell.keep_alive(env, keep),
            None => Ok(()),
        }
    }

    /// Cancels a call or stream by its id. How many requests it had sent.
    #[napi]
    pub fn cancel(&self, id: u32) -> u32 {
        self.mailbox.cancel(id)
    }

    /// Asks for the steps of a call that is about to begin.
    #[napi]
    pub fn watch(&self, id: u32) {
        self.mailbox.lock().watched.insert(id);
    }

    pub(super) fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }
}

impl Drop for NativeMailbox {
    /// The realm that held this mailbox is gone (a Jest file that has ended) while the environment
    /// may go on.
    fn drop(&mut self) {
        let bell = self.mailbox.lock().bell.take();
        let Some(bell) = bell else { return };
        self.mailbox.environment_ends();
        bell.remove();
        if let Some(hook) = self.hook.take() {
            hook.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bell_rests_longer_the_more_streams_there_are_but_never_long() {
        assert_eq!(pause(1), Duration::ZERO);
        for tasks in 0..1000 {
            assert!(pause(tasks) <= pause(tasks + 1), "{tasks}");
            assert!(pause(tasks) <= Duration::from_millis(4), "{tasks}");
        }
    }
}
