//! What one event of a vendor's own stream says of the stream's end, for those who pass events on as
//! they are.

/// What an event says of the end of its stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// No part of the answer: the connection is kept open.
    Ping,
    /// A part of the answer, and what it says of single choices, where the vendor says such a thing.
    Part(Vec<ChoiceSignal>),
    /// The last part: nothing that follows matters.
    End,
}

/// What an event says of one choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoiceSignal {
    /// Which one.
    pub index: u32,
    /// It says something.
    pub said: bool,
    /// It has ended; usage may follow.
    pub finished: bool,
}
