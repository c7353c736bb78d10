//! What an event and a message cost must not depend on how many there were before.
//!
//! A wire gives rows: how its vendor would write an answer of `n` things of one kind. [`flat`] reads
//! it at two sizes and compares what it took: bytes that were allocated, which shows every copy of what
//! had come before, and time on the processor, which shows every search through it. Ratios between
//! sizes, never seconds.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::route::Route;
use crate::stream::{ChatReader, ChatStream};
use crate::wire::{Notes, Settings, vendor};

/// How many times as much there is at the larger size.
const FACTOR: usize = 8;

/// Things at the smaller size: for allocations, which are counted, and for time, which is measured.
const COUNTED: usize = 125;
const MEASURED: usize = 400;

/// So many times the bytes; the square of the factor is 64.
const ALLOWED_BYTES: f64 = 12.0;

/// So many times the time for as many things, many at once or a few often; a quadratic cost takes
/// eight times as much.
const ALLOWED_TIME: f64 = 1.75;

/// What is measured should take so long: some systems count in ticks.
const WORTH_MEASURING: Duration = Duration::from_millis(16);

/// A machine that is busy with something else may measure wrong so often.
const ATTEMPTS: usize = 8;

/// What is written at a size.
pub(crate) type Make = fn(usize) -> String;

/// A request of a size, without its model.
type MakeRequest = fn(usize) -> Value;

/// A kind of thing of which there may be many.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) make: Make,
}

/// What the row writes.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// The events of a stream.
    Stream,
    /// A whole answer.
    Whole,
    /// A whole answer to the request of a stream.
    WholeToStream,
}

/// Holds the rows of a wire to their law.
pub(crate) fn flat(route: Route, rows: &[Row]) {
    let mut steep: Vec<String> = Vec::new();
    for row in rows {
        let name = format!("{} {}", route.as_str(), row.name);
        steep.extend(is_steep(&name, &row.make, &|text| read(route, row.kind, text)));
    }
    assert!(steep.is_empty(), "cost grows faster than length:\n{}", steep.join("\n"));
}

/// Holds requests of `n` things to the same law, on every route.
fn flat_requests(rows: &[(&str, MakeRequest)]) {
    let mut steep: Vec<String> = Vec::new();
    for route in Route::ALL {
        for (name, make) in rows {
            let make = |size| {
                let mut body = make(size);
                body["model"] = json!(model_of(route));
                body.to_string()
            };
            let name = format!("{} {name}", route.as_str());
            steep.extend(is_steep(&name, &make, &|text| encode(route, text)));
        }
    }
    assert!(steep.is_empty(), "cost grows faster than length:\n{}", steep.join("\n"));
}

pub(crate) fn model_of(route: Route) -> &'static str {
    match route {
        Route::Anthropic => "claude-sonnet-4-6",
        Route::Gemini => "gemini-3.1-pro-preview",
        Route::OpenAiResponses => "gpt-5.4",
        _ => "gpt-4.1",
    }
}

/// What grows too fast, if anything does.
fn is_steep(name: &str, make: &dyn Fn(usize) -> String, run: &dyn Fn(&str)) -> Option<String> {
    let bytes = |size: usize| {
        let text = make(size);
        allocation_counter::measure(|| run(&text)).bytes_total as f64
    };
    let (few, many) = (bytes(COUNTED), bytes(COUNTED * FACTOR));
    if many / few > ALLOWED_BYTES {
        return Some(format!("{name}: {few} bytes at {COUNTED}, {:.1} times that", many / few));
    }
    let (few, many) = (make(MEASURED), make(MEASURED * FACTOR));
    let started = Instant::now();
    run(&many);
    let rounds =
        WORTH_MEASURING.div_duration_f64(started.elapsed()).ceil().clamp(1.0, 64.0) as usize;
    let mut least = f64::INFINITY;
    for _ in 0..ATTEMPTS {
        let at_once = on_processor(|| (0..rounds).for_each(|_| run(&many)));
        let often = on_processor(|| (0..rounds * FACTOR).for_each(|_| run(&few)));
        least = least.min(at_once / often);
        if least <= ALLOWED_TIME {
            return None;
        }
    }
    Some(format!("{name}: {least:.1} times the time for {} at once", MEASURED * FACTOR))
}

