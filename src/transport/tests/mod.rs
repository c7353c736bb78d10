//! Faults, played by real sockets on loopback: each test says what the caller is told, what the
//! server saw, and in which time.

mod body;
mod connect;
mod http2;
mod lost;
mod proxies;
mod redirects;
mod reuse;
mod stall;
mod support;
mod tls;
