//! A chat: what is sent, and what is made of a whole answer or a stream.

use std::sync::Arc;

use bytes::Bytes;

use super::attempt::{BegunAnswer, Outgoing, text_of};
use super::continuation::{MOST, ContinuedBody};
use super::fallback::{Ask, Question};
use super::prepare::Prepared;
use super::retry::{Attempt, Retries};
use super::stream::{OpenStream, Opening};
use super::{Answered, ChatCall, Client, KeySource, OpenChat, Watch};
use crate::chat::{Assembler, Receipt};
use crate::config::UserHeaders;
use crate::error::{Error, Result};
use crate::json::{Apart, JsonBuf};
use crate::stream::ChatStream;
use crate::transport::{Deadlines, Response, Upload};
use crate::wire::no_error;

/// One chat on its way: the request as it stands, and the time it has.
pub(super) struct Chat {
    client: Client,
    user: UserHeaders,
    key_source: Option<Arc<dyn KeySource>>,
    pub(super) watch: Arc<Watch>,
    pub(super) prepared: Prepared,
    pub(super) deadlines: Deadlines,
    /// The models that were asked before, as JSON.
    tried: Option<JsonBuf>,
}

/// A chat whose answer comes whole, in one piece or several.
struct WholeChat {
    chat: Box<Chat>,
    /// The pieces so far of an answer that its vendor cuts.
    pieces: Vec<String>,
}

struct StreamedChat(Box<Chat>);

impl Client {
    pub(super) async fn whole_chat(&self, mut call: ChatCall) -> Result<Answered> {
        let body = std::mem::take(&mut call.body);
        self.with_fallback(&call, body, &Whole { client: self, call: &call }).await
    }

    pub(super) async fn open_chat(&self, mut call: ChatCall) -> Result<OpenChat> {
        let body = std::mem::take(&mut call.body);
        self.with_fallback(&call, body, &Streamed { client: self, call: &call }).await
    }

    /// In a box: it is large, and the futures around it hold it at every level.
    async fn start_chat(
        &self,
        call: &ChatCall,
        ask: Ask<'_>,
        tried: Option<JsonBuf>,
    ) -> Result<Box<Chat>> {
        let Ask { body, options, started } = ask;
        let images = self.download_images(&body, &options, started).await?;
        let prepared = self.prepare(&body, &options, Some(images))?;
        let deadlines = Deadlines::since(started, prepared.timeouts);
        Ok(Box::new(Chat {
            client: self.clone(),
            user: call.options.headers.clone(),
            key_source: call.key_source.clone(),
            watch: call.watch.clone(),
            prepared,
            deadlines,
            tried,
        }))
    }
}

struct Whole<'c> {
    client: &'c Client,
    call: &'c ChatCall,
}

impl Question for Whole<'_> {
    type Answer = Answered;

    async fn put(&self, ask: Ask<'_>, tried: Option<JsonBuf>) -> Result<Answered> {
        let chat = self.client.start_chat(self.call, ask, tried).await?;
        chat.retries(&self.call.watch).run(&mut WholeChat { chat, pieces: Vec::new() }).await
    }
}

struct Streamed<'c> {
    client: &'c Client,
    call: &'c ChatCall,
}

impl Question for Streamed<'_> {
    type Answer = OpenChat;

    async fn put(&self, ask: Ask<'_>, tried: Option<JsonBuf>) -> Result<OpenChat> {
        let chat = self.client.start_chat(self.call, ask, tried).await?;
        let retries = chat.retries(&self.call.watch);
        let mut streamed = StreamedChat(chat);
        let opened = retries.run(&mut streamed).await?;
        let StreamedChat(chat) = streamed;
        let continues = chat.prepared.vendor.format.continues();
        Ok(opened.with_rest(continues.then(|| Box::new(ContinuedBody::of(chat)))))
    }
}

