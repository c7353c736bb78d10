//! JSON whose long texts and lists stand beside it.
//!
//! Whoever reads JSON reads every character of its strings, and the megabyte that a model wrote is one
//! string. Cut out, it is a slice of the answer as it came; the JSON keeps `""` in its place. A long list
//! of values of one shape is a [`Table`]; the JSON keeps `[]`.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;

use super::table::Table;
use super::{Json, Object, Walk, quote_into};

/// From how many bytes on a text is cut out.
const LONG: usize = 4096;

/// What is nested deeper stays where it is.
const DEEPEST: usize = 16;

/// JSON without its long texts and lists, and these.
#[derive(Clone, Debug, Default)]
pub struct Apart {
    /// The JSON.
    pub json: String,
    /// The texts that were cut out of it.
    pub texts: Vec<LongText>,
    /// The lists.
    pub lists: Vec<LongList>,
}

/// A text that was cut out, in whose place the JSON has an empty one.
#[derive(Clone, Debug)]
pub struct LongText {
    /// Where it was, from the outside in.
    pub path: Vec<PathStep<'static>>,
    /// The inside of its literal: escaped, without the quotes.
    pub inside: Bytes,
}

impl LongText {
    /// Whether a text of this literal is worth being cut out.
    pub fn is_long(inside: &str) -> bool {
        inside.len() >= LONG
    }

    /// A text that belongs there; a slice of `source`, where it stands in it.
    pub fn of(path: Vec<PathStep<'static>>, inside: Cow<'_, str>, source: &Bytes) -> Self {
        let inside = match inside {
            Cow::Borrowed(inside) => {
                let (held, start) = within(source, inside);
                part(&held, start..start + inside.len())
            }
            Cow::Owned(inside) => Bytes::from(inside),
        };
        Self { path, inside }
    }
}

/// A list that was cut out, in whose place the JSON has an empty one.
#[derive(Clone, Debug)]
pub struct LongList {
    /// Where it was, from the outside in; it may have been all.
    pub path: Vec<PathStep<'static>>,
    /// Its elements.
    pub table: Table,
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep<'a> {
    /// To the member of this name.
    Key(Cow<'a, str>),
    /// To the element at this place.
    Index(u32),
}

impl Apart {
    /// The JSON of this object. Its texts are slices of `source`, where they stand in it.
    pub fn of(object: Object<'_>, source: &Bytes) -> Self {
        let mut apart = Self::default();
        if object.text_length() < LONG {
            apart.json = object.to_text();
            return apart;
        }
        let mut opening = '{';
        for (key, value) in object {
            apart.json.push(opening);
            opening = ',';
            quote_into(&mut apart.json, &key);
            apart.json.push(':');
            apart.add(Some(key), value, source);
        }
        apart.json.push_str(if opening == '{' { "{}" } else { "}" });
        apart
    }

    /// This JSON text, which has been accepted.
    pub fn of_text(text: &str, source: &Bytes) -> Self {
        let mut apart = Self::default();
        apart.add(None, Cow::Borrowed(Json::checked(text.trim_ascii())), source);
        apart
    }

    /// Writes a value; `key`: of which member.
    fn add(&mut self, key: Option<Cow<'_, str>>, value: Cow<'_, Json>, source: &Bytes) {
        let cuts = cuts(value.as_str(), key);
        let mut copied = 0;
        let length = cuts.iter().fold(value.as_str().len(), |rest, cut| rest - cut.inside.len());
        self.json.reserve(length + 1);
        for Cut { inside, .. } in &cuts {
            self.json.push_str(value.as_str().get(copied..inside.start).unwrap_or_default());
            copied = inside.end;
        }
        self.json.push_str(value.as_str().get(copied..).unwrap_or_default());
        if cuts.is_empty() {
            return;
        }
        let (held, start) = match value {
            Cow::Borrowed(json) => within(source, json.as_str()),
            Cow::Owned(json) => (Bytes::from(json.into_string()), 0),
        };
        for Cut { path, inside, table } in cuts {
            if let Some(table) = table {
                self.lists.push(LongList { path, table });
            } else {
                let inside = part(&held, start + inside.start..start + inside.end);
                self.texts.push(LongText { path, inside });
            }
        }
    }
}

/// Where a text stands in the bytes that it may be a slice of.
fn within(source: &Bytes, text: &str) -> (Bytes, usize) {
    let start = (text.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
    let stands = start.checked_add(text.len()).is_some_and(|end| end <= source.len());
    if stands { (source.clone(), start) } else { (Bytes::copy_from_slice(text.as_bytes()), 0) }
}

/// A part, which keeps the whole only if it is most of it.
fn part(held: &Bytes, range: Range<usize>) -> Bytes {
    let slice = held.slice(range.start.min(held.len())..range.end.min(held.len()));
    if slice.len() < held.len() / 2 { Bytes::copy_from_slice(&slice) } else { slice }
}

/// Where a long text or list stands, its quotes or brackets left out.
struct Cut {
    path: Vec<PathStep<'static>>,
    inside: Range<usize>,
    table: Option<Table>,
}

fn cuts(json: &str, key: Option<Cow<'_, str>>) -> Vec<Cut> {
    if json.len() < LONG {
        return Vec::new();
    }
    let mut search = Search { tries: 2 * json.len(), path: Vec::new(), cuts: Vec::new() };
    search.path.extend(key.map(PathStep::Key));
    search.value(&mut Walk::of_written(json));
    search.cuts
}

/// A walk through a value.
struct Search<'a> {
    /// How many bytes may still be read for lists that turn out to be no tables.
    tries: usize,
    path: Vec<PathStep<'a>>,
    cuts: Vec<Cut>,
}

impl<'a> Search<'a> {
    fn value(&mut self, walk: &mut Walk<'a>) {
        let start = walk.here();
        if let Some(text) = walk.text() {
            // What is a text and nothing else has no place to be put back.
            if text.held().len() >= LONG && !self.path.is_empty() {
                self.cut(start..walk.here(), None);
            }
        } else if self.path.len() > DEEPEST {
            walk.value();
        } else if let Some(table) = self.table(walk) {
            self.cut(start..walk.here(), Some(table));
        } else if walk.enter_object() {
            self.members(walk);
        } else if walk.enter_list() {
            self.elements(walk);
        } else {
            walk.value();
        }
    }

