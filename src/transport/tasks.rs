//! The HTTP client's own tasks, each of which can be ended from within what it runs.

use std::future::Future;

use futures_util::future::{AbortHandle, Abortable};
use hyper::rt::Executor;

tokio::task_local! {
    static CURRENT: AbortHandle;
}

/// Runs the HTTP client's tasks on the I/O thread.
#[derive(Clone)]
pub(super) struct Tasks;

impl<F> Executor<F> for Tasks
where
    F: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, future: F) {
        let (handle, registration) = AbortHandle::new_pair();
        tokio::spawn(CURRENT.scope(handle, Abortable::new(future, registration)));
    }
}

/// The end of the task that runs this.
pub(super) fn current() -> Option<AbortHandle> {
    CURRENT.try_with(AbortHandle::clone).ok()
}
