use super::*;

fn text(literal: &str) -> String {
    let raw = from_text(literal.to_owned()).unwrap();
    Text::of(&raw).unwrap().decode().into_owned()
}

#[test]
fn an_object_is_written_as_it_was_read() {
    let source = r#"{"z":1,"a":12345678901234567890123,"1":[1.0,2e5],"k\"ey":{"b":null,"a":0.10}}"#;
    let object = Object::parse_text(source).unwrap();
    assert_eq!(object.to_raw().as_str(), source);
}

#[test]
fn the_last_of_a_repeated_key_counts() {
    let mut object = Object::parse_text(r#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!(object.get("a").unwrap().as_str(), "3");
    assert_eq!(object.take("a").unwrap().as_str(), "3");
    assert!(!object.contains("a"));
}

#[test]
fn text_keeps_halves_of_surrogate_pairs_until_it_is_decoded() {
    assert_eq!(text(r#""a\ud83d""#), "a\u{FFFD}");
    assert_eq!(text(r#""\ude00b""#), "\u{FFFD}b");
    assert_eq!(text(r#""\ud83d\ude00""#), "😀");
    let (first, second) =
        (from_text(r#""\ud83d""#.into()).unwrap(), from_text(r#""\ude00""#.into()).unwrap());
    assert_eq!(text(merge_delta(&first, &second).as_str()), "😀");
}

#[test]
fn text_is_written_as_it_was_read() {
    let long = "long \\u00e9\\/\\\"".repeat(100);
    for inside in ["", "plain", "\\u00e9\\/\\\"\\ud83d", &long] {
        let text = Text::Escaped(inside.into());
        assert_eq!(raw(&[&text]).as_str(), format!("[\"{inside}\"]"));
        assert_eq!(text.to_raw().as_str(), format!("\"{inside}\""));
    }
    for plain in ["\"\u{1}é", &"a\"".repeat(600), &"b".repeat(2000)] {
        let text = Text::plain(plain);
        assert_eq!(raw(&text).as_str(), serde_json::to_string(plain).unwrap());
    }
}

#[test]
fn plain_text_is_escaped_like_serde_json_does() {
    let plain = "q\" b\\ n\n r\r t\t \u{8}\u{c}\u{1}\u{1f} é 😀 \u{7f} \u{2028}";
    let mut literal = String::new();
    quote_into(&mut literal, plain);
    assert_eq!(literal, serde_json::to_string(plain).unwrap());
    assert_eq!(text(&literal), plain);
}

#[test]
fn extra_members_merge_deeply_and_replace_everything_but_objects() {
    let base = Object::parse_text(r#"{"a":{"b":1,"c":[1,2]},"d":1}"#).unwrap();
    let over = Object::parse_text(r#"{"a":{"c":[3],"e":{"f":1}},"d":{"g":2}}"#).unwrap();
    let merged = merge_deep(base, over);
    assert_eq!(merged.to_raw().as_str(), r#"{"a":{"b":1,"c":[3],"e":{"f":1}},"d":{"g":2}}"#);
}

#[test]
fn fragments_of_unknown_members_fold() {
    let fold = |a: &str, b: &str| {
        merge_delta(&from_text(a.into()).unwrap(), &from_text(b.into()).unwrap())
            .as_str()
            .to_owned()
    };
    assert_eq!(
        fold(
            r#"{"type":"thinking","thinking":"a"}"#,
            r#"{"type":"thinking","thinking":"b","signature":"s"}"#
        ),
        r#"{"type":"thinking","thinking":"ab","signature":"s"}"#
    );
    assert_eq!(
        fold(r#"[{"index":0,"text":"a"}]"#, r#"[{"index":0,"text":"b"},{"index":1}]"#),
        r#"[{"index":0,"text":"ab"},{"index":1}]"#
    );
    assert_eq!(fold("1", "2"), "2");
    assert_eq!(fold("\"kept\"", "null"), "\"kept\"");
}

#[test]
fn deep_nesting_neither_panics_nor_overflows() {
    let deep = format!("{}1{}", "{\"a\":".repeat(120), "}".repeat(120));
    let raw = from_text(deep).unwrap();
    let object = Object::parse(&raw).unwrap();
    assert_eq!(merge_deep(object.clone(), object).to_raw().as_str(), raw.as_str());
    assert!(from_text("[".repeat(100_000)).is_none());
}

#[test]
fn an_object_is_written_straight_into_its_text() {
    let mut out = String::new();
    let rest = Object::parse_text(r#"{"x":1.50,"y":[]}"#).unwrap();
    let mut writer = ObjectWriter::new(&mut out);
    writer.foreign_key("a\"b").push_str("\"c\\n\"");
    writer.value("escaped", &Text::Escaped(r"\u00e9\/".into()));
    writer.some::<u8>("none", None);
    writer.list("list", &[1, 2], |number, out| out.push_str(&number.to_string()));
    writer.list("empty", &[] as &[u8], |_, _| {});
    writer.members(&rest);
    writer.end();
    assert_eq!(
        out,
        r#"{"a\"b":"c\n","escaped":"\u00e9\/","list":[1,2],"empty":[],"x":1.50,"y":[]}"#
    );
    let mut out = String::new();
    ObjectWriter::new(&mut out).end();
    assert_eq!(out, "{}");
}

#[test]
fn lengths_of_texts_are_javascripts_wherever_they_are_cut() {
    for text in ["", "plain", "é😀 \"q\" \n\\u0041 \u{1}", "\\\\"] {
        let literal = raw(text);
        let length = text.encode_utf16().count();
        assert_eq!(Text::of(&literal).unwrap().utf16_length(), length);
        assert_eq!(Text::plain(text).utf16_length(), length);
        assert_eq!(Text::plain(text).char_count(), text.chars().count());
        let long = Text::plain(text.repeat(100));
        assert_eq!(long.utf16_length(), length * 100);
        assert_eq!(Text::of(&long.to_raw()).unwrap().utf16_length(), length * 100);
        assert_eq!(Text::of(&long.to_raw()).unwrap().char_count(), text.chars().count() * 100);
    }
    for (escaped, length) in [
        ("abc", 3),
        ("é中", 2),
        ("😀", 2),
        (r"\ud83d\ude00", 2),
        (r"\ud83d", 1),
        (r"a\n\\\u00e9", 4),
    ] {
        let text = Text::Escaped(escaped.into());
        assert_eq!(text.utf16_length(), length, "{escaped}");
        assert_eq!(text.char_count(), text.decode().chars().count(), "{escaped}");
    }
}

#[test]
fn texts_join_as_they_are_held() {
    let join = |texts: &[&'static str], separator| {
        let texts = texts.iter().map(|text| Text::Escaped((*text).into())).collect();
        Text::joined(texts, separator).map(|joined| joined.held().to_owned())
    };
    assert_eq!(join(&[], "\n"), None);
    assert_eq!(join(&[r"\ud83d"], "\n").as_deref(), Some(r"\ud83d"));
    assert_eq!(join(&[r"\ud83d", r"\ude00"], "").as_deref(), Some(r"\ud83d\ude00"));
    assert_eq!(join(&["a", "b", "c"], "\n").as_deref(), Some(r"a\nb\nc"));
}

#[test]
fn whole_numbers_may_be_written_as_doubles() {
    for (text, whole) in [
        ("3", Some(3)),
        ("3.0", Some(3)),
        ("3e2", Some(300)),
        ("18446744073709551615", Some(u64::MAX)),
        ("4503599627370496.0", Some(4_503_599_627_370_496)),
        ("1e300", None),
        ("-1", None),
        ("0.5", None),
        ("\"3\"", None),
        ("null", None),
    ] {
        assert_eq!(whole_number(&from_text(text.to_owned()).unwrap()), whole, "{text}");
    }
}
