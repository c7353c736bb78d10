//! HTTP/1.1, as much of it as clients of a gateway speak.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::{Answer, Paced, answer};

const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\nx-request-id: req_0123456789abcdef\r\nserver: benchmark\r\ndate: Mon, 23 Nov 2026 06:00:00 GMT\r\ntransfer-encoding: chunked\r\n\r\n";
const NOT_FOUND: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
/// Bodies are thrown away in pieces of this size.
const PIECE: usize = 256 * 1024;

pub async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(PIECE);
    while let Some(path) = read_request(&mut stream, &mut buffer).await? {
        match answer(&path) {
            None => stream.write_all(NOT_FOUND).await?,
            Some(found) => match &*found {
                Answer::Whole(body) => {
                    // One segment for a small answer, no copy of a large one.
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_0123456789abcdef\r\nserver: benchmark\r\ndate: Mon, 23 Nov 2026 06:00:00 GMT\r\nx-ratelimit-remaining-requests: 9999\r\ncontent-length: {}\r\n\r\n",
                        body.len()
                    );
                    if body.len() < 16 * 1024 {
                        stream.write_all(&[head.as_bytes(), body].concat()).await?;
                    } else {
                        stream.write_all(head.as_bytes()).await?;
                        stream.write_all(body).await?;
                    }
                }
                Answer::Events(events) => write_burst(&mut stream, events).await?,
                Answer::Paced(_) => {
                    stream.write_all(STREAM.as_bytes()).await?;
                    let mut paced = Paced::of(found.clone());
                    while let Some(event) = paced.next().await {
                        stream.write_all(&chunk(&event)).await?;
                        stream.flush().await?;
                    }
                    stream.write_all(b"0\r\n\r\n").await?;
                }
            },
        }
        stream.flush().await?;
    }
    Ok(())
}

/// An event is a chunk, as gateways send them.
fn chunk(event: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", event.len()).as_bytes(), event, b"\r\n"].concat()
}

async fn write_burst(
    stream: &mut (impl AsyncWrite + Unpin),
    events: &[bytes::Bytes],
) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(PIECE + 1024);
    buffer.extend_from_slice(STREAM.as_bytes());
    for event in events {
        buffer.extend_from_slice(format!("{:x}\r\n", event.len()).as_bytes());
        buffer.extend_from_slice(event);
        buffer.extend_from_slice(b"\r\n");
        if buffer.len() >= PIECE {
            stream.write_all(&buffer).await?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(b"0\r\n\r\n");
    stream.write_all(&buffer).await
}

/// The path of the next request, its body read and forgotten; nothing at the end of the connection.
async fn read_request(
    stream: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
) -> io::Result<Option<String>> {
    let (path, head, length) = loop {
        if let Some(found) = parsed(buffer)? {
            break found;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    match length {
        Some(length) => skip(stream, buffer, head + length).await?,
        None => {
            buffer.drain(..head);
            while !buffer.ends_with(b"0\r\n\r\n") {
                let surplus = buffer.len().saturating_sub(8);
                buffer.drain(..surplus);
                if stream.read_buf(buffer).await? == 0 {
                    return Ok(None);
                }
            }
            buffer.clear();
        }
    }
    Ok(Some(path))
}

/// The path, the length of the head, and that of the body unless it is chunked.
fn parsed(buffer: &[u8]) -> io::Result<Option<(String, usize, Option<usize>)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let head = match request.parse(buffer).map_err(io::Error::other)? {
        httparse::Status::Complete(head) => head,
        httparse::Status::Partial => return Ok(None),
    };
    let path = request.path.unwrap_or("/").to_owned();
    let named =
        |name: &str| request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    if named("transfer-encoding").is_some() {
        return Ok(Some((path, head, None)));
    }
    let length = named("content-length")
        .and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
    Ok(Some((path, head, Some(length.unwrap_or(0)))))
}

async fn skip(
    stream: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
    mut bytes: usize,
) -> io::Result<()> {
    while bytes > buffer.len() {
        bytes -= buffer.len();
        buffer.clear();
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    buffer.drain(..bytes);
    Ok(())
}
