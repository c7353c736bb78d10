//! One row per wire: what a vendor's API wants beside its format.

use std::fmt;

use super::WireFormat;
use super::history::StateFormat;
use crate::route::{Family, Route};

/// One vendor's API as the gateway serves it. Each wire's folder has its row, `VENDOR`;
/// [`vendor`](super::vendor) is the table.
pub struct Vendor {
    /// The row's name in the public contract.
    pub route: Route,
    /// Whose API it is.
    pub family: Family,
    /// How it is spoken.
    pub format: &'static dyn WireFormat,
    /// How a request carries the key.
    pub credential: CredentialHeader,
    /// The header that names the version of the API, and that version.
    pub version: Option<(&'static str, &'static str)>,
    /// A header that lists things: what the caller names in it is added to what the request needs.
    pub list_header: Option<&'static str>,
    /// What follows the gateway's root in the base URL that the vendor's own SDK would be given.
    pub base_path: &'static str,
    /// The path at and below which everything is this vendor's.
    pub path: &'static str,
    /// What people have after the root in the addresses they paste as a base URL.
    pub suffixes: &'static [&'static str],
    /// What a conversation must bring back of earlier answers.
    pub state: StateFormat,
    /// What its table of models knows of one.
    pub known: fn(&str) -> Known,
}

/// What a table knows of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The values of `reasoning_effort` that it takes as they are; empty: it has none, or nobody here knows.
    pub efforts: Vec<&'static str>,
    /// The most tokens of an answer.
    pub most_output: Option<u64>,
}

/// The header that carries the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialHeader {
    /// Its name, in lower case.
    pub name: &'static str,
    /// What stands before the key.
    pub prefix: &'static str,
}

impl CredentialHeader {
    /// `Authorization: Bearer …`
    pub const BEARER: Self = Self { name: "authorization", prefix: "Bearer " };
}

impl Vendor {
    /// Whether a path below the gateway's root, query included, is this vendor's.
    pub fn owns(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.path);
        below.is_some_and(|below| below.is_empty() || below.starts_with(['/', '?', '#']))
    }
}

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vendor").field(&self.route).finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::chat::DETAIL_FORMAT_PREFIX;
    use crate::route::Route;
    use crate::wire::{vendor, vendor_of_path, vendors};

    #[test]
    fn each_row_stands_under_its_own_route() {
        for route in Route::ALL {
            let row = vendor(route);
            assert_eq!(row.route, route);
            assert_eq!(vendor_of_path(row.path).route, route);
            assert!(route.as_str().starts_with(row.family.as_str()));
            assert!(row.path.starts_with(row.base_path));
        }
    }

    #[test]
    fn states_are_told_apart() {
        let mut formats: Vec<_> = vendors().map(|row| row.state.format).collect();
        assert!(formats.iter().all(|format| format.starts_with(DETAIL_FORMAT_PREFIX)));
        let all = formats.len();
        formats.sort_unstable();
        formats.dedup();
        assert_eq!(formats.len(), all);
    }

    #[test]
    fn a_path_is_of_one_vendor() {
        for (path, route) in [
            ("/v1/messages", Route::Anthropic),
            ("/v1/messages/count_tokens", Route::Anthropic),
            ("/v1/messages?beta=true", Route::Anthropic),
            ("/v1/messagesx", Route::OpenAi),
            ("/gemini/v1beta/models/x:generateContent", Route::Gemini),
            ("/gemini", Route::Gemini),
            ("/geminix/v1", Route::OpenAi),
            ("/v1/responses/resp_1/cancel", Route::OpenAiResponses),
            ("/v1/chat/completions", Route::OpenAi),
            ("/v1/models?path=/gemini/", Route::OpenAi),
            ("/api/v1/models", Route::OpenAi),
            ("/", Route::OpenAi),
        ] {
            assert_eq!(vendor_of_path(path).route, route, "{path}");
        }
    }
}
