//! What a request carries, when that is more than a text: forms and files, read while they are sent.
//! Nothing is held in memory but the piece that is on its way.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::error::{Error, Result};
use crate::resource::{RequestBody, BodyPiece, ResourceRequest, FileSource};
use crate::transport::Upload;

/// How much of a file is read at once.
const PIECE: usize = 128 * 1024;

/// Contents that the caller hands over piece by piece.
pub trait ContentSource: Send + Sync {
    /// The next piece of a source, `None` at its end; `restart`: the first one, again or for the
    /// first time.
    fn next(
        &self,
        source: usize,
        restart: bool,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Bytes>>> + Send + '_>>;
}

/// Told how many bytes of the body have been taken by the connection, and of how many, where that is
/// known.
pub type UploadListener = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// The body of a request, made anew for each attempt.
pub(super) struct Payload {
    body: Payloads,
    contents: Option<Arc<dyn ContentSource>>,
    progress: Option<UploadListener>,
    sources: Arc<[FileSource]>,
    /// A source that can be read once has been read from.
    spent: Arc<AtomicBool>,
}

enum Payloads {
    Bytes(Bytes),
    Pieces { pieces: Vec<BodyPiece>, length: Option<u64> },
}

impl Payload {
    /// Looks at the request's files, so that the length of the body is known where it can be.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming a file that cannot be read.
    pub(super) async fn prepare(
        request: &ResourceRequest,
        text: Option<&Bytes>,
        contents: Option<Arc<dyn ContentSource>>,
        progress: Option<UploadListener>,
    ) -> Result<Self> {
        let mut sources = request.sources.clone();
        for source in &mut sources {
            if let Some(path) = &source.path {
                let metadata = tokio::fs::metadata(path).await;
                let metadata = metadata.map_err(|error| unreadable(path, &error))?;
                if !metadata.is_file() {
                    let message = format!("`{}` is not a file", in_short(path));
                    return Err(Error::invalid_request("file", message));
                }
                source.length = Some(metadata.len());
                source.replayable = true;
            }
        }
        let body = match &request.body {
            RequestBody::Nothing => Payloads::Bytes(Bytes::new()),
            RequestBody::Text => Payloads::Bytes(text.cloned().unwrap_or_default()),
            RequestBody::Pieces(pieces) => {
                let length = pieces.iter().map(|piece| match piece {
                    BodyPiece::Text(text) => Some(text.len() as u64),
                    BodyPiece::Source(source) => sources.get(*source)?.length,
                });
                Payloads::Pieces { pieces: pieces.clone(), length: length.sum() }
            }
        };
        let (sources, spent) = (sources.into(), Arc::default());
        Ok(Self { body, contents, progress, sources, spent })
    }

    /// Whether the body can (still) be sent from its beginning.
    pub(super) fn is_replayable(&self) -> bool {
        !self.spent.load(Ordering::Acquire)
    }

    /// The body of one attempt.
    pub(super) fn upload(&self) -> Upload {
        match &self.body {
            Payloads::Bytes(bytes) if self.progress.is_none() => Upload::from(bytes.clone()),
            Payloads::Bytes(bytes) => {
                let length = bytes.len() as u64;
                let mut rest = bytes.clone();
                let pieces = std::iter::from_fn(move || {
                    let piece = rest.split_to(rest.len().min(PIECE));
                    (!piece.is_empty()).then_some(Ok(piece))
                });
                self.watched(stream::iter(pieces).boxed(), Some(length))
            }
            Payloads::Pieces { pieces, length } => {
                let streams: Vec<_> = pieces.iter().map(|piece| self.open(piece)).collect();
                self.watched(stream::iter(streams).flatten().boxed(), *length)
            }
        }
    }

    fn watched(&self, pieces: BoxStream<'static, Result<Bytes>>, length: Option<u64>) -> Upload {
        let Some(progress) = self.progress.clone() else { return Upload::stream(pieces, length) };
        let mut sent = 0;
        let watched = pieces.inspect(move |piece| {
            if let Ok(piece) = piece {
                sent += piece.len() as u64;
                progress(sent, length);
            }
        });
        Upload::stream(watched, length)
    }

