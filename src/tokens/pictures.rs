//! How many tokens a picture has, by its size in pixels, which its first bytes say.
//!
//! | rule | of | page |
//! |---|---|---|
//! | `Tiles` | GPT-4o, GPT-5, o-series: a base and tiles of 512 pixels, the short side no longer than 768 | <https://platform.openai.com/docs/guides/images-vision> |
//! | `Patches` | small and newer GPT models (32 pixels), Claude, Qwen, Mistral (28): so many patches, made smaller until there are few enough | the same; <https://platform.claude.com/docs/en/build-with-claude/vision> |
//! | `Crops` | Gemini 2: one for a small picture, else crops of up to 768 pixels | <https://ai.google.dev/gemini-api/docs/tokens> |
//! | `Flat` | Gemini 3: whatever its size | <https://ai.google.dev/gemini-api/docs/media-resolution> |
//!
//! The size of a picture that is only linked, or of a format not read here, is not known: it weighs what one of
//! 1024 pixels does, with wide bounds.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Sum;

/// How pictures are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pictures {
    Tiles { base: f64, tile: f64 },
    Patches { side: u32, most: u32, weight: f64 },
    Crops { crop: f64 },
    Flat { tokens: f64 },
}

/// Pixels across and down.
pub(super) type PixelSize = (u32, u32);

const USUAL: PixelSize = (1_024, 1_024);
const SMALL: PixelSize = (256, 256);
const LARGE: PixelSize = (4_096, 4_096);

impl Pictures {
    /// A picture of this size, or of one that nobody knows; `is_low`: with `detail: 'low'`.
    pub(super) fn picture(self, size: Option<PixelSize>, is_low: bool) -> Sum {
        if is_low && let Self::Tiles { base, .. } = self {
            return Sum::exactly(base);
        }
        match size {
            Some(size) => Sum::exactly(self.tokens(size)).give_or_take(0.1),
            None => Sum::between(self.tokens(SMALL), self.tokens(USUAL), self.tokens(LARGE)),
        }
    }

    fn tokens(self, (width, height): PixelSize) -> f64 {
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        match self {
            Self::Tiles { base, tile } => {
                let fits = 1_f64.min(2_048.0 / width.max(height));
                let shrinks = fits.min(768.0 / width.min(height));
                let across = |length: f64| (length * shrinks / 512.0).ceil();
                base + tile * across(width) * across(height)
            }
            Self::Patches { side, most, weight } => {
                let (side, most) = (f64::from(side), f64::from(most));
                let count = |scale: f64| {
                    (width * scale / side).ceil() * (height * scale / side).ceil()
                };
                let whole = count(1.0);
                let shrunk = (side * side * most / (width * height)).sqrt();
                weight * if whole > most { count(shrunk).min(most) } else { whole }
            }
            Self::Crops { crop } if width.max(height) <= 384.0 => crop,
            Self::Crops { crop } => {
                let unit = (width.min(height) / 1.5).floor().clamp(256.0, 768.0);
                crop * (width / unit).ceil() * (height / unit).ceil()
            }
            Self::Flat { tokens } => tokens,
        }
    }
}

/// As much of a picture as its size may stand in: JPEGs have it behind their metadata.
const HEAD: usize = 1 << 17;
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The size of a PNG, GIF, WebP or JPEG in a data URL, or in base64.
pub(super) fn size_of(data: &str) -> Option<PixelSize> {
    let base64 = data.rsplit(',').next()?.trim_end_matches('=');
    let head = base64.get(..base64.len().min(HEAD) / 4 * 4)?;
    let bytes = LENIENT.decode(head).ok()?;
    match bytes.get(..4)? {
        b"\x89PNG" => Some((big(bytes.get(16..20)?), big(bytes.get(20..24)?))),
        b"GIF8" => Some((little(bytes.get(6..8)?), little(bytes.get(8..10)?))),
        b"RIFF" => size_of_webp(&bytes),
        [0xFF, 0xD8, ..] => size_of_jpeg(bytes.get(2..)?),
        _ => None,
    }
}

/// <https://developers.google.com/speed/webp/docs/riff_container>
fn size_of_webp(bytes: &[u8]) -> Option<PixelSize> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((little(bytes.get(26..28)?) & 0x3FFF, little(bytes.get(28..30)?) & 0x3FFF)),
        b"VP8L" => {
            let bits = little(bytes.get(21..25)?);
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8X" => Some((little(bytes.get(24..27)?) + 1, little(bytes.get(27..30)?) + 1)),
        _ => None,
    }
}

