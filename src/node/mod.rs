//! The Node skin: strings and numbers in, strings and plain data out. The only place where `unsafe`
//! and `napi` are allowed, and where nothing is decided.
//!
//! | file | concept |
//! |---|---|
//! | `doorbell.rs` | waking JavaScript; telling the dying of an environment |
//! | `mailbox.rs` | results, calls and streams of one environment |
//! | `client.rs` | a client's calls |
//! | `head.rs` | what stands beside an answer |
//! | `body.rs` | JSON that arrives with its long strings beside it |
//! | `answer.rs` | whole answers, their long texts beside them |
//! | `callbacks.rs` | what calls ask JavaScript for: keys, pieces of files |
//! | `steps.rs` | the steps of a call that is watched |
//! | `stream.rs` | streams, as JavaScript holds them |
//! | `functions.rs` | the pure functions |
//! | `text.rs` | strings in V8's own forms, and buffers |
//! | `panics.rs` | panics, told by their place |
//!
//! Rules of this boundary, each bought with a measurement or a crash:
//!
//! - No `async fn(&self)`: a future that outlives its environment would poll freed memory. Every
//!   function here returns at once, and what goes on holds only `Arc`s.
//! - JSON text crosses, never built-up values: three to four times cheaper both ways.
//! - Errors are data; the facade makes them `AihubmixError`s of the caller's realm.
//! - Nothing starts at import.
#![allow(unsafe_code)]
#![allow(
    clippy::needless_pass_by_value,
    unreachable_pub,
    reason = "napi hands strings over by value, and exports what it marks whatever its visibility"
)]
// Node calls these; a test binary has no Node.
#![cfg_attr(test, allow(dead_code))]

mod answer;
mod body;
mod callbacks;
mod client;
mod doorbell;
mod functions;
mod head;
mod mailbox;
mod panics;
mod steps;
mod stream;
mod text;
