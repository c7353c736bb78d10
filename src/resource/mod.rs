//! Everything of the gateway beside chat: embeddings, images, audio, videos, the vendors' own APIs in
//! their native shapes, and any other path.
//!
//! Pure descriptions: what goes where and what comes back, as data. Bodies and answers are the
//! vendors' own and pass through unchanged; `src/client` sends what is described here.
//!
//! | file | concept |
//! |---|---|
//! | `endpoint.rs` | the table of endpoints |
//! | `request.rs` | one described request: the facade's JSON, checked |
//! | `path.rs` | paths, their parameters, queries; how a path carries the key |
//! | `form.rs` | `multipart/form-data` |
//! | `events.rs` | a native event stream: which event ends it, which one is an error |

mod endpoint;
mod events;
mod form;
mod path;
mod request;

pub use endpoint::AnswerKind;
pub use events::NativeReader;
pub use form::BodyPiece;
pub use request::{RequestBody, ResourceRequest, FileSource};
