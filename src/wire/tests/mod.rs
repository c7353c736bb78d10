//! What every wire is held to.
//!
//! | file | concept |
//! |---|---|
//! | `laws.rs` | what must hold of every answer and every conversation, as properties |
//! | `growth.rs` | what an event and a message cost does not depend on how many there were |
//! | `allocations.rs` | what an event, a large answer and a large request may allocate |
//! | `options.rs` | no option vanishes |
//! | `repeats.rs` | pieces of a text cross as that text alone |

mod allocations;
pub(crate) mod growth;
pub(crate) mod laws;
mod options;
pub(crate) mod repeats;
