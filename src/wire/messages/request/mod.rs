//! A chat request becomes `POST /v1/messages`.
//!
//! | file | concern |
//! |---|---|
//! | `turns.rs` | the conversation |
//! | `instructions.rs` | the system prompt, instructions in mid-conversation |
//! | `parts.rs` | content parts |
//! | `history.rs` | earlier answers |
//! | `marks.rs` | prompt caching: at most four marks (the tags are read in `chat/request/cache_tags.rs`) |
//! | `tools.rs`, `tool_choice.rs` | tools |
//! | `reasoning.rs` | thinking, and the limit that it shares with the answer |
//! | `sampling.rs` | temperature and its kin |
//! | `format.rs`, `schema.rs` | structured output |
//! | `left_out.rs`, `native.rs` | what Claude does not have, what only Claude has |

mod body;
mod format;
mod history;
mod instructions;
mod left_out;
mod marks;
mod native;
mod parts;
mod reasoning;
mod sampling;
mod schema;
mod tool_choice;
mod tools;
mod turns;

use bytes::Bytes;
use http::HeaderName;

use super::models::Model;
use crate::chat::{ChatOptions, ChatRequest, Conversation, Dialect, Message as Said, Warnings};
use crate::error::{Error, Result};
use crate::json::{Object, merge_deep};
use crate::wire::messages::VENDOR;
use crate::wire::{Encoded, HttpRequest, NameMap, Notes, Settings};
use body::{Block, Body, Message, OutputConfig, Tool, ToolChoice};

/// One request in the making.
struct Encoder<'s> {
    settings: &'s Settings,
    model: Model,
    warnings: Warnings,
    tool_names: NameMap,
    call_ids: NameMap,
}

pub(super) fn encode(request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
    let mut options = request.options()?;
    let mut encoder = Encoder::new(request.model(), settings);
    encoder.leave_out(&options)?;
    let mut native = encoder.native(&std::mem::take(&mut options.rest))?;
    // Tools before the conversation: where two names collide, the offered tool keeps its own.
    let mut tools = encoder.offered(&mut options)?;
    let (mut system, mut messages) = encoder.conversation(request.messages()?, native.system)?;
    let mut choice = encoder.chosen(&mut options, &mut tools, &messages)?;
    let mut plan = encoder.plan_thinking(&options, native.thinking);
    encoder.settle_thinking(&mut plan, choice.as_ref(), &messages);
    encoder.settle_own_effort(&plan, &mut native.merged);
    let thinks = plan.is_on() || encoder.model.always_thinks;
    let format = options.response_format.take();
    let structured =
        encoder.response_format(format, thinks, &mut tools, &mut choice, &mut system)?;
    let max_tokens = encoder.max_tokens(&options, &mut plan)?;
    let prefill = encoder.model.prefill && !thinks;
    let may_think = thinks || encoder.may_think(&plan);
    encoder.end_turns(&mut messages, prefill, may_think);

    let mut stop = std::mem::take(&mut options.stop);
    stop.extend(native.stop_sequences);
    let mut body = Body {
        model: request.model(),
        max_tokens,
        system,
        messages,
        tools,
        tool_choice: choice,
        thinking: plan.thinking,
        output_config: OutputConfig { effort: plan.effort, format: structured.format },
        temperature: None,
        top_p: None,
        top_k: None,
        stop_sequences: encoder.stop_sequences(stop),
        metadata: encoder.metadata(&mut options),
        service_tier: encoder.service_tier(options.service_tier.take()),
        stream: request.stream(),
    };
    encoder.sampling(&options, native.top_k, thinks, &mut body);
    let extra = options.extra_body.take().unwrap_or_default();
    let marked = |members: &Object<'_>| members.present("cache_control").is_some();
    let whole = marked(&native.merged) || marked(&extra);
    marks::keep_last(&mut body, whole, &mut encoder.warnings);

    // About as long as what the caller wrote.
    let size = request.body.iter().map(|(_, value)| value.get().len()).sum::<usize>() + 1_024;
    let body_bytes = written(&body, native.merged, extra, size)?;
    let mut request = HttpRequest::post(VENDOR.path, body_bytes, request.stream());
    if let Some(betas) = native.betas {
        request.headers.insert(HeaderName::from_static("anthropic-beta"), betas);
    }
    let notes = Notes {
        model: body.model.to_owned(),
        tool_names: encoder.tool_names,
        json_tool: structured.tool,
        usage_apart: options.stream_options.usage_apart(),
    };
    Ok(Encoded { request, notes, warnings: encoder.warnings })
}

impl<'s> Encoder<'s> {
    fn new(model: &str, settings: &'s Settings) -> Self {
        Self {
            settings,
            model: Model::of(model),
            warnings: Warnings::default(),
            tool_names: NameMap::default(),
            call_ids: NameMap::default(),
        }
    }

    /// The tools, a web search that is asked for by its options included.
    fn offered<'a>(&mut self, options: &mut ChatOptions<'a>) -> Result<Vec<Tool<'a>>> {
        let offered = std::mem::take(&mut options.tools);
        self.reserve_names(&offered, options.web_search_options.is_some());
        let mut tools = self.tools(offered)?;
        let Some(search) = options.web_search_options else { return Ok(tools) };
        if tools.iter().any(Tool::is_web_search) {
            self.unsupported("web_search_options", "the web search among the tools counts");
        } else {
            tools.push(self.web_search(&Object::parse(search).unwrap_or_default()));
        }
        Ok(tools)
    }

    /// The system prompt and the messages.
    fn conversation<'a>(
        &mut self,
        mut said: Vec<Said<'a>>,
        system: Vec<Block<'a>>,
    ) -> Result<(Vec<Block<'a>>, Vec<Message<'a>>)> {
        let dialect = Dialect {
            mid_instructions: self.model.mid_instructions,
            call_block: Some(turns::call_block),
            result_block: Some(turns::result_block),
            ..Dialect::default()
        };
        self.member_notes(&mut said);
        let conversation = Conversation::regroup(said, dialect, &mut self.warnings);
        let system = self.instructions(system, conversation.instructions)?;
        Ok((system, self.turns(conversation.turns)?))
    }

    /// Which tool must be called; none, if the tools are only those of earlier calls.
    fn chosen<'a>(
        &mut self,
        options: &mut ChatOptions<'a>,
        tools: &mut Vec<Tool<'a>>,
        messages: &[Message<'a>],
    ) -> Result<Option<ToolChoice<'a>>> {
        let choice =
            self.tool_choice(options.tool_choice.take(), options.parallel_tool_calls, tools)?;
        Ok(if self.redeclare(tools, messages) { Some(ToolChoice::None) } else { choice })
    }

    fn unsupported(&mut self, param: &str, message: &str) {
        self.warnings.add("unsupported_parameter", param, message);
    }
}

/// The body's bytes, with the caller's members over it. `size`: about how many.
fn written(body: &Body<'_>, native: Object<'_>, extra: Object<'_>, size: usize) -> Result<Bytes> {
    let mut text = String::with_capacity(size);
    body.write(&mut text);
    if native.is_empty() && extra.is_empty() {
        return Ok(Bytes::from(text));
    }
    let body = Object::parse_text(&text)
        .ok_or_else(|| Error::invalid_request("body", "the request cannot be written"))?;
    let merged = merge_deep(merge_deep(body, native), extra);
    Ok(Bytes::from(String::from(Box::<str>::from(merged.to_raw()))))
}
