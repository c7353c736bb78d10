//! Images and files inside a request: data URLs, media types, base64.
//!
//! A declared media type is only a claim: vendors check the bytes and answer 400 when the two
//! differ, so the bytes win here. Data stays borrowed: a 1 MB image is looked at in its first bytes
//! and copied once, into the body.
//!
//! Data URLs: <https://www.rfc-editor.org/rfc/rfc2397>. Types, by name and by bytes: [`crate::mime`].

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};

use crate::chat::Warnings;
use crate::error::{Error, Result};
use crate::json::Text;
use crate::mime::{FileKind, registered, sniff_prompt};

/// Bytes in base64 with their media type.
#[derive(Clone, Debug)]
pub(crate) struct Media<'a> {
    /// Lower-case, without parameters; empty if nobody knows.
    pub media_type: Cow<'a, str>,
    /// Standard base64 without white space.
    pub data: Text<'a>,
}

impl<'a> Media<'a> {
    /// Reads a data URL; `None` if the text is none.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming `param` if its payload cannot be read.
    pub(crate) fn of_data_url(
        url: &Text<'a>,
        param: &str,
        warnings: &mut Warnings,
    ) -> Option<Result<Self>> {
        let url = with_plain_head(url);
        let held = url.held();
        let rest = held.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:"))?.len();
        let Some((head, _)) = held.get(rest..)?.split_once(',') else {
            return Some(Err(Error::invalid_request(param, "the data URL has no comma")));
        };
        let mut words = head.split(';').map(str::trim);
        let declared = words.next().unwrap_or_default();
        let base64 = words.any(|word| word.eq_ignore_ascii_case("base64"));
        let payload = url.behind(rest + head.len() + 1);
        let data = if base64 {
            clean_base64(payload)
        } else {
            let payload = payload.into_plain();
            let bytes: Vec<u8> = percent_encoding::percent_decode_str(&payload).collect();
            Text::plain(general_purpose::STANDARD.encode(bytes))
        };
        if data.is_empty() {
            return Some(Err(Error::invalid_request(param, "the data URL is empty")));
        }
        Some(Ok(Self::declared(declared, data, param, warnings)))
    }

    /// Bare base64 (or a data URL) with a type that somebody declared, empty if nobody did.
    ///
    /// # Errors
    /// As [`Media::of_data_url`].
    pub(crate) fn of_text(
        text: Text<'a>,
        declared: &str,
        param: &str,
        warnings: &mut Warnings,
    ) -> Result<Self> {
        match Self::of_data_url(&text, param, warnings) {
            Some(media) => media,
            None => Ok(Self::declared(declared, clean_base64(text), param, warnings)),
        }
    }

    /// The bytes themselves, or `None` if they are not base64.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        LENIENT.decode(self.data.decode().as_bytes()).ok()
    }

    /// What to do with it.
    pub(crate) fn kind(&self) -> FileKind {
        FileKind::of(&self.media_type)
    }

    fn declared(declared: &str, data: Text<'a>, param: &str, warnings: &mut Warnings) -> Self {
        let declared = registered(declared);
        let Some(seen) = sniff(data.held()).filter(|seen| *seen != declared) else {
            return Self { media_type: declared, data };
        };
        if same_container(&declared, seen) {
            return Self { media_type: declared, data };
        }
        if !matches!(&*declared, "" | "application/octet-stream" | "image/*") {
            warnings.add(
                "media_type_corrected",
                param,
                format!("the bytes are {seen}, not the declared type"),
            );
        }
        Self { media_type: Cow::Borrowed(seen), data }
    }
}

/// The media type that the first bytes of base64 show, for a file in a prompt.
pub(crate) fn sniff(data: &str) -> Option<&'static str> {
    // Far enough into a picture that begins with an XML declaration.
    const HEAD: usize = 1024;
    let head = data.as_bytes().get(..data.len().min(HEAD) / 4 * 4)?;
    sniff_prompt(&LENIENT.decode(head).ok()?)
}

/// Containers that hold more than one kind of media look the same from outside.
fn same_container(declared: &str, seen: &str) -> bool {
    match seen {
        "video/mp4" | "audio/m4a" | "image/heic" | "image/heif" => {
            declared.starts_with("video/")
                || declared.starts_with("audio/")
                || matches!(declared, "image/heif" | "image/heic")
        }
        "video/webm" => declared.starts_with("video/") || declared.starts_with("audio/"),
        "audio/ogg" => declared.ends_with("/ogg") || declared == "audio/opus",
        "audio/wav" => matches!(declared, "audio/x-wav" | "audio/wave" | "audio/vnd.wave"),
        "audio/mpeg" => declared == "audio/mp3",
        "audio/flac" => declared == "audio/x-flac",
        "audio/aac" => declared == "audio/x-aac",
        // Whoever sends its source as text means it.
        "image/svg+xml" => FileKind::of(declared) == FileKind::Text,
        _ => false,
    }
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A URL whose beginning, up to its comma, is as it reads: some writers escape the slash in it.
fn with_plain_head<'a>(url: &Text<'a>) -> Text<'a> {
    let bytes = url.held().as_bytes();
    let head = memchr::memchr2(b',', b'\\', bytes).and_then(|at| bytes.get(at));
    match (url, head) {
        (Text::Escaped(_), Some(b'\\')) => Text::plain(url.decode()),
        _ => url.clone(),
    }
}

