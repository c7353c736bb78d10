//! "Did you mean …?": the known name that an unknown one was meant to be.

/// What other clients call it.
const ALIASES: [(&str, &str); 9] = [
    ("abortSignal", "signal"),
    ("authToken", "apiKey"),
    ("base", "baseURL"),
    ("defaultHeaders", "headers"),
    ("endpoint", "baseURL"),
    ("key", "apiKey"),
    ("retries", "maxRetries"),
    ("token", "apiKey"),
    ("url", "path"),
];

/// The name among `known` that `name` differs from in its spelling, by a letter or two, or in the habit of another
/// client.
pub fn meant<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain_name = plain(name);
    let alias = ALIASES.iter().find(|(other, _)| plain(other) == plain_name);
    if let Some((_, ours)) = alias
        && let Some(ours) = known.iter().find(|known| *known == ours)
    {
        return Some(ours);
    }
    let near = known.iter().map(|known| (distance(&plain(known), &plain_name), *known));
    let near = near.filter(|(edits, known)| *edits * 3 <= known.len());
    near.min_by_key(|(edits, _)| *edits).map(|(_, known)| known)
}

/// Longer names are nobody's slip of the pen.
const LONGEST: usize = 40;

/// A name in one spelling: `max_retries` and `MaxRetries` are `maxretries`.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric).take(LONGEST);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// How many letters must be put in, taken out or changed to make one of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for ((b, &above), &diagonal) in other.bytes().zip(row.iter().skip(1)).zip(&row) {
            left = (diagonal + usize::from(a != b)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["apiKey", "baseURL", "headers", "maxRetries", "timeout"];
        for (name, found) in [
            ("api_key", Some("apiKey")),
            ("apikey", Some("apiKey")),
            ("baseUrl", Some("baseURL")),
            ("bseURL", Some("baseURL")),
            ("defaultHeaders", Some("headers")),
            ("header", Some("headers")),
            ("maxRetrys", Some("maxRetries")),
            ("retries", Some("maxRetries")),
            ("timeuot", Some("timeout")),
            ("timeouts", Some("timeout")),
            ("colour", None),
            ("signal", None),
            ("", None),
            ("鍵", None),
        ] {
            assert_eq!(meant(name, &known), found, "{name}");
        }
    }

    #[test]
    fn a_long_name_costs_no_more_than_a_short_one() {
        assert_eq!(meant(&"timeout".repeat(1_000_000), &["timeout"]), None);
    }
}
