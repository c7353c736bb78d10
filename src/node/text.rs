//! Text and bytes for JavaScript; text in the form that V8 makes a string of fastest.
//!
//! V8 keeps strings as Latin-1 or UTF-16. Creating one from UTF-8 is slow as soon as a character is
//! not ASCII (20 KB of Chinese: 67 µs against 9 µs), so other text is converted here.

use std::ptr;

use bytes::Bytes;
use napi::bindgen_prelude::{ToNapiValue, check_status};
use napi::sys;

/// What no string of V8's can be longer than, in UTF-16 units; on 32-bit machines it is half of that.
const LONGEST: usize =
    if cfg!(target_pointer_width = "64") { (1 << 29) - 24 } else { (1 << 28) - 16 };

/// One element of a list that is handed to JavaScript.
pub enum JsItem {
    /// A small number: an id, a kind.
    Number(u32),
    /// A string.
    Text(String),
    /// A string of ASCII.
    Latin1(Bytes),
    /// A string in UTF-16.
    Utf16(Vec<u16>),
    /// One buffer of all these.
    Bytes(Vec<Bytes>),
    /// A list.
    List(Vec<Self>),
}

impl JsItem {
    /// Whether JavaScript can have its strings.
    pub(super) fn fits(&self) -> bool {
        match self {
            Self::Number(_) | Self::Bytes(_) => true,
            Self::Text(text) => text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST,
            Self::Latin1(ascii) => ascii.len() <= LONGEST,
            Self::Utf16(units) => units.len() <= LONGEST,
            Self::List(items) => items.iter().all(Self::fits),
        }
    }
}

impl From<String> for JsItem {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Bytes>> for JsItem {
    fn from(pieces: Vec<Bytes>) -> Self {
        Self::Bytes(pieces)
    }
}

impl ToNapiValue for JsItem {
    unsafe fn to_napi_value(env: sys::napi_env, cell: Self) -> napi::Result<sys::napi_value> {
        match cell {
            // SAFETY: the caller vouches for `env`.
            Self::Number(number) => unsafe { u32::to_napi_value(env, number) },
            // SAFETY: as above.
            Self::Text(text) => unsafe { create_string(env, &text) },
            // SAFETY: as above.
            Self::Latin1(ascii) => unsafe { create_latin1(env, &ascii) },
            // SAFETY: as above.
            Self::Utf16(units) => unsafe { create_utf16(env, &units) },
            // SAFETY: as above.
            Self::Bytes(pieces) => unsafe { create_buffer(env, &pieces) },
            // SAFETY: as above.
            Self::List(items) => unsafe { Vec::to_napi_value(env, items) },
        }
    }
}

/// A string for JavaScript.
pub struct JsText(pub(super) String);

impl ToNapiValue for JsText {
    unsafe fn to_napi_value(env: sys::napi_env, text: Self) -> napi::Result<sys::napi_value> {
        // SAFETY: the caller vouches for `env`.
        unsafe { create_string(env, &text.0) }
    }
}

/// A copy: buffers of memory that is not V8's own are refused where V8 has a memory cage (Electron).
unsafe fn create_buffer(env: sys::napi_env, pieces: &[Bytes]) -> napi::Result<sys::napi_value> {
    let length = pieces.iter().map(Bytes::len).sum();
    let mut value = ptr::null_mut();
    let mut start = ptr::null_mut();
    // SAFETY: the caller vouches for `env`; V8 allocates `length` bytes and says where.
    check_status!(unsafe { sys::napi_create_buffer(env, length, &mut start, &mut value) })?;
    let mut at: *mut u8 = start.cast();
    for piece in pieces {
        // SAFETY: the pieces' lengths add up to the buffer's, and nobody else knows it yet.
        unsafe {
            ptr::copy_nonoverlapping(piece.as_ptr(), at, piece.len());
            at = at.add(piece.len());
        }
    }
    Ok(value)
}

unsafe fn create_string(env: sys::napi_env, text: &str) -> napi::Result<sys::napi_value> {
    if text.is_ascii() {
        // SAFETY: the caller vouches for `env`.
        return unsafe { create_latin1(env, text.as_bytes()) };
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    // SAFETY: as above.
    unsafe { create_utf16(env, &units) }
}

unsafe fn create_latin1(env: sys::napi_env, text: &[u8]) -> napi::Result<sys::napi_value> {
    let mut value = ptr::null_mut();
    let length = text.len().cast_signed();
    // SAFETY: the caller vouches for `env`; pointer and length are the text's own, and V8 copies.
    check_status!(unsafe {
        sys::napi_create_string_latin1(env, text.as_ptr().cast(), length, &mut value)
    })?;
    Ok(value)
}

unsafe fn create_utf16(env: sys::napi_env, units: &[u16]) -> napi::Result<sys::napi_value> {
    let mut value = ptr::null_mut();
    let length = units.len().cast_signed();
    // SAFETY: as in `create_latin1`.
    check_status!(unsafe {
        sys::napi_create_string_utf16(env, units.as_ptr(), length, &mut value)
    })?;
    Ok(value)
}
