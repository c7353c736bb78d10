//! Server-sent events: bytes in, events out, at any split.
//!
//! The WHATWG format: lines end in LF, CR or CRLF; `data` lines join with a line feed; a blank line
//! ends the event; comments and unknown fields are passed over. Three leniencies: the last event needs
//! no blank line, broken UTF-8 becomes U+FFFD, and an error that stands there as bare JSON, which is how
//! Google breaks a stream off, is that error.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>

use std::borrow::Cow;

use crate::error::{Error, Result, error_in};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The `event` field; empty if there was none.
    pub name: Cow<'a, str>,
    /// The `data` lines, joined.
    pub data: Cow<'a, str>,
}

/// Cuts a byte stream into events.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Everything before this has been handed out.
    start: usize,
    /// Everything from `start` to this is known to hold whole lines of an unfinished event.
    scanned: usize,
    /// The line that begins at `scanned` does not end before this: no piece of it is searched twice.
    searched: usize,
    /// The last line ended in CR at the end of what had arrived: a LF that follows belongs to it.
    skip_line_feed: bool,
    at_beginning: bool,
    /// Bytes one event may take.
    limit: usize,
}

impl Decoder {
    /// A decoder that refuses events above `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            searched: 0,
            skip_line_feed: false,
            at_beginning: true,
            limit,
        }
    }

    /// Takes the next bytes. Call [`Decoder::next`] until it is empty before feeding again.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.scanned -= self.start;
            self.searched = self.searched.saturating_sub(self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
        if self.at_beginning {
            const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
            if self.buffer.starts_with(BYTE_ORDER_MARK) {
                self.start = BYTE_ORDER_MARK.len();
                self.scanned = self.start;
            }
            self.at_beginning = self.buffer.len() < BYTE_ORDER_MARK.len()
                && BYTE_ORDER_MARK.starts_with(&self.buffer);
        }
    }

    /// The next whole event, or `None` until more bytes arrive.
    pub fn next(&mut self) -> Option<Result<Event<'_>>> {
        if self.at_beginning {
            return None;
        }
        // Where the only line of the event ends, if it was found in this call.
        let mut only_line = None;
        loop {
            let Some((line_end, next_line)) = self.next_line() else {
                return (self.buffer.len() - self.start > self.limit).then(|| Err(self.too_long()));
            };
            let blank = line_end == self.scanned;
            let event = (self.start, self.scanned);
            self.scanned = next_line;
            if !blank {
                only_line = (event.0 == event.1).then_some(line_end);
                // An endless run of comments must not fill the buffer.
                if event.0 == event.1 && self.buffer.get(event.0) == Some(&b':') {
                    self.start = next_line;
                }
                continue;
            }
            self.start = next_line;
            let lines = self.buffer.get(event.0..event.1).unwrap_or_default();
            if lines.len() > self.limit {
                return Some(Err(self.too_long()));
            }
            // The borrow checker cannot see that a returned event ends the loop: decide first.
            if let Some(end) = only_line.take().filter(|_| lines.starts_with(b"data:")) {
                let data = self.buffer.get(event.0 + b"data:".len()..end).unwrap_or_default();
                let data = data.strip_prefix(b" ").unwrap_or(data);
                return Some(Ok(Event { name: Cow::default(), data: text(data) }));
            }
            if has_data(lines) {
                let lines = self.buffer.get(event.0..event.1).unwrap_or_default();
                return Some(Ok(read_event(lines)));
            }
            if let Some(error) = bare_error(lines) {
                return Some(Err(error));
            }
        }
    }

    /// At the end of the bytes: the last event, if it lacked only its blank line.
    pub fn finish(&mut self) -> Option<Result<Event<'_>>> {
        self.at_beginning = false;
        let lines = self.buffer.get(self.start..).unwrap_or_default();
        self.start = self.buffer.len();
        self.scanned = self.start;
        match has_data(lines) {
            true => Some(Ok(read_event(lines))),
            false => bare_error(lines).map(Err),
        }
    }

    /// The end of the line that begins at `scanned`, and where the next begins.
    fn next_line(&mut self) -> Option<(usize, usize)> {
        if self.skip_line_feed && self.scanned < self.buffer.len() {
            if self.buffer.get(self.scanned) == Some(&b'\n') {
                if self.start == self.scanned {
                    self.start += 1;
                }
                self.scanned += 1;
            }
            self.skip_line_feed = false;
        }
        let from = self.searched.max(self.scanned);
        let rest = self.buffer.get(from..)?;
        let Some(length) = memchr::memchr2(b'\n', b'\r', rest) else {
            self.searched = self.buffer.len();
            return None;
        };
        let line_end = from + length;
        if rest.get(length) == Some(&b'\n') {
            return Some((line_end, line_end + 1));
        }
        match rest.get(length + 1) {
            Some(b'\n') => Some((line_end, line_end + 2)),
            Some(_) => Some((line_end, line_end + 1)),
            None => {
                self.skip_line_feed = true;
                Some((line_end, line_end + 1))
            }
        }
    }

    fn too_long(&self) -> Error {
        Error::invalid_response(format!(
            "an event of the stream is larger than {} bytes (`limits.event`)",
            self.limit
        ))
    }
}

