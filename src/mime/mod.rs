//! Media types: one table, and what is read from it.
//!
//! | file | concept |
//! |---|---|
//! | `table.rs` | what is known by name: extensions, other names of types, which types are text |
//! | `sniff.rs` | what the first bytes of a file show |
//! | `mod.rs` | the questions: what an extension is called, what a name tells, what kind a file is |
//!
//! Three purposes ask, and want different answers here and there:
//!
//! | asked for | a name | bytes |
//! |---|---|---|
//! | an upload ([`media_type_of`], [`sniff`]) | as the common table has it | Matroska is sound, as transcription is what sound is sent to |
//! | a file in a prompt ([`prompt_type_of`], [`sniff_prompt`]) | source code is `text/plain` | Matroska is moving pictures |
//! | a file's name ([`file_extension`]) | the extension that the gateway's endpoints know | - |

mod sniff;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use sniff::{sniff, sniff_prompt};

const UNKNOWN: &str = "bin";

/// The file extension, without a dot, for a media type. Parameters and case are ignored; what is
/// unknown, empty or no media type at all is `bin`.
pub fn file_extension(media_type: &str) -> &'static str {
    let name = essence(media_type);
    let Some((top, sub)) = name.split_once('/') else { return UNKNOWN };
    if !is_token(top) || !is_token(sub) {
        return UNKNOWN;
    }
    if let Some(&(_, extension)) = table::EXTENSIONS.iter().find(|(known, _)| *known == name) {
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

/// The media type that a file's name shows by its extension, for an upload.
pub fn media_type_of(name: &str) -> Option<&'static str> {
    let extension = extension_of(name)?;
    let own = table::UPLOADS.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known));
    own.map(|(_, media_type)| *media_type).or_else(|| mime_guess::from_ext(extension).first_raw())
}

/// The media type that a file's name shows by its extension, for a file in a prompt: what can be read
/// as text is called so.
pub fn prompt_type_of(name: &str) -> Option<&'static str> {
    let extension = extension_of(name)?.to_ascii_lowercase();
    let own = table::PROMPTS.iter().find(|(_, known)| known.contains(&extension.as_str()));
    own.map(|(media_type, _)| *media_type).or_else(|| mime_guess::from_ext(&extension).first_raw())
}

/// A media type under its registered name: lower case, without parameters, `image/jpeg` for
/// `image/jpg`.
pub fn registered(media_type: &str) -> Cow<'static, str> {
    let name = essence(media_type);
    match table::OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        Some((_, registered)) => Cow::Borrowed(registered),
        None => Cow::Owned(name),
    }
}

/// What a file is, as far as a prompt is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A PDF.
    Pdf,
    /// Text of any kind: it can stand in a prompt as it is.
    Text,
    /// An image.
    Image,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Anything else.
    Other,
}

impl FileKind {
    /// The kind of a media type.
    pub fn of(media_type: &str) -> Self {
        let name = essence(media_type);
        let Some((top, sub)) = name.split_once('/') else { return Self::Other };
        let suffixed = table::TEXT_SUFFIXES.iter().any(|suffix| sub.ends_with(suffix));
        match top {
            "text" => Self::Text,
            "image" if suffixed => Self::Text,
            "image" => Self::Image,
            "audio" => Self::Audio,
            "video" => Self::Video,
            "application" if matches!(sub, "pdf" | "x-pdf") => Self::Pdf,
            "application"
                if suffixed || table::TEXTS.contains(&sub.strip_prefix("x-").unwrap_or(sub)) =>
            {
                Self::Text
            }
            _ => Self::Other,
        }
    }
}

fn extension_of(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, extension)| extension)
}

fn essence(media_type: &str) -> String {
    let name = media_type.split_once(';').map_or(media_type, |(name, _)| name);
    name.trim().to_ascii_lowercase()
}
