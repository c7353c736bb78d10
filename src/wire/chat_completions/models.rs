//! What the servers behind chat completions take: one row per line of models, by version.
//!
//! They all speak OpenAI's protocol and each has manners of its own. A model that is newer than the
//! table behaves like the newest of its line; a name that belongs to no line takes everything as it
//! is written.
//!
//! | line | source |
//! |---|---|
//! | `gpt-*`, `o*` | [`openai_models`](crate::wire::openai_models) |
//! | DeepSeek | <https://api-docs.deepseek.com/guides/thinking_mode> |
//! | Kimi | <https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model> |
//! | Mistral | <https://docs.mistral.ai/api/endpoint/chat> |
//! | Qwen | <https://www.alibabacloud.com/help/en/model-studio/deep-thinking> |
//! | GLM | <https://docs.z.ai/api-reference/llm/chat-completion> |
//! | Grok | <https://docs.x.ai/docs/guides/reasoning> |
//! | all | what the AI SDK's providers and LiteLLM do for them |

use super::request::{asked_effort, has_functions};
use super::traits::{
    ChatTraits, EarlierReasoning, EmptyAnswers, ForcedCalls, OutputLimit, TakenMembers,
};
use crate::chat::ChatRequest;
use crate::wire::call_id::CallIdForm;
use crate::wire::openai_models::{self, Efforts, HIGH, LOW, MAX, NONE, ToolsOnChat};
use crate::wire::{Known, NameRule};

/// A server that nothing is known of.
const UNKNOWN: ChatTraits = ChatTraits {
    efforts: None,
    thinks_unasked: true,
    output_limit: OutputLimit::AsWritten,
    most_output: None,
    refused: &[],
    renamed: &[],
    stream_options: true,
    members: TakenMembers::Any,
    reasoning: EarlierReasoning::Optional,
    call_ids: CallIdForm::Any,
    tools: ToolsOnChat::Taken,
    names: None,
    forced_calls: ForcedCalls::Taken,
    cache_marks: true,
    media_results: true,
    empty_answers: EmptyAnswers::Taken,
    calls_need_results: false,
    goes_on_from_answers: true,
};

/// The names that most servers take, in OpenAI's words `^[a-zA-Z0-9_-]{1,64}$`.
const NAME: NameRule = NameRule { longest: 64, begins_with_letter: false, empty: "tool" };

const KNOWN: ChatTraits =
    ChatTraits { members: TakenMembers::NoImages, calls_need_results: true, ..UNKNOWN };

/// OpenAI refuses ids of more than 64 characters, older deployments of more than 40.
const OPENAI: ChatTraits = ChatTraits {
    reasoning: EarlierReasoning::Refused,
    call_ids: CallIdForm::UpTo(40),
    names: Some(NAME),
    cache_marks: false,
    media_results: false,
    empty_answers: EmptyAnswers::AsText,
    ..KNOWN
};

/// What no model of OpenAI that reasons takes.
const REFUSED_BY_REASONERS: &[&str] =
    &["frequency_penalty", "presence_penalty", "logit_bias", "stop"];

/// What it does not take while it reasons, either.
const REFUSED_WHILE_REASONING: &[&str] = &[
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "stop",
    "temperature",
    "top_p",
    "logprobs",
    "top_logprobs",
];

/// It chooses its calls itself while it thinks.
const DEEPSEEK: ChatTraits = ChatTraits {
    thinks_unasked: false,
    output_limit: OutputLimit::MaxTokens,
    names: Some(NAME),
    forced_calls: ForcedCalls::WithoutThinking,
    ..KNOWN
};

/// From V3.2 on it wants its reasoning back.
const DEEPSEEK_3_2: ChatTraits =
    ChatTraits { reasoning: EarlierReasoning::NeededWithCalls, ..DEEPSEEK };

const DEEPSEEK_THINKING: ChatTraits = ChatTraits { thinks_unasked: true, ..DEEPSEEK_3_2 };

