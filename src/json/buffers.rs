//! Large buffers, used again: the kernel hands out fresh memory page by page, which costs more than what
//! is written there.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// What is not worth keeping: the allocator has small buffers at hand.
const LARGE: usize = 64 << 10;
/// How much is kept in all.
const KEPT: usize = 8 << 20;

static FREE: Mutex<Free> = Mutex::new(Free { buffers: Vec::new(), bytes: 0 });

struct Free {
    /// Empty, and not empty in vain.
    buffers: Vec<Vec<u8>>,
    bytes: usize,
}

impl Free {
    fn lock() -> MutexGuard<'static, Self> {
        FREE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The smallest that is large enough, unless it is far too large.
    fn take(&mut self, bytes: usize) -> Option<Vec<u8>> {
        let fits =
            |buffer: &Vec<u8>| (bytes..=bytes.saturating_mul(4)).contains(&buffer.capacity());
        let fitting = self.buffers.iter().enumerate().filter(|(_, buffer)| fits(buffer));
        let (at, _) = fitting.min_by_key(|(_, buffer)| buffer.capacity())?;
        let buffer = self.buffers.swap_remove(at);
        self.bytes -= buffer.capacity();
        Some(buffer)
    }

    /// What was given last stays: its size is likely to be asked for again.
    fn give(&mut self, buffer: Vec<u8>) -> Vec<Vec<u8>> {
        self.bytes += buffer.capacity();
        self.buffers.push(buffer);
        let mut dropped = Vec::new();
        while self.bytes > KEPT {
            let oldest = self.buffers.remove(0);
            self.bytes -= oldest.capacity();
            dropped.push(oldest);
        }
        dropped
    }
}

/// An empty text with room for so many bytes.
pub fn buffer(bytes: usize) -> String {
    String::from_utf8(byte_buffer(bytes)).unwrap_or_default()
}

/// The same for bytes that need not be text.
pub fn byte_buffer(bytes: usize) -> Vec<u8> {
    if bytes < LARGE {
        return Vec::with_capacity(bytes);
    }
    // A conversation grows, and its next turn shall find room where this one was.
    let room = bytes.saturating_add(bytes / 8);
    let found = Free::lock().take(bytes);
    found.unwrap_or_else(|| Vec::with_capacity(room))
}

/// Gives a text, or bytes, back whose content nobody needs any more.
pub fn recycle(text: impl Into<Vec<u8>>) {
    let mut bytes = text.into();
    if (LARGE..=KEPT).contains(&bytes.capacity()) {
        bytes.clear();
        // Freed when nobody waits for the lock any more.
        let _dropped = { Free::lock().give(bytes) };
    }
}

/// The bytes of a text that is given back when the last of them are gone.
pub fn shared(text: impl Into<Vec<u8>>) -> Bytes {
    let bytes = text.into();
    match bytes.capacity() < LARGE {
        true => Bytes::from(bytes),
        false => Bytes::from_owner(Shared(bytes)),
    }
}

struct Shared(Vec<u8>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        recycle(std::mem::take(&mut self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: usize) -> Vec<u8> {
        Vec::with_capacity(bytes)
    }

    #[test]
    fn a_buffer_is_taken_that_is_large_enough_and_not_far_too_large() {
        let mut free = Free { buffers: Vec::new(), bytes: 0 };
        for bytes in [400_000, 100_000, 200_000] {
            assert!(free.give(of(bytes)).is_empty());
        }
        assert_eq!(free.take(150_000).map(|buffer| buffer.capacity()), Some(200_000));
        assert_eq!(free.take(150_000).map(|buffer| buffer.capacity()), Some(400_000));
        assert_eq!(free.take(150_000), None);
        assert_eq!(free.take(20_000), None);
        assert_eq!(free.bytes, 100_000);
    }

    #[test]
    fn no_more_is_kept_than_said_and_the_oldest_goes_first() {
        let mut free = Free { buffers: Vec::new(), bytes: 0 };
        let dropped: usize = (0..20).map(|_| free.give(of(1 << 20)).len()).sum();
        assert_eq!((dropped, free.buffers.len(), free.bytes), (12, 8, KEPT));
        let dropped = free.give(of(KEPT));
        assert_eq!((dropped.len(), free.buffers.len(), free.bytes), (8, 1, KEPT));
    }

    #[test]
    fn what_is_shared_reads_as_it_was_written() {
        for bytes in [0, 10, LARGE, 3 * LARGE] {
            let text = "é".repeat(bytes / 2);
            let mut buffer = buffer(text.len());
            assert!(buffer.is_empty() && buffer.capacity() >= text.len());
            buffer.push_str(&text);
            let shared = shared(buffer);
            assert_eq!(shared.slice(text.len() / 4 * 2..), text.get(text.len() / 4 * 2..).unwrap());
        }
    }
}
