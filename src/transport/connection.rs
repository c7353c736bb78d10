//! A connection, and the handle by which it can be closed from outside.
//!
//! The HTTP client goes on with a request that nobody waits for any more until the peer has read it;
//! a peer that does not read would keep the socket and the body for ever. So whoever gives up a
//! request or an answer closes its connection.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{CaptureConnection, Connected, Connection as Info};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::upload::{Sending, UploadState};

/// A socket, or TLS over one.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection for the HTTP client.
pub(super) struct Connection {
    stream: TokioIo<Box<dyn Io>>,
    is_http2: bool,
    /// A proxy is at the other end, and reads whole URLs.
    to_proxy: bool,
    switch: Switch,
    turn: ReadShare,
}

/// A connection's share of the I/O thread while its peer always has more to be read: the readers of
/// what has come wait, and all other connections.
#[derive(Default)]
struct ReadShare {
    began: Option<Instant>,
    others: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl ReadShare {
    const LENGTH: Duration = Duration::from_millis(1);

    /// Pending, once, when the turn is over: until all others have had theirs.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let now = Instant::now();
        let began = *self.began.get_or_insert(now);
        if self.others.is_none() && now.saturating_duration_since(began) >= Self::LENGTH {
            self.others = Some(Box::pin(tokio::task::yield_now()));
        }
        if let Some(others) = &mut self.others {
            ready!(others.as_mut().poll(context));
            self.others = None;
            self.began = Some(Instant::now());
        }
        Poll::Ready(())
    }

    /// There is nothing to be read at the moment.
    fn end(&mut self) {
        self.began = None;
    }
}

/// Closes an HTTP/1.1 connection from outside. HTTP/2 carries other calls too.
#[derive(Clone, Default)]
struct Switch(Arc<SwitchState>);

#[derive(Default)]
struct SwitchState {
    is_off: AtomicBool,
    connection: AtomicWaker,
}

impl Connection {
    pub(super) fn new(stream: Box<dyn Io>, is_http2: bool, to_proxy: bool) -> Self {
        Self { stream: TokioIo::new(stream), is_http2, to_proxy, switch: Switch::default(), turn: ReadShare::default() }
    }

    /// What `poll` says, unless the connection is to be closed.
    fn unless_off<T>(
        &mut self,
        context: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut TokioIo<Box<dyn Io>>>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let off = || Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        let state = &self.switch.0;
        if state.is_off.load(Ordering::Acquire) {
            return off();
        }
        let polled = poll(Pin::new(&mut self.stream), context);
        if polled.is_pending() {
            state.connection.register(context.waker());
            if state.is_off.load(Ordering::Acquire) {
                return off();
            }
        }
        polled
    }
}

impl Info for Connection {
    fn connected(&self) -> Connected {
        let connected = Connected::new().proxy(self.to_proxy);
        match self.is_http2 {
            true => connected.negotiated_h2(),
            false => connected.extra(self.switch.clone()),
        }
    }
}

impl Read for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.turn.poll(context));
        let polled = self.unless_off(context, |stream, context| stream.poll_read(context, buffer));
        if polled.is_pending() {
            self.turn.end();
        }
        polled
    }
}

impl Write for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.unless_off(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.unless_off(context, |stream, context| stream.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.unless_off(context, |stream, context| stream.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.unless_off(context, |stream, context| stream.poll_shutdown(context))
    }
}

/// Closes the connection (HTTP/2: the stream) of a request that is given up, and takes its body back:
/// when it is dropped, unless the exchange has [ended](Lease::end).
pub(super) struct Lease(Option<(CaptureConnection, Arc<UploadState>)>);

impl Lease {
    /// Of the connection that this request will get.
    pub(super) fn of(request: &mut http::Request<Box<Sending>>, upload: Arc<UploadState>) -> Self {
        let connection = hyper_util::client::legacy::connect::capture_connection(request);
        request.body_mut().over(connection.clone());
        Self(Some((connection, upload)))
    }

    /// The exchange is over: the connection may carry another one.
    pub(super) fn end(mut self) {
        self.0 = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some((connection, upload)) = &self.0 else { return };
        upload.give_up();
        let mut extras = http::Extensions::new();
        if let Some(connected) = &*connection.connection_metadata() {
            connected.get_extras(&mut extras);
        }
        if let Some(Switch(state)) = extras.get::<Switch>() {
            state.is_off.store(true, Ordering::Release);
            state.connection.wake();
        }
    }
}