/// Standard base64 with its padding: white space and percent escapes out, the URL alphabet
/// translated. As it was held if there is nothing to do; then it has no escapes either.
fn clean_base64(text: Text<'_>) -> Text<'_> {
    let bytes = text.held().as_bytes();
    let literal = matches!(text, Text::Escaped(_));
    // A literal holds no line breaks but as escapes.
    let odd = memchr::memchr2(b'%', b'\\', bytes).is_some()
        || memchr::memchr3(b' ', b'-', b'_', bytes).is_some()
        || !literal && memchr::memchr3(b'\n', b'\r', b'\t', bytes).is_some();
    if !odd && bytes.len().is_multiple_of(4) {
        return text;
    }
    let decoded = text.decode();
    let plain = percent_encoding::percent_decode_str(&decoded).decode_utf8_lossy();
    let mut clean: String = plain
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    clean.truncate(clean.trim_end_matches('=').len());
    while !clean.len().is_multiple_of(4) {
        clean.push('=');
    }
    Text::plain(clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ChatRequest;
    use crate::mime::prompt_type_of;
    use crate::wire::{Settings, vendors};

    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB";

    fn data_url(url: &str) -> (Result<Media<'_>>, Vec<&'static str>) {
        let mut warnings = Warnings::default();
        let media = Media::of_data_url(&Text::Escaped(url.into()), "p", &mut warnings).unwrap();
        (media, warnings.iter().map(|warning| warning.code).collect())
    }

    #[test]
    fn a_data_url_is_read_without_a_copy() {
        let url = format!("data:image/png;base64,{PNG}");
        let (media, warnings) = data_url(&url);
        let media = media.unwrap();
        assert!(std::ptr::eq(media.data.held(), &url[url.len() - PNG.len()..]));
        assert_eq!((&*media.media_type, media.data.held()), ("image/png", PNG));
        assert!(warnings.is_empty());
    }

    #[test]
    fn the_bytes_win_over_the_declared_type() {
        let jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD";
        for (declared, data, expected, warned) in [
            ("image/jpeg", PNG, "image/png", true),
            ("image/jpg", jpeg, "image/jpeg", false),
            ("", PNG, "image/png", false),
            ("application/octet-stream", "JVBERi0xLjcKJeLj", "application/pdf", false),
            ("audio/mp4", "AAAAIGZ0eXBpc29tAAACAGlzb21pc28y", "audio/mp4", false),
            ("image/svg+xml", "PHN2Zz48L3N2Zz4=", "image/svg+xml", false),
        ] {
            let url = format!("data:{declared};base64,{data}");
            let (media, warnings) = data_url(&url);
            assert_eq!(media.unwrap().media_type, expected);
            assert_eq!(warnings, if warned { vec!["media_type_corrected"] } else { vec![] });
        }
    }

    #[test]
    fn escapes_in_a_data_url_are_read() {
        for escaped in [r"data:image\/png;base64,aGk=", r"data:image/png;base64,\u0061Gk\n="] {
            let (media, _) = data_url(escaped);
            let media = media.unwrap();
            assert_eq!((&*media.media_type, media.data.held()), ("image/png", "aGk="));
        }
    }

    #[test]
    fn base64_is_cleaned() {
        for (written, clean) in
            [("aGk", "aGk="), ("a\nGk =\r\n", "aGk="), ("-_-_", "+/+/"), ("aGk%3D", "aGk=")]
        {
            assert_eq!(clean_base64(Text::plain(written)).held(), clean);
        }
    }

    #[test]
    fn a_data_url_without_base64_is_percent_encoded_text() {
        let (media, _) = data_url("data:text/plain;charset=utf-8,h%C3%A9%20llo");
        let media = media.unwrap();
        assert_eq!(media.kind(), FileKind::Text);
        assert_eq!(media.bytes().unwrap(), "hé llo".as_bytes());
    }

    #[test]
    fn what_is_no_data_url_is_said_so() {
        let mut warnings = Warnings::default();
        let mut read = |url| Media::of_data_url(&Text::plain(url), "p", &mut warnings);
        assert!(read("https://example.com/a.png").is_none());
        assert!(read("data:image/png;base64").unwrap().is_err());
        assert!(read("DATA:image/png;base64,").unwrap().is_err());
    }

    #[test]
    fn names_tell_types() {
        for (name, kind) in [
            ("report.PDF", FileKind::Pdf),
            ("notes.md", FileKind::Text),
            ("main.ts", FileKind::Text),
            ("table.csv", FileKind::Text),
            ("photo.jpeg", FileKind::Image),
            ("sheet.xlsx", FileKind::Other),
            ("noext", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(prompt_type_of(name).unwrap_or_default()), kind, "{name}");
        }
    }

    #[test]
    fn what_is_text_is_taken_on_every_route_under_every_name() {
        for media_type in
            ["text/x-python", "application/x-httpd-php", "application/rtf", "image/svg+xml"]
        {
            let file = format!(
                "data:{media_type};base64,{}",
                general_purpose::STANDARD.encode("hello = 1\n")
            );
            for row in vendors() {
                let request = serde_json::json!({ "model": row.route.as_str(), "messages": [{ "role": "user", "content": [
                    { "type": "file", "file": { "filename": "a.bin", "file_data": file } }] }] });
                let request = request.to_string();
                let request = ChatRequest::parse(&request).unwrap();
                let encoded = row.format.encode(&request, &Settings::default()).unwrap();
                assert!(encoded.warnings.is_empty(), "{media_type} {row:?}");
                let body = String::from_utf8(encoded.request.body.to_vec()).unwrap();
                assert!(body.contains("hello = 1") || body.contains("aGVsbG8gPSAxCg=="), "{body}");
            }
        }
    }
}
