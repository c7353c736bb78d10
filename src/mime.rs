//! Media types: the file extension for one, and the one that bytes are really of.

#[cfg(test)]
mod tests;

/// Extensions for the media types that the gateway's endpoints take, where the common table has none
/// or would give one that nobody uses. Types in lower case, without parameters.
///
/// `audio/mp4` is `mp4`: transcription takes `m4a` as well, but `mp4` is the name under which the
/// gateway's own client sends it.
const EXTENSIONS: &[(&str, &str)] = &[
    ("application/octet-stream", "bin"),
    ("application/x-tar", "tar"),
    ("audio/aac", "aac"),
    ("audio/aiff", "aiff"),
    ("audio/amr", "amr"),
    ("audio/flac", "flac"),
    ("audio/l16", "pcm"),
    ("audio/m4a", "m4a"),
    ("audio/midi", "mid"),
    ("audio/mp3", "mp3"),
    ("audio/mp4", "mp4"),
    ("audio/mp4a-latm", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/mpeg3", "mp3"),
    ("audio/mpg", "mp3"),
    ("audio/mpga", "mpga"),
    ("audio/oga", "oga"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "ogg"),
    ("audio/pcm", "pcm"),
    ("audio/vnd.wave", "wav"),
    ("audio/wav", "wav"),
    ("audio/wave", "wav"),
    ("audio/webm", "webm"),
    ("audio/x-aac", "aac"),
    ("audio/x-aiff", "aiff"),
    ("audio/x-flac", "flac"),
    ("audio/x-m4a", "m4a"),
    ("audio/x-mp3", "mp3"),
    ("audio/x-mpeg", "mp3"),
    ("audio/x-ogg", "ogg"),
    ("audio/x-pn-wav", "wav"),
    ("audio/x-wav", "wav"),
    ("image/heif", "heif"),
    ("image/jpeg", "jpg"),
    ("image/jpg", "jpg"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tiff"),
    ("image/x-icon", "ico"),
    ("text/html", "html"),
    ("text/javascript", "js"),
    ("text/markdown", "md"),
    ("text/plain", "txt"),
    ("text/xml", "xml"),
    ("video/avi", "avi"),
    ("video/mp4", "mp4"),
    ("video/mpeg", "mpeg"),
    ("video/mpg", "mpg"),
    ("video/ogg", "ogv"),
    ("video/quicktime", "mov"),
    ("video/wmv", "wmv"),
    ("video/x-flv", "flv"),
];

const UNKNOWN: &str = "bin";

/// The file extension, without a dot, for a media type. Parameters and case are ignored; what is
/// unknown, empty or no media type at all is `bin`.
pub fn file_extension(media_type: &str) -> &'static str {
    let name = media_type.split_once(';').map_or(media_type, |(name, _)| name);
    let name = name.trim().to_ascii_lowercase();
    let Some((top, sub)) = name.split_once('/') else { return UNKNOWN };
    if !is_token(top) || !is_token(sub) {
        return UNKNOWN;
    }
    if let Some(&(_, extension)) = EXTENSIONS.iter().find(|(known, _)| *known == name) {
        return extension;
    }
    let known = mime_guess::get_mime_extensions_str(&name).unwrap_or_default();
    let subtype = sub.strip_prefix("x-").unwrap_or(sub);
    // Types with many extensions are mostly listed under their own name too.
    known
        .iter()
        .copied()
        .find(|extension| *extension == subtype)
        .or_else(|| known.first().copied())
        .unwrap_or(UNKNOWN)
}

/// RFC 9110, 5.6.2; without `*`, which in a media type stands for any.
fn is_token(text: &str) -> bool {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(token)
}

/// The media type that a file's name shows by its extension.
pub fn media_type_of(name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.')?.1;
    if extension.eq_ignore_ascii_case("m4a") {
        return Some("audio/m4a");
    }
    mime_guess::from_ext(extension).first_raw()
}

/// The media type that the first bytes of a picture, document or recording show.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    sniff_image(bytes).or_else(|| sniff_media(bytes))
}

/// The media type that the first bytes of sound or moving pictures show.
fn sniff_media(bytes: &[u8]) -> Option<&'static str> {
    let at = |start: usize, text: &[u8]| bytes.get(start..).is_some_and(|b| b.starts_with(text));
    if at(4, b"ftyp") {
        return Some(if at(8, b"M4A") { "audio/m4a" } else { "video/mp4" });
    }
    match bytes {
        [0xFF, 0xF1 | 0xF9, ..] => Some("audio/aac"),
        [0xFF, second, ..] if *second >= 0xE2 => Some("audio/mpeg"),
        _ if at(0, b"ID3") => Some("audio/mpeg"),
        _ if at(0, b"RIFF") && at(8, b"WAVE") => Some("audio/wav"),
        _ if at(0, b"fLaC") => Some("audio/flac"),
        _ if at(0, b"OggS") => Some("audio/ogg"),
        _ if at(0, b"#!AMR") => Some("audio/amr"),
        _ if at(0, b"\x1A\x45\xDF\xA3") => Some("audio/webm"),
        _ => None,
    }
}

/// The media type that the first bytes of a picture or document show; `None` if they show none.
///
/// Knows PNG, JPEG, GIF, WebP, BMP, TIFF, HEIC, AVIF, SVG and PDF. What a data URI declares is
/// checked against it: vendors refuse a picture under a wrong name.
pub fn sniff_image(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"%PDF-", "application/pdf"),
    ];
    if let Some((_, found)) = SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(found);
    }
    let at = |from: usize, length: usize| bytes.get(from..from + length).unwrap_or_default();
    if at(0, 4) == b"RIFF" && at(8, 4) == b"WEBP" {
        return Some("image/webp");
    }
    if at(4, 4) == b"ftyp" {
        return base_media_image(at(8, 4));
    }
    if is_bitmap(bytes) {
        return Some("image/bmp");
    }
    is_svg(bytes).then_some("image/svg+xml")
}

/// ISO base media files tell by their brand what they hold.
fn base_media_image(brand: &[u8]) -> Option<&'static str> {
    match brand {
        b"avif" | b"avis" => Some("image/avif"),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some("image/heic"),
        b"mif1" | b"msf1" => Some("image/heif"),
        _ => None,
    }
}

/// `BM` begins many a text, so the size of the header behind it must be one that exists.
fn is_bitmap(bytes: &[u8]) -> bool {
    const HEADER_SIZES: [u8; 7] = [12, 40, 52, 56, 64, 108, 124];
    bytes.starts_with(b"BM")
        && matches!(bytes.get(14..18), Some([size, 0, 0, 0]) if HEADER_SIZES.contains(size))
}

/// An `<svg` element, after white space, an XML declaration, comments or a doctype.
fn is_svg(bytes: &[u8]) -> bool {
    const PROLOGUE: usize = 4096;
    let start = bytes.get(..bytes.len().min(PROLOGUE)).unwrap_or_default();
    let start = String::from_utf8_lossy(start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start));
    let mut rest = start.trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<svg") => {
                return rest
                    .get(4..)
                    .is_some_and(|tag| tag.starts_with([' ', '>', '\t', '\n', '\r', '/']));
            }
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!DOCTYPE svg") => ">",
            _ => return false,
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
}
