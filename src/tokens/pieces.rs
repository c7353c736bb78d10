//! The pieces of a text, counted by kind.
//!
//! Text is cut about as tokenizers cut it before they look into their vocabulary. A word is most often one token with
//! the blank before it; what costs more, or less, is counted beside it: letters beyond what is common, words that
//! no blank precedes (`fooBar`, `"name"`), digits, the characters of other scripts.

/// A kind of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A Latin word with white space before it.
    Word,
    /// A Latin word behind anything else: a mark, a digit, a small letter (`fooBar` has one).
    Glued,
    /// A letter of a word beyond six, and up to thirteen.
    Long,
    /// A letter beyond thirteen.
    VeryLong,
    /// A letter of a word in capitals, beyond its first.
    Capital,
    /// A Latin letter beyond ASCII, but for Vietnamese, which vocabularies hold in whole syllables.
    Accent,
    /// A letter beyond two of a word without vowels: keys, hashes, abbreviations.
    Consonant,
    /// A digit.
    Digit,
    /// Up to three digits.
    DigitGroup,
    /// A number with a blank before it.
    NumberAfterBlank,
    /// Line ends, with the white space behind.
    Line,
    /// The same behind a mark.
    LineAfterMark,
    /// A run of several blanks.
    Gap,
    /// A run of ASCII punctuation.
    Mark,
    /// A mark within a run that is not the one before it again.
    MoreMarks,
    /// Han, and the punctuation and full-width forms of East Asia.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// Hangul.
    Hangul,
    /// Cyrillic.
    Cyrillic,
    /// A Cyrillic letter that Russian does not have.
    RareCyrillic,
    /// Greek.
    Greek,
    /// Arabic, Persian, Urdu, and their kin.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// Devanagari.
    Devanagari,
    /// Bengali to Sinhala.
    Indic,
    /// Thai.
    Thai,
    /// Armenian, Georgian, Lao, Khmer, Burmese, Ethiopic.
    RareScript,
    /// Anything else of the basic plane.
    Symbol,
    /// Anything beyond it, emoji for the most part.
    Emoji,
}

const KINDS: usize = Piece::Emoji as usize + 1;

/// How many pieces of each kind a text has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PieceCounts([usize; KINDS]);

/// What runs together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Word,
    Digits,
    Line,
    Blanks,
    Marks,
    Cyrillic,
    /// Characters that count one by one.
    Each(Piece),
}

impl Run {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' => Self::Word,
            '0'..='9' => Self::Digits,
            '\n' | '\r' => Self::Line,
            ' ' | '\t' => Self::Blanks,
            c if c.is_ascii_punctuation() => Self::Marks,
            '\u{d7}' | '\u{f7}' => Self::Each(Piece::Symbol),
            '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' => Self::Word,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Each(Piece::Greek),
            '\u{590}'..='\u{5ff}' => Self::Each(Piece::Hebrew),
            '\u{600}'..='\u{8ff}' => Self::Each(Piece::Arabic),
            '\u{900}'..='\u{97f}' => Self::Each(Piece::Devanagari),
            '\u{980}'..='\u{dff}' => Self::Each(Piece::Indic),
            '\u{e00}'..='\u{e7f}' => Self::Each(Piece::Thai),
            '\u{530}'..='\u{58f}'
            | '\u{e80}'..='\u{10ff}'
            | '\u{1200}'..='\u{139f}'
            | '\u{1780}'..='\u{17ff}' => Self::Each(Piece::RareScript),
            '\u{3040}'..='\u{30ff}' => Self::Each(Piece::Kana),
            '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Self::Each(Piece::Hangul),
            '\u{2e80}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff00}'..='\u{ffef}'
            | '\u{20000}'..='\u{3ffff}' => Self::Each(Piece::Han),
            '\u{10000}'.. => Self::Each(Piece::Emoji),
            _ => Self::Each(Piece::Symbol),
        }
    }

    /// Whether a character of the run `next` goes on with this one.
    fn takes(self, next: Self) -> bool {
        self == next || self == Self::Line && next == Self::Blanks
    }
}

