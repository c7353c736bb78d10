//! An answer that its vendor cuts: the client asks on until the model has ended.
//!
//! Gemini does so with `CONTINUATION`. The pieces are one answer, or one stream, to the caller.

use super::chat::Chat;
use super::retry::Attempt;
use crate::error::{Error, Result};
use crate::transport::Body;

/// How often the rest of an answer is asked for.
pub(super) const MOST: u32 = 8;

/// The rest of a stream's answer, as long as there is some.
pub(super) struct ContinuedBody {
    chat: Box<Chat>,
    /// How often it was asked for.
    asked: u32,
}

impl ContinuedBody {
    pub(super) fn of(chat: Box<Chat>) -> Self {
        Self { chat, asked: 0 }
    }

    /// How often it was asked for, and how many requests that made in all.
    pub(super) fn counts(&self) -> (u32, u32) {
        (self.asked, self.chat.watch.attempts())
    }

    /// The body that goes on where the vendor has cut the last one; `None` if it was asked for often
    /// enough.
    ///
    /// # Errors
    /// As any other request of the call, retries included.
    pub(super) async fn next(&mut self, token: &str) -> Result<Option<Box<Body>>> {
        if self.asked == MOST || !self.chat.ask_on(token) {
            return Ok(None);
        }
        self.asked += 1;
        let watch = self.chat.watch.clone();
        self.chat.retries(&watch).run(self).await.map(Some)
    }
}

impl Attempt for ContinuedBody {
    type Answer = Box<Body>;

    async fn attempt(&mut self) -> Result<Box<Body>> {
        let (response, _) = self.chat.begin().await?;
        Ok(response.body)
    }

    fn revise(&mut self, error: &Error) -> bool {
        self.chat.prepared.revise(error)
    }
}
