//! One client for every model behind the AIHubMix gateway: OpenAI-shaped in, OpenAI-shaped out,
//! native on the wire.
//!
//! A pure, synchronous core turns an OpenAI-shaped request into an HTTP request value, and bytes back
//! into OpenAI-shaped values. A small asynchronous edge talks to the network. A thin skin carries
//! strings to and from Node.
//!
//! ```text
//! index.js, lib/ -> node -> client -> transport -> hyper
//!                     |       |          |
//!                     v       v          v
//!   route  retirement  tokens  config  chat  wire  resource  sse  stream  json  error  mime
//!   (no async, no I/O, no napi)
//! ```
//!
//! # Follow one request
//!
//! `client.chatCompletion('gpt-4o', messages, { stream: true })`:
//!
//! 1. `lib/client.js` writes `{ model, messages, ...options }` as JSON text and hands it to
//!    `node::client` with an id; the promise waits in `lib/mailbox.js` under that id.
//! 2. [`client`] leads the call: `prepare.rs` reads the text as a [`chat::ChatRequest`], asks
//!    [`route`] where the model goes, and lets that [`wire`] encode it: now it is a
//!    [`wire::HttpRequest`], plain data.
//! 3. `client/attempt.rs` adds the headers of [`config`] and sends it through [`transport`], which
//!    owns sockets, TLS, proxies and timers. `client/retry.rs` tries again where an error says so,
//!    and `client/fallback.rs` asks another model where one fails.
//! 4. [`stream`] is fed the answer's bytes: [`sse`] cuts them into events, the wire's translator
//!    says what the model said as [`chat::ChunkDelta`]s, [`chat::Assembler`] makes lawful chunks of
//!    them, and a [`chat::Batch`] collects those.
//! 5. The batches wait in a [`client::Outlet`] until JavaScript takes them: `node::mailbox` rings
//!    one doorbell for everything that is ready, `lib/native-source.js` makes chunk objects of it.
//!
//! A whole answer takes the same way with [`wire::WireFormat::decode`] in place of step 4.

#![cfg_attr(
    test,
    allow(clippy::needless_pass_by_value, reason = "tests read better with `json!(…)`")
)]

// Public is what benches and fuzz targets need. Everything else is the addon's, so that the compiler
// finds what nobody uses; without the addon it is used by the tests alone.
pub mod chat;
pub mod config;
pub mod error;
pub mod json;
pub mod route;
pub mod stream;
pub mod wire;

macro_rules! private {
    ($($module:ident)*) => {
        $(
            #[allow(unreachable_pub, reason = "`pub` is a module's interface to the others")]
            #[cfg_attr(not(feature = "node"), allow(dead_code, unused_imports))]
            mod $module;
        )*
    };
}

private! { client mime resource retirement sse tokens transport }

#[cfg(feature = "node")]
mod node;

pub use error::{Error, ErrorCode, Result};
