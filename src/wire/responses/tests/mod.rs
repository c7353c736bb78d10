#![expect(clippy::needless_pass_by_value, reason = "what `json!` makes reads best unborrowed")]

mod generated;
mod growth;
mod history;
mod laws;
mod reading;
mod streaming;
mod support;
mod writing;
