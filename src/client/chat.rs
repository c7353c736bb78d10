//! A chat, whole.

use std::time::Instant;

use super::attempt::Begun;
use super::prepare::Prepared;
use super::retries::Retries;
use super::{Answered, ChatCall, Client};
use crate::error::{Error, Redactor, Result, error_in};
use crate::transport::Deadlines;

impl Client {
    pub(super) async fn whole_chat(
        &self,
        call: &ChatCall,
        redactor: &mut Redactor,
    ) -> Result<Answered> {
        let started = Instant::now();
        let inlined = self.inline_images(call, started).await?;
        let prepared = self.prepare(&call.body, &call.options, Some(inlined))?;
        let deadlines = Deadlines::since(started, prepared.timeouts);
        let mut retries = Retries::new(prepared.max_retries, deadlines, &call.watch);
        loop {
            let attempts = retries.attempts();
            match self.whole_attempt(call, &prepared, deadlines, attempts, redactor).await {
                Ok(answered) => return Ok(answered),
                Err(error) => retries.after(error).await?,
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
        let begun = self.attempt(call, prepared, deadlines, attempts, redactor).await?;
        let Begun { mut response, mut receipt } = begun;
        let request_id = receipt.request_id.clone();
        let bytes = response.body.collect(self.config.limits.answer).await?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::invalid_response("the answer is not UTF-8"))
            .and_then(|text| error_in(text.as_bytes()).map_or(Ok(text), Err));
        let decoded = text.and_then(|text| prepared.wire.decode(text, &prepared.encoded.notes));
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
}