/// How long this thread was on a processor meanwhile, in nanoseconds.
fn on_processor(run: impl FnOnce()) -> f64 {
    let spent = || {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(Duration::from_nanos(stat.split(' ').next()?.parse().ok()?))
    };
    let (before, started) = (spent(), Instant::now());
    run();
    // Where the system does not count it, the clock has to do.
    let passed = started.elapsed();
    let on_cpu = before.zip(spent()).map(|(before, after)| after.saturating_sub(before));
    on_cpu.unwrap_or(passed).as_nanos().max(1) as f64
}

pub(crate) fn read(route: Route, kind: Kind, text: &str) {
    let format = vendor(route).format;
    let notes = Notes { model: "m".to_owned(), ..Notes::default() };
    if matches!(kind, Kind::Whole) {
        format.decode(text, &notes).unwrap();
        return;
    }
    let receipt = Receipt::new(route, Warnings::default());
    let assembler = Assembler::new(receipt.clone(), false);
    let mut stream = ChatStream::new(format.translator(&notes), assembler, 1 << 30);
    if matches!(kind, Kind::WholeToStream) {
        let answer = format.read(text, &notes).unwrap();
        let say = |reader: &mut ChatReader| {
            reader.say(answer, "m");
            Ok(())
        };
        stream.read_whole(say).unwrap();
    } else {
        for piece in text.as_bytes().chunks(16_384) {
            stream.feed(piece).unwrap();
            stream.batch().take();
        }
        stream.end().unwrap();
    }
    stream.batch().take();
    stream.completion().into_json(&receipt);
}

pub(crate) fn encode(route: Route, text: &str) {
    let request = ChatRequest::parse(text).unwrap();
    // A refusal costs as little.
    let _ = vendor(route).format.encode(&request, &Settings::default());
}

/// `n` things made of their numbers.
pub(crate) fn times<T>(n: usize, make: impl Fn(usize) -> T) -> Vec<T> {
    (0..n).map(make).collect()
}

/// An object of `n` members.
pub(crate) fn keys(n: usize) -> Value {
    Value::Object((0..n).map(|at| (format!("k{at}"), json!(1))).collect())
}

/// `more` beside the members of an object.
pub(crate) fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

/// An event of a stream.
pub(crate) fn event(data: &Value) -> String {
    let name = data["type"].as_str().map(|kind| format!("event: {kind}\n")).unwrap_or_default();
    format!("{name}data: {data}\n\n")
}

fn user(content: Value) -> Value {
    json!({"role": "user", "content": content})
}

fn call(id: &str) -> Value {
    let function = json!({"name": "f", "arguments": "{\"a\":1}"});
    let calls = json!([{"id": id, "type": "function", "function": function}]);
    json!({"role": "assistant", "content": null, "tool_calls": calls})
}

fn result(id: &str) -> Value {
    json!({"role": "tool", "tool_call_id": id, "content": "r"})
}

fn tool(name: &str) -> Value {
    let parameters = json!({"type": "object", "properties": {}});
    json!({"type": "function", "function": {"name": name, "parameters": parameters}})
}

/// A conversation in which each turn is made of its number.
fn turns(n: usize, make: impl Fn(usize) -> Vec<Value>) -> Value {
    let mut messages = vec![user(json!("x"))];
    messages.extend((0..n).flat_map(make));
    json!({"messages": messages, "tools": [tool("f")]})
}

fn asking(more: Value) -> Value {
    with(json!({"messages": [user(json!("x"))]}), more)
}

#[test]
fn a_message_costs_the_same_however_many_there_are() {
    flat_requests(&[
        ("user messages", |n| json!({"messages": times(n, |_| user(json!("x")))})),
        ("turns", |n| {
            turns(n, |_| vec![json!({"role": "assistant", "content": "a"}), user(json!("x"))])
        }),
        ("system messages", |n| {
            let mut messages = times(n, |_| json!({"role": "system", "content": "s"}));
            messages.push(user(json!("x")));
            json!({"messages": messages})
        }),
        ("text parts", |n| {
            let parts = times(n, |_| json!({"type": "text", "text": "x"}));
            json!({"messages": [user(json!(parts))]})
        }),
        ("images", |n| {
            let url = json!({"url": "data:image/png;base64,iVBORw0KGgo="});
            let parts = times(n, |_| json!({"type": "image_url", "image_url": url}));
            json!({"messages": [user(json!(parts))]})
        }),
        ("unknown members of parts", |n| {
            let parts = times(n, |at| {
                with(json!({"type": "text", "text": "x"}), json!({format!("k{at}"): 1}))
            });
            json!({"messages": [user(json!(parts))]})
        }),
        ("cache marks", |n| {
            let mark = json!({"type": "ephemeral"});
            let parts = times(n, |_| json!({"type": "text", "text": "x", "cache_control": mark}));
            json!({"messages": [user(json!(parts))]})
        }),
    ]);
}

