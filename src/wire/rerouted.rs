//! Requests that need another API of their vendor than the model's name says.

use super::chat_completions::models::refuses_functions;
use crate::chat::{ChatRequest, Number, Warning};
use crate::route::{OpenAiApi, Route, resolve_route};

/// The route of a request, and a warning if it is not the model's usual one: on OpenAI's chat
/// completions, newer models refuse functions while they reason, so that such a request goes to
/// Responses. Only where [`OpenAiApi::ByNeed`] leaves that open, and only if Responses carries all
/// that is asked.
pub fn route_of(request: &ChatRequest<'_>, api: OpenAiApi) -> (Route, Option<Warning>) {
    let route = resolve_route(request.model(), api);
    let moves = route == Route::OpenAi
        && api == OpenAiApi::ByNeed
        && refuses_functions(request)
        && is_carried_by_responses(request);
    if !moves {
        return (route, None);
    }
    let warning = Warning {
        code: "rerouted",
        param: Some("model".to_owned()),
        message: "on chat completions the model takes no function tools while it reasons; the \
                  request went to the Responses API"
            .to_owned(),
    };
    (Route::OpenAiResponses, Some(warning))
}

fn is_carried_by_responses(request: &ChatRequest<'_>) -> bool {
    let Ok(options) = request.options() else { return true };
    request.choices() <= 1
        && options.n.and_then(Number::as_u64).is_none_or(|n| n <= 1)
        && !options.modalities.iter().any(|modality| modality == "audio")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_a_model_that_reasons_go_to_responses_where_that_is_left_open() {
        let tools = r#""tools":[{"type":"function","function":{"name":"f"}}]"#;
        for (model, options, api, moved) in [
            ("gpt-5.5", tools.to_owned(), OpenAiApi::ByNeed, true),
            ("gpt-5.5", tools.to_owned(), OpenAiApi::ChatCompletions, false),
            ("gpt-5.5", r#""tools":[]"#.to_owned(), OpenAiApi::ByNeed, false),
            ("gpt-5.5", format!(r#"{tools},"reasoning_effort":"none""#), OpenAiApi::ByNeed, false),
            ("gpt-5.5", format!(r#"{tools},"n":2"#), OpenAiApi::ByNeed, false),
            ("gpt-5.4", tools.to_owned(), OpenAiApi::ByNeed, false),
            ("gpt-5.4", format!(r#"{tools},"reasoning_effort":"low""#), OpenAiApi::ByNeed, true),
            (
                "gpt-5.4",
                format!(r#"{tools},"reasoning":{{"effort":"low"}}"#),
                OpenAiApi::ByNeed,
                true,
            ),
            ("gpt-5.2", format!(r#"{tools},"reasoning_effort":"low""#), OpenAiApi::ByNeed, false),
            ("qwen3-max", format!(r#"{tools},"reasoning_effort":"low""#), OpenAiApi::ByNeed, false),
        ] {
            let body = format!(r#"{{"model":"{model}","messages":[{{"role":"user"}}],{options}}}"#);
            let (route, warning) = route_of(&ChatRequest::parse(&body).unwrap(), api);
            assert_eq!(route == Route::OpenAiResponses, moved, "{model} {options}");
            assert_eq!(warning.is_some(), moved);
        }
    }
}