/// Whether any line is one of data; only how lines begin is looked at.
fn has_data(lines: &[u8]) -> bool {
    let mut rest = lines;
    loop {
        if let Some(behind) = rest.strip_prefix(b"data")
            && matches!(behind.first(), None | Some(b':' | b'\n' | b'\r'))
        {
            return true;
        }
        let Some(end) = memchr::memchr2(b'\n', b'\r', rest) else { return false };
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// The error that lines without data are, if they are JSON. A field's name begins with neither bracket,
/// so nothing is taken for JSON that the format knows.
fn bare_error(lines: &[u8]) -> Option<Error> {
    let begins = |line: &[u8]| matches!(line.first(), Some(b'{' | b'['));
    let before = split_lines(lines).take_while(|line| !begins(line));
    let start = before.map(|line| line.len() + 1).sum::<usize>();
    error_in(lines.get(start..).filter(|json| begins(json))?)
}

fn read_event(lines: &[u8]) -> Event<'_> {
    let mut name: &[u8] = b"";
    let mut data: Option<Cow<'_, [u8]>> = None;
    for (field, value) in fields(lines) {
        match field {
            b"event" => name = value,
            b"data" => match &mut data {
                None => data = Some(Cow::Borrowed(value)),
                Some(joined) => {
                    let joined = joined.to_mut();
                    joined.push(b'\n');
                    joined.extend_from_slice(value);
                }
            },
            _ => {}
        }
    }
    let data = match data.unwrap_or_default() {
        Cow::Borrowed(bytes) => text(bytes),
        Cow::Owned(bytes) => Cow::Owned(
            String::from_utf8(bytes)
                .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()),
        ),
    };
    Event { name: text(name), data }
}

/// Nearly all text is proper UTF-8, and asking that first is several times faster.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The (name, value) of every line; comments have an empty name.
fn fields(lines: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    split_lines(lines).map(|line| {
        let Some(colon) = memchr::memchr(b':', line) else { return (line, &b""[..]) };
        let (name, value) = line.split_at_checked(colon).unwrap_or((line, b""));
        let value = value.get(1..).unwrap_or_default();
        (name, value.strip_prefix(b" ").unwrap_or(value))
    })
}

