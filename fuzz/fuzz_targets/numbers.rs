//! Numbers that a target cannot look at.

/// Whether there is a number too large for any of Rust's: valid JSON, but serde_json's `Value`, by which
/// a target looks at what comes out, cannot hold it.
pub fn has_endless_number(bytes: &[u8]) -> bool {
    let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    bytes
        .split(|byte| !is_of_number(byte))
        .filter_map(|token| std::str::from_utf8(token).ok()?.parse::<f64>().ok())
        .any(f64::is_infinite)
}