const KIMI_PLAIN: ChatTraits = ChatTraits {
    thinks_unasked: false,
    names: Some(NameRule { begins_with_letter: true, ..NAME }),
    empty_answers: EmptyAnswers::Refused,
    ..KNOWN
};

/// `tool_choice`: "incompatible with thinking enabled", in its server's words.
const KIMI_THINKING: ChatTraits = ChatTraits {
    thinks_unasked: true,
    reasoning: EarlierReasoning::NeededWithCalls,
    forced_calls: ForcedCalls::WithoutThinking,
    ..KIMI_PLAIN
};

/// Its sampling is fixed.
const KIMI: ChatTraits = ChatTraits {
    refused: &["temperature", "top_p", "n", "presence_penalty", "frequency_penalty"],
    ..KIMI_THINKING
};

const KIMI_3: ChatTraits = ChatTraits {
    efforts: Some(Efforts::of([LOW, HIGH, MAX])),
    forced_calls: ForcedCalls::OfAnyTool,
    ..KIMI
};

/// It refuses every member that it does not know; it thinks or does not.
const MISTRAL: ChatTraits = ChatTraits {
    efforts: Some(Efforts::of([NONE, HIGH])),
    output_limit: OutputLimit::MaxTokens,
    refused: &[
        "user",
        "store",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "service_tier",
        "verbosity",
        "modalities",
        "audio",
        "web_search_options",
        "prompt_cache_retention",
        "safety_identifier",
        "functions",
        "function_call",
    ],
    renamed: &[("seed", "random_seed")],
    stream_options: false,
    members: TakenMembers::Only(&[
        "role",
        "content",
        "tool_calls",
        "tool_call_id",
        "name",
        "prefix",
    ]),
    reasoning: EarlierReasoning::Refused,
    call_ids: CallIdForm::Alphanumeric(9),
    names: Some(NAME),
    cache_marks: false,
    empty_answers: EmptyAnswers::Refused,
    calls_need_results: true,
    goes_on_from_answers: false,
    ..UNKNOWN
};

const QWEN: ChatTraits = ChatTraits {
    thinks_unasked: false,
    names: Some(NAME),
    forced_calls: ForcedCalls::WithoutThinking,
    ..KNOWN
};

const GLM: ChatTraits = ChatTraits {
    output_limit: OutputLimit::MaxTokens,
    names: Some(NAME),
    forced_calls: ForcedCalls::Refused,
    ..KNOWN
};

const GROK_THINKING: ChatTraits =
    ChatTraits { refused: &["presence_penalty", "frequency_penalty", "stop"], ..KNOWN };

/// Models of one line. Of the rows that fit, the one with the longest line counts, then with the
/// longest variant, then with the highest version.
struct Row {
    /// How the name begins, at its start or after a dash.
    line: &'static str,
    /// From this version on, which follows at once; (0, 0): those without a version, too.
    from: (u32, u32),
    /// A part of the rest of the name.
    variant: &'static str,
    traits: ChatTraits,
}

const fn row(
    line: &'static str,
    from: (u32, u32),
    variant: &'static str,
    traits: ChatTraits,
) -> Row {
    Row { line, from, variant, traits }
}

