//! Content codings: what a compressed body says.
//!
//! | `content-encoding` (in any case) | read as |
//! |---|---|
//! | `gzip`, `x-gzip` | gzip, in one member or several (RFC 1952, section 2.2); what follows the last one and is no member is ignored |
//! | `deflate` | zlib, or bare deflate, as servers send both |
//! | `br` | Brotli |
//! | `zstd` | Zstandard, in one frame or several, with windows up to 8 MB (RFC 9659) |
//! | `identity`, none | as it is |
//! | any other, or several | an error that names it |

use std::fmt;
use std::io;

use bytes::{Buf, Bytes};
use compression_codecs::core::util::{PartialBuffer, WriteBuffer};
use compression_codecs::zstd::params::DParameter;
use compression_codecs::{
    BrotliDecoder, DecodeV2, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use http::{HeaderMap, header};

use crate::error::{Error, Result};

/// What requests accept.
pub(super) const ACCEPTED: &str = "gzip, br, zstd";

/// 8 MB, as its power of two.
const LARGEST_ZSTD_WINDOW: u32 = 23;

/// So much comes out at a time.
const OUTPUT: usize = 32 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// Decodes one body: fed compressed bytes, asked for plain ones.
pub(super) struct ContentDecoder {
    coding: Coding,
    codec: Option<Box<dyn DecodeV2 + Send>>,
    input: Bytes,
    output: Box<[u8]>,
    state: MemberState,
    /// Everything that the codec held back has come out.
    flushed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MemberState {
    /// Nothing has come yet.
    New,
    /// In the middle of a member.
    Inside,
    /// A member is complete.
    Between,
    /// Nothing that follows counts.
    Done,
}

impl ContentDecoder {
    /// The decoder that the headers of an answer ask for; they then speak of the decoded body.
    ///
    /// # Errors
    ///
    /// `INVALID_RESPONSE` naming a coding that is not known.
    pub(super) fn of(headers: &mut HeaderMap) -> Result<Option<Self>> {
        let codings = headers.get_all(header::CONTENT_ENCODING).iter();
        let said = codings.map(|value| String::from_utf8_lossy(value.as_bytes()));
        let said = said.collect::<Vec<_>>().join(",").to_ascii_lowercase();
        let mut names = said.split(',').map(str::trim).filter(|n| !matches!(*n, "" | "identity"));
        let Some(name) = names.next() else { return Ok(None) };
        let coding = match (name, names.next()) {
            ("gzip" | "x-gzip", None) => Coding::Gzip,
            ("deflate", None) => Coding::Deflate,
            ("br", None) => Coding::Brotli,
            ("zstd", None) => Coding::Zstd,
            _ => {
                return Err(Error::invalid_response(format!(
                    "The answer's body is coded as `{}`, which was not asked for and cannot be read.",
                    said.chars().take(100).collect::<String>()
                )));
            }
        };
        headers.remove(header::CONTENT_ENCODING);
        headers.remove(header::CONTENT_LENGTH);
        Ok(Some(Self {
            coding,
            codec: None,
            input: Bytes::new(),
            output: vec![0; OUTPUT].into_boxed_slice(),
            state: MemberState::New,
            flushed: true,
        }))
    }

    /// Takes the next bytes. To be called when [`ContentDecoder::next`] has given all.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.input = bytes;
        self.flushed = false;
    }

    /// What has come out, at most 32 KB at a time; `None` until more is fed.
    ///
    /// # Errors
    ///
    /// That the body is damaged.
    pub(super) fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            match self.state {
                MemberState::Done => {
                    self.input.clear();
                    return Ok(None);
                }
                MemberState::New | MemberState::Between if self.input.is_empty() => return Ok(None),
                MemberState::Between if !self.begins_a_member() => {
                    self.state = MemberState::Done;
                    continue;
                }
                MemberState::New | MemberState::Between => {
                    self.begin()?;
                    self.state = MemberState::Inside;
                }
                MemberState::Inside if self.input.is_empty() && self.flushed => return Ok(None),
                MemberState::Inside => {}
            }
            let Some(codec) = &mut self.codec else { return Ok(None) };
            let mut input = PartialBuffer::new(&*self.input);
            let mut output = WriteBuffer::new_initialized(&mut self.output);
            let was_empty = input.unwritten().is_empty();
            let done = match was_empty {
                true => codec.flush(&mut output).map(|_| false)?,
                false => codec.decode(&mut input, &mut output)?,
            };
            let (read, written) = (input.written_len(), output.written_len());
            self.input.advance(read);
            if done {
                self.state = MemberState::Between;
            }
            self.flushed = was_empty && written == 0;
            if written > 0 {
                let bytes = self.output.get(..written).unwrap_or_default();
                return Ok(Some(Bytes::copy_from_slice(bytes)));
            }
        }
    }

    /// The bytes have ended.
    ///
    /// # Errors
    ///
    /// That the body is cut off.
    pub(super) fn end(&self) -> io::Result<()> {
        match self.state {
            MemberState::Inside => Err(io::ErrorKind::UnexpectedEof.into()),
            MemberState::New | MemberState::Between | MemberState::Done => Ok(()),
        }
    }

    /// Whether what follows a member is another one.
    fn begins_a_member(&self) -> bool {
        match self.coding {
            Coding::Gzip => self.input.first() == Some(&0x1f),
            Coding::Zstd => true,
            Coding::Deflate | Coding::Brotli => false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if let Some(codec) = &mut self.codec {
            return codec.reinit();
        }
        // Zlib's first byte says "deflate" in its lower half (RFC 1950, section 2.2).
        let is_zlib = self.input.first().is_some_and(|byte| byte & 0x0f == 8);
        self.codec = Some(match self.coding {
            Coding::Gzip => Box::new(GzipDecoder::new()),
            Coding::Deflate if is_zlib => Box::new(ZlibDecoder::new()),
            Coding::Deflate => Box::new(DeflateDecoder::new()),
            Coding::Brotli => Box::new(BrotliDecoder::new()),
            Coding::Zstd => {
                let window = DParameter::window_log_max(LARGEST_ZSTD_WINDOW);
                Box::new(ZstdDecoder::new_with_params(&[window]))
            }
        });
        Ok(())
    }
}

