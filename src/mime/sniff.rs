//! What the first bytes of a file show: <https://mimesniff.spec.whatwg.org/>.

/// The media type that the first bytes of a picture, document or recording show.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    sniff_image(bytes).or_else(|| sniff_media(bytes))
}

/// The same for a file in a prompt, where Matroska is moving pictures.
pub fn sniff_prompt(bytes: &[u8]) -> Option<&'static str> {
    match sniff(bytes) {
        Some("audio/webm") => Some("video/webm"),
        seen => seen,
    }
}

/// The media type that the first bytes of sound or moving pictures show.
fn sniff_media(bytes: &[u8]) -> Option<&'static str> {
    let at = |start: usize, text: &[u8]| bytes.get(start..).is_some_and(|b| b.starts_with(text));
    if at(4, b"ftyp") {
        return Some(if at(8, b"M4A") { "audio/m4a" } else { "video/mp4" });
    }
    match bytes {
        [0xFF, 0xF1 | 0xF9, ..] => Some("audio/aac"),
        [0xFF, second, ..] if is_mpeg_audio(*second) => Some("audio/mpeg"),
        _ if at(0, b"ID3") => Some("audio/mpeg"),
        _ if at(0, b"RIFF") && at(8, b"WAVE") => Some("audio/wav"),
        _ if at(0, b"fLaC") => Some("audio/flac"),
        _ if at(0, b"OggS") => Some("audio/ogg"),
        _ if at(0, b"#!AMR") => Some("audio/amr"),
        _ if at(0, b"\x1A\x45\xDF\xA3") => Some("audio/webm"),
        _ => None,
    }
}

/// The second byte of a frame of MPEG audio, layers II and III. (Layer I would be the byte order mark
/// of UTF-16.)
fn is_mpeg_audio(second: u8) -> bool {
    second & 0xE0 == 0xE0 && second & 0x18 != 0x08 && matches!(second & 0x06, 0x02 | 0x04)
}

/// The media type that the first bytes of a picture or document show; `None` if they show none.
///
/// Knows PNG, JPEG, GIF, WebP, BMP, TIFF, HEIC, AVIF, SVG and PDF. What a data URI declares is
/// checked against it: vendors refuse a picture under a wrong name.
pub(super) fn sniff_image(bytes: &[u8]) -> Option<&'static str> {
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
