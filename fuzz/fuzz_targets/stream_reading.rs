//! A stream, read in any pieces, and what must hold for whatever comes out of it.

use std::collections::BTreeMap;

use aihubmix_native::chat::{Assembler, Receipt, Warnings};
use aihubmix_native::route::Route;
use aihubmix_native::stream::ChatStream;
use aihubmix_native::wire::{Notes, vendor};
use serde_json::Value;

const EVENT_LIMIT: usize = 1 << 20;
const TEXTS: [&str; 3] = ["content", "reasoning_content", "refusal"];

/// What was read.
#[derive(Debug, PartialEq)]
pub struct Reading {
    pub chunks: Vec<Value>,
    pub folded: Value,
    /// The error that ended it.
    pub error: Option<Value>,
}

/// Reads a stream that arrives in these pieces. `each`: chunks are taken after each piece, not only
/// at the end.
pub fn read<'b>(route: Route, pieces: impl Iterator<Item = &'b [u8]>, each: bool) -> Reading {
    let translator = vendor(route).format.translator(&Notes::default());
    let assembler = Assembler::new(Receipt::new(route, Warnings::default()), false);
    let mut stream = ChatStream::new(translator, assembler, EVENT_LIMIT);
    let mut chunks = Vec::new();
    let mut ended = Ok(());
    for piece in pieces {
        ended = stream.feed(piece).map(|_| ());
        if each {
            take(&mut stream, &mut chunks);
        }
        if ended.is_err() {
            break;
        }
    }
    let ended = ended.and_then(|()| stream.end());
    take(&mut stream, &mut chunks);
    let completion = stream.completion();
    let folded = serde_json::from_str(completion.members().to_raw().as_str()).expect("JSON");
    let error = ended.err().map(|error| serde_json::from_str(&error.to_json()).expect("JSON"));
    Reading { chunks, folded, error }
}

/// Batches hold chunks, and for a chunk that is the last one with another text, that text.
fn take(stream: &mut ChatStream, chunks: &mut Vec<Value>) {
    let Some(batch) = stream.batch().take() else { return };
    let elements: Vec<Value> = serde_json::from_str(&batch).expect("a batch is JSON");
    for element in elements {
        if element.is_object() {
            chunks.push(element);
            continue;
        }
        let mut chunk = chunks.last().expect("a chunk to repeat").clone();
        let (text, obfuscation) = match element {
            Value::Array(pair) => (pair[0].clone(), Some(pair[1].clone())),
            text => (text, None),
        };
        let delta = chunk["choices"][0]["delta"].as_object_mut().expect("a delta");
        let key = TEXTS.iter().find(|key| delta.get(**key).is_some_and(Value::is_string));
        delta[*key.expect("a text to repeat")] = text;
        if let Some(obfuscation) = obfuscation {
            chunk["obfuscation"] = obfuscation;
        }
        chunks.push(chunk);
    }
}

/// Holds two readings of one stream to be the same, but for what is made up while reading: ids, and the time.
pub fn expect_same(one: Reading, other: Reading) {
    assert_eq!(without_made_up(one), without_made_up(other), "the split changes the answer");
}

fn without_made_up(mut reading: Reading) -> Reading {
    reading
        .chunks
        .iter_mut()
        .chain([&mut reading.folded])
        .chain(&mut reading.error)
        .for_each(forget);
    reading
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "id" || name == "created" {
                    *member = Value::Null;
                } else {
                    forget(member);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(forget),
        _ => {}
    }
}

/// What must hold, however odd the stream was.
pub fn expect_lawful(reading: &Reading) {
    let mut sums: BTreeMap<u64, Sum> = BTreeMap::new();
    for chunk in &reading.chunks {
        for name in ["id", "created", "model", "object"] {
            assert_eq!(chunk[name], reading.chunks[0][name], "one {name} in a stream");
        }
        for choice in chunk["choices"].as_array().expect("choices") {
            let index = choice["index"].as_u64().expect("an index");
            sums.entry(index).or_default().add(choice);
        }
    }
    match &reading.error {
        None => expect_whole(reading, &sums),
        Some(error) => expect_error(reading, error, &sums),
    }
}

fn expect_whole(reading: &Reading, sums: &BTreeMap<u64, Sum>) {
    let receipts = reading.chunks.iter().filter(|chunk| chunk.get("aihubmix").is_some());
    assert_eq!(receipts.count(), 1, "one receipt");
    let folded = reading.folded["choices"].as_array().expect("choices");
    let indexes: Vec<u64> = folded.iter().filter_map(|choice| choice["index"].as_u64()).collect();
    assert_eq!(indexes, sums.keys().copied().collect::<Vec<_>>(), "the choices of the chunks");
    for (choice, sum) in folded.iter().zip(sums.values()) {
        assert_eq!(sum.finishes, [choice["finish_reason"].clone()], "one finish, the same");
        for key in TEXTS {
            let whole = choice["message"][key].as_str().unwrap_or_default();
            assert_eq!(sum.texts.get(key).map_or("", String::as_str), whole, "the sum of {key}");
        }
        let calls = choice["message"]["tool_calls"].as_array().map_or(0, Vec::len);
        assert_eq!(sum.calls.len(), calls, "the same calls");
    }
}

fn expect_error(reading: &Reading, error: &Value, sums: &BTreeMap<u64, Sum>) {
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
    assert!(error["code"].is_string());
    let said = |sum: &Sum| !sum.calls.is_empty() || sum.texts.values().any(|text| !text.is_empty());
    if sums.values().any(said) {
        assert!(
            error["partial"].is_object(),
            "an error after the first delta has the answer so far"
        );
    }
    for choice in reading.folded["choices"].as_array().expect("choices") {
        let Some(sum) = choice["index"].as_u64().and_then(|index| sums.get(&index)) else {
            continue;
        };
        for (key, text) in &sum.texts {
            let whole = choice["message"][key].as_str().unwrap_or_default();
            assert!(whole.starts_with(text.as_str()), "nothing was said that is not in the answer");
        }
    }
}

/// What the chunks of one choice say.
#[derive(Default)]
struct Sum {
    chunks: usize,
    texts: BTreeMap<&'static str, String>,
    /// The ids of the calls.
    calls: Vec<String>,
    finishes: Vec<Value>,
}

impl Sum {
    fn add(&mut self, choice: &Value) {
        let delta = &choice["delta"];
        assert!(delta.is_object(), "a delta");
        assert_eq!(delta.get("role").is_some(), self.chunks == 0, "the role comes once, and first");
        self.chunks += 1;
        for key in TEXTS {
            if let Some(text) = delta[key].as_str() {
                self.texts.entry(key).or_default().push_str(text);
            }
        }
        for call in delta["tool_calls"].as_array().into_iter().flatten() {
            self.add_call(call);
        }
        if !choice["finish_reason"].is_null() {
            self.finishes.push(choice["finish_reason"].clone());
        }
    }

    fn add_call(&mut self, call: &Value) {
        let index = call["index"].as_u64().expect("an index") as usize;
        assert!(index <= self.calls.len(), "indexes of calls are dense");
        if index < self.calls.len() {
            assert!(call.get("id").is_none(), "an id comes once");
            return;
        }
        let id = call["id"].as_str().expect("a new call has an id").to_owned();
        assert!(!id.is_empty() && !self.calls.contains(&id), "ids of calls are unique");
        self.calls.push(id);
    }
}