    fn open(&self, piece: &BodyPiece) -> BoxStream<'static, Result<Bytes>> {
        let index = match piece {
            BodyPiece::Text(text) => return once(Ok(text.clone())),
            BodyPiece::Source(index) => *index,
        };
        let missing = || Error::invalid_request("file", "a file's content is missing");
        let Some(source) = self.sources.get(index).cloned() else { return once(Err(missing())) };
        let content = match (&source.path, &self.contents) {
            (Some(path), _) => read(path.clone()),
            (None, Some(contents)) => {
                let spent = Arc::clone(&self.spent);
                pull(Arc::clone(contents), index, (!source.replayable).then_some(spent))
            }
            (None, None) => once(Err(missing())),
        };
        match source.length {
            Some(length) => exactly(content, length),
            None => content,
        }
    }
}

fn once(piece: Result<Bytes>) -> BoxStream<'static, Result<Bytes>> {
    stream::iter([piece]).boxed()
}

/// The caller's pieces. `spent` is set as soon as one is asked for.
fn pull(
    contents: Arc<dyn ContentSource>,
    source: usize,
    spent: Option<Arc<AtomicBool>>,
) -> BoxStream<'static, Result<Bytes>> {
    let next = move |restart: bool| {
        let (contents, spent) = (Arc::clone(&contents), spent.clone());
        async move {
            if let Some(spent) = spent {
                spent.store(true, Ordering::Release);
            }
            let piece = contents.next(source, restart).await;
            piece.transpose().map(|piece| (piece, false))
        }
    };
    ended_by_error(stream::unfold(true, next).boxed())
}

/// A file's bytes.
fn read(path: String) -> BoxStream<'static, Result<Bytes>> {
    let begin: Option<File> = None;
    let next = move |file: Option<File>| {
        let path = path.clone();
        async move {
            let read = async {
                let mut file = match file {
                    Some(file) => file,
                    None => File::open(&path).await?,
                };
                let mut piece = BytesMut::with_capacity(PIECE);
                file.read_buf(&mut piece).await?;
                io::Result::Ok((piece.freeze(), file))
            };
            match read.await {
                Ok((piece, _)) if piece.is_empty() => None,
                Ok((piece, file)) => Some((Ok(piece), Some(file))),
                Err(error) => Some((Err(unreadable(&path, &error)), None)),
            }
        }
    };
    ended_by_error(stream::unfold(begin, next).boxed())
}

/// What was announced must come: a body of another length would break the connection.
fn exactly(
    content: BoxStream<'static, Result<Bytes>>,
    length: u64,
) -> BoxStream<'static, Result<Bytes>> {
    let changed = move || {
        let message = format!("the file has not the {length} bytes that it had at the beginning");
        Error::invalid_request("file", message)
    };
    let marked = content.map(Some).chain(stream::iter([None]));
    let checked = marked.scan(0u64, move |seen, piece| {
        let piece = match piece {
            Some(Ok(piece)) => {
                *seen += piece.len() as u64;
                if *seen > length { Some(Err(changed())) } else { Some(Ok(piece)) }
            }
            Some(Err(error)) => Some(Err(error)),
            None if *seen < length => Some(Err(changed())),
            None => None,
        };
        std::future::ready(piece)
    });
    ended_by_error(checked.boxed())
}

fn ended_by_error(content: BoxStream<'static, Result<Bytes>>) -> BoxStream<'static, Result<Bytes>> {
    let checked = content.scan(false, |failed, piece| {
        let go_on = !std::mem::replace(failed, piece.is_err());
        std::future::ready(go_on.then_some(piece))
    });
    checked.boxed()
}

fn unreadable(path: &str, error: &io::Error) -> Error {
    Error::invalid_request("file", format!("`{}` cannot be read: {error}", in_short(path)))
}

/// A path is quoted whole; what is longer than any is hardly one.
fn in_short(path: &str) -> String {
    match path.char_indices().nth(512) {
        Some(_) => path.chars().take(32).chain(['…']).collect(),
        None => path.to_owned(),
    }
}
