//! What an event and a message cost must not depend on how many there were before.
//!
//! A wire gives rows: how its vendor would write an answer of `n` things of one kind. [`flat`] reads
//! it at two sizes and compares what it took: bytes that were allocated, which shows every copy of what
//! had come before, and time on the processor, which shows every search through it. Ratios between
//! sizes, never seconds.

use std::time::Duration;

use serde_json::{Value, json};

use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::route::Route;
use crate::sse::Decoder;
use crate::stream::{ChatReader, ChatStream};
use crate::wire::{Notes, Settings, vendor};

/// How many times as much there is at the larger size.
const FACTOR: usize = 8;

/// Things at the smaller size: for allocations, which are counted, and for time, which is measured.
const COUNTED: usize = 125;
const MEASURED: usize = 400;

/// The same for what is as large as anything gets: 100,000 events, 10 MB.
const LARGE: usize = 100_000 / FACTOR;

/// So many times the bytes; the square of the factor is 64.
const ALLOWED_BYTES: f64 = 12.0;

/// So many times the time for as many things, many at once or a few often; a quadratic cost takes
/// eight times as much. What is large does not fit into the processor's caches.
const ALLOWED_TIME: f64 = 1.75;
const ALLOWED_TIME_OF_LARGE: f64 = 4.0;

/// What is measured should take so long.
const WORTH_MEASURING: Duration = Duration::from_millis(4);

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

impl Row {
    pub(crate) fn stream(name: &'static str, make: Make) -> Self {
        Self { name, kind: Kind::Stream, make }
    }

    pub(crate) fn whole(name: &'static str, make: Make) -> Self {
        Self { name, kind: Kind::Whole, make }
    }
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
    hold(rows.iter().filter_map(|row| {
        let name = format!("{} {}", route.as_str(), row.name);
        let run = |text: &str| read(route, row.kind, text);
        allocates_steeply(&name, &row.make, &run).or_else(|| takes_steeply(&name, &row.make, &run))
    }));
}

/// Holds rows to it once more where there are 100,000 things. `make` gives some 100 bytes for each.
pub(crate) fn flat_at_large(route: Route, rows: &[Row]) {
    hold(rows.iter().filter_map(|row| {
        let name = format!("{} {}", route.as_str(), row.name);
        takes_steeply_at_large(&name, &row.make, &|text| read(route, row.kind, text))
    }));
}

fn hold(steep: impl Iterator<Item = String>) {
    let steep: Vec<String> = steep.collect();
    assert!(steep.is_empty(), "cost grows faster than length:\n{}", steep.join("\n"));
}

/// Holds requests of `n` things to the same law, on every route.
fn flat_requests(rows: &[(&str, MakeRequest)]) {
    hold(requests(rows).filter_map(|(name, make, run)| {
        allocates_steeply(&name, &make, &run).or_else(|| takes_steeply(&name, &make, &run))
    }));
}

fn flat_requests_at_large(rows: &[(&str, MakeRequest)]) {
    hold(requests(rows).filter_map(|(name, make, run)| takes_steeply_at_large(&name, &make, &run)));
}

/// Each of the requests on every route: its name, its text, and how it is encoded.
fn requests(
    rows: &[(&str, MakeRequest)],
) -> impl Iterator<Item = (String, impl Fn(usize) -> String, impl Fn(&str))> {
    Route::ALL.into_iter().flat_map(move |route| {
        rows.iter().map(move |(name, make)| {
            let text = move |size| {
                let mut body = make(size);
                body["model"] = json!(model_of(route));
                body.to_string()
            };
            let run = move |text: &str| encode(route, text);
            (format!("{} {name}", route.as_str()), text, run)
        })
    })
}

pub(crate) fn model_of(route: Route) -> &'static str {
    match route {
        Route::Anthropic => "claude-sonnet-4-6",
        Route::Gemini => "gemini-3.1-pro-preview",
        Route::OpenAiResponses => "gpt-5.4",
        _ => "gpt-4.1",
    }
}

type Run<'a> = &'a dyn Fn(&str);

/// Whether the bytes that are allocated grow too fast.
fn allocates_steeply(name: &str, make: &dyn Fn(usize) -> String, run: Run<'_>) -> Option<String> {
    let bytes = |size: usize| {
        let text = make(size);
        allocation_counter::measure(|| run(&text)).bytes_total as f64
    };
    let (few, many) = (bytes(COUNTED), bytes(COUNTED * FACTOR));
    let ratio = many / few;
    (ratio > ALLOWED_BYTES)
        .then(|| format!("{name}: {few} bytes at {COUNTED}, {ratio:.1} times that"))
}

