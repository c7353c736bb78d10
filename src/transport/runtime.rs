//! The one I/O thread of the process.
//!
//! One event loop in JavaScript cannot produce more work than one current-thread runtime can carry,
//! so there is a single thread for sockets and timers. It starts at the first use (importing the
//! package starts nothing), lives as long as the process and never keeps the process alive: it is
//! detached, and the end of the process simply takes it along.

use std::future::{Future, pending};
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use futures_util::FutureExt;
use tokio::runtime::{Builder, Handle};
use tokio::task::AbortHandle;

use crate::error::{Error, ErrorCode, Result};

static HANDLE: OnceLock<Handle> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());

/// A running future on the I/O thread. Dropping it leaves the future running.
#[derive(Clone, Debug)]
pub struct Task(AbortHandle);

impl Task {
    /// Cancels the future at its next await point; whatever it owns (sockets too) is dropped on the
    /// I/O thread. A finished task is left as it is.
    pub fn abort(&self) {
        self.0.abort();
    }

    /// Whether the future has ended, was aborted or panicked.
    #[cfg(test)]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

/// Runs a future on the I/O thread, which is started if it does not run yet. May be called from any
/// thread. A panic inside the future ends that future alone.
///
/// # Errors
///
/// `CONNECTION_ERROR` if the operating system refuses the thread or its event queue; the next call
/// tries again.
pub fn spawn(future: impl Future<Output = ()> + Send + 'static) -> Result<Task> {
    Ok(Task(handle()?.spawn(future).abort_handle()))
}

/// Like [`spawn`], for a future that somebody waits for: if it panics, `on_panic` gets an error to
/// hand out, which says where, and nothing of what was being read.
///
/// # Errors
///
/// As [`spawn`].
pub fn spawn_caught(
    future: impl Future<Output = ()> + Send + 'static,
    on_panic: impl FnOnce(Error) + Send + 'static,
) -> Result<Task> {
    // No `async` block: it would have room for the future twice, where it comes in and where it is awaited.
    spawn(AssertUnwindSafe(future).catch_unwind().map(|caught| {
        if caught.is_err() {
            on_panic(Error::new(
                ErrorCode::ApiError,
                "An internal error ended this call: please report it, with what was being asked.",
            ));
        }
    }))
}

fn handle() -> Result<&'static Handle> {
    if let Some(handle) = HANDLE.get() {
        return Ok(handle);
    }
    let _one_at_a_time = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = HANDLE.get() {
        return Ok(handle);
    }
    let started = start().map_err(|error| {
        Error::new(ErrorCode::ConnectionError, "The I/O thread could not be started.").with(|e| {
            e.cause = Some(error.to_string());
            e.retryable = true;
        })
    })?;
    Ok(HANDLE.get_or_init(|| started))
}

fn start() -> std::io::Result<Handle> {
    let runtime =
        Builder::new_current_thread().enable_all().thread_name("aihubmix-resolve").build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("aihubmix-io".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}
