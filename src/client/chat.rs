//! A chat, whole.

use std::time::Instant;

use http::HeaderMap;

use super::attempt::Outgoing;
use super::prepare::Prepared;
use super::retries::Retries;
use super::{Answered, ChatCall, Client};
use crate::chat::Receipt;
use crate::error::{Error, Redactor, Result, error_in};
use crate::transport::{Deadlines, Response, Upload};

impl Client {
    pub(super) async fn whole_chat(
        &self,
        call: &ChatCall,
        redactor: &mut Redactor,
    ) -> Result<Answered> {
        let started = Instant::now();
        let inlined = self.inline_images(call, started).await?;
        let mut prepared = self.prepare(&call.body, &call.options, Some(inlined))?;
        let deadlines = Deadlines::since(started, prepared.timeouts);
        let mut retries = Retries::new(prepared.max_retries, deadlines, &call.watch);
        loop {
            let attempts = retries.attempts();
            match self.whole_attempt(call, &prepared, deadlines, attempts, redactor).await {
                Ok(answered) => return Ok(answered),
                Err(error) => retries.after_chat(error, &mut prepared).await?,
            }
        }
    }

    async fn whole_attempt(
        &self,
        call: &ChatCall,
        prepared: &Prepared,
        deadlines: Deadlines,
        attempts: u32,
        redactor: &mut Redactor,
    ) -> Result<Answered> {
        let (mut response, mut receipt) =
            self.chat_attempt(call, prepared, deadlines, attempts, redactor).await?;
        let request_id = receipt.request_id.clone();
        let bytes = response.body.collect(self.config.limits.answer).await?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::invalid_response("the answer is not UTF-8"))
            // Some servers write a byte order mark, which is no JSON.
            .map(|text| text.trim_start_matches('\u{feff}'))
            .and_then(|text| error_in(text.as_bytes()).map_or(Ok(text), Err));
        let decoded =
            text.and_then(|text| prepared.vendor.format.decode(text, &prepared.encoded.notes));
        let (completion, warnings) = decoded.map_err(|error| {
            error.with(|fields| {
                fields.request_id = fields.request_id.take().or(request_id);
            })
        })?;
        for warning in warnings.iter() {
            receipt.warnings.push(warning.clone());
        }
        let completion = String::from(Box::<str>::from(completion.into_json(&receipt)));
        Ok(Answered { completion, status: response.status, headers: response.headers })
    }

    /// One attempt of a chat, up to the beginning of a 2xx answer and what the completion will say of
    /// how it came about.
    pub(super) async fn chat_attempt(
        &self,
        call: &ChatCall,
        prepared: &Prepared,
        deadlines: Deadlines,
        attempts: u32,
        redactor: &mut Redactor,
    ) -> Result<(Response, Receipt)> {
        let request = &prepared.encoded.request;
        let outgoing = Outgoing {
            method: &request.method,
            root: None,
            path: &request.path,
            headers: &request.headers,
            user: &call.options.headers,
            vendor: prepared.vendor,
            body: &|| Upload::from(request.body.clone()),
            key_source: call.key_source.as_ref(),
            watch: &call.watch,
        };
        let begun = self.attempt(&outgoing, deadlines, redactor).await?;
        let wire = prepared.vendor.format;
        let decode_error =
            |status, headers: &HeaderMap, body: &[u8]| wire.decode_error(status, headers, body);
        let begun = begun.accept(decode_error).await?;
        let mut receipt = Receipt::new(prepared.vendor.route, prepared.encoded.warnings.clone());
        receipt.attempts = attempts;
        receipt.request_id = begun.request_id;
        receipt.served_by = begun.served_by;
        Ok((begun.response, receipt))
    }
}
