//! HTTP/2.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::task::spawn_local;

use crate::{Answer, Paced, answer};

/// Events of a burst are sent together in frames of about this size.
const FRAME: usize = 16 * 1024;

pub async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + 'static) -> io::Result<()> {
    Builder::new(Local)
        .timer(TokioTimer::new())
        .max_concurrent_streams(4_000)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(16 << 20)
        .serve_connection(TokioIo::new(stream), service_fn(respond))
        .await
        .map_err(io::Error::other)
}

async fn respond(request: Request<Incoming>) -> Result<Response<Frames>, Infallible> {
    let found = answer(request.uri().path());
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
    let response = Response::builder().header("x-request-id", "req_0123456789abcdef");
    let made = match found.as_deref() {
        None => response.status(404).body(Frames::of([])),
        Some(Answer::Whole(body)) => {
            response.header("content-type", "application/json").body(Frames::of([body.clone()]))
        }
        Some(Answer::Events(events)) => {
            response.header("content-type", "text/event-stream").body(Frames::of(together(events)))
        }
        Some(Answer::Paced(_)) => response
            .header("content-type", "text/event-stream")
            .body(Frames::paced(Paced::of(found.clone().expect("just found")))),
    };
    Ok(made.expect("a response of constants"))
}

fn together(events: &[Bytes]) -> Vec<Bytes> {
    let mut frames: Vec<Vec<u8>> = vec![Vec::with_capacity(FRAME + 1024)];
    for event in events {
        if frames.last().is_some_and(|frame| frame.len() >= FRAME) {
            frames.push(Vec::with_capacity(FRAME + 1024));
        }
        frames.last_mut().expect("never empty").extend_from_slice(event);
    }
    frames.into_iter().map(Bytes::from).collect()
}

enum Frames {
    Ready(std::vec::IntoIter<Bytes>),
    Coming(mpsc::Receiver<Bytes>),
}

impl Frames {
    fn of(frames: impl Into<Vec<Bytes>>) -> Self {
        Self::Ready(frames.into().into_iter())
    }

    fn paced(mut paced: Paced) -> Self {
        let (sender, receiver) = mpsc::channel(64);
        spawn_local(async move {
            while let Some(event) = paced.next().await {
                if sender.send(event).await.is_err() {
                    return;
                }
            }
        });
        Self::Coming(receiver)
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Self::Ready(frames) => Poll::Ready(frames.next()),
            Self::Coming(receiver) => receiver.poll_recv(context),
        }
        .map(|frame| frame.map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[derive(Clone)]
struct Local;

impl<F: Future + 'static> hyper::rt::Executor<F> for Local {
    fn execute(&self, future: F) {
        spawn_local(future);
    }
}
