mod history;
mod laws;
mod reading;
mod streaming;
mod support;
mod writing;
