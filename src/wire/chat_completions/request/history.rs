//! Messages that another model, another server or this client wrote, made into what the server takes.
//!
//! | what stands in a message of the model | sent |
//! |---|---|
//! | state of another family (`reasoning_details` with this crate's `format`), the reasoning it explains, signatures on the calls, pictures and citations beside it | nothing, warning |
//! | reasoning that the server called `reasoning`, or wrote as a part of the content | under that name, or as that part |
//! | readable reasoning, for a server that refuses it | nothing, warning |
//! | none, for a server that demands it beside calls | a blank |
//! | members that the server does not take | nothing; a warning where something is lost |
//! | an id of a call that the server does not take | another, the same in call and result |

use std::borrow::Cow;

use super::super::VENDOR;
use super::super::answer::{REASONING, THINKING};
use super::super::traits::{EarlierReasoning, TakenMembers};
use super::Encoder;
use crate::chat::DETAIL_FORMAT_PREFIX;
use crate::json::{Json, Kind, Object, Text, elements, is_null, raw};
use crate::wire::call_id::CallIdForm;
use crate::wire::dialect::boxed;
use crate::wire::history::FOREIGN_REASONING;

/// Stands where a server demands reasoning and there is none: an empty text is refused, too.
pub(in super::super) const BLANK: &str = " ";

/// What is in the `reasoning_details` of a message.
#[derive(Default)]
struct Details<'a> {
    /// A server's own, which go back.
    servers: Vec<&'a Json>,
    /// The server called the reasoning `reasoning`.
    named: bool,
    /// The reasoning was this part of the content, which lacks its text here.
    part: Option<Object<'a>>,
    /// There is state of another family.
    foreign: bool,
    /// There is an entry of this crate's.
    ours: bool,
}

impl<'a> Details<'a> {
    fn read(details: &'a Json) -> Self {
        let mut read = Self::default();
        for entry in elements(details).unwrap_or_default() {
            let members: Object<'a> = Object::parse(entry).unwrap_or_default();
            let boxed = boxed(&members);
            let inner = boxed.as_deref().and_then(Object::parse).map(Object::into_owned);
            let members = inner.unwrap_or(members);
            let format = members.text("format").unwrap_or_default().into_owned();
            if format == VENDOR.state.format {
                read.ours = true;
                match members.text("type").as_deref() {
                    Some(REASONING) => read.named = true,
                    _ => read.part = Some(members),
                }
            } else if format.starts_with(DETAIL_FORMAT_PREFIX) {
                read.ours = true;
                read.foreign = true;
            } else {
                read.servers.push(entry);
            }
        }
        read
    }
}

impl Encoder<'_> {
    /// Rewrites a message of the model. Whether anything changed.
    pub(super) fn assistant(&mut self, message: &mut Object<'_>, index: usize) -> bool {
        let source = message.present("reasoning_details").map(ToOwned::to_owned);
        let details = source.as_deref().map(Details::read).unwrap_or_default();
        let mut changed = details.ours;
        if details.ours {
            message.take("reasoning_details");
            if !details.servers.is_empty() {
                message.set("reasoning_details", Cow::Owned(raw(&details.servers)));
            }
        }
        if details.foreign {
            self.leave_out_foreign(message, index);
        }
        changed |= drop_signatures(message, details.foreign || self.is_known());
        changed |= self.reasoning_of(message, &details, index);
        changed
    }

    /// Whether the server's own members are known.
    fn is_known(&self) -> bool {
        self.traits.members != TakenMembers::Any
    }

    fn leave_out_foreign(&mut self, message: &mut Object<'_>, index: usize) {
        message.take("reasoning_content");
        message.take(REASONING);
        self.warnings.add(
            FOREIGN_REASONING,
            format!("messages[{index}].reasoning_details"),
            "reasoning state of another model family was left out",
        );
        for key in ["images", "annotations"] {
            if message.take(key).is_some_and(|value| !is_nothing(&value)) {
                self.member_left_out(key, index);
            }
        }
    }

    /// The readable reasoning as the server wrote it, or as it wants it. Whether anything changed.
    fn reasoning_of(
        &mut self,
        message: &mut Object<'_>,
        details: &Details<'_>,
        index: usize,
    ) -> bool {
        let mut changed = details.named && self.under_its_own_name(message);
        if let Some(part) = details.part.as_ref().filter(|_| self.takes_parts())
            && let Some(reasoning) = message.take("reasoning_content")
        {
            put_part_first(message, part, &reasoning);
            return true;
        }
        if self.traits.reasoning == EarlierReasoning::Refused && details.servers.is_empty() {
            changed |= self.leave_out_reasoning(message, index);
        }
        let needed = self.traits.reasoning == EarlierReasoning::NeededWithCalls && self.thinks;
        let empty = |key: &str| message.text(key).is_none_or(|text| text.is_empty());
        if needed && has_calls(message) && empty("reasoning_content") {
            message.set_value("reasoning_content", BLANK);
            changed = true;
        }
        changed
    }

    fn takes_parts(&self) -> bool {
        self.traits.members != TakenMembers::NoImages
    }

    /// `reasoning` is sent as such, unless the server wants `reasoning_content`. Where the caller has
    /// changed one of them, it is the one with the standard name.
    fn under_its_own_name(&self, message: &mut Object<'_>) -> bool {
        if self.traits.reasoning == EarlierReasoning::NeededWithCalls {
            return message.take(REASONING).is_some();
        }
        match message.take("reasoning_content") {
            Some(reasoning) => message.set(REASONING, reasoning),
            None => drop(message.take(REASONING)),
        }
        true
    }

    fn leave_out_reasoning(&mut self, message: &mut Object<'_>, index: usize) -> bool {
        let mut changed = false;
        for key in ["reasoning_content", REASONING, "thinking_blocks"] {
            let Some(value) = message.take(key) else { continue };
            changed = true;
            if !is_nothing(&value) {
                self.warnings.add(
                    FOREIGN_REASONING,
                    format!("messages[{index}].{key}"),
                    "the model's server does not take reasoning back; it was left out",
                );
            }
        }
        changed
    }

    /// Ids of calls in the form that the server takes. Whether any was another.
    pub(super) fn call_ids(&self, message: &mut Object<'_>) -> bool {
        self.traits.call_ids != CallIdForm::Any && fit_calls(message, self.traits.call_ids)
    }

    /// Leaves out the members that the server does not take. Whether there was one.
    pub(super) fn members(&mut self, message: &mut Object<'_>, index: usize) -> bool {
        let left_out: Vec<String> = match self.traits.members {
            TakenMembers::Any => return false,
            TakenMembers::NoImages => ["images"]
                .iter()
                .filter(|key| message.contains(key))
                .map(ToString::to_string)
                .collect(),
            TakenMembers::Only(taken) => {
                let keys = message.iter().map(|(key, _)| key);
                keys.filter(|key| !taken.contains(key)).map(str::to_owned).collect()
            }
        };
        for key in &left_out {
            if message.take(key).is_some_and(|value| !is_nothing(&value)) {
                self.member_left_out(key, index);
            }
        }
        !left_out.is_empty()
    }

    fn member_left_out(&mut self, key: &str, index: usize) {
        self.warnings.add(
            "unsupported_content",
            format!("messages[{index}].{key}"),
            "the model's server does not take this member of a message; it was left out",
        );
    }
}

