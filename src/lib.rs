//! x
#![allow(missing_docs)]
pub mod chat;
pub mod client;
pub mod config;
pub mod error;
pub mod json;
pub mod mime;
#[cfg(feature = "node")]
mod node;
pub mod resource;
pub mod route;
pub mod sse;
pub mod stream;
pub mod transport;
pub mod wire;

pub use error::Error;