const ROWS: &[Row] = &[
    row("deepseek", (0, 0), "", DEEPSEEK),
    row("deepseek-reasoner", (0, 0), "", DEEPSEEK_THINKING),
    row("deepseek-r", (1, 0), "", ChatTraits { thinks_unasked: true, ..DEEPSEEK }),
    row("deepseek-v", (3, 2), "", DEEPSEEK_3_2),
    row("deepseek-v", (4, 0), "", DEEPSEEK_THINKING),
    row("kimi", (0, 0), "", KIMI_PLAIN),
    row("moonshot", (0, 0), "", KIMI_PLAIN),
    row("kimi-k", (2, 0), "-thinking", KIMI_THINKING),
    row("kimi-k", (2, 5), "", KIMI),
    row("kimi-k", (3, 0), "", KIMI_3),
    row("mistral-", (0, 0), "", MISTRAL),
    row("magistral-", (0, 0), "", MISTRAL),
    row("ministral-", (0, 0), "", MISTRAL),
    row("codestral-", (0, 0), "", MISTRAL),
    row("devstral-", (0, 0), "", MISTRAL),
    row("pixtral-", (0, 0), "", MISTRAL),
    row("voxtral-", (0, 0), "", MISTRAL),
    row("mixtral-", (0, 0), "", MISTRAL),
    row("labs-", (0, 0), "", MISTRAL),
    row("qwen", (0, 0), "", QWEN),
    row("qwen", (0, 0), "-thinking", ChatTraits { thinks_unasked: true, ..QWEN }),
    row("qwq", (0, 0), "", ChatTraits { thinks_unasked: true, ..QWEN }),
    row("glm-", (0, 0), "", GLM),
    row("minimax", (0, 0), "", KNOWN),
    row("grok", (0, 0), "", KNOWN),
    row("grok-code", (0, 0), "", GROK_THINKING),
    row("grok-3-mini", (0, 0), "", GROK_THINKING),
    row("grok-", (4, 0), "", GROK_THINKING),
    row("grok-", (4, 0), "non-reasoning", KNOWN),
];

/// What the server of this model takes, if it is asked to think as hard as `effort` says.
pub(super) fn traits(model: &str, effort: Option<&str>) -> ChatTraits {
    let known = row_of(&name_of(model), effort);
    if !model.contains('/') {
        return known;
    }
    // So routers name models; they translate options themselves, a history they do not. Of efforts
    // they know no more than the model's server does.
    ChatTraits {
        efforts: known.efforts,
        thinks_unasked: known.thinks_unasked,
        members: known.members,
        reasoning: known.reasoning,
        call_ids: known.call_ids,
        names: known.names,
        media_results: known.media_results,
        empty_answers: known.empty_answers,
        calls_need_results: known.calls_need_results,
        goes_on_from_answers: known.goes_on_from_answers,
        ..UNKNOWN
    }
}

fn row_of(name: &str, effort: Option<&str>) -> ChatTraits {
    if is_openai(name) {
        return openai(name, effort);
    }
    let fits = |row: &&Row| {
        behind(name, row.line).is_some_and(|rest| {
            let (version, variant) = version(rest);
            row.from <= version && variant.contains(row.variant)
        })
    };
    let best = ROWS.iter().filter(fits);
    let best = best.max_by_key(|row| (row.line.len(), row.variant.len(), row.from));
    best.map_or(UNKNOWN, |row| row.traits)
}

/// What this table knows of a model.
pub(super) fn known(model: &str) -> Known {
    let traits = traits(model, None);
    let efforts = traits.efforts.map_or_else(Vec::new, Efforts::words);
    Known { efforts, most_output: traits.most_output }
}

/// Whether this API refuses the request for offering functions to a model that reasons.
pub(crate) fn refuses_functions(request: &ChatRequest<'_>) -> bool {
    let effort = asked_effort(&request.body);
    refuses_tools(request.model(), effort.as_deref()) && has_functions(&request.body)
}

/// Whether chat completions refuse function tools of this model together with this effort.
fn refuses_tools(model: &str, effort: Option<&str>) -> bool {
    !model.contains('/')
        && is_openai(&name_of(model))
        && openai_models::traits(model).refuses_tools_on_chat(effort)
}

/// OpenAI's own models: the numbered lines and those that are called after them.
fn openai(name: &str, effort: Option<&str>) -> ChatTraits {
    let known = openai_models::traits(name);
    let reasons = known.efforts.is_some();
    ChatTraits {
        efforts: known.efforts,
        output_limit: match reasons {
            true => OutputLimit::MaxCompletionTokens,
            false => OutputLimit::AsWritten,
        },
        refused: match (known.samples(effort), reasons) {
            (false, _) => REFUSED_WHILE_REASONING,
            (true, true) => REFUSED_BY_REASONERS,
            (true, false) => &["reasoning_effort"],
        },
        most_output: known.output,
        tools: known.tools_on_chat,
        ..OPENAI
    }
}

