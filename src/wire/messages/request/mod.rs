//! A chat request becomes `POST /v1/messages`.
//!
//! | file | concern |
//! |---|---|
//! | `parameters.rs` | the caller's options, taken apart |
//! | `turns.rs` | the conversation |
//! | `instructions.rs` | the system prompt, instructions in mid-conversation |
//! | `parts.rs` | content parts |
//! | `history.rs` | earlier answers |
//! | `continuation.rs` | answers that no word of the user follows |
//! | `marks.rs` | prompt caching: at most four marks (the tags are read in `chat/request/cache_tags.rs`) |
//! | `tools.rs`, `tool_choice.rs` | tools |
//! | `reasoning.rs`, `own_thinking.rs` | thinking, as OpenAI and as the vendor asks for it |
//! | `budget.rs` | the answer's limit, and the budget that shares it |
//! | `sampling.rs` | temperature and its kin, where to stop |
//! | `format.rs`, `schema.rs` | structured output |
//! | `metadata.rs` | who asks |
//! | `native.rs`, `betas.rs` | what only Claude has, and the header that unlocks it |
//! | `body.rs`, `write.rs` | what it is made of, how that is written |

mod betas;
mod body;
mod budget;
mod continuation;
mod format;
mod history;
mod instructions;
mod marks;
mod metadata;
mod native;
mod own_thinking;
mod parameters;
mod parts;
mod reasoning;
mod sampling;
mod schema;
mod tool_choice;
mod tools;
mod turns;
mod write;

use std::collections::HashMap;

use http::HeaderName;

use super::models::Model;
use crate::chat::{ChatRequest, Conversation, Grouping, Message as ChatMessage, Warnings};
use crate::error::{Error, Result};
use crate::json::{Object, Text, buffer, merge_deep};
use crate::wire::{Encoded, HttpRequest, NameMap, Notes, Settings};
use body::{Block, Message, MessagesBody, OutputConfig};
use parameters::Parameters;

pub(super) use betas::HEADER as BETAS;

/// One request in the making.
struct Encoder<'s> {
    settings: &'s Settings,
    model: Model,
    warnings: Warnings,
    tool_names: NameMap,
    call_ids: NameMap,
    /// By the name that is sent for their tool.
    argument_keys: HashMap<String, NameMap>,
}

pub(super) fn encode(request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
    let mut encoder = Encoder::new(request.model(), settings);
    let asked = encoder.parameters(request.options()?)?;
    let Parameters { native, thinking, choice, format, sampling, .. } = asked;
    let mut merged = native.merged;
    // Tools before the conversation: where two names collide, the offered tool keeps its own.
    let mut tools = encoder.offered(asked.tools)?;
    let (mut system, mut messages) = encoder.conversation(request.messages()?, native.system)?;
    let mut choice = encoder.chosen(choice, &mut tools, &messages)?;
    let mut plan = encoder.plan_thinking(thinking);
    // The form of answers, and of the conversation, stays when one turn has to do without thinking.
    let may_bind = plan.is_on() || encoder.model.always_thinks;
    encoder.settle_thinking(&mut plan, choice.as_ref(), &messages);
    encoder.settle_own_effort(&plan, &mut merged);
    let thinks = plan.is_on() || encoder.model.always_thinks;
    let structured =
        encoder.response_format(format, may_bind, &mut tools, &mut choice, &mut system)?;
    let max_tokens = encoder.max_tokens(asked.limits, &mut plan);
    let prefill = encoder.model.prefill && !may_bind;
    let may_think = thinks || encoder.may_think(&plan);
    encoder.settle_continuations(&mut messages, prefill, may_think);
    if let Some(instruction) = structured.instruction {
        Encoder::instruct(&mut messages, instruction);
    }

    let mut body = MessagesBody {
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
        stop_sequences: encoder.stop_sequences(asked.stop),
        metadata: asked.metadata,
        service_tier: asked.service_tier,
        stream: request.stream(),
    };
    encoder.sampling(sampling, thinks, &mut body);
    let over = Over { merged, extra: asked.extra, betas: native.betas };
    let http = encoder.http(request, body, over)?;
    let notes = Notes {
        model: request.model().to_owned(),
        tool_names: encoder.tool_names,
        argument_keys: encoder.argument_keys,
        json_tool: structured.tool,
        usage_apart: asked.usage_apart,
    };
    Ok(Encoded { request: http, notes, warnings: encoder.warnings })
}

/// What the caller wrote in the vendor's own words.
struct Over<'a> {
    /// Merged over the body.
    merged: Object<'a>,
    /// Merged over it last.
    extra: Object<'a>,
    betas: Vec<Text<'a>>,
}

impl<'s> Encoder<'s> {
    fn new(model: &str, settings: &'s Settings) -> Self {
        Self {
            settings,
            model: Model::of(model),
            warnings: Warnings::default(),
            tool_names: NameMap::default(),
            call_ids: NameMap::default(),
            argument_keys: HashMap::new(),
        }
    }

    /// The system prompt and the messages.
    fn conversation<'a>(
        &mut self,
        mut said: Vec<ChatMessage<'a>>,
        system: Vec<Block<'a>>,
    ) -> Result<(Vec<Block<'a>>, Vec<Message<'a>>)> {
        let dialect = Grouping {
            mid_instructions: self.model.mid_instructions,
            call_block: Some(turns::call_block),
            result_block: Some(turns::result_block),
            ..Grouping::default()
        };
        self.member_notes(&mut said);
        let conversation = Conversation::regroup(said, dialect, &mut self.warnings);
        let system = self.instructions(system, conversation.instructions)?;
        Ok((system, self.turns(conversation.turns)?))
    }

    /// The request, with the caller's own words over it.
    fn http(
        &mut self,
        request: &ChatRequest<'_>,
        mut body: MessagesBody<'_>,
        over: Over<'_>,
    ) -> Result<HttpRequest> {
        let Over { merged, extra, betas } = over;
        marks::settle(&mut body, [&merged, &extra], &mut self.warnings);
        let betas = betas::header(&betas, &body, [&merged, &extra])?;
        let size =
            request.body.iter().map(|(_, value)| value.as_str().len()).sum::<usize>() + 1_024;
        let written = written(&body, merged, extra, size)?;
        let mut http = HttpRequest::post(super::VENDOR.path, written, request.stream());
        if let Some(betas) = betas {
            http.headers.insert(HeaderName::from_static(betas::HEADER), betas);
        }
        Ok(http)
    }
}

/// The body's text, with the caller's members over it. `size`: about how many.
fn written(
    body: &MessagesBody<'_>,
    native: Object<'_>,
    extra: Object<'_>,
    size: usize,
) -> Result<String> {
    let mut text = buffer(size);
    body.write(&mut text);
    if native.is_empty() && extra.is_empty() {
        return Ok(text);
    }
    let body = Object::parse_text(&text)
        .ok_or_else(|| Error::invalid_request("body", "the request cannot be written"))?;
    let merged = merge_deep(merge_deep(body, native), extra);
    Ok(merged.to_text())
}
