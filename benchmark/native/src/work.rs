//! What a path asks for: `/burst-text-2000x20/v1/chat/completions`.
//!
//! | word | what |
//! |---|---|
//! | `whole`, `burst`, `paced` | one JSON answer; a stream that is written at once; one that comes event by event |
//! | `text`, `base64`, `reasoning`, `tool`, `logprobs`, `clock` | what the pieces are; `text`: prose, with quotes, lines and an accent; `clock`: each says when it was due |
//! | `2000x20` | so many pieces of so many characters |
//! | `-50` at the end of `paced` | so many a second; the period should be whole milliseconds |

/// A vendor's API, by the end of its path.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wire {
    Chat,
    Claude,
    Gemini,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    Whole,
    Burst,
    Paced,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Base64,
    Reasoning,
    Tool,
    Logprobs,
    Clock,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Work {
    pub wire: Wire,
    pub delivery: Delivery,
    pub kind: Kind,
    pub count: usize,
    pub size: usize,
    pub rate: u64,
}

impl Work {
    pub fn of_path(path: &str) -> Option<Self> {
        let (words, rest) = path.strip_prefix('/')?.split_once('/')?;
        let mut words = words.split('-');
        let delivery = match words.next()? {
            "whole" => Delivery::Whole,
            "burst" => Delivery::Burst,
            "paced" => Delivery::Paced,
            _ => return None,
        };
        let kind = match words.next()? {
            "text" => Kind::Text,
            "base64" => Kind::Base64,
            "reasoning" => Kind::Reasoning,
            "tool" => Kind::Tool,
            "logprobs" => Kind::Logprobs,
            "clock" => Kind::Clock,
            _ => return None,
        };
        let (count, size) = words.next()?.split_once('x')?;
        Some(Self {
            wire: Wire::of_path(rest.split('?').next()?)?,
            delivery,
            kind,
            count: count.parse().ok()?,
            size: size.parse().ok()?,
            rate: words.next().map_or(Some(1), |rate| rate.parse().ok())?,
        })
    }
}

impl Wire {
    fn of_path(path: &str) -> Option<Self> {
        if path.ends_with("/chat/completions") {
            Some(Self::Chat)
        } else if path.ends_with("/messages") {
            Some(Self::Claude)
        } else if path.ends_with("enerateContent") {
            Some(Self::Gemini)
        } else {
            None
        }
    }
}
