//! Whole answers for JavaScript: their long texts and lists beside their JSON.
//!
//! V8 reads every character of a JSON string before it makes a string of it. A long text is decoded here, on
//! the I/O thread, and crosses as a string of its own.

use super::head::head;
use super::text::JsItem;
use crate::client::{Answered, WholeAnswer, WholeBody};
use crate::json::{Apart, LongList, LongText, PathStep, Table, Units, raw};

/// A completion; `detailed`: `{ data, status, headers }`.
pub(super) fn of_chat(answered: Answered, detailed: bool) -> JsItem {
    let Answered { completion, status, headers } = answered;
    item(match detailed {
        true => with_head(completion, &head(None, None, status, &headers)),
        false => completion,
    })
}

/// JSON or a text; `detailed`: `{ data, requestId, status, headers }`.
pub(super) fn of_resource(answer: WholeAnswer, detailed: bool) -> JsItem {
    let WholeAnswer { body, status, headers, request_id } = answer;
    let data = match body {
        WholeBody::Text(text) if !detailed => return Units::of(text).into(),
        WholeBody::Text(text) => Apart { json: raw(&text).into_string(), ..Apart::default() },
        WholeBody::Json(json) => json,
    };
    item(match detailed {
        true => with_head(data, &head(request_id.as_deref(), None, status, &headers)),
        false => data,
    })
}

/// `[json, path, text, path, table, …]`, or the JSON alone where nothing stands beside it. A table is
/// `[plan, numbers]`.
fn item(Apart { json, texts, lists }: Apart) -> JsItem {
    let json = JsItem::from(Units::of(json));
    if texts.is_empty() && lists.is_empty() {
        return json;
    }
    let texts = texts
        .into_iter()
        .flat_map(|LongText { path, inside }| [steps(path), Units::of_inside(&inside).into()]);
    let lists =
        lists.into_iter().flat_map(|LongList { path, table }| [steps(path), table_item(table)]);
    JsItem::List(std::iter::once(json).chain(texts).chain(lists).collect())
}

fn steps(path: Vec<PathStep<'static>>) -> JsItem {
    let steps = path.into_iter().map(|step| match step {
        PathStep::Key(key) => JsItem::Text(key.into_owned()),
        PathStep::Index(index) => JsItem::Number(index),
    });
    JsItem::List(steps.collect())
}

fn table_item(Table { plan, numbers }: Table) -> JsItem {
    JsItem::List(vec![Units::of(plan).into(), JsItem::Bytes(vec![numbers.into()])])
}

/// `head` with the data before it.
fn with_head(mut data: Apart, head: &str) -> Apart {
    let head = head.strip_prefix('{').unwrap_or("}");
    data.json = format!("{{\"data\":{},{head}", data.json);
    let paths = data.texts.iter_mut().map(|text| &mut text.path);
    for path in paths.chain(data.lists.iter_mut().map(|list| &mut list.path)) {
        path.insert(0, PathStep::Key("data".into()));
    }
    data
}
