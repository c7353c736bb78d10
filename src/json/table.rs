//! Lists of many values of one shape, column by column.
//!
//! The log probabilities of an answer are thousands of records of the same few keys. V8 reads each of
//! them as if it had never seen one; made of columns they cost it a fraction. A table is a plan, as
//! JSON, and numbers beside it. What the plan says of a column, and what the numbers are to it:
//!
//! | plan | values of the column | numbers |
//! |---|---|---|
//! | `"int"` | integers of 32 bits | each |
//! | `"float"` | numbers, `null` among them | each; NaN for `null` |
//! | `{"scalars":[…]}` | texts, numbers, `true`, `null` that come again | which of these, each |
//! | `{"lists":plan}` | lists, `null` among them | how long each is, -1 for `null`; then the elements of all |
//! | `{"records":{key:plan}}` | objects of the same keys in the same order | those of every key in turn |
//! | `{"values":[…]}` | these | none |
//!
//! Nothing is lossy: whatever fits none of the others is a column of values, as it was written. Where
//! that would be most of the list, it is no table.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Kind, Walk, quote_into};

/// From how many elements on columns are worth their while.
const MANY: usize = 64;
/// From how many bytes on.
pub(super) const LARGE: usize = 4096;
/// A list whose first element is longer is none of many: the search goes on inside.
const LONG_ELEMENT: usize = 16 << 10;
/// A text of this length is better off on its own.
const LONG_TEXT: usize = 4096;
/// What is nested deeper is a column of values.
const DEEPEST: usize = 8;
/// The same for a record of more keys.
const MOST_KEYS: usize = 32;
/// How often a list is read, each time with one more column of values.
const PASSES: usize = 3;

/// A list of many values of one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// `{"count":elements,"floats":doubles,"of":plan}`
    pub plan: String,
    /// All doubles, then all 32-bit integers, as this machine has them in memory.
    pub numbers: Vec<u8>,
}

impl Table {
    /// Passes the list ahead. `None`, and nothing is passed, if something else is ahead or a list that is
    /// no table; and how many bytes were read to find that out.
    pub fn read(walk: &mut Walk<'_>) -> (Option<Self>, usize) {
        let (mut elements, mut read) = (Column::Unseen, 0);
        for _ in 0..PASSES {
            let mut ahead = walk.clone();
            if !ahead.enter_list() || !ahead.is_shorter(LONG_ELEMENT) {
                break;
            }
            let count = elements.read_all(&mut ahead, 0);
            let length = ahead.here() - walk.here();
            read += length;
            if let Some(count) = count {
                let worth = count >= MANY && length >= LARGE && elements.is_worth(length);
                let table = worth.then(|| Self::of(count, &elements));
                if table.is_some() {
                    *walk = ahead;
                }
                return (table, read);
            }
            if matches!(elements, Column::Values(_)) {
                break;
            }
            elements.clear();
        }
        (None, read)
    }

    fn of(count: usize, elements: &Column<'_>) -> Self {
        let (mut floats, mut ints) = (Vec::new(), Vec::new());
        let mut of = String::new();
        elements.write(&mut of, &mut floats, &mut ints);
        let plan = format!(r#"{{"count":{count},"floats":{},"of":{of}}}"#, floats.len());
        let mut numbers = Vec::with_capacity(floats.len() * 8 + ints.len() * 4);
        numbers.extend(floats.iter().flat_map(|float| float.to_ne_bytes()));
        numbers.extend(ints.iter().flat_map(|int| int.to_ne_bytes()));
        Self { plan, numbers }
    }
}

/// The values of one place in all elements.
#[derive(Debug)]
enum Column<'a> {
    /// None yet.
    Unseen,
    Ints(Vec<i32>),
    Floats(Vec<f64>),
    Scalars(Dictionary<'a>),
    Lists {
        lengths: Vec<i32>,
        elements: Box<Self>,
    },
    Records(Vec<Member<'a>>),
    Values(Vec<&'a str>),
}

/// What is under one key in all records.
#[derive(Debug)]
struct Member<'a> {
    key: Cow<'a, str>,
    /// The key as it stands in the first record, with its quotes and colon.
    written: &'a str,
    column: Column<'a>,
}

/// Scalars by their text.
#[derive(Debug, Default)]
struct Dictionary<'a> {
    places: HashMap<&'a str, i32>,
    entries: Vec<&'a str>,
    column: Vec<i32>,
}

impl<'a> Column<'a> {
    /// Reads the elements of a list that was entered. How many there are; `None` if one does not fit.
    fn read_all(&mut self, walk: &mut Walk<'a>, depth: usize) -> Option<usize> {
        let mut count = 0;
        while walk.next_element() {
            self.read(walk, depth)?;
            count += 1;
        }
        Some(count)
    }

