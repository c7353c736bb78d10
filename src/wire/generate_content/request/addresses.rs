//! Which addresses a request needs the bytes of: Gemini takes images inline only.

use std::collections::HashSet;

use super::parts::is_within_reach;
use crate::chat::{ChatRequest, MessageContent, PartKind};
use crate::error::Result;
use crate::json::Text;

/// The http(s) addresses of images that Google cannot fetch itself, each once, with the message that names it
/// first.
///
/// # Errors
/// `INVALID_REQUEST` as [`ChatRequest::messages`].
pub(in crate::wire::generate_content) fn addresses(
    request: &ChatRequest<'_>,
) -> Result<Vec<(String, usize)>> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for message in request.messages()? {
        let MessageContent::Parts(parts) = message.content else { continue };
        let urls = parts.iter().filter_map(|part| match &part.kind {
            PartKind::Image { url, .. } => Some(url),
            PartKind::File { url, .. } => url.as_ref(),
            _ => None,
        });
        for url in urls.map(Text::decode) {
            let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
            let fetched = matches!(scheme.as_deref(), Some("http" | "https"));
            if fetched && !is_within_reach(&url) && known.insert(url.clone().into_owned()) {
                found.push((url.into_owned(), message.index));
            }
        }
    }
    Ok(found)
}
