//! The table of endpoints. A new endpoint is one more row.

use http::Method;

use crate::route::Route;

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// One JSON value.
    Json,
    /// A text that is no JSON, such as subtitles.
    Text,
    /// Bytes, handed on as they arrive.
    Bytes,
    /// An event stream whose events are JSON.
    Events,
    /// An event stream, event by event as it is.
    RawEvents,
    /// Whatever it is, error statuses included: for `client.fetch`.
    Anything,
}

/// Which event says that a native stream is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// None: it ends where its bytes end.
    WithItsBytes,
    /// One whose `type` is among these.
    WithType(&'static [&'static str]),
    /// The one that its wire says.
    AsOnWire(Route),
}

/// One endpoint of the gateway.
#[derive(Debug)]
pub struct Endpoint {
    /// The name that the facade calls it by.
    pub name: &'static str,
    /// The verb.
    pub method: Method,
    /// The path below the gateway's root; `{name}` stands for one segment.
    pub path: &'static str,
    /// What it answers, unless the call says otherwise.
    pub answer: AnswerKind,
    /// Of its event stream, if it has one.
    pub ends: Ends,
}

const RESPONSES_END: Ends = Ends::AsOnWire(Route::OpenAiResponses);
const IMAGES_END: Ends = Ends::WithType(&["image_generation.completed", "image_edit.completed"]);

macro_rules! endpoints {
    ($($name:literal $method:ident $path:literal $answer:ident $ends:expr;)*) => {
        &[$(Endpoint {
            name: $name,
            method: Method::$method,
            path: $path,
            answer: AnswerKind::$answer,
            ends: $ends,
        }),*]
    };
}

/// Every endpoint that has a name.
#[rustfmt::skip]
pub static ENDPOINTS: &[Endpoint] = endpoints! {
    "embeddings"             POST   "/v1/embeddings"                                     Json   Ends::WithItsBytes;
    "rerank"                 POST   "/v1/rerank"                                         Json   Ends::WithItsBytes;
    "moderations"            POST   "/v1/moderations"                                    Json   Ends::WithItsBytes;
    "images.generations"     POST   "/v1/images/generations"                             Json   IMAGES_END;
    "images.edits"           POST   "/v1/images/edits"                                   Json   IMAGES_END;
    "predictions"            POST   "/v1/models/{vendor}/{model}/predictions"            Json   Ends::WithItsBytes;
    "audio.speech"           POST   "/v1/audio/speech"                                   Bytes  Ends::WithItsBytes;
    "audio.transcriptions"   POST   "/v1/audio/transcriptions"                           Json   Ends::WithType(&["transcript.text.done"]);
    "audio.translations"     POST   "/v1/audio/translations"                             Json   Ends::WithItsBytes;
    "videos.create"          POST   "/v1/videos"                                         Json   Ends::WithItsBytes;
    "videos.retrieve"        GET    "/v1/videos/{id}"                                    Json   Ends::WithItsBytes;
    "videos.content"         GET    "/v1/videos/{id}/content"                            Bytes  Ends::WithItsBytes;
    "videos.delete"          DELETE "/v1/videos/{id}"                                    Json   Ends::WithItsBytes;
    "videos.remix"           POST   "/v1/videos/{id}/remix"                              Json   Ends::WithItsBytes;
    "responses"              POST   "/v1/responses"                                      Json   RESPONSES_END;
    "responses.retrieve"     GET    "/v1/responses/{id}"                                 Json   RESPONSES_END;
    "responses.cancel"       POST   "/v1/responses/{id}/cancel"                          Json   Ends::WithItsBytes;
    "responses.delete"       DELETE "/v1/responses/{id}"                                 Json   Ends::WithItsBytes;
    "messages"               POST   "/v1/messages"                                       Json   Ends::AsOnWire(Route::Anthropic);
    "messages.count"         POST   "/v1/messages/count_tokens"                          Json   Ends::WithItsBytes;
    "gemini.generate"        POST   "/gemini/v1beta/models/{model}:generateContent"      Json   Ends::WithItsBytes;
    "gemini.stream"          POST   "/gemini/v1beta/models/{model}:streamGenerateContent?alt=sse" Events Ends::AsOnWire(Route::Gemini);
    "gemini.predict"         POST   "/gemini/v1beta/models/{model}:predict"              Json   Ends::WithItsBytes;
    "models.list"            GET    "/v1/models"                                         Json   Ends::WithItsBytes;
    "models.retrieve"        GET    "/v1/models/{id}"                                    Json   Ends::WithItsBytes;
    "models.catalog"         GET    "/api/v1/models"                                     Json   Ends::WithItsBytes;
};

impl Endpoint {
    /// The endpoint of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ENDPOINTS.iter().find(|endpoint| endpoint.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_paths_begin_at_the_root() {
        for (index, endpoint) in ENDPOINTS.iter().enumerate() {
            assert!(endpoint.path.starts_with('/'), "{}", endpoint.name);
            let same = ENDPOINTS.iter().skip(index + 1).find(|other| other.name == endpoint.name);
            assert!(same.is_none(), "{}", endpoint.name);
            assert!(std::ptr::eq(Endpoint::named(endpoint.name).unwrap(), endpoint));
        }
        assert!(Endpoint::named("files").is_none());
    }
}
