//! Keys never leave the process in a text.

/// Replaces the API key, in both forms in which it is seen, wherever it stands in a text.
///
/// The gateway echoes a refused key without its `sk-`, so the bare part is a secret too.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: Vec<String>,
}
