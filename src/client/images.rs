//! Images that are downloaded before a request is written (option `inlineImageUrls`).
//!
//! For targets that take inline data only. The addresses come with the conversation, so the
//! transport asks public hosts only; an image may have 20 MB, and its bytes say what it is.
//!
//! A dry run downloads nothing: an empty image stands in each one's place, with a warning.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::Client;
use super::prepare::read_body;
use super::retry::{Attempt, Retries};
use super::watch::Watch;
use crate::chat::{ChatRequest, Warnings};
use crate::config::RequestOptions;
use crate::error::{Error, Result};
use crate::json::Spliced;
use crate::transport::Deadlines;
use crate::wire::{InlineData, InlineImages, media, vendor};

/// The most that an image may have: Google takes no larger request.
const LIMIT: usize = 20 << 20;
/// How many are downloaded at a time.
const AT_A_TIME: usize = 4;

impl Client {
    /// Downloads the images of a call that its target cannot fetch.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the image that cannot be had; the connection's own errors.
    pub(super) async fn download_images(
        &self,
        body: &Spliced,
        options: &RequestOptions,
        started: Instant,
    ) -> Result<InlineImages> {
        if !self.config.inline_image_urls {
            return Ok(InlineImages::new());
        }
        let (addresses, stream) = read_body(body, |json, _| {
            let request = ChatRequest::read(&json)?;
            Ok((self.addresses(&request, options)?, request.stream()))
        })?;
        let timeouts = self.config.timeouts(options.timeout.as_ref(), stream);
        let deadlines = Deadlines::since(started, timeouts);
        let max_retries = options.max_retries.unwrap_or(self.config.max_retries);
        stream::iter(addresses)
            .map(|(url, param)| self.inline(url, param, max_retries, deadlines))
            .buffer_unordered(AT_A_TIME)
            .try_collect()
            .await
    }

    /// What a dry run has in place of the images.
    ///
    /// # Errors
    /// `INVALID_REQUEST` if the messages cannot be read.
    pub(super) fn stand_ins(
        &self,
        request: &ChatRequest<'_>,
        options: &RequestOptions,
        warnings: &mut Warnings,
    ) -> Result<InlineImages> {
        if !self.config.inline_image_urls {
            return Ok(InlineImages::new());
        }
        let mut inlined = InlineImages::new();
        for (url, param) in self.addresses(request, options)? {
            warnings.add(
                "not_downloaded",
                param,
                "a dry run downloads no image: an empty one stands in its place",
            );
            let nothing = InlineData { media_type: "image/*".to_owned(), data: String::new() };
            inlined.insert(url, nothing);
        }
        Ok(inlined)
    }

    /// The addresses to download, each with the message that names it first.
    fn addresses(
        &self,
        request: &ChatRequest<'_>,
        options: &RequestOptions,
    ) -> Result<Vec<(String, String)>> {
        let route = options.route.unwrap_or_else(|| self.route(request.model()));
        let found = vendor(route).format.addresses(request)?.into_iter();
        Ok(found.map(|(url, index)| (url, format!("messages[{index}].content"))).collect())
    }

    async fn inline(
        &self,
        url: String,
        param: String,
        max_retries: u32,
        deadlines: Deadlines,
    ) -> Result<(String, InlineData)> {
        let watch = Watch::default();
        let retries = Retries { max_retries, deadlines, watch: &watch };
        let mut download = Download { client: self, url: &url, deadlines };
        let downloaded = retries.run(&mut download).await;
        let refuse = |error: Error| {
            error.with(|fields| {
                fields.message = format!("The image cannot be inlined: {}", fields.message);
                fields.param = Some(param.clone());
                // Nothing was sent to the gateway.
                fields.attempts = 0;
            })
        };
        let data = STANDARD.encode(downloaded.map_err(refuse)?);
        match media::sniff(&data) {
            Some(kind) => Ok((url, InlineData { media_type: kind.to_owned(), data })),
            None => Err(refuse(Error::invalid_request("", "what is at the address is no image"))),
        }
    }
}

/// One file of the open web.
struct Download<'c> {
    client: &'c Client,
    url: &'c str,
    deadlines: Deadlines,
}

impl Attempt for Download<'_> {
    type Answer = Bytes;

    async fn attempt(&mut self) -> Result<Bytes> {
        self.client.transport.download(self.url, LIMIT, self.deadlines).await
    }
}