/// Whether the time grows too fast.
fn takes_steeply(name: &str, make: &dyn Fn(usize) -> String, run: Run<'_>) -> Option<String> {
    let (few, many) = (make(MEASURED), make(MEASURED * FACTOR));
    let once = on_processor(|| run(&many));
    let rounds = WORTH_MEASURING.div_duration_f64(once).ceil().clamp(1.0, 64.0) as usize;
    steep_of(name, MEASURED, ALLOWED_TIME, || {
        let at_once = on_processor(|| (0..rounds).for_each(|_| run(&many)));
        at_once.div_duration_f64(on_processor(|| (0..rounds * FACTOR).for_each(|_| run(&few))))
    })
}

fn takes_steeply_at_large(
    name: &str,
    make: &dyn Fn(usize) -> String,
    run: Run<'_>,
) -> Option<String> {
    let (few, many) = (make(LARGE), make(LARGE * FACTOR));
    steep_of(name, LARGE, ALLOWED_TIME_OF_LARGE, || {
        let often = on_processor(|| run(&few)) * FACTOR as u32;
        on_processor(|| run(&many)).div_duration_f64(often)
    })
}

fn steep_of(name: &str, few: usize, allowed: f64, ratio: impl Fn() -> f64) -> Option<String> {
    let mut least = f64::INFINITY;
    for _ in 0..ATTEMPTS {
        least = least.min(ratio());
        if least <= allowed {
            return None;
        }
    }
    Some(format!("{name}: {least:.1} times the time for {} at once", few * FACTOR))
}

/// How long this thread was on a processor meanwhile: what others do on a busy machine is not counted.
#[cfg(unix)]
fn on_processor(run: impl FnOnce()) -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let spent = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
    let before = spent();
    run();
    (spent() - before).max(Duration::from_nanos(1))
}

/// Where the system does not count it, the clock has to do.
#[cfg(not(unix))]
fn on_processor(run: impl FnOnce()) -> Duration {
    let started = std::time::Instant::now();
    run();
    started.elapsed().max(Duration::from_nanos(1))
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

/// A text of `n` hundred bytes, 10 MB where `n` is at its largest.
pub(crate) fn hundreds(n: usize) -> String {
    "0123456789".repeat(n * 10)
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
        ("tags that are never closed", |n| {
            let text = "<cache>a and something more to look through ".repeat(8 * n);
            json!({"messages": [{"role": "system", "content": text}, user(json!("x"))]})
        }),
        ("calls that stand among the content's blocks too", |n| {
            let function = json!({"name": "f", "arguments": "{}"});
            let calls = times(
                n,
                |at| json!({"id": format!("c{at}"), "type": "function", "function": function}),
            );
            let blocks = times(
                n,
                |at| json!({"type": "tool_use", "id": format!("c{at}"), "name": "f", "input": {}}),
            );
            json!({"messages": [user(json!("x")),
                {"role": "assistant", "content": blocks, "tool_calls": calls}], "tools": [tool("f")]})
        }),
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
        ("pieces of a signed text", |n| {
            let pieces = times(n, |at| {
                let signature = if at + 1 == n { "s" } else { "" };
                json!({"type": "reasoning.text", "text": "x", "signature": signature,
                    "format": "anthropic-claude-v1", "index": 0})
            });
            turns(1, |_| {
                vec![
                    json!({"role": "assistant", "content": "y", "reasoning_details": pieces}),
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

#[test]
fn a_long_event_costs_the_same_in_however_small_pieces_it_comes() {
    let make = |n| format!("data: {}\n\n", hundreds(n));
    let run = |text: &str| {
        let mut decoder = Decoder::new(1 << 30);
        let mut events = 0;
        for byte in text.as_bytes().chunks(1) {
            decoder.feed(byte);
            events += usize::from(decoder.next().is_some_and(|event| event.is_ok()));
        }
        assert_eq!(events, 1);
    };
    hold(takes_steeply("pieces of one byte", &make, &run).into_iter());
}

#[test]
fn ten_megabytes_and_100_000_messages_cost_what_they_are_long() {
    flat_requests_at_large(&[
        ("one message", |n| json!({"messages": [user(json!(hundreds(n)))]})),
        ("messages", |n| json!({"messages": times(n, |_| user(json!(hundreds(1))))})),
        ("tool turns", |n| {
            let turn = |at| vec![call(&format!("call_{at}")), result(&format!("call_{at}"))];
            turns(n / 10, turn)
        }),
    ]);
}