impl PieceCounts {
    pub(super) fn of(text: &str) -> Self {
        let mut pieces = Self::default();
        let mut before = Run::Blanks;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let run = Run::of(first);
            let length = rest.find(|c| !run.takes(Run::of(c))).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(length);
            pieces.run(run, part, before);
            before = run;
            rest = behind;
        }
        pieces
    }

    /// How many there are of a kind.
    pub(super) fn count(&self, piece: Piece) -> usize {
        self.0.get(piece as usize).copied().unwrap_or_default()
    }

    fn add(&mut self, piece: Piece, count: usize) {
        if let Some(known) = self.0.get_mut(piece as usize) {
            *known += count;
        }
    }

    fn run(&mut self, run: Run, part: &str, before: Run) {
        let after_white = matches!(before, Run::Blanks | Run::Line);
        match run {
            Run::Word => self.word(part, after_white),
            Run::Digits => {
                self.add(Piece::Digit, part.len());
                self.add(Piece::DigitGroup, part.len().div_ceil(3));
                self.add(Piece::NumberAfterBlank, usize::from(before == Run::Blanks));
            }
            Run::Line if before == Run::Marks => self.add(Piece::LineAfterMark, 1),
            Run::Line => self.add(Piece::Line, 1),
            Run::Blanks => self.add(Piece::Gap, usize::from(part.len() > 1)),
            Run::Marks => {
                self.add(Piece::Mark, 1);
                let pairs = part.bytes().zip(part.bytes().skip(1));
                self.add(Piece::MoreMarks, pairs.filter(|(one, next)| one != next).count());
            }
            Run::Cyrillic => {
                self.add(Piece::Cyrillic, part.chars().count());
                self.add(Piece::RareCyrillic, part.chars().filter(|c| !is_russian(*c)).count());
            }
            Run::Each(piece) => self.add(piece, part.chars().count()),
        }
    }

    /// A run of Latin letters: one word, or several as in `fooBar`.
    fn word(&mut self, run: &str, after_white: bool) {
        let is_plain = run.is_ascii();
        let mut piece = if after_white { Piece::Word } else { Piece::Glued };
        let mut rest = run;
        while !rest.is_empty() {
            let (word, behind) = rest.split_at(hump(rest));
            self.add(piece, 1);
            self.letters(word, is_plain);
            piece = Piece::Glued;
            rest = behind;
        }
    }

    fn letters(&mut self, word: &str, is_plain: bool) {
        let length = word.chars().count();
        self.add(Piece::Accent, word.chars().filter(|c| is_accent(*c)).count());
        if length > 1 && !word.chars().any(char::is_lowercase) {
            self.add(Piece::Capital, length - 1);
            return;
        }
        self.add(Piece::Long, length.min(13).saturating_sub(6));
        self.add(Piece::VeryLong, length.saturating_sub(13));
        if is_plain && !word.contains(is_vowel) {
            self.add(Piece::Consonant, length.saturating_sub(2));
        }
    }
}

/// Where the first word of several ends: before a capital that follows anything else.
fn hump(run: &str) -> usize {
    let pairs = run.char_indices().zip(run.char_indices().skip(1));
    let mut ends = pairs.filter(|((_, one), (_, next))| next.is_uppercase() && !one.is_uppercase());
    ends.next().map_or(run.len(), |(_, (at, _))| at)
}

fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn is_accent(c: char) -> bool {
    let is_vietnamese = matches!(c, '\u{1ea0}'..='\u{1eff}')
        || matches!(c, '\u{103}' | '\u{1a1}' | '\u{1b0}' | '\u{111}')
        || matches!(c, '\u{102}' | '\u{1a0}' | '\u{1af}' | '\u{110}');
    !c.is_ascii() && !is_vietnamese
}

fn is_russian(c: char) -> bool {
    matches!(c, '\u{410}'..='\u{44f}' | '\u{401}' | '\u{451}')
}
