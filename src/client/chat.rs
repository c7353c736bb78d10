//! A chat: what is sent, and what is made of a whole answer or a stream.

use http::HeaderMap;
use serde_json::value::RawValue;

use super::attempt::{Begun, Outgoing, text_of};
use super::fallback::{Ask, Question};
use super::prepare::Prepared;
use super::retry::{Attempt, Retries};
use super::stream::{OpenStream, Opening};
use super::{Answered, ChatCall, Client, OpenChat};
use crate::chat::{Assembler, Receipt};
use crate::error::{Error, Result};
use crate::stream::ChatStream;
use crate::transport::{Deadlines, Response, Upload};

/// One chat on its way: the request as it stands, and the time it has.
struct Chat<'c> {
    client: &'c Client,
    call: &'c ChatCall,
    prepared: Prepared,
    deadlines: Deadlines,
    /// The models that were asked before, as JSON.
    tried: Option<Box<RawValue>>,
}

struct WholeChat<'c>(Chat<'c>);

struct StreamedChat<'c>(Chat<'c>);

impl Client {
    pub(super) async fn whole_chat(&self, call: &ChatCall) -> Result<Answered> {
        self.with_fallback(call, &Whole { client: self, call }).await
    }

    pub(super) async fn open_chat(&self, call: &ChatCall) -> Result<OpenChat> {
        self.with_fallback(call, &Streamed { client: self, call }).await
    }

    async fn start_chat<'c>(
        &'c self,
        call: &'c ChatCall,
        ask: &Ask<'_>,
        tried: Option<Box<RawValue>>,
    ) -> Result<Chat<'c>> {
        let Ask { body, options, started } = ask;
        let images = self.download_images(body, options, *started).await?;
        let prepared = self.prepare(body, options, Some(images))?;
        let deadlines = Deadlines::since(*started, prepared.timeouts);
        Ok(Chat { client: self, call, prepared, deadlines, tried })
    }
}

struct Whole<'c> {
    client: &'c Client,
    call: &'c ChatCall,
}

impl Question for Whole<'_> {
    type Answer = Answered;

    async fn put(&self, ask: &Ask<'_>, tried: Option<Box<RawValue>>) -> Result<Answered> {
        let chat = self.client.start_chat(self.call, ask, tried).await?;
        let retries = chat.retries();
        retries.run(&mut WholeChat(chat)).await
    }
}

struct Streamed<'c> {
    client: &'c Client,
    call: &'c ChatCall,
}

impl Question for Streamed<'_> {
    type Answer = OpenChat;

    async fn put(&self, ask: &Ask<'_>, tried: Option<Box<RawValue>>) -> Result<OpenChat> {
        let chat = self.client.start_chat(self.call, ask, tried).await?;
        let retries = chat.retries();
        retries.run(&mut StreamedChat(chat)).await
    }
}

impl<'c> Chat<'c> {
    fn retries(&self) -> Retries<'c> {
        let (max_retries, deadlines) = (self.prepared.max_retries, self.deadlines);
        Retries { max_retries, deadlines, watch: &self.call.watch }
    }

    /// One attempt, up to the beginning of a 2xx answer and what the completion will say of how it
    /// came about.
    async fn begin(&self) -> Result<(Response, Receipt)> {
        let Self { client, call, prepared, .. } = self;
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
        let begun = client.attempt(&outgoing, self.deadlines).await?;
        let decode_error = |status, headers: &HeaderMap, body: &[u8]| {
            prepared.vendor.format.decode_error(status, headers, body)
        };
        let Begun { response, request_id, served_by } = begun.accept(decode_error).await?;
        let mut receipt = Receipt::new(prepared.vendor.route, prepared.encoded.warnings.clone());
        receipt.attempts = call.watch.attempts();
        receipt.request_id = request_id;
        receipt.served_by = served_by;
        receipt.tried.clone_from(&self.tried);
        Ok((response, receipt))
    }

    fn revise(&mut self, error: &Error) -> bool {
        self.prepared.revise(error)
    }
}

impl Attempt for WholeChat<'_> {
    type Answer = Answered;

    async fn attempt(&mut self) -> Result<Answered> {
        let Self(chat) = self;
        let (mut response, mut receipt) = chat.begin().await?;
        let request_id = receipt.request_id.clone();
        let bytes = response.body.collect(chat.client.config.limits.answer).await?;
        let prepared = &chat.prepared;
        let read = |text| prepared.vendor.format.decode(text, &prepared.encoded.notes);
        let (completion, warnings) = text_of(&bytes).and_then(read).map_err(|error| {
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

    fn revise(&mut self, error: &Error) -> bool {
        self.0.revise(error)
    }
}

impl Attempt for StreamedChat<'_> {
    type Answer = OpenChat;

    async fn attempt(&mut self) -> Result<OpenChat> {
        let Self(chat) = self;
        let (response, receipt) = chat.begin().await?;
        let (client, prepared) = (chat.client, &chat.prepared);
        let (notes, limits) = (&prepared.encoded.notes, &client.config.limits);
        let opening = Opening {
            head: (response.status, response.headers),
            request_id: receipt.request_id.clone(),
            attempts: receipt.attempts,
            body: response.body,
            deadlines: chat.deadlines,
            first_event: chat.deadlines.response(response.sent_at),
            limit: limits.answer,
            redactor: &client.redactor,
        };
        let assembler = Assembler::new(receipt, notes.usage_apart).expecting(prepared.choices);
        let stream =
            ChatStream::new(prepared.vendor.format.translator(notes), assembler, limits.event)
                .up_to(limits.answer);
        let opened: OpenStream<_> = opening
            .listen(stream, |reader, text| {
                reader.say(prepared.vendor.format.read(text, notes)?, &notes.model);
                Ok(())
            })
            .await?;
        Ok(opened)
    }

    fn revise(&mut self, error: &Error) -> bool {
        self.0.revise(error)
    }
}