/// The reasoning as the part of the content that it was.
fn put_part_first(message: &mut Object<'_>, part: &Object<'_>, reasoning: &Json) {
    let mut thinking = part.clone().into_owned();
    thinking.take("format");
    match thinking.get(THINKING).map(Kind::of) {
        Some(Kind::String) => thinking.set(THINKING, Cow::Owned(reasoning.to_owned())),
        _ => thinking.set_value(THINKING, &[text_part(reasoning)]),
    }
    let mut parts = vec![thinking.to_raw()];
    match message.present("content") {
        Some(content) if Text::of(content).is_some_and(|text| text.is_empty()) => {}
        Some(content) if Text::of(content).is_some() => {
            parts.push(text_part(content).to_raw());
        }
        Some(content) => {
            parts.extend(elements(content).unwrap_or_default().into_iter().map(ToOwned::to_owned));
        }
        None => {}
    }
    message.set_value("content", &parts);
}

fn text_part(text: &Json) -> Object<'_> {
    let mut part = Object::new();
    part.set_value("type", "text");
    part.set("text", Cow::Borrowed(text));
    part
}

/// Google's signatures on the calls, where they mean nothing. Whether there were any.
fn drop_signatures(message: &mut Object<'_>, meaningless: bool) -> bool {
    if !meaningless {
        return false;
    }
    rewrite_each(message, "tool_calls", |call, _| call.take("extra_content").is_some())
}

/// Ids of calls in this form, in a call and in a result. Whether any was another.
pub(in super::super) fn fit_calls(message: &mut Object<'_>, form: CallIdForm) -> bool {
    let result = fit(message, "tool_call_id", form);
    rewrite_each(message, "tool_calls", |call, _| fit(call, "id", form)) || result
}

/// Changes the objects of a list, each with its place. Whether any was changed.
pub(in super::super) fn rewrite_each(
    members: &mut Object<'_>,
    key: &'static str,
    mut rewrite: impl FnMut(&mut Object<'_>, usize) -> bool,
) -> bool {
    let Some(list) = members.present(key).and_then(elements) else { return false };
    let mut any = false;
    let mut rewritten: Vec<Cow<'_, Json>> = Vec::with_capacity(list.len());
    for (at, raw) in list.into_iter().enumerate() {
        let changed = Object::parse(raw).and_then(|mut one| rewrite(&mut one, at).then_some(one));
        any |= changed.is_some();
        rewritten.push(changed.map_or(Cow::Borrowed(raw), |one| Cow::Owned(one.to_raw())));
    }
    let rewritten = any.then(|| raw(&rewritten));
    if let Some(rewritten) = rewritten {
        members.set(key, Cow::Owned(rewritten));
    }
    any
}

fn fit(members: &mut Object<'_>, key: &'static str, form: CallIdForm) -> bool {
    let Some(id) = members.text(key) else { return false };
    let sent = form.fit(&id);
    if sent == id {
        return false;
    }
    let sent = raw(&*sent);
    members.set(key, Cow::Owned(sent));
    true
}

pub(in super::super) fn has_calls(message: &Object<'_>) -> bool {
    message.present("tool_calls").and_then(elements).is_some_and(|calls| !calls.is_empty())
}

/// Whether leaving the value out loses nothing.
fn is_nothing(value: &Json) -> bool {
    is_null(value) || matches!(value.as_str(), "\"\"" | "[]" | "{}" | "false")
}
