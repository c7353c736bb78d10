//! The one bell of an environment: how the I/O thread wakes JavaScript.
//!
//! A threadsafe function that carries nothing and is rung only when a mailbox goes from empty to
//! full. It is unreferenced while nothing is pending, so that it never keeps a process alive.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use napi::bindgen_prelude::{Env, Function, JsValue, Object, check_status};
use napi::sys;

/// A threadsafe function without payload.
pub(super) struct Doorbell {
    function: sys::napi_threadsafe_function,
}

// SAFETY: Node-API allows `napi_call_threadsafe_function` from every thread. The other calls below
// take an `Env`, which exists on the JavaScript thread only.
unsafe impl Send for Doorbell {}

impl Doorbell {
    /// Hangs up a bell that calls `listener`, unreferenced. `resource` stands for it in `node:async_hooks`.
    pub(super) fn install(
        env: &Env,
        listener: &Function<'_, (), ()>,
        resource: &Object<'_>,
    ) -> napi::Result<Self> {
        let name = env.create_string("aihubmix-native")?;
        let mut function = ptr::null_mut();
        // SAFETY: all values belong to `env`, whose thread this is; without a callback of ours Node
        // calls `listener` without arguments.
        check_status!(unsafe {
            sys::napi_create_threadsafe_function(
                env.raw(),
                listener.raw(),
                resource.raw(),
                name.raw(),
                0,
                1,
                ptr::null_mut(),
                None,
                ptr::null_mut(),
                None,
                &mut function,
            )
        })?;
        let bell = Self { function };
        bell.keep_alive(env, false)?;
        Ok(bell)
    }

    /// Rings. To be called only while the environment is known to live (the mailbox's lock).
    pub(super) fn ring(&self) {
        // SAFETY: the function was created with one owner and is released in `Doorbell::remove`,
        // which consumes it. A full queue or a closing environment is reported by status, and there
        // is nobody left to tell.
        let _ = unsafe {
            sys::napi_call_threadsafe_function(
                self.function,
                ptr::null_mut(),
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
    }

    /// Whether the event loop has to stay for this bell.
    pub(super) fn keep_alive(&self, env: &Env, keep: bool) -> napi::Result<()> {
        // SAFETY: `env` proves that this is the JavaScript thread of the function's environment.
        check_status!(unsafe {
            if keep {
                sys::napi_ref_threadsafe_function(env.raw(), self.function)
            } else {
                sys::napi_unref_threadsafe_function(env.raw(), self.function)
            }
        })
    }

    /// Takes the bell down. Only while the environment lives; a dying one takes it down itself.
    pub(super) fn remove(self) {
        // SAFETY: the only owner gives it up, and `self` is gone afterwards.
        let _ = unsafe {
            sys::napi_release_threadsafe_function(
                self.function,
                sys::ThreadsafeFunctionReleaseMode::abort,
            )
        };
    }
}

/// Something to be told when its environment dies.
pub(super) trait CleanupHandler: Send + Sync + 'static {
    /// The environment is about to end: nothing of it may be touched from now on.
    fn environment_ends(&self);
}

/// A clean-up hook of an environment, that also goes when it is dropped first.
pub(super) struct CleanupHook<M: CleanupHandler> {
    env: sys::napi_env,
    handler: *const M,
}

impl<M: CleanupHandler> CleanupHook<M> {
    /// Tells `handler` when the environment ends.
    pub(super) fn add(env: &Env, handler: &Arc<M>) -> napi::Result<Self> {
        let handler = Arc::into_raw(Arc::clone(handler));
        // SAFETY: the pointer stays valid until the count taken here is given back, in `run` or in
        // `forget`, whichever comes first.
        check_status!(unsafe {
            sys::napi_add_env_cleanup_hook(env.raw(), Some(run::<M>), handler.cast_mut().cast())
        })?;
        Ok(Self { env: env.raw(), handler })
    }

    /// Takes the hook back. Only before the environment has ended, on its thread.
    pub(super) fn forget(self) {
        // SAFETY: the hook was added with exactly these arguments and has not run; its count of the
        // handler is given back once.
        unsafe {
            let argument = self.handler.cast_mut().cast();
            let _ = sys::napi_remove_env_cleanup_hook(self.env, Some(run::<M>), argument);
            drop(Arc::from_raw(self.handler));
        }
    }
}

unsafe extern "C" fn run<M: CleanupHandler>(argument: *mut c_void) {
    // SAFETY: `argument` is the count taken in `CleanupHook::add`; Node runs a hook once.
    let handler = unsafe { Arc::from_raw(argument.cast_const().cast::<M>()) };
    handler.environment_ends();
}
