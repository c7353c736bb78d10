//! Images at addresses that Google does not fetch: they have to be sent inline.

use super::parts::is_within_reach;
use crate::chat::{ChatRequest, Content, Part};
use crate::error::Result;
use crate::json::{Object, Text};
use crate::wire::ImageAddress;

/// The http(s) images of a request, in order, each address once.
pub(in super::super) fn images_out_of_reach(
    request: &ChatRequest<'_>,
) -> Result<Vec<ImageAddress>> {
    let mut found: Vec<ImageAddress> = Vec::new();
    for message in request.messages()? {
        let Content::Parts(parts) = &message.content else { continue };
        for (place, part) in parts.iter().enumerate() {
            let Some(url) = address(part) else { continue };
            if !is_http(&url) || is_within_reach(&url) || found.iter().any(|one| one.url == url) {
                continue;
            }
            let param = format!("messages[{}].content[{place}]", message.index);
            found.push(ImageAddress { url, param });
        }
    }
    Ok(found)
}

fn address(part: &Part<'_>) -> Option<String> {
    match part {
        Part::Image { url, .. } => Some(url.decode().into_owned()),
        // Anthropic's image block.
        Part::Other { kind, members, .. } if kind == "image" => {
            let source: Object<'_> = members.source("source").and_then(crate::json::read)?;
            source.source("url").and_then(Text::of).map(|url| url.decode().into_owned())
        }
        _ => None,
    }
}

fn is_http(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_images_are_found_once_wherever_they_stand() {
        let body = serde_json::json!({
            "model": "gemini-3-pro",
            "messages": [
                { "role": "user", "content": "https://example.com/in-a-text.png" },
                { "role": "user", "content": [
                    { "type": "text", "text": "look" },
                    { "type": "image_url", "image_url": { "url": "https://example.com/a.png" } },
                    { "type": "image_url", "image_url": "HTTP://example.com/b.png" },
                    { "type": "image_url", "image_url": { "url": "https://example.com/a.png" } },
                    { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" } },
                    { "type": "image_url", "image_url": { "url": "gs://bucket/c.png" } },
                    { "type": "image_url", "image_url": { "url": "https://youtu.be/x" } },
                    { "type": "image", "source": { "type": "url", "url": "https://example.com/d.png" } },
                ] },
            ],
        })
        .to_string();
        let request = ChatRequest::parse(&body).unwrap();
        let found: Vec<_> = images_out_of_reach(&request)
            .unwrap()
            .into_iter()
            .map(|image| (image.url, image.param))
            .collect();
        let expected = [
            ("https://example.com/a.png", "messages[1].content[1]"),
            ("HTTP://example.com/b.png", "messages[1].content[2]"),
            ("https://example.com/d.png", "messages[1].content[7]"),
        ];
        assert_eq!(found, expected.map(|(url, param)| (url.to_owned(), param.to_owned())));
    }
}