impl Chat {
    /// How often it is tried.
    pub(super) fn retries<'w>(&self, watch: &'w Watch) -> Retries<'w> {
        let (max_retries, deadlines) = (self.prepared.max_retries, self.deadlines);
        Retries { max_retries, deadlines, watch }
    }

    /// One attempt, up to the beginning of a 2xx answer and what the completion will say of how it
    /// came about.
    pub(super) async fn begin(&self) -> Result<(Response, Receipt)> {
        let Self { client, user, key_source, watch, prepared, .. } = self;
        let request = &prepared.encoded.request;
        let outgoing = Outgoing {
            method: &request.method,
            root: None,
            path: &request.path,
            headers: &request.headers,
            user,
            vendor: prepared.vendor,
            body: &|| Upload::from(request.body.clone()),
            key_source: key_source.as_ref(),
            watch,
        };
        let begun = client.attempt(&outgoing, self.deadlines).await?;
        let BegunAnswer { response, request_id, served_by } = begun.accept().await?;
        let mut receipt = Receipt::new(prepared.vendor.route, prepared.encoded.warnings.clone());
        receipt.attempts = watch.attempts();
        receipt.request_id = request_id;
        receipt.served_by = served_by;
        receipt.tried.clone_from(&self.tried);
        Ok((response, receipt))
    }

    /// Makes the request one for the rest of an answer that its vendor cut. Whether there is one.
    pub(super) fn ask_on(&mut self, token: &str) -> bool {
        let request = &mut self.prepared.encoded.request;
        let next = self.prepared.vendor.format.continued(request, token);
        next.map(|next| *request = next).is_some()
    }

    fn revise(&mut self, error: &Error) -> bool {
        self.prepared.revise(error)
    }
}

impl Attempt for WholeChat {
    type Answer = Answered;

    async fn attempt(&mut self) -> Result<Answered> {
        loop {
            let (mut response, mut receipt) = self.chat.begin().await?;
            let request_id = receipt.request_id.clone();
            let left = self.chat.client.config.limits.answer.saturating_sub(self.length());
            let bytes = response.body.collect(left).await?;
            let read = self.read(&bytes, &mut receipt);
            let read = read.map_err(|error| error.of_answer(request_id))?;
            match read {
                Read::Whole(completion) => {
                    let (status, headers) = (response.status, response.headers);
                    return Ok(Answered { completion, status, headers });
                }
                Read::Piece(text) => self.pieces.push(text),
            }
        }
    }

    fn revise(&mut self, error: &Error) -> bool {
        self.chat.revise(error)
    }
}

/// What an answer turned out to be.
enum Read {
    /// The completion as JSON.
    Whole(Apart),
    /// A piece of it; the next one is asked for.
    Piece(String),
}

impl WholeChat {
    fn length(&self) -> usize {
        self.pieces.iter().map(String::len).sum()
    }

    fn read(&mut self, bytes: &Bytes, receipt: &mut Receipt) -> Result<Read> {
        let text = text_of(bytes)?;
        let asked = u32::try_from(self.pieces.len()).unwrap_or(MOST);
        let pieces = self.pieces.iter().map(String::as_str).chain([text]).collect::<Vec<_>>();
        if asked > 0 {
            no_error(text)?;
        }
        let joined = (asked > 0).then(|| format!("[{}]", pieces.join(",")));
        let (format, notes) = (self.chat.prepared.vendor.format, &self.chat.prepared.encoded.notes);
        let text_so_far = joined.as_deref().unwrap_or(text);
        let (completion, warnings) = if format.continues() {
            let answer = format.read(text_so_far, notes)?;
            if let Some(token) = answer.continuation.as_ref().filter(|_| asked < MOST)
                && self.chat.ask_on(token)
            {
                return Ok(Read::Piece(text.to_owned()));
            }
            answer.completion(&self.chat.prepared.encoded.notes.model)
        } else {
            // A wire that answers in OpenAI's own shape keeps more than deltas say.
            format.decode(text_so_far, notes)?
        };
        receipt.continuations = (asked > 0).then_some(asked);
        receipt.warnings.extend(&warnings);
        Ok(Read::Whole(completion.into_apart(receipt, bytes)))
    }
}

impl Attempt for StreamedChat {
    type Answer = OpenChat;

    async fn attempt(&mut self) -> Result<OpenChat> {
        let Self(chat) = self;
        let (response, receipt) = chat.begin().await?;
        let (client, prepared) = (&chat.client, &chat.prepared);
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