    fn cut(&mut self, literal: Range<usize>, table: Option<Table>) {
        let path = self.path.iter().map(PathStep::to_static).collect();
        self.cuts.push(Cut { path, inside: literal.start + 1..literal.end - 1, table });
    }

    fn table(&mut self, walk: &mut Walk<'a>) -> Option<Table> {
        if self.tries == 0 {
            return None;
        }
        let (table, read) = Table::read(walk);
        if table.is_none() {
            self.tries = self.tries.saturating_sub(read);
        }
        table
    }

    fn members(&mut self, walk: &mut Walk<'a>) {
        let (from, depth) = (self.cuts.len(), self.path.len());
        while let Some(key) = walk.next_key() {
            // Of a repeated key the last one counts.
            let (step, found) = (PathStep::Key(key), self.cuts.get(from..).unwrap_or_default());
            if found.iter().any(|cut| cut.path.get(depth) == Some(&step)) {
                let earlier = self.cuts.split_off(from);
                let others = earlier.into_iter().filter(|cut| cut.path.get(depth) != Some(&step));
                self.cuts.extend(others);
            }
            self.path.push(step);
            self.value(walk);
            self.path.pop();
        }
    }

    fn elements(&mut self, walk: &mut Walk<'a>) {
        let mut index = 0;
        while walk.next_element() {
            self.path.push(PathStep::Index(index));
            self.value(walk);
            self.path.pop();
            index += 1;
        }
    }
}

impl PathStep<'_> {
    fn to_static(&self) -> PathStep<'static> {
        match self {
            Self::Key(key) => PathStep::Key(Cow::Owned(key.as_ref().to_owned())),
            Self::Index(index) => PathStep::Index(*index),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// The JSON with its texts put back.
    fn together(apart: &Apart) -> Value {
        let mut value: Value = serde_json::from_str(&apart.json).unwrap();
        for LongText { path, inside } in &apart.texts {
            let place = path.iter().fold(&mut value, |value, step| match step {
                PathStep::Key(key) => &mut value[key.as_ref()],
                PathStep::Index(index) => &mut value[*index as usize],
            });
            assert_eq!(*place, "");
            *place = serde_json::from_slice(&[b"\"", &**inside, b"\""].concat()).unwrap();
        }
        for LongList { path, table } in &apart.lists {
            let place = path.iter().fold(&mut value, |value, step| match step {
                PathStep::Key(key) => &mut value[key.as_ref()],
                PathStep::Index(index) => &mut value[*index as usize],
            });
            assert_eq!(*place, json!([]));
            *place = table.values();
        }
        value
    }

    fn apart(text: &str) -> Apart {
        Apart::of_text(text, &Bytes::copy_from_slice(text.as_bytes()))
    }

    /// Cut as a text and as an object: with the texts put back it is what it was.
    fn assert_whole(text: &str) -> usize {
        let value: Value = serde_json::from_str(text).unwrap();
        let cut = apart(text);
        assert_eq!(together(&cut), value);
        let source = Bytes::copy_from_slice(text.as_bytes());
        let Some(object) = Object::parse_text(std::str::from_utf8(&source).unwrap()) else {
            return cut.texts.len();
        };
        let owned = Apart::of(object.clone().into_owned(), &Bytes::new());
        assert_eq!(together(&owned), value);
        let borrowed = Apart::of(object, &source);
        assert_eq!(together(&borrowed), value);
        assert_eq!((cut.texts.len(), owned.texts.len()), (borrowed.texts.len(), cut.texts.len()));
        cut.texts.len()
    }

    fn long(part: &str) -> String {
        part.repeat(LONG / part.len() + 1)
    }

    #[test]
    fn long_texts_of_any_place_are_cut_out_and_short_ones_stay() {
        let answer = json!({
            "id": long("x"),
            "choices": [
                {"message": {"content": long("世\n\"\\"), "reasoning_content": long("é")}},
                {"message": {"content": "short"}, "logprobs": [1.5, null, "a"]}
            ],
            "data": [[long("base64")]],
        });
        assert_eq!(assert_whole(&answer.to_string()), 4);
        assert_eq!(assert_whole(&serde_json::to_string_pretty(&answer).unwrap()), 4);
        for none in
            [json!(long("a")), json!({}), json!([]), json!("a"), json!({"a": "b".repeat(LONG - 1)})]
        {
            assert_eq!(assert_whole(&none.to_string()), 0);
        }
    }

    #[test]
    fn a_text_is_a_slice_of_the_answer_if_it_is_most_of_it() {
        let body = Bytes::from(json!({"a": long("x")}).to_string());
        let object = Object::parse_text(std::str::from_utf8(&body).unwrap()).unwrap();
        let [text] = &Apart::of(object, &body).texts[..] else { unreachable!() };
        assert!(body.as_ptr_range().contains(&text.inside.as_ptr()));
        let body = Bytes::from(json!({"a": long("x"), "b": vec![1; 3 * LONG]}).to_string());
        let object = Object::parse_text(std::str::from_utf8(&body).unwrap()).unwrap();
        let [text] = &Apart::of(object, &body).texts[..] else { unreachable!() };
        assert!(!body.as_ptr_range().contains(&text.inside.as_ptr()));
    }

    #[test]
    fn of_a_repeated_key_the_last_value_stays() {
        let (one, two) = (long("1"), long("2"));
        let text = format!(r#"{{"a":{{"b":"{one}","c":"{one}","b":"{two}"}},"d":"{one}"}}"#);
        assert_eq!(assert_whole(&text), 3);
        let text = format!(r#"{{"a":{{"b":"{one}","b":1}}}}"#);
        let cut = apart(&text);
        assert_eq!((cut.texts.len(), cut.json), (0, text));
    }

    #[test]
    fn long_lists_are_cut_out_however_few_there_are_around_them() {
        let content = vec![json!({"token": "a", "logprob": -0.5, "bytes": [97]}); 1000];
        let logprobs = json!({"content": content, "refusal": null});
        let answer = json!({"choices": [{"index": 0, "logprobs": logprobs}], "vectors": [[vec![0.5; 2000]]]});
        assert_eq!(assert_whole(&answer.to_string()), 0);
        let lists = apart(&answer.to_string()).lists;
        let key = |key: &'static str| PathStep::Key(key.into());
        let paths = [
            vec![key("choices"), PathStep::Index(0), key("logprobs"), key("content")],
            vec![key("vectors"), PathStep::Index(0), PathStep::Index(0)],
        ];
        assert_eq!(lists.into_iter().map(|list| list.path).collect::<Vec<_>>(), paths);
        assert_eq!(apart(&json!(content).to_string()).lists.len(), 1);
    }

    #[test]
    fn what_is_nested_deeply_stays() {
        let deep = |levels: usize| {
            format!("{}\"{}\"{}", "[".repeat(levels), long("a"), "]".repeat(levels))
        };
        assert_eq!(assert_whole(&deep(DEEPEST)), 1);
        assert_eq!(assert_whole(&deep(100)), 0);
        assert_eq!(apart(&deep(100_000)).texts.len(), 0);
    }

    #[test]
    fn a_text_of_quotes_is_long_however_its_escapes_are_placed() {
        for shift in 0..4 {
            assert_eq!(assert_whole(&json!({"a": "x".repeat(shift) + &long("\"")}).to_string()), 1);
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = ("[a\"\\\\\\n世é]{0,4}", prop_oneof![Just(1_usize), Just(2000), Just(5000)])
            .prop_map(|(part, times)| Value::from(part.repeat(times)));
        let leaf = prop_oneof![any::<i32>().prop_map(Value::from), Just(Value::Null), text];
        leaf.prop_recursive(4, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c\"]{0,2}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_is_lost(value in value(), pretty: bool) {
            let text = match pretty {
                true => serde_json::to_string_pretty(&value).unwrap(),
                false => value.to_string(),
            };
            assert_whole(&text);
            for LongText { inside, .. } in apart(&text).texts {
                prop_assert!(std::str::from_utf8(&inside).is_ok() && inside.len() >= LONG);
            }
        }
    }
}
