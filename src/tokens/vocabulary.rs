//! What the pieces of a text weigh in each family's vocabulary.
//!
//! GPT, Gemini, DeepSeek, Qwen and Mistral are fitted to their published vocabularies (o200k, Gemma 3, DeepSeek V3,
//! Qwen 3, Tekken) over texts in 60 languages, code and JSON; `OTHERS` to the mean of several. Claude's vocabulary is
//! not published: those weights are fitted to the usage of recorded answers and prompts, English for the most part; other
//! scripts are those of Claude 2, whose vocabulary was. `docs/length.md` has the errors on texts that were not
//! fitted to.

use super::pieces::{Piece, PieceCounts};

/// A column of [`WEIGHTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    Gpt,
    Gemini,
    DeepSeek,
    Qwen,
    Mistral,
    Others,
    Claude,
    /// From 4.7 on.
    Claude47,
}

/// Tokens of a piece.
#[rustfmt::skip]
const WEIGHTS: &[(Piece, [f64; 8])] = &[
    //                         GPT   Gemini DeepSk Qwen  Mistral others Claude 4.7
    (Piece::Word,             [0.98, 0.98, 0.98, 0.98, 0.99, 0.98, 1.04, 1.57]),
    (Piece::Glued,            [0.65, 1.07, 0.87, 0.65, 0.73, 0.73, 0.94, 1.47]),
    (Piece::Long,             [0.03, 0.02, 0.06, 0.04, 0.04, 0.04, 0.00, 0.02]),
    (Piece::VeryLong,         [1.07, 0.82, 0.95, 1.10, 1.13, 1.08, 1.06, 1.51]),
    (Piece::Capital,          [0.17, 0.10, 0.22, 0.16, 0.28, 0.18, 0.12, 0.17]),
    (Piece::Accent,           [1.19, 1.15, 2.46, 2.13, 1.48, 2.13, 3.55, 4.97]),
    (Piece::Consonant,        [0.22, 0.06, 0.00, 0.19, 0.00, 0.14, 0.52, 0.72]),
    (Piece::Digit,            [0.00, 1.00, 0.00, 0.90, 0.93, 0.24, 0.04, 0.05]),
    (Piece::DigitGroup,       [1.06, 0.00, 1.04, 0.28, 0.23, 0.91, 1.62, 1.86]),
    (Piece::NumberAfterBlank, [0.82, 0.91, 0.84, 0.74, 0.75, 0.76, 0.02, 0.02]),
    (Piece::Line,             [1.19, 1.14, 1.23, 1.24, 1.24, 1.20, 1.51, 2.12]),
    (Piece::LineAfterMark,    [0.68, 1.49, 0.63, 0.64, 0.66, 0.66, 1.29, 1.73]),
    (Piece::Gap,              [1.49, 1.06, 1.15, 1.50, 1.46, 1.37, 1.32, 1.84]),
    (Piece::Mark,             [1.02, 1.05, 1.02, 1.03, 1.03, 1.02, 1.14, 1.97]),
    (Piece::MoreMarks,        [0.18, 0.03, 0.19, 0.15, 0.21, 0.17, 0.05, 0.08]),
    (Piece::Han,              [0.65, 0.56, 0.53, 0.58, 0.91, 0.60, 0.83, 1.16]),
    (Piece::Kana,             [0.60, 0.40, 0.62, 0.55, 0.54, 0.60, 0.85, 1.19]),
    (Piece::Hangul,           [0.66, 0.64, 0.83, 0.77, 0.69, 0.77, 1.28, 1.79]),
    (Piece::Cyrillic,         [0.25, 0.25, 0.29, 0.31, 0.29, 0.30, 0.55, 0.77]),
    (Piece::RareCyrillic,     [1.27, 1.28, 2.28, 3.04, 1.27, 2.19, 1.88, 2.63]),
    (Piece::Greek,            [0.40, 0.42, 0.53, 1.01, 0.42, 0.66, 1.28, 1.80]),
    (Piece::Arabic,           [0.36, 0.36, 0.44, 0.51, 0.32, 0.47, 1.18, 1.65]),
    (Piece::Hebrew,           [0.42, 0.51, 0.53, 0.43, 0.48, 0.71, 1.04, 1.46]),
    (Piece::Devanagari,       [0.39, 0.32, 0.70, 1.10, 0.50, 0.81, 1.37, 1.91]),
    (Piece::Indic,            [0.43, 0.39, 0.81, 1.51, 0.54, 1.41, 2.31, 3.24]),
    (Piece::Thai,             [0.37, 0.31, 0.36, 0.57, 0.50, 0.48, 1.79, 2.51]),
    (Piece::RareScript,       [0.41, 0.48, 0.83, 1.18, 0.49, 1.36, 1.43, 2.01]),
    (Piece::Symbol,           [0.81, 1.18, 0.97, 0.99, 0.85, 1.02, 1.14, 1.50]),
    (Piece::Emoji,            [1.07, 0.80, 2.38, 2.10, 3.70, 2.20, 4.88, 6.88]),
];

/// The tokens of a text, and how many of them are a guess about a script or a language.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weighed {
    pub(super) tokens: f64,
    pub(super) unsure: f64,
}

impl Vocabulary {
    pub(super) fn weigh(self, text: &str) -> Weighed {
        let pieces = PieceCounts::of(text);
        let mut weighed = Weighed::default();
        for (piece, weights) in WEIGHTS {
            let weight = weights.get(self as usize).copied().unwrap_or(1.0);
            let tokens = pieces.count(*piece) as f64 * weight;
            weighed.tokens += tokens;
            if *piece == Piece::Accent || *piece as usize >= Piece::Han as usize {
                weighed.unsure += tokens;
            }
        }
        weighed
    }
}

#[cfg(test)]
pub(super) fn every_piece() -> impl Iterator<Item = Piece> {
    WEIGHTS.iter().map(|(piece, _)| *piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_piece_has_its_row() {
        for (at, (piece, _)) in WEIGHTS.iter().enumerate() {
            assert_eq!(*piece as usize, at);
        }
        assert_eq!(WEIGHTS.len(), Piece::Emoji as usize + 1);
    }
}
