//! Halves of surrogate pairs, which are no characters and which no vendor accepts.

/// JSON text in which every lone surrogate escape (`\ud83d` without its other half) has become
/// `\ufffd`; `None` if there was none. Both have six bytes, so nothing moves.
pub fn replace_lone_surrogates(json: &str) -> Option<String> {
    let mut lone = Vec::new();
    let mut rest = 0;
    while let Some(found) = memchr::memchr(b'\\', json.as_bytes().get(rest..)?) {
        let at = rest + found;
        match escaped_unit(json, at) {
            Some(0xD800..=0xDBFF)
                if matches!(escaped_unit(json, at + 6), Some(0xDC00..=0xDFFF)) =>
            {
                rest = at + 12;
            }
            Some(0xD800..=0xDFFF) => {
                lone.push(at);
                rest = at + 6;
            }
            _ => rest = at + 2,
        }
        if rest >= json.len() {
            break;
        }
    }
    if lone.is_empty() {
        return None;
    }
    let mut replaced = String::with_capacity(json.len());
    let mut copied = 0;
    for at in lone {
        replaced.push_str(json.get(copied..at)?);
        replaced.push_str("\\ufffd");
        copied = at + 6;
    }
    replaced.push_str(json.get(copied..)?);
    Some(replaced)
}

/// The code unit of a `\uXXXX` escape at this place.
fn escaped_unit(json: &str, at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::replace_lone_surrogates;

    #[test]
    fn lone_halves_are_replaced_and_pairs_and_escaped_backslashes_are_not() {
        for (json, expected) in [
            (r#""a\ud83db""#, Some(r#""a\ufffdb""#)),
            (r#""\ude00""#, Some(r#""\ufffd""#)),
            (r#""\ud83d\ud83d\ude00\ude00""#, Some(r#""\ufffd\ud83d\ude00\ufffd""#)),
            (r#""\uD83D\uDE00""#, None),
            (r#""\\ud83d""#, None),
            (r#""\\\ud83d""#, Some(r#""\\\ufffd""#)),
            (r#""plain é 😀 \n""#, None),
            ("", None),
        ] {
            assert_eq!(replace_lone_surrogates(json).as_deref(), expected, "{json}");
        }
    }
}
