//! Tunnels through HTTP proxies: `CONNECT`, RFC 9110 section 9.3.6.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use super::connect::ConnectError;
use super::connection::Io;

/// What a proxy's answer may have before its end.
const LONGEST_HEAD: usize = 64 * 1024;
/// Of what a proxy says about its refusal, so much is told, if it comes within this time.
const LONGEST_WORDS: usize = 2048;
const PATIENCE: Duration = Duration::from_secs(1);

/// Asks the proxy at the other end for a tunnel. Any 2xx opens one.
pub(super) async fn open(
    stream: &mut Box<dyn Io>,
    authority: &str,
    proxy: &Url,
) -> Result<(), ConnectError> {
    let credentials = authorization(proxy)
        .map_or_else(String::new, |value| format!("Proxy-Authorization: {value}\r\n"));
    let request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{credentials}\r\n");
    stream.write_all(request.as_bytes()).await.map_err(ConnectError::Tcp)?;
    stream.flush().await.map_err(ConnectError::Tcp)?;
    let (head, rest) = read_head(stream).await?;
    let (status, reason) = status_of(&head)
        .ok_or_else(|| ConnectError::Proxy("it answered with something that is not HTTP".into()))?;
    // TLS has the client speak first.
    if (200..300).contains(&status) && rest.is_empty() {
        return Ok(());
    }
    let said = words(rest, stream).await;
    Err(ConnectError::Refused { status, reason, said })
}

/// The head of the answer, and what has come with it.
async fn read_head(stream: &mut Box<dyn Io>) -> Result<(Vec<u8>, Vec<u8>), ConnectError> {
    let mut read = Vec::with_capacity(512);
    loop {
        if let Some(at) = memmem::find(&read, b"\r\n\r\n") {
            let rest = read.split_off(at + 4);
            return Ok((read, rest));
        }
        if read.len() >= LONGEST_HEAD {
            return Err(ConnectError::Proxy("its answer has no end".into()));
        }
        if stream.read_buf(&mut read).await.map_err(ConnectError::Tcp)? == 0 {
            return Err(ConnectError::Tcp(std::io::ErrorKind::UnexpectedEof.into()));
        }
    }
}

fn status_of(head: &[u8]) -> Option<(u16, String)> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let mut words = line.trim().splitn(3, ' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    let status = words.next()?.parse().ok()?;
    let reason: String =
        words.next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect();
    Some((status, reason))
}

/// The beginning of the answer's body, as text.
async fn words(mut read: Vec<u8>, stream: &mut Box<dyn Io>) -> String {
    let mut limited = stream.take(LONGEST_WORDS as u64);
    let _ = tokio::time::timeout(PATIENCE, limited.read_to_end(&mut read)).await;
    String::from_utf8_lossy(&read).into_owned()
}

/// `Proxy-Authorization` from the credentials in a proxy's URL.
pub(super) fn authorization(proxy: &Url) -> Option<String> {
    let (user, password) = credentials(proxy)?;
    Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}

/// User and password of a proxy's URL.
pub(super) fn credentials(proxy: &Url) -> Option<(String, String)> {
    if proxy.username().is_empty() && proxy.password().is_none() {
        return None;
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((decode(proxy.username()), decode(proxy.password().unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_line_is_read_however_it_is_written() {
        let table: [(&str, Option<(u16, &str)>); 6] = [
            ("HTTP/1.1 200 Connection established\r\n\r\n", Some((200, "Connection established"))),
            ("HTTP/1.0 407\r\n\r\n", Some((407, ""))),
            ("HTTP/1.1 403 Forbidden by policy\r\n\r\n", Some((403, "Forbidden by policy"))),
            ("SSH-2.0-x\r\n\r\n", None),
            ("HTTP/1.1 abc\r\n\r\n", None),
            ("\r\n\r\n", None),
        ];
        for (head, expected) in table {
            let expected = expected.map(|(status, reason)| (status, reason.to_owned()));
            assert_eq!(status_of(head.as_bytes()), expected, "{head:?}");
        }
    }

    #[test]
    fn credentials_are_decoded() {
        let url = Url::parse("http://us%40er:p%3Aw@proxy:1").unwrap();
        assert_eq!(credentials(&url), Some(("us@er".to_owned(), "p:w".to_owned())));
        assert_eq!(authorization(&url).unwrap(), format!("Basic {}", STANDARD.encode("us@er:p:w")));
        assert_eq!(credentials(&Url::parse("http://proxy:1").unwrap()), None);
    }
}