fn is_openai(name: &str) -> bool {
    let numbered = |line: &str| {
        name.strip_prefix(line).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    numbered("gpt-") || numbered("o") || name.starts_with("chatgpt-") || name == "chat-latest"
}

/// The last part of a name with slashes, in lower case.
fn name_of(model: &str) -> String {
    model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase()
}

/// What follows a line's name, where that stands at the start or after a dash.
fn behind<'n>(name: &'n str, line: &str) -> Option<&'n str> {
    let found = name.match_indices(line).find(|(at, _)| {
        name.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with('-'))
    });
    found.and_then(|(at, line)| name.get(at + line.len()..))
}

/// The version at the start, and what follows it. A date is no version.
fn version(rest: &str) -> ((u32, u32), &str) {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (digits, variant) = rest.split_at_checked(end).unwrap_or(("", rest));
    let (major, minor) = digits.split_once('.').unwrap_or((digits, "0"));
    match (major.parse(), minor.parse()) {
        (Ok(major), Ok(minor)) if major < 1000 => ((major, minor), variant),
        _ => ((0, 0), rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_versions() {
        for (model, expected) in [
            ("deepseek-v3", DEEPSEEK),
            ("deepseek-chat", DEEPSEEK),
            ("deepseek-v3.2", DEEPSEEK_3_2),
            ("deepseek-reasoner", DEEPSEEK_THINKING),
            ("aihubmix-DeepSeek-R1", ChatTraits { thinks_unasked: true, ..DEEPSEEK }),
            ("deepseek-v4-pro", DEEPSEEK_THINKING),
            ("deepseek-v5", DEEPSEEK_THINKING),
            ("Kimi-K2-Thinking", KIMI_THINKING),
            ("kimi-k2-0905-preview", KIMI_PLAIN),
            ("kimi-k2.5", KIMI),
            ("kimi-k2.7-code", KIMI),
            ("kimi-k3", KIMI_3),
            ("mistral-large-latest", MISTRAL),
            ("mistral-large-2411", MISTRAL),
            ("mistral-large-4", MISTRAL),
            ("mistral-medium-3.5", MISTRAL),
            ("open-mixtral-8x22b", MISTRAL),
            ("magistral-medium-2509", MISTRAL),
            ("qwen3-max", QWEN),
            ("coding-glm-5.2-free", GLM),
            ("grok-4", GROK_THINKING),
            ("grok-4-fast-non-reasoning", KNOWN),
            ("grok-3", KNOWN),
            ("gpt-oss-120b", UNKNOWN),
            ("omni-1", UNKNOWN),
        ] {
            assert_eq!(traits(model, None), expected, "{model}");
        }
    }

    #[test]
    fn a_routers_name_keeps_its_options() {
        let routed = traits("openai/gpt-5.2", Some("low"));
        assert_eq!((routed.refused, routed.output_limit), (&[][..], OutputLimit::AsWritten));
        assert_eq!(routed.call_ids, CallIdForm::UpTo(40));
        let routed = traits("moonshotai/kimi-k2-thinking", None);
        assert_eq!(routed.reasoning, EarlierReasoning::NeededWithCalls);
        assert_eq!(routed.forced_calls, ForcedCalls::Taken);
        assert!(refuses_tools("gpt-5.5", None) && !refuses_tools("openai/gpt-5.5", None));
    }

    #[test]
    fn openais_models_that_reason_sample_by_themselves() {
        for (model, effort, refused) in [
            ("gpt-4.1", None, &["reasoning_effort"][..]),
            ("gpt-4o-search-preview", None, REFUSED_WHILE_REASONING),
            ("gpt-5", None, REFUSED_WHILE_REASONING),
            ("gpt-5.2", None, REFUSED_BY_REASONERS),
            ("gpt-5.2", Some("low"), REFUSED_WHILE_REASONING),
            ("gpt-5.6", None, REFUSED_WHILE_REASONING),
            ("gpt-5.6", Some("none"), REFUSED_BY_REASONERS),
            ("o3", None, REFUSED_WHILE_REASONING),
        ] {
            assert_eq!(traits(model, effort).refused, refused, "{model}");
        }
    }
}
