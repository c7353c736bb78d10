//! One client for every model behind the AIHubMix gateway.

pub mod error;
pub mod route;
