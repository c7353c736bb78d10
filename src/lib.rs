//! One client for every model behind the AIHubMix gateway.

pub mod chat {
    //! OpenAI's chat types.
    pub mod fixups;
}
pub mod config;
pub mod error;
pub mod mime;
pub mod route;
