//! Streams as vendors send them, with events left out, doubled, moved, cut and of another stream,
//! and with other values in their members: the laws of streams hold.

#![no_main]

mod seed;
mod stream_reading;

use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{self, Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use stream_reading::{expect_lawful, expect_same, read};

/// The seeds of the `stream` target, as lists of events.
static STREAMS: LazyLock<Vec<(u8, Vec<String>)>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/stream");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("fuzz/seeds/stream")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = std::fs::read_to_string(file).expect("text");
            let events = text[2..].split_inclusive("\n\n").map(str::to_owned).collect();
            (text.as_bytes()[0], events)
        })
        .collect()
});

const KEYS: [&str; 16] = [
    "index",
    "id",
    "type",
    "output_index",
    "content_index",
    "item_id",
    "call_id",
    "name",
    "role",
    "finish_reason",
    "stop_reason",
    "finishReason",
    "model",
    "usage",
    "signature",
    "arguments",
];
const FOREIGN: [&str; 9] = [
    ": comment\n\n",
    "event: ping\ndata: {\"type\":\"ping\"}\n\n",
    "data: [DONE]\n\n",
    "data:\n\n",
    "data: {}\n\n",
    "data: null\n\n",
    "data: {\"error\":{\"message\":\"later\",\"code\":503}}\n\n",
    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
    "data: {\"choices\":[{\"index\":3,\"delta\":{\"tool_calls\":[{\"index\":5,\"function\":{\"arguments\":\"{}\"}}]}}]}\n\n",
];

/// One change of a stream.
#[derive(Arbitrary, Debug)]
enum Change {
    Drop(u8),
    Double { at: u8, to: u8 },
    Swap(u8, u8),
    Cut { at: u8, length: u16 },
    End(u8),
    Set { at: u8, key: u8, value: u8 },
    SetEverywhere { key: u8, value: u8 },
    Insert { at: u8, event: u8 },
    Borrow { at: u8, stream: u8, event: u8 },
}

fuzz_target!(|bytes: &[u8]| {
    let Ok((wire, events, step)) = changed(&mut Unstructured::new(bytes)) else { return };
    let stream = events.concat();
    let Some((route, _)) = seed::wire(&[wire]) else { return };
    let whole = read(route, [stream.as_bytes()].into_iter(), false);
    expect_lawful(&whole);
    let split = read(route, stream.as_bytes().chunks(step), true);
    expect_same(whole, split);
});

fn changed(choices: &mut Unstructured<'_>) -> Result<(u8, Vec<String>, usize)> {
    let (wire, stream) = choices.choose(&STREAMS)?;
    let mut events = stream.clone();
    let step = choices.int_in_range(1..=97)?;
    for _ in 0..choices.int_in_range(1..=8)? {
        apply(&Change::arbitrary(choices)?, *wire, &mut events);
    }
    Ok((*wire, events, step))
}

fn apply(change: &Change, wire: u8, events: &mut Vec<String>) {
    let count = events.len();
    if count == 0 {
        return;
    }
    let place = |at: u8| usize::from(at) % count;
    match *change {
        Change::Drop(at) => drop(events.remove(place(at))),
        Change::Double { at, to } => events.insert(place(to), events[place(at)].clone()),
        Change::Swap(one, other) => events.swap(place(one), place(other)),
        Change::Cut { at, length } => {
            let event = &mut events[place(at)];
            let mut end = usize::from(length).min(event.len());
            while !event.is_char_boundary(end) {
                end -= 1;
            }
            event.truncate(end);
        }
        Change::End(at) => events.truncate(place(at) + 1),
        Change::Set { at, key, value } => set(&mut events[place(at)], key, value),
        Change::SetEverywhere { key, value } => {
            events.iter_mut().for_each(|event| set(event, key, value));
        }
        Change::Insert { at, event } => {
            events.insert(place(at), FOREIGN[usize::from(event) % FOREIGN.len()].to_owned());
        }
        Change::Borrow { at, stream, event } => {
            let others: Vec<_> = STREAMS.iter().filter(|(other, _)| *other == wire).collect();
            let (_, other) = others[usize::from(stream) % others.len()];
            events.insert(place(at), other[usize::from(event) % other.len()].clone());
        }
    }
}

/// Gives each member of that name in the event's JSON another value.
fn set(event: &mut String, key: u8, value: u8) {
    let Some((head, data)) = event.split_once("data:") else { return };
    let Ok(mut json) = serde_json::from_str::<Value>(data.trim()) else { return };
    replace(&mut json, KEYS[usize::from(key) % KEYS.len()], &odd(value));
    *event = format!("{head}data: {json}\n\n");
}

fn replace(value: &mut Value, key: &str, new: &Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == key {
                    *member = new.clone();
                } else {
                    replace(member, key, new);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|member| replace(member, key, new)),
        _ => {}
    }
}

fn odd(choice: u8) -> Value {
    let values = [
        Value::Null,
        json!(0),
        json!(1),
        json!(2),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(true),
        json!(""),
        json!("x"),
        json!("0"),
        json!("{\"a\":1}"),
        json!("{\"a\""),
        json!("😀\"\\\u{1}"),
        json!([]),
        json!({}),
    ];
    values[usize::from(choice) % values.len()].clone()
}
