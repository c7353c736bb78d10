//! The walks over JSON, against serde_json: the same members, texts and ends of values.

#![no_main]

use aihubmix_native::json::{self, Kind, Object, Text, Walk};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let Some(raw) = json::from_text(text.to_owned()) else {
        assert!(serde_json::from_str::<Value>(text).is_err(), "JSON is refused: {text}");
        return;
    };
    assert_eq!(Walk::of(&raw).value().as_str(), raw.as_str(), "a walk ends where the value ends");
    assert!(json::same(&raw, &raw));
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        // Halves of surrogate pairs, which serde_json leaves alone until somebody asks for the text.
        let Some(mended) = json::replace_lone_surrogates(text) else { return };
        assert!(json::replace_lone_surrogates(&mended).is_none(), "once is enough");
        return;
    };
    assert!(json::replace_lone_surrogates(text).is_none(), "there is nothing to replace");
    let mut walk = Walk::of(&raw);
    assert_eq!(walked(&mut walk), value);
    assert_eq!(walk.here(), raw.as_str().len());
    assert_eq!(Kind::of(&raw), kind(&value));
    expect_same_text(&raw, &value);
    expect_same_members(&raw, &value);
});

fn walked(walk: &mut Walk<'_>) -> Value {
    if walk.enter_object() {
        let mut members = serde_json::Map::new();
        while let Some(key) = walk.next_key() {
            members.insert(key.into_owned(), walked(walk));
        }
        return Value::Object(members);
    }
    if walk.enter_list() {
        let mut list = Vec::new();
        while walk.next_element() {
            list.push(walked(walk));
        }
        return Value::Array(list);
    }
    match walk.text() {
        Some(text) => Value::String(text.decode().into_owned()),
        None => serde_json::from_str(walk.value().as_str()).expect("a number, a word"),
    }
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Bool,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

fn expect_same_text(raw: &crate::json::Json, value: &Value) {
    let text = Text::of(raw);
    assert_eq!(text.as_ref().map(|text| text.decode().into_owned()).as_deref(), value.as_str());
    let Some(text) = text else { return };
    assert_eq!(text.to_raw().as_str(), raw.as_str(), "a text is written as it came");
    let mut written = String::new();
    Text::plain(text.decode()).quoted_into(&mut written);
    assert_eq!(&serde_json::from_str::<Value>(&written).expect("a string"), value);
}

fn expect_same_members(raw: &crate::json::Json, value: &Value) {
    let elements = json::elements(raw).map(|list| list.len());
    assert_eq!(elements, value.as_array().map(Vec::len));
    let object = Object::parse(raw);
    assert_eq!(object.is_some(), value.is_object());
    let (Some(object), Some(members)) = (object, value.as_object()) else { return };
    for (name, member) in members {
        let read = object.get(name).expect("the same names");
        assert_eq!(&serde_json::from_str::<Value>(read.as_str()).expect("JSON"), member);
    }
    assert_eq!(&serde_json::from_str::<Value>(object.to_raw().as_str()).expect("JSON"), value);
    let merged = json::merge_deep(object.clone(), object);
    assert!(serde_json::from_str::<Value>(merged.to_raw().as_str()).is_ok(), "a merger is JSON");
}
