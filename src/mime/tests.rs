use super::sniff::sniff_image;
use super::*;

use proptest::prelude::*;

#[test]
fn media_types_have_their_extension() {
    for (media_type, extension) in [
        ("audio/mpeg", "mp3"),
        ("audio/mp3", "mp3"),
        ("audio/wav", "wav"),
        ("audio/x-wav", "wav"),
        ("audio/wave", "wav"),
        ("audio/flac", "flac"),
        ("audio/x-flac", "flac"),
        ("audio/m4a", "m4a"),
        ("audio/x-m4a", "m4a"),
        ("audio/mp4", "mp4"),
        ("audio/ogg", "ogg"),
        ("audio/opus", "ogg"),
        ("audio/oga", "oga"),
        ("audio/mpga", "mpga"),
        ("audio/webm", "webm"),
        ("audio/aac", "aac"),
        ("audio/pcm", "pcm"),
        ("Audio/WebM;codecs=opus", "webm"),
        (" AUDIO/MPEG ; rate=1 ", "mp3"),
        ("video/mp4", "mp4"),
        ("video/webm", "webm"),
        ("video/mpeg", "mpeg"),
        ("video/quicktime", "mov"),
        ("image/png", "png"),
        ("image/jpeg", "jpg"),
        ("image/webp", "webp"),
        ("image/gif", "gif"),
        ("image/svg+xml", "svg"),
        ("image/tiff", "tiff"),
        ("image/bmp", "bmp"),
        ("image/heic", "heic"),
        ("image/avif", "avif"),
        ("application/pdf", "pdf"),
        ("application/json", "json"),
        ("application/zip", "zip"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("application/msword", "doc"),
        ("text/plain; charset=utf-8", "txt"),
        ("text/markdown", "md"),
        ("text/csv", "csv"),
        ("text/html", "html"),
        ("application/octet-stream", "bin"),
    ] {
        assert_eq!(file_extension(media_type), extension, "{media_type}");
    }
}

#[test]
fn what_is_no_known_media_type_is_bin() {
    for media_type in [
        "",
        " ",
        ";",
        "/",
        "audio",
        "audio/",
        "/mpeg",
        "mp3",
        "audio/*",
        "*/*",
        "*",
        "audio/mpeg/x",
        "audio/mpeg, audio/wav",
        "audio /mpeg",
        "audio/unheard-of",
        "x/../../etc",
        "аудио/mpeg",
    ] {
        assert_eq!(file_extension(media_type), "bin", "{media_type}");
    }
}

#[test]
fn bytes_show_what_they_are() {
    for (bytes, media_type) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\0", "image/gif"),
        (b"GIF87a", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image/bmp"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "image/heif"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "image/avif"),
        (b"<svg xmlns='x'/>", "image/svg+xml"),
        (
            b"\xEF\xBB\xBF <?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE svg PUBLIC 'x'>\n<svg>",
            "image/svg+xml",
        ),
        (b"%PDF-1.7\n", "application/pdf"),
    ] {
        assert_eq!(sniff_image(bytes), Some(media_type), "{bytes:?}");
    }
}

#[test]
fn other_bytes_show_nothing() {
    for bytes in [
        &b""[..],
        b"BM",
        b"BMW is a car and a long sentence",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypmp42\0\0\0\0",
        b"<svgfoo>",
        b"<html><svg>",
        b"<!-- never closed <svg>",
        b"plain text",
        b"\x89PN",
    ] {
        assert_eq!(sniff_image(bytes), None, "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn any_media_type_has_a_plain_extension(media_type in "\\PC{0,40}|(audio|video|image|text|application)/[a-z.+-]{0,12}") {
        let extension = file_extension(&media_type);
        prop_assert!(!extension.is_empty() && extension.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{}", extension);
    }

    #[test]
    fn any_bytes_can_be_looked_at(bytes in proptest::collection::vec(any::<u8>(), 0..64), svg in "[<!?>a-z -]{0,40}") {
        let _ = sniff_image(&bytes);
        let _ = sniff_image(svg.as_bytes());
    }
}

#[test]
fn recordings_show_what_they_are() {
    for (bytes, media_type) in [
        (&b"ID3\x04"[..], Some("audio/mpeg")),
        (b"\xFF\xFB\x90\x64", Some("audio/mpeg")),
        (b"\xFF\xF1\x50", Some("audio/aac")),
        (b"\xFF\xFD\x90", Some("audio/mpeg")),
        (b"\xFF\xFEh\0i\0", None),
        (b"RIFF\x24\0\0\0WAVEfmt ", Some("audio/wav")),
        (b"fLaC\0", Some("audio/flac")),
        (b"OggS\0", Some("audio/ogg")),
        (b"\x1A\x45\xDF\xA3\x01", Some("audio/webm")),
        (b"\0\0\0\x20ftypM4A ", Some("audio/m4a")),
        (b"\0\0\0\x20ftypisom", Some("video/mp4")),
        (b"\x89PNG\r\n\x1a\n", Some("image/png")),
        (b"RIFF\x24\0\0\0AVI LIST", None),
        (b"\xFF\xD8\xFF\xE0", Some("image/jpeg")),
        (b"hello", None),
        (b"", None),
    ] {
        assert_eq!(sniff(bytes), media_type, "{bytes:?}");
    }
}

#[test]
fn names_show_their_type_and_the_type_its_extension() {
    for extension in ["mp3", "mp4", "m4a", "wav", "webm", "flac", "ogg", "png", "webp", "pdf"] {
        let media_type = media_type_of(&format!("some.file.{}", extension.to_uppercase()));
        assert_eq!(media_type.map(file_extension), Some(extension), "{extension}");
    }
    assert_eq!(media_type_of("mp3"), None);
    assert_eq!(media_type_of("file.unheard-of"), None);
    assert_eq!(media_type_of(""), None);
}

#[test]
fn what_is_text_is_text_under_every_name() {
    for media_type in [
        "text/x-python",
        "Text/Plain; charset=utf-8",
        "application/toml",
        "application/x-sh",
        "application/x-httpd-php",
        "application/graphql",
        "application/x-ndjson",
        "application/yaml",
        "application/x-yaml",
        "application/sql",
        "application/x-subrip",
        "application/x-latex",
        "application/rtf",
        "application/xhtml+xml",
        "application/vnd.api+json",
        "application/x-python-code",
        "image/svg+xml",
    ] {
        assert_eq!(FileKind::of(media_type), FileKind::Text, "{media_type}");
    }
    for (media_type, kind) in [
        ("application/pdf", FileKind::Pdf),
        ("image/png", FileKind::Image),
        ("audio/mpeg", FileKind::Audio),
        ("video/mp4", FileKind::Video),
        ("application/zip", FileKind::Other),
        ("application/octet-stream", FileKind::Other),
        ("model/gltf+json", FileKind::Other),
        ("json", FileKind::Other),
        ("", FileKind::Other),
    ] {
        assert_eq!(FileKind::of(media_type), kind, "{media_type}");
    }
}

#[test]
fn the_table_is_in_the_form_in_which_it_is_asked() {
    let names = table::EXTENSIONS.iter().map(|(name, _)| *name);
    let names = names.chain(table::OTHER_NAMES.iter().flat_map(|(other, name)| [*other, *name]));
    for name in names.chain(table::PROMPTS.iter().map(|(name, _)| *name)) {
        assert_eq!(essence(name), name);
    }
    for (other, name) in table::OTHER_NAMES {
        assert_eq!(registered(other), *name);
        assert_eq!(registered(name), *name);
    }
}
