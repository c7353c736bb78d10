//! One client for every model behind the AIHubMix gateway.

pub mod config;
pub mod error;
pub mod route;
