//! x
#![allow(missing_docs)]
pub mod chat;
pub mod error;
pub mod json;
pub mod route;
pub mod sse;
pub mod stream;
pub mod wire;
pub use error::Error;