/// The start of the frame, behind segments of other kinds.
fn size_of_jpeg(mut segments: &[u8]) -> Option<PixelSize> {
    loop {
        let marker = *segments.get(1)?;
        match (segments.first()?, marker) {
            (0xFF, 0xFF) => segments = segments.get(1..)?,
            (0xFF, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF) => {
                return Some((big(segments.get(7..9)?), big(segments.get(5..7)?)));
            }
            (0xFF, _) => segments = segments.get(2 + big(segments.get(2..4)?) as usize..)?,
            _ => return None,
        }
    }
}

fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// How long a WAV is, by its own word; anything else by what speech commonly has, 64 kbit/s.
pub(super) fn seconds_of(base64: &str) -> f64 {
    const PER_SECOND: f64 = 8_000.0;
    let bytes = base64.len() as f64 * 0.75;
    let head = base64.get(..base64.len().min(64) / 4 * 4).and_then(|head| LENIENT.decode(head).ok());
    let rate = head.filter(|head| head.starts_with(b"RIFF")).and_then(|head| head.get(28..32).map(little));
    bytes / rate.filter(|rate| *rate > 0).map_or(PER_SECOND, f64::from)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose;

    use super::*;

    #[test]
    fn pictures_as_their_vendors_count_them() {
        let tiles = Pictures::Tiles { base: 85.0, tile: 170.0 };
        let claude = Pictures::Patches { side: 28, most: 1_568, weight: 1.0 };
        for (pictures, size, tokens) in [
            (tiles, (1_024, 1_024), 765.0),
            (tiles, (2_048, 4_096), 1_105.0),
            (tiles, (100, 100), 255.0),
            (Pictures::Patches { side: 32, most: 1_536, weight: 1.0 }, (1_024, 1_024), 1_024.0),
            (Pictures::Crops { crop: 258.0 }, (384, 384), 258.0),
            (Pictures::Crops { crop: 258.0 }, (960, 540), 258.0 * 6.0),
            // 25 and 1,543 were recorded.
            (claude, (128, 128), 25.0),
            (claude, (1_800, 1_200), 1_568.0),
            (Pictures::Flat { tokens: 1_100.0 }, (10, 10), 1_100.0),
        ] {
            let Sum { tokens: counted, low, high } = pictures.picture(Some(size), false);
            assert!((counted / tokens - 1.0).abs() < 0.02, "{pictures:?} {size:?}: {counted}");
            assert!(low <= counted && counted <= high);
        }
        assert!((tiles.picture(None, true).tokens - 85.0).abs() < 0.1);
        assert!(tiles.picture(None, false).high > tiles.picture(None, false).low);
    }

    #[test]
    fn the_size_stands_in_the_first_bytes() {
        let mut jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x11\x08\x04\xb0\x07\x08".to_vec();
        jpeg.extend([0; 8]);
        for (bytes, size) in [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\0xx".to_vec(), Some((512, 256))),
            (b"GIF89a\x40\x01\xf0\0xx".to_vec(), Some((320, 240))),
            (b"RIFF....WEBPVP8X........\xff\x01\0\xff\0\0xx".to_vec(), Some((512, 256))),
            (b"RIFF....WEBPVP8L....\x2f\xff\xc1\x3f\0xxx".to_vec(), Some((512, 256))),
            (b"RIFF....WEBPVP8 .......\x9d\x01\x2a\0\x02\0\x01".to_vec(), Some((512, 256))),
            (jpeg, Some((1_800, 1_200))),
            (b"\xff\xd8\xff\xe0\xff\xff".to_vec(), None),
            (b"\x89PNG".to_vec(), None),
            (b"BM".to_vec(), None),
            (Vec::new(), None),
        ] {
            let base64 = general_purpose::STANDARD.encode(&bytes);
            assert_eq!(size_of(&format!("data:image/x;base64,{base64}")), size, "{bytes:?}");
            for end in 0..base64.len() {
                let _ = size_of(base64.get(..end).unwrap_or_default());
            }
        }
    }

    #[test]
    fn a_wav_says_how_long_it_is() {
        let mut wav = b"RIFF....WAVEfmt ....\x01\0\x01\0\xc0\x5d\0\0".to_vec();
        wav.extend(48_000_u32.to_le_bytes());
        wav.extend([0; 96_000 - 32]);
        let base64 = general_purpose::STANDARD.encode(&wav);
        assert!((seconds_of(&base64) - 2.0).abs() < 0.01);
        assert!((seconds_of(&"A".repeat(32_000)) - 3.0).abs() < 0.01);
    }
}
