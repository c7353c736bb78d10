//! The pieces of a text, counted by kind.

/// So many letters of a word are commonly one token; more may be several.
const COMMON_WORD: usize = 6;
/// Numbers are cut into groups of this many digits.
const DIGITS: usize = 3;

/// How many pieces of each kind a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    /// Runs of ASCII letters.
    pub(super) words: usize,
    /// Their letters beyond what is common.
    pub(super) long: usize,
    /// Groups of digits.
    pub(super) numbers: usize,
    /// Line ends, with the white space behind.
    pub(super) lines: usize,
    /// Runs of several blanks.
    pub(super) gaps: usize,
    /// Runs of punctuation.
    pub(super) marks: usize,
    /// Their characters beyond the first.
    pub(super) more_marks: usize,
    /// Characters of Chinese, Japanese and Korean.
    pub(super) ideographs: usize,
    /// Letters of other scripts.
    pub(super) letters: usize,
    /// Anything else: emoji, symbols, control characters.
    pub(super) symbols: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Digit,
    Line,
    Blank,
    Mark,
    Ideograph,
    Letter,
    Symbol,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' => Self::Word,
            '0'..='9' => Self::Digit,
            '\n' | '\r' => Self::Line,
            ' ' | '\t' => Self::Blank,
            c if c.is_ascii_punctuation() => Self::Mark,
            '\u{2e80}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff00}'..='\u{ffef}'
            | '\u{20000}'..='\u{2ffff}' => Self::Ideograph,
            c if c.is_alphabetic() => Self::Letter,
            _ => Self::Symbol,
        }
    }

    /// Whether a character of kind `next` goes on with a run of this kind.
    fn takes(self, next: Self) -> bool {
        self == next || self == Self::Line && next == Self::Blank
    }
}

impl Pieces {
    pub(super) fn of(text: &str) -> Self {
        let mut pieces = Self::default();
        let mut run: Option<(Kind, usize)> = None;
        for c in text.chars() {
            let kind = Kind::of(c);
            run = match run {
                Some((current, length)) if current.takes(kind) => Some((current, length + 1)),
                ended => {
                    ended.into_iter().for_each(|(kind, length)| pieces.count(kind, length));
                    Some((kind, 1))
                }
            };
        }
        run.into_iter().for_each(|(kind, length)| pieces.count(kind, length));
        pieces
    }

    fn count(&mut self, kind: Kind, length: usize) {
        match kind {
            Kind::Word => {
                self.words += 1;
                self.long += length.saturating_sub(COMMON_WORD);
            }
            Kind::Digit => self.numbers += length.div_ceil(DIGITS),
            Kind::Line => self.lines += 1,
            Kind::Blank => self.gaps += usize::from(length > 1),
            Kind::Mark => {
                self.marks += 1;
                self.more_marks += length - 1;
            }
            Kind::Ideograph => self.ideographs += length,
            Kind::Letter => self.letters += length,
            Kind::Symbol => self.symbols += length,
        }
    }
}
