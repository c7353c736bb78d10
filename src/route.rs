//! Which wire a model speaks, decided by its name alone.
//!
//! | model name (case ignored) | family |
//! |---|---|
//! | `claude*` | Anthropic |
//! | `gemini*`, `imagen*`, not ending in `-nothink` or `-search`, not containing `embedding` | Gemini |
//! | anything else, vendor prefixes such as `anthropic/claude-…` included | OpenAI |
//!
//! The `-nothink` and `-search` names are the gateway's own: it serves them on chat completions
//! only, and refuses them on the Gemini path.
//!
//! Within the OpenAI family there are two wires, chat completions and Responses. Some models exist
//! on Responses alone ([`responses_only`]); for the others [`OpenAiApi`] decides.
//!
//! Everything here is a pure function of its arguments. There is no current route: a client that
//! remembers one sends the next call to the wrong place.

mod series;
#[cfg(test)]
mod tests;

pub use series::{openai_series, responses_only};

/// The vendor whose native API a model is reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Claude, on the Messages API.
    Anthropic,
    /// Gemini and Imagen, on the Gemini API.
    Gemini,
    /// Everything else, on the OpenAI-compatible endpoints.
    OpenAi,
}

impl Family {
    /// The word of the public contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::OpenAi => "openai",
        }
    }
}

/// The wire that a chat takes. What there is to know of it stands in its
/// [`Vendor`](crate::wire::Vendor) row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// `POST /v1/messages`
    Anthropic,
    /// `POST /gemini/v1beta/models/{model}:generateContent`
    Gemini,
    /// `POST /v1/chat/completions`
    OpenAi,
    /// `POST /v1/responses`
    OpenAiResponses,
}

impl Route {
    /// Every route, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Anthropic, Self::Gemini, Self::OpenAi, Self::OpenAiResponses];

    /// The word of the public contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::OpenAi => "openai",
            Self::OpenAiResponses => "openai-responses",
        }
    }

    /// Reads the word of the public contract; `None` for any other.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.as_str() == word)
    }
}

/// Which of OpenAI's two APIs carries a chat of the OpenAI family (option `openaiApi`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenAiApi {
    /// Chat completions; what a model refuses there goes to Responses, see
    /// [`wire::route_of`](crate::wire::route_of).
    #[default]
    ByNeed,
    /// Chat completions, for every model that has it.
    ChatCompletions,
    /// Responses, for the whole family: asked for, so not second-guessed.
    Responses,
    /// Responses for [`openai_series`], chat completions for the rest.
    Auto,
}

impl OpenAiApi {
    /// The words of the option, in the order of the documentation.
    pub const WORDS: [&'static str; 3] = ["chat-completions", "responses", "auto"];

    /// Reads the option's word; `None` for any other.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "chat-completions" => Some(Self::ChatCompletions),
            "responses" => Some(Self::Responses),
            "auto" => Some(Self::Auto),
            _ => None,
        }
    }
}

/// The family of a model.
pub fn route_model(model: &str) -> Family {
    let model = model.to_ascii_lowercase();
    if model.starts_with("claude") {
        return Family::Anthropic;
    }
    let google = model.starts_with("gemini") || model.starts_with("imagen");
    let chat_only = model.ends_with("-nothink") || model.ends_with("-search");
    if google && !chat_only && !model.contains("embedding") {
        return Family::Gemini;
    }
    Family::OpenAi
}

/// The route of a model, as far as its name tells it.
pub fn resolve_route(model: &str, api: OpenAiApi) -> Route {
    match route_model(model) {
        Family::Anthropic => Route::Anthropic,
        Family::Gemini => Route::Gemini,
        Family::OpenAi if responses_only(model) => Route::OpenAiResponses,
        Family::OpenAi => match api {
            OpenAiApi::ByNeed | OpenAiApi::ChatCompletions => Route::OpenAi,
            OpenAiApi::Responses => Route::OpenAiResponses,
            OpenAiApi::Auto if openai_series(model) => Route::OpenAiResponses,
            OpenAiApi::Auto => Route::OpenAi,
        },
    }
}