    /// Reads one more value. `None` if it does not fit: the column is one of values then, in the next
    /// pass.
    fn read(&mut self, walk: &mut Walk<'a>, depth: usize) -> Option<()> {
        if matches!(self, Self::Unseen) {
            *self = Self::for_kind(walk.kind(), depth);
        }
        if let Self::Ints(ints) = self
            && let Some(int) = walk.small_integer()
        {
            ints.push(int);
            return Some(());
        }
        let read = match self {
            Self::Lists { lengths, elements } => read_list(lengths, elements, walk, depth)?,
            Self::Records(members) => read_record(members, walk, depth)?,
            Self::Values(values) => {
                values.push(walk.value().as_str());
                true
            }
            _ => self.read_scalar(walk.value().as_str()),
        };
        if !read {
            *self = Self::Values(Vec::new());
        }
        read.then_some(())
    }

    /// A column that begins with the value ahead.
    fn first(walk: &mut Walk<'a>, depth: usize) -> Self {
        let (mut column, mut ahead) = (Self::Unseen, walk.clone());
        match column.read(&mut ahead, depth) {
            Some(()) => *walk = ahead,
            None => column = Self::Values(vec![walk.value().as_str()]),
        }
        column
    }

    fn for_kind(kind: Kind, depth: usize) -> Self {
        match kind {
            Kind::Number => Self::Ints(Vec::new()),
            Kind::Array | Kind::Object if depth >= DEEPEST => Self::Values(Vec::new()),
            Kind::Array => Self::Lists { lengths: Vec::new(), elements: Box::new(Self::Unseen) },
            Kind::Object => Self::Records(Vec::new()),
            _ => Self::Scalars(Dictionary::default()),
        }
    }

    fn read_scalar(&mut self, scalar: &'a str) -> bool {
        match self {
            Self::Ints(ints) => {
                let Some(float) = float(scalar) else { return false };
                let mut floats: Vec<f64> = ints.iter().map(|&int| f64::from(int)).collect();
                floats.push(float);
                *self = Self::Floats(floats);
                true
            }
            Self::Floats(floats) => {
                let float = float(scalar);
                floats.extend(float);
                float.is_some()
            }
            Self::Scalars(dictionary) => dictionary.read(scalar),
            _ => false,
        }
    }

    /// Forgets the values and keeps the shape.
    fn clear(&mut self) {
        match self {
            Self::Unseen => {}
            // The next pass may find integers alone, again, before the first that is none.
            Self::Ints(_) | Self::Floats(_) => *self = Self::Ints(Vec::new()),
            Self::Scalars(dictionary) => *dictionary = Dictionary::default(),
            Self::Lists { lengths, elements } => {
                lengths.clear();
                elements.clear();
            }
            Self::Records(members) => members.iter_mut().for_each(|member| member.column.clear()),
            Self::Values(values) => values.clear(),
        }
    }

    /// Whether so many bytes of elements are made of columns faster than they are parsed.
    fn is_worth(&self, length: usize) -> bool {
        let is_flat = matches!(self, Self::Unseen | Self::Scalars(_) | Self::Values(_));
        !is_flat && self.unread() <= length / 2
    }

    /// How many bytes stay as they were written, and come once each.
    fn unread(&self) -> usize {
        match self {
            Self::Lists { elements, .. } => elements.unread(),
            Self::Records(members) => members.iter().map(|member| member.column.unread()).sum(),
            Self::Values(values) => values.iter().map(|value| value.len()).sum(),
            _ => 0,
        }
    }