fn split_lines(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(lines);
    std::iter::from_fn(move || {
        let lines = rest?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', lines) else { return rest.take() };
        rest = lines.get(end + 1..);
        lines.get(..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut decoder = Decoder::new(1 << 20);
        let mut events = Vec::new();
        let mut push =
            |event: Event<'_>| events.push((event.name.into_owned(), event.data.into_owned()));
        for piece in pieces {
            decoder.feed(piece);
            while let Some(event) = decoder.next() {
                push(event.unwrap());
            }
        }
        if let Some(event) = decoder.finish() {
            push(event.unwrap());
        }
        events
    }

    fn pair(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    const MIXED: &str = "\u{feff}: hello\n\nevent: one\ndata: 1\n\ndata: a\r\ndata: b\r\n\r\ndata:x\rdata\r\rid: 7\nretry: 3\n\nevent: only a name\n\ndata: é😀\n\ndata: last";

    fn mixed() -> Vec<(String, String)> {
        vec![pair("one", "1"), pair("", "a\nb"), pair("", "x\n"), pair("", "é😀"), pair("", "last")]
    }

    #[test]
    fn every_line_ending_comments_and_joined_data() {
        assert_eq!(events(&[MIXED.as_bytes()]), mixed());
    }

    #[test]
    fn any_split_gives_the_same_events() {
        let bytes = MIXED.as_bytes();
        for size in 1..bytes.len() {
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            assert_eq!(events(&pieces), mixed(), "pieces of {size}");
        }
        for at in 0..bytes.len() {
            assert_eq!(events(&[&bytes[..at], &bytes[at..]]), mixed(), "cut at {at}");
        }
    }

    const BARE_ERRORS: [&str; 4] = [
        r#"{"error":{"code":503,"message":"later","status":"UNAVAILABLE"}}"#,
        "{\r\n  \"error\": {\r\n    \"code\": 503,\r\n    \"message\": \"later\",\r\n    \"status\": \"UNAVAILABLE\"\r\n  }\r\n}\r\n",
        "event: error\n[{\"error\":\n{\"code\":503,\"message\":\"later\"}}]\n\n",
        ": ping\n{\"error\":{\"code\":503,\"message\":\"later\"}}\n\ndata: never\n\n",
    ];

    /// The data that came, and the status of the error that ended it.
    fn until_error(pieces: &[&[u8]]) -> (Vec<String>, Option<u16>) {
        let mut decoder = Decoder::new(1 << 20);
        let mut data = Vec::new();
        for piece in pieces {
            decoder.feed(piece);
            while let Some(event) = decoder.next() {
                match event {
                    Ok(event) => data.push(event.data.into_owned()),
                    Err(error) => return (data, error.fields().status),
                }
            }
        }
        match decoder.finish() {
            None => (data, None),
            Some(Ok(event)) => panic!("an event: {event:?}"),
            Some(Err(error)) => (data, error.fields().status),
        }
    }

    #[test]
    fn an_error_as_bare_json_is_that_error_however_it_is_cut() {
        for bare in BARE_ERRORS {
            for before in ["", "data: 1\r\n\r\n"] {
                let text = format!("{before}{bare}");
                let data: Vec<String> =
                    before.contains('1').then(|| "1".into()).into_iter().collect();
                for at in 0..=text.len() {
                    let (one, two) = text.as_bytes().split_at(at);
                    assert_eq!(
                        until_error(&[one, two]),
                        (data.clone(), Some(503)),
                        "{text:?} {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn other_lines_without_data_are_no_errors() {
        for text in
            ["{\"a\":1}\n\n", "{\n\n", "[]\n\n", "retry: 1\n\n", "{\"error\":{\"mess", "\n{"]
        {
            assert_eq!(until_error(&[text.as_bytes()]), (vec![], None), "{text:?}");
        }
    }

    #[test]
    fn an_event_above_the_limit_is_an_error_even_without_its_end() {
        let mut decoder = Decoder::new(16);
        decoder.feed(b"data: 0123456789abcdef0123");
        assert!(decoder.next().unwrap().is_err());
        let mut decoder = Decoder::new(16);
        decoder.feed(b"data: 0123456789abcdef0123\n\n");
        assert!(decoder.next().unwrap().is_err());
    }

    #[test]
    fn endless_comments_do_not_fill_the_buffer() {
        let mut decoder = Decoder::new(64);
        for _ in 0..1000 {
            decoder.feed(b": keep-alive\n");
            assert!(decoder.next().is_none());
            assert!(decoder.buffer.len() < 64);
        }
    }

    #[test]
    fn broken_utf8_becomes_a_replacement_character() {
        assert_eq!(events(&[b"data: a\xffb\n\n"]), vec![pair("", "a\u{fffd}b")]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic_and_no_split_changes_the_events(
            bytes in proptest::collection::vec(
                proptest::sample::select(b"data: \n\r:event{}x\xEF\xBB\xBF\xff".to_vec()), 0..200),
            at in 0usize..200,
        ) {
            let at = at.min(bytes.len());
            proptest::prop_assert_eq!(events(&[&bytes]), events(&[&bytes[..at], &bytes[at..]]));
        }
    }
}
