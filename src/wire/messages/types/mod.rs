//! Anthropic's JSON at both ends: what is written in `request.rs`, what is read in `answer.rs`.

pub(super) mod answer;
pub(super) mod request;