    fn write(&self, plan: &mut String, floats: &mut Vec<f64>, ints: &mut Vec<i32>) {
        match self {
            Self::Unseen => plan.push_str(r#"{"values":[]}"#),
            Self::Ints(column) => {
                plan.push_str(r#""int""#);
                ints.extend(column);
            }
            Self::Floats(column) => {
                plan.push_str(r#""float""#);
                floats.extend(column);
            }
            Self::Scalars(Dictionary { entries, column, .. }) => {
                write_values(plan, r#"{"scalars":["#, entries);
                ints.extend(column);
            }
            Self::Lists { lengths, elements } => {
                ints.extend(lengths);
                plan.push_str(r#"{"lists":"#);
                elements.write(plan, floats, ints);
                plan.push('}');
            }
            Self::Records(members) => {
                plan.push_str(r#"{"records":{"#);
                for (at, Member { key, column, .. }) in members.iter().enumerate() {
                    plan.push_str(if at == 0 { "" } else { "," });
                    quote_into(plan, key);
                    plan.push(':');
                    column.write(plan, floats, ints);
                }
                plan.push_str("}}");
            }
            Self::Values(values) => write_values(plan, r#"{"values":["#, values),
        }
    }
}

fn write_values(plan: &mut String, opening: &str, values: &[&str]) {
    plan.push_str(opening);
    for (at, value) in values.iter().enumerate() {
        plan.push_str(if at == 0 { "" } else { "," });
        plan.push_str(value);
    }
    plan.push_str("]}");
}

/// Whether a list or `null` was ahead; `None` if an element does not fit.
fn read_list<'a>(
    lengths: &mut Vec<i32>,
    elements: &mut Column<'a>,
    walk: &mut Walk<'a>,
    depth: usize,
) -> Option<bool> {
    if walk.kind() == Kind::Null {
        walk.value();
        lengths.push(-1);
        return Some(true);
    }
    if !walk.enter_list() {
        return Some(false);
    }
    let count = elements.read_all(walk, depth + 1)?;
    let length = i32::try_from(count);
    lengths.extend(length);
    Some(length.is_ok())
}

/// Whether a record of these keys was ahead; `None` if a member does not fit.
fn read_record<'a>(
    members: &mut Vec<Member<'a>>,
    walk: &mut Walk<'a>,
    depth: usize,
) -> Option<bool> {
    if !walk.enter_object() {
        return Some(false);
    }
    if members.is_empty() {
        return Some(read_first_record(members, walk, depth));
    }
    for Member { key, written, column } in members.iter_mut() {
        if !walk.next_key_is(key, written) {
            return Some(false);
        }
        column.read(walk, depth + 1)?;
    }
    Some(walk.next_key().is_none())
}

/// Reads the members that all records are to have. Whether they are fit for it.
fn read_first_record<'a>(members: &mut Vec<Member<'a>>, walk: &mut Walk<'a>, depth: usize) -> bool {
    while walk.next_element() {
        let start = walk.here();
        let Some(key) = walk.key() else { return false };
        let written = walk.written_since(start);
        // Of a repeated key the last value counts, and numbers go before the other keys.
        let is_number = key.as_bytes().first().is_some_and(u8::is_ascii_digit);
        let is_known = members.iter().any(|member| member.key == key);
        if is_number || is_known || members.len() == MOST_KEYS {
            return false;
        }
        members.push(Member { key, written, column: Column::first(walk, depth + 1) });
    }
    !members.is_empty()
}

impl<'a> Dictionary<'a> {
    fn read(&mut self, scalar: &'a str) -> bool {
        let Ok(next) = i32::try_from(self.entries.len()) else { return false };
        if scalar.len() >= LONG_TEXT || scalar.starts_with(['[', '{']) {
            return false;
        }
        self.column.push(match self.places.entry(scalar) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(vacant) => {
                self.entries.push(scalar);
                *vacant.insert(next)
            }
        });
        true
    }
}

/// A number, or NaN for `null`.
fn float(scalar: &str) -> Option<f64> {
    match scalar.as_bytes().first()? {
        b'n' => Some(f64::NAN),
        b'-' | b'0'..=b'9' => scalar.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::json::from_text;

    /// The numbers of a table, in turn.
    struct Numbers<'t> {
        floats: std::slice::ChunksExact<'t, u8>,
        ints: std::slice::ChunksExact<'t, u8>,
    }

    impl Numbers<'_> {
        fn int(&mut self) -> i32 {
            i32::from_ne_bytes(self.ints.next().unwrap().try_into().unwrap())
        }

        fn float(&mut self) -> f64 {
            f64::from_ne_bytes(self.floats.next().unwrap().try_into().unwrap())
        }

        fn column(&mut self, plan: &Value, count: usize) -> Vec<Value> {
            match plan {
                Value::String(kind) if kind == "int" => {
                    (0..count).map(|_| self.int().into()).collect()
                }
                Value::String(_) => (0..count).map(|_| json!(self.float())).collect(),
                Value::Object(plan) => {
                    let (kind, of) = plan.iter().next().unwrap();
                    match kind.as_str() {
                        "scalars" => (0..count).map(|_| of[self.int() as usize].clone()).collect(),
                        "lists" => self.lists(of, count),
                        "records" => self.records(of.as_object().unwrap(), count),
                        _ => of.as_array().unwrap().clone(),
                    }
                }
                _ => unreachable!(),
            }
        }

        fn lists(&mut self, of: &Value, count: usize) -> Vec<Value> {
            let lengths: Vec<i32> = (0..count).map(|_| self.int()).collect();
            let all = lengths.iter().filter(|length| **length > 0).sum::<i32>();
            let mut elements = self.column(of, all as usize).into_iter();
            let list = |length: &i32| match usize::try_from(*length) {
                Ok(length) => elements.by_ref().take(length).collect(),
                Err(_) => Value::Null,
            };
            lengths.iter().map(list).collect()
        }

        fn records(&mut self, of: &Map<String, Value>, count: usize) -> Vec<Value> {
            let mut records = vec![Map::new(); count];
            for (key, plan) in of {
                for (record, value) in records.iter_mut().zip(self.column(plan, count)) {
                    record.insert(key.clone(), value);
                }
            }
            records.into_iter().map(Value::from).collect()
        }
    }

    impl Table {
        /// Its elements, as JavaScript makes them.
        pub(in crate::json) fn values(&self) -> Value {
            let plan: Value = serde_json::from_str(&self.plan).unwrap();
            let floats = plan["floats"].as_u64().unwrap() as usize * 8;
            let (floats, ints) = self.numbers.split_at(floats);
            let mut numbers =
                Numbers { floats: floats.chunks_exact(8), ints: ints.chunks_exact(4) };
            let count = plan["count"].as_u64().unwrap() as usize;
            let values = numbers.column(&plan["of"], count);
            assert_eq!((values.len(), numbers.ints.len(), numbers.floats.len()), (count, 0, 0));
            values.into()
        }
    }

    fn read(text: &str) -> Option<Table> {
        let raw = from_text(text.to_owned()).unwrap();
        let mut walk = Walk::of(&raw);
        let (table, read) = Table::read(&mut walk);
        assert_eq!(walk.here(), if table.is_some() { text.len() } else { 0 });
        assert!(read <= PASSES * text.len());
        table
    }

    /// The list as a table, which is the same list.
    fn table(list: &Value) -> Table {
        let table = read(&list.to_string()).expect("a table");
        assert!(doubles(table.values()) == doubles(list.clone()));
        let pretty = read(&serde_json::to_string_pretty(list).unwrap()).expect("a table");
        assert!(pretty.values() == table.values());
        table
    }

    /// So many elements, each with some length to it.
    fn list(element: impl Fn(usize) -> Value) -> Value {
        (0..500).map(element).collect()
    }

    fn plan(table: &Table) -> Value {
        serde_json::from_str::<Value>(&table.plan).unwrap()["of"].take()
    }

    #[test]
    fn log_probabilities_are_columns() {
        let logprobs = list(|at| {
            let token = ["the", " caf\u{e9}", "\n"][at % 3];
            let logprob = -0.5 * (at % 7) as f64;
            let bytes: Vec<u8> = token.bytes().collect();
            let top = json!({"token": token, "logprob": logprob, "bytes": bytes});
            let tops = vec![top; at % 4];
            json!({"token": token, "bytes": bytes, "logprob": logprob, "top_logprobs": tops})
        });
        let of = plan(&table(&logprobs));
        assert_eq!(of["records"]["bytes"], json!({"lists": "int"}));
        assert_eq!(of["records"]["top_logprobs"]["lists"]["records"]["logprob"], "float");
        assert_eq!(of["records"]["token"]["scalars"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn null_among_lists_or_numbers_is_no_misfit() {
        let of = list(|at| match at {
            7 => json!({"bytes": null, "logprob": null, "none": null}),
            _ => json!({"bytes": [at, 2], "logprob": 0.5, "none": null}),
        });
        let read = read(&of.to_string()).unwrap();
        let records = json!({
            "bytes": {"lists": "int"}, "logprob": "float", "none": {"scalars": [null]}
        });
        assert_eq!(plan(&read), json!({ "records": records }));
        assert_eq!(read.values()[8], of[8]);
    }

    #[test]
    fn a_member_that_fits_nothing_stays_as_it_is() {
        let mixed = list(|at| match at % 9 {
            0 => json!({"token": "a", "extra": {"a": 1}}),
            1 => json!({"token": "b", "extra": [at]}),
            _ => json!({"token": "a token of some length", "extra": 1}),
        });
        assert_eq!(plan(&table(&mixed))["records"]["extra"]["values"][1], json!([1]));
        let nested =
            list(|at| json!({"t": "a".repeat(99), "of": [{"a": 1}, {format!("k{at}"): 2}]}));
        assert!(plan(&table(&nested))["records"]["of"]["values"].is_array());
    }

    #[test]
    fn lists_of_numbers_are_tables_and_numbers_are_exact() {
        assert_eq!(plan(&table(&list(|at| json!(at * 1_000_000)))), json!("int"));
        assert_eq!(plan(&table(&list(|at| json!([0.5, at])))), json!({"lists": "float"}));
        let numbers =
            ["-0", "-0.0", "1e999", "9007199254740993", "123456789", "1234567890", "1E2", "-7"];
        let text = format!("[{}]", vec![numbers.join(","); 100].join(","));
        let read = read(&text).unwrap();
        let floats = read.numbers.chunks_exact(8).map(|float| float.try_into().unwrap());
        let expected = [
            -0.0,
            -0.0,
            f64::INFINITY,
            9_007_199_254_740_992.0,
            123_456_789.0,
            1_234_567_890.0,
            100.0,
            -7.0,
        ];
        for (float, expected) in floats.map(f64::from_ne_bytes).zip(expected.into_iter().cycle()) {
            assert_eq!(float.to_bits(), expected.to_bits());
        }
    }

    #[test]
    fn what_is_not_worth_it_is_no_table() {
        let long = "a".repeat(LONG_TEXT);
        for (why, list) in [
            ("few", json!(vec![json!({"a": "b".repeat(200)}); MANY - 1])),
            ("short", json!(vec![json!({"a": 1}); MANY])),
            ("texts", list(|at| json!(format!("a text {at}")))),
            ("keys", list(|at| json!({format!("key {at}"): 1}))),
            ("mixed", list(|at| if at % 2 == 0 { json!({"a": 1}) } else { json!("a text") })),
            ("long texts", list(|_| json!({"a": long}))),
            ("unlike", list(|at| json!({"a": {format!("key {at}"): "of some length"}, "b": 1}))),
            ("numbered", list(|_| json!({"b": 1, "0": "of some length"}))),
            ("empty", list(|_| json!({}))),
            ("no list", json!({"a": "b".repeat(LARGE)})),
        ] {
            assert_eq!(read(&list.to_string()), None, "{why}");
        }
        let repeated = format!("[{}]", vec![r#"{"a":1,"a":"of some length"}"#; 500].join(","));
        assert_eq!(read(&repeated), None);
    }

    #[test]
    fn what_is_nested_deeply_stays() {
        let deep = |levels: usize| {
            let element = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
            format!("[{}]", vec![element; 1000].join(","))
        };
        assert!(plan(&read(&deep(3)).unwrap())["lists"]["lists"]["lists"] == json!("int"));
        assert_eq!(read(&deep(DEEPEST + 10)), None);
        assert_eq!(read(&deep(10_000)), None);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-300..300).prop_map(Value::from),
            any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
            "[a\"\\\\世]{0,3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c0\"]{0,2}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// A few values again and again: most are of one shape, some are not.
        #[test]
        fn every_list_is_what_it_was(
            values in prop::collection::vec(value(), 1..4), odd in value(), at in 0..400_usize,
            pretty: bool
        ) {
            let mut list: Vec<Value> = values.into_iter().cycle().take(400).collect();
            list[at] = odd;
            let list = json!(list);
            let text = match pretty {
                true => serde_json::to_string_pretty(&list).unwrap(),
                false => list.to_string(),
            };
            if let Some(table) = read(&text) {
                prop_assert_eq!(doubles(table.values()), doubles(list));
            }
        }
    }

    /// JavaScript has one kind of number.
    fn doubles(value: Value) -> Value {
        match value {
            Value::Number(number) => json!(number.as_f64()),
            Value::Array(list) => list.into_iter().map(doubles).collect(),
            Value::Object(object) => {
                object.into_iter().map(|(key, value)| (key, doubles(value))).collect()
            }
            other => other,
        }
    }
}
