use super::*;
use crate::json::from_text;

fn googles(schema: &str) -> String {
    google(&from_text(schema.to_owned()).unwrap()).0.as_str().to_owned()
}

fn standards(schema: &str) -> String {
    standard(&from_text(schema.to_owned()).unwrap()).0.as_str().to_owned()
}

#[test]
fn nullable_and_lists_of_types() {
    for (schema, expected) in [
        (r#"{"type":["string","null"]}"#, r#"{"nullable":true,"type":"STRING"}"#),
        (
            r#"{"anyOf":[{"type":"integer","description":"d"},{"type":"null"}],"title":"t"}"#,
            r#"{"title":"t","nullable":true,"type":"INTEGER","description":"d"}"#,
        ),
        (
            r#"{"type":["array","string"],"items":{"type":"integer"},"enum":["a"],"description":"d"}"#,
            r#"{"anyOf":[{"type":"ARRAY","items":{"type":"INTEGER"},"description":"d"},{"type":"STRING","description":"d","enum":["a"]}]}"#,
        ),
        (
            r#"{"type":["array","null"],"items":{"type":"string"}}"#,
            r#"{"items":{"type":"STRING"},"nullable":true,"type":"ARRAY"}"#,
        ),
    ] {
        assert_eq!(googles(schema), expected, "{schema}");
    }
}

#[test]
fn any_of_stands_alone() {
    assert_eq!(
        googles(
            r#"{"description":"d","anyOf":[{"type":"string"},{"type":"number","description":"n"}],"default":1}"#
        ),
        r#"{"anyOf":[{"type":"STRING","description":"d"},{"type":"NUMBER","description":"n"}]}"#
    );
    assert_eq!(
        googles(
            r#"{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}"#
        ),
        r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#
    );
}

#[test]
fn unsupported_keywords_and_enums() {
    for (schema, expected) in [
        (
            r#"{"type":"integer","exclusiveMinimum":0,"multipleOf":2,"enum":[1,2]}"#,
            r#"{"type":"INTEGER","description":"One of: 1, 2"}"#,
        ),
        (r#"{"enum":["a","",null]}"#, r#"{"nullable":true,"type":"STRING","enum":["a"]}"#),
        (r#"{"const":"x"}"#, r#"{"type":"STRING","enum":["x"]}"#),
        (r#"{"const":3}"#, r#"{"description":"One of: 3","type":"NUMBER"}"#),
        (r#"{"type":"string","format":"email"}"#, r#"{"type":"STRING"}"#),
        (r#"{"type":"string","format":"date-time"}"#, r#"{"type":"STRING","format":"date-time"}"#),
        (r#"{"type":"array","uniqueItems":true}"#, r#"{"type":"ARRAY","items":{"type":"STRING"}}"#),
        (
            r#"{"type":"array","items":[{"type":"string"},{"type":"number"}]}"#,
            r#"{"type":"ARRAY","items":{"anyOf":[{"type":"STRING"},{"type":"NUMBER"}]}}"#,
        ),
        (
            r#"{"type":"object","properties":{},"required":["x"],"patternProperties":{"a":{}},"propertyNames":{"pattern":"a"}}"#,
            r#"{"type":"OBJECT"}"#,
        ),
        (
            r#"{"properties":{"a":true,"b":{"type":"string"}},"required":["b","c"]}"#,
            r#"{"properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},"required":["b"],"type":"OBJECT"}"#,
        ),
    ] {
        assert_eq!(googles(schema), expected, "{schema}");
    }
}

#[test]
fn recursive_references_are_cut() {
    let tree = r##"{"$ref":"#/definitions/N","definitions":{"N":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/definitions/N"},{"type":"null"}]}}}}}"##;
    let tree = from_text(tree.to_owned()).unwrap();
    let (schema, cut) = google(&tree);
    assert!(cut);
    assert_eq!(
        schema.as_str(),
        r#"{"type":"OBJECT","properties":{"next":{"nullable":true,"type":"OBJECT"}}}"#
    );
    let (schema, cut) = standard(&tree);
    assert!(cut);
    assert_eq!(
        schema.as_str(),
        r#"{"type":"object","properties":{"next":{"anyOf":[{"type":"object"},{"type":"null"}]}}}"#
    );
}

#[test]
fn an_ordinary_schema_crosses_as_it_is() {
    let schema = r#"{"type":"object","properties":{"n":{"type":"integer","exclusiveMinimum":0}},"additionalProperties":false}"#;
    let raw = from_text(schema.to_owned()).unwrap();
    assert!(matches!(standard(&raw), (Cow::Borrowed(_), false)));
    assert_eq!(
        standards(
            r#"{"$schema":"x","allOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{"items":[{"type":"string"}]}},"required":["b"]}]}"#
        ),
        r#"{"properties":{"a":{"enum":[1]},"b":{"prefixItems":[{"type":"string"}]}},"required":["a","b"]}"#
    );
}

#[test]
fn what_branches_of_all_of_disagree_on_is_said() {
    let both = |first: &str, second: &str| {
        let text = format!(r#"{{"allOf":[{{{first}}},{{{second}}}]}}"#);
        let given = from_text(text).unwrap();
        let (schema, cut) = standard(&given);
        (schema.as_str().to_owned(), cut)
    };
    assert_eq!(both(r#""minimum":1"#, r#""minimum":2"#), (r#"{"minimum":1}"#.to_owned(), true));
    assert_eq!(
        both(r#""type":"object""#, r#""type":"object","title":"t""#),
        (r#"{"type":"object","title":"t"}"#.to_owned(), false)
    );
    assert_eq!(
        both(r#""properties":{"a":{"type":"string"}}"#, r#""properties":{"a":{"minLength":1}}"#),
        (r#"{"properties":{"a":{"type":"string","minLength":1}}}"#.to_owned(), false)
    );
}

#[test]
fn no_parameters_are_told_from_free_ones() {
    for (schema, empty) in [
        (r#"{"type":"object","properties":{}}"#, true),
        (r#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#, true),
        (r#"{}"#, true),
        (r#"{"type":"object","additionalProperties":true}"#, false),
        (r#"{"type":"object","properties":{"a":{}}}"#, false),
    ] {
        assert_eq!(is_empty(&from_text(schema.to_owned()).unwrap()), empty, "{schema}");
    }
}

proptest::proptest! {
    #[test]
    fn any_json_becomes_json(text in json_text()) {
        let schema = from_text(text).unwrap();
        google(&schema);
        standard(&schema);
    }
}

fn json_text() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let keys = proptest::sample::select(vec![
        "type",
        "anyOf",
        "oneOf",
        "allOf",
        "items",
        "enum",
        "const",
        "properties",
        "required",
        "$ref",
        "$defs",
        "a",
        "nullable",
        "format",
    ]);
    let leaf = proptest::sample::select(vec![
        "null",
        "true",
        "1",
        r#""string""#,
        r#""null""#,
        r##""#""##,
        r##""#/$defs/a""##,
        "[]",
        "{}",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|list| format!("[{}]", list.join(","))),
            proptest::collection::vec((keys.clone(), inner), 0..4).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}
