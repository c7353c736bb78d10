//! Whether two JSON values say the same.

use super::{Json, Kind, Object, Text, elements, read};

/// How deep values are compared; what lies deeper is compared by its text.
const DEPTH: usize = 64;

/// Whether two values are equal as JavaScript reads them: white space, the order of members, the
/// spelling of numbers and escapes do not count.
pub fn same(one: &Json, other: &Json) -> bool {
    same_below(one, other, DEPTH)
}

fn same_below(one: &Json, other: &Json, depth: usize) -> bool {
    if one.as_str() == other.as_str() {
        return true;
    }
    match (Kind::of(one), Kind::of(other)) {
        (Kind::Number, Kind::Number) => read::<f64>(one) == read::<f64>(other),
        (Kind::String, Kind::String) => Text::of(one) == Text::of(other),
        (Kind::Array, Kind::Array) if depth > 0 => {
            let (Some(one), Some(other)) = (elements(one), elements(other)) else { return false };
            one.len() == other.len()
                && one.iter().zip(&other).all(|(one, other)| same_below(one, other, depth - 1))
        }
        (Kind::Object, Kind::Object) if depth > 0 => {
            let (Some(one), Some(other)) = (Object::parse(one), Object::parse(other)) else {
                return false;
            };
            one.len() == other.len()
                && one.iter().all(|(key, value)| {
                    other.get(key).is_some_and(|other| same_below(value, other, depth - 1))
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    #[test]
    fn spelling_does_not_count() {
        let raw = |text: &str| from_text(text.to_owned()).unwrap();
        for (one, other, expected) in [
            (r#"{"a": 1, "b":[1.0, "\u0041"]}"#, r#"{"b":[1,"A"],"a":1e0}"#, true),
            ("12345678901234567890", "12345678901234567000", true),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#, false),
            (r#"{"a":1}"#, r#"{"b":1}"#, false),
            ("[1,2]", "[2,1]", false),
            ("1", "true", false),
            ("null", "null", true),
        ] {
            assert_eq!(same(&raw(one), &raw(other)), expected, "{one} {other}");
        }
    }
}
