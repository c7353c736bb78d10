//! Two ways of putting one JSON value on top of another.

use std::borrow::Cow;

use super::{Json, JsonBuf, Kind, Object, Text, elements, from_text, raw, read};

/// How deep a merge follows objects; what lies deeper is replaced whole. Keeps hostile nesting from
/// growing the stack.
const DEPTH: usize = 64;

/// `over` on top of `base`: objects member by member, anything else replaced. The rule of
/// `extra_body`.
pub fn merge_deep<'a>(base: Object<'a>, over: Object<'a>) -> Object<'a> {
    merge_objects(base, over, DEPTH)
}

fn merge_objects<'a>(mut base: Object<'a>, over: Object<'a>, depth: usize) -> Object<'a> {
    for (key, value) in over {
        let merged = match (base.get(&key).and_then(Object::parse), Object::parse(&value)) {
            (Some(below), Some(above)) if depth > 0 => {
                Some(merge_objects(below.into_owned(), above.into_owned(), depth - 1).to_raw())
            }
            _ => None,
        };
        base.set(key, merged.map_or(value, Cow::Owned));
    }
    base
}

/// The fold of two fragments of an unknown delta member: strings join, lists join (elements with the
/// same `index` fold into one), objects fold member by member, anything else is replaced unless the
/// new value is `null`.
pub fn merge_delta(base: &Json, delta: &Json) -> JsonBuf {
    fold(base, delta, DEPTH)
}

fn fold(base: &Json, delta: &Json, depth: usize) -> JsonBuf {
    match (Kind::of(base), Kind::of(delta)) {
        (_, Kind::Null) => base.to_owned(),
        (Kind::String, Kind::String) => fold_texts(base, delta),
        (Kind::Array, Kind::Array) if depth > 0 => fold_lists(base, delta, depth - 1),
        (Kind::Object, Kind::Object) if depth > 0 => fold_objects(base, delta, depth - 1),
        _ => delta.to_owned(),
    }
}

fn fold_texts(base: &Json, delta: &Json) -> JsonBuf {
    let (Some(first), Some(second)) = (Text::of(base), Text::of(delta)) else {
        return delta.to_owned();
    };
    let mut literal = String::from("\"");
    first.escaped_into(&mut literal);
    second.escaped_into(&mut literal);
    literal.push('"');
    from_text(literal).unwrap_or_else(|| delta.to_owned())
}

fn fold_objects(base: &Json, delta: &Json, depth: usize) -> JsonBuf {
    let (Some(mut below), Some(above)) = (Object::parse(base), Object::parse(delta)) else {
        return delta.to_owned();
    };
    for (key, value) in above {
        let folded = match below.get(&key) {
            // Names of things are repeated from fragment to fragment, not continued.
            Some(old) if !matches!(&*key, "type" | "id" | "index" | "format" | "role") => {
                Cow::Owned(fold(old, &value, depth))
            }
            _ => value,
        };
        below.set(key, folded);
    }
    below.to_raw()
}

fn fold_lists(base: &Json, delta: &Json, depth: usize) -> JsonBuf {
    let (Some(below), Some(above)) = (elements(base), elements(delta)) else {
        return delta.to_owned();
    };
    let mut list: Vec<Cow<'_, Json>> = below.into_iter().map(Cow::Borrowed).collect();
    for element in above {
        let same = index_of(element)
            .and_then(|index| list.iter_mut().find(|old| index_of(old) == Some(index)));
        match same {
            Some(old) => *old = Cow::Owned(fold(old, element, depth)),
            None => list.push(Cow::Borrowed(element)),
        }
    }
    raw(&list)
}

fn index_of(element: &Json) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Indexed {
        index: u64,
    }
    read::<Indexed>(element).map(|indexed| indexed.index)
}