impl fmt::Debug for ContentDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use http::HeaderValue;
    use std::io::Write;

    fn decoder(coding: &'static str) -> Result<Option<ContentDecoder>> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("7"));
        let decoder = ContentDecoder::of(&mut headers);
        if matches!(decoder, Ok(Some(_))) {
            assert!(headers.is_empty(), "{headers:?}");
        }
        decoder
    }

    fn decoded(coding: &'static str, bytes: &[u8], piece: usize) -> io::Result<Vec<u8>> {
        let mut decoder = decoder(coding).unwrap().unwrap();
        let mut plain = Vec::new();
        for piece in bytes.chunks(piece) {
            decoder.feed(Bytes::copy_from_slice(piece));
            while let Some(bytes) = decoder.next()? {
                plain.extend_from_slice(&bytes);
            }
        }
        decoder.end().map(|()| plain)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn codings_are_known_by_all_their_names_and_unknown_ones_are_named() {
        for name in ["gzip", "GZIP", "x-gzip", "X-GZip", " gzip ", "br", "zstd", "deflate"] {
            assert!(decoder(name).unwrap().is_some(), "{name}");
        }
        assert!(decoder("identity").unwrap().is_none());
        for name in ["compress", "gzip, br", "sdch"] {
            let error = decoder(name).unwrap_err();
            assert!(error.fields().message.contains(name), "{error}");
        }
    }

    #[test]
    fn gzip_comes_in_members_and_what_is_none_is_ignored() {
        let members = [gzip(b"one "), gzip(b""), gzip(b"two "), gzip(b"three")].concat();
        let padded = [members.clone(), vec![0; 40]].concat();
        for bytes in [members.clone(), padded] {
            for piece in [1, 7, 1000] {
                assert_eq!(decoded("gzip", &bytes, piece).unwrap(), b"one two three");
            }
        }
        assert!(decoded("gzip", &members[..members.len() - 3], 1000).is_err(), "cut off");
        assert!(decoded("gzip", b"no gzip at all", 1000).is_err());
        assert_eq!(decoded("gzip", b"", 1).unwrap(), b"", "an empty body has no coding");
    }

    #[test]
    fn deflate_is_read_with_and_without_its_frame() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"text").unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(b"text").unwrap();
        for bytes in [zlib.finish().unwrap(), bare.finish().unwrap()] {
            assert_eq!(decoded("deflate", &bytes, 3).unwrap(), b"text");
        }
    }

    #[test]
    fn what_has_come_so_far_comes_out_at_once() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(b"first").unwrap();
        encoder.flush().unwrap();
        let mut decoder = decoder("gzip").unwrap().unwrap();
        decoder.feed(encoder.get_ref().clone().into());
        assert_eq!(decoder.next().unwrap().unwrap(), "first");
        assert_eq!(decoder.next().unwrap(), None);
        assert!(decoder.end().is_err());
    }

    #[test]
    fn a_bomb_comes_out_bit_by_bit() {
        let bomb = gzip(&vec![b'\n'; 8 << 20]);
        let mut decoder = decoder("gzip").unwrap().unwrap();
        decoder.feed(bomb.into());
        let mut length = 0;
        while let Some(bytes) = decoder.next().unwrap() {
            assert!(bytes.len() <= OUTPUT);
            length += bytes.len();
        }
        assert_eq!(length, 8 << 20);
    }
}