#[test]
fn a_tool_turn_costs_the_same_however_many_there_are() {
    flat_requests(&[
        ("tool turns", |n| {
            turns(n, |at| vec![call(&format!("call_{at}")), result(&format!("call_{at}"))])
        }),
        ("ids that must be cleaned", |n| {
            turns(n, |at| vec![call(&format!("call.{at}")), result(&format!("call.{at}"))])
        }),
        ("long ids with one beginning", |n| {
            let id = |at| format!("{}{at}", "c".repeat(80));
            turns(n, |at| vec![call(&id(at)), result(&id(at))])
        }),
        ("calls without results", |n| {
            turns(n, |at| vec![call(&format!("c{at}")), user(json!("y"))])
        }),
        ("results without calls", |n| turns(n, |at| vec![result(&format!("c{at}"))])),
        ("calls in one turn, results backwards", |n| {
            let calls = times(n, |at| {
                let function = json!({"name": "f", "arguments": "{}"});
                json!({"id": format!("c{at}"), "type": "function", "function": function})
            });
            let mut messages = vec![user(json!("x"))];
            messages.push(json!({"role": "assistant", "content": null, "tool_calls": calls}));
            messages.extend(times(n, |at| result(&format!("c{}", n - 1 - at))));
            json!({"messages": messages, "tools": [tool("f")]})
        }),
    ]);
}

#[test]
fn an_earlier_answer_costs_the_same_however_much_it_holds() {
    flat_requests(&[
        ("details of one message", |n| {
            let details = times(n, |at| {
                json!({"type": "thinking", "format": "aihubmix.anthropic", "thinking": "t",
                    "signature": format!("s{at}")})
            });
            turns(1, |_| {
                vec![
                    json!({"role": "assistant", "content": "y", "reasoning_details": details}),
                    user(json!("z")),
                ]
            })
        }),
        ("messages with reasoning of another family", |n| {
            turns(n, |at| {
                let details = json!([{"format": "other", "data": format!("x{at}")}]);
                vec![
                    json!({"role": "assistant", "content": "y", "reasoning_content": "r",
                        "reasoning_details": details}),
                    user(json!("z")),
                ]
            })
        }),
        ("members of a message", |n| {
            turns(1, |_| {
                vec![with(json!({"role": "assistant", "content": "y"}), keys(n)), user(json!("z"))]
            })
        }),
    ]);
}

#[test]
fn an_option_costs_the_same_however_many_there_are() {
    flat_requests(&[
        ("tools", |n| asking(json!({"tools": times(n, |at| tool(&format!("f{at}")))}))),
        ("tool names that clean to one", |n| {
            let name = |at: usize| {
                let letter = u32::try_from(0x4e00 + at % 20_000).ok().and_then(char::from_u32);
                format!("工具{}", letter.unwrap_or('x'))
            };
            asking(json!({"tools": times(n, |at| tool(&name(at)))}))
        }),
        ("long tool names with one beginning", |n| {
            asking(json!({"tools": times(n, |at| tool(&format!("{}{at}", "t".repeat(70))))}))
        }),
        ("unknown options", |n| asking(keys(n))),
        ("metadata", |n| asking(json!({"metadata": keys(n)}))),
        ("members of extra_body", |n| asking(json!({"extra_body": keys(n)}))),
        ("stop sequences", |n| asking(json!({"stop": times(n, |at| format!("s{at}"))}))),
        ("members of reasoning", |n| {
            asking(json!({"reasoning": with(json!({"effort": "low"}), keys(n))}))
        }),
        ("properties of a schema", |n| {
            let properties: Value = Value::Object(
                (0..n).map(|at| (format!("p{at}"), json!({"type": "string"}))).collect(),
            );
            let parameters = json!({"type": "object", "properties": properties});
            asking(json!({"tools": [{"type": "function",
                "function": {"name": "f", "parameters": parameters}}]}))
        }),
        ("references to one definition", |n| {
            let properties: Value = Value::Object(
                (0..n).map(|at| (format!("p{at}"), json!({"$ref": "#/$defs/d"}))).collect(),
            );
            let parameters = json!({"type": "object", "$defs": {"d": {"type": "string"}},
                "properties": properties});
            asking(json!({"tools": [{"type": "function",
                "function": {"name": "f", "parameters": parameters}}]}))
        }),
    ]);
}
