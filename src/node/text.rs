//! Text and bytes for JavaScript; text in the form that V8 makes a string of fastest.
//!
//! V8 keeps strings as Latin-1 or UTF-16. Creating one from UTF-8 is slow as soon as a character is
//! not ASCII (20 KB of Chinese: 67 µs against 9 µs), so other text is converted here.
//!
//! A large string is not copied into V8's heap, whose fresh pages cost several times the copy: V8 uses the
//! text where it is and gives it back when the string is collected. Where V8 cannot (before Node-API 10, or
//! in a memory cage as Electron's) it is copied.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use napi::bindgen_prelude::{ToNapiValue, check_status};
use napi::sys;

use crate::json::Units;

/// From how many bytes on a string stays where it is.
const LARGE: usize = 64 * 1024;
/// Some runtime says that it has them, and has them not.
static REFUSED: AtomicBool = AtomicBool::new(false);
/// The first Node-API with strings of memory that is not V8's own.
const EXTERNAL_STRINGS: u32 = 10;

/// What no string of V8's can be longer than, in UTF-16 units; on 32-bit machines it is half of that.
const LONGEST: usize =
    if cfg!(target_pointer_width = "64") { (1 << 29) - 24 } else { (1 << 28) - 16 };

/// One element of a list that is handed to JavaScript.
pub enum JsItem {
    /// A small number: an id, a kind.
    Number(u32),
    /// A string.
    Text(String),
    /// A string in one of V8's own forms.
    Units(Units),
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
            Self::Units(units) => units.len() <= LONGEST,
            Self::List(items) => items.iter().all(Self::fits),
        }
    }
}

impl From<String> for JsItem {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Units> for JsItem {
    fn from(units: Units) -> Self {
        Self::Units(units)
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
            Self::Units(units) => unsafe { create_units(env, units) },
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

unsafe fn create_units(env: sys::napi_env, units: Units) -> napi::Result<sys::napi_value> {
    let is_large = match &units {
        Units::Latin1(bytes) => bytes.len() >= LARGE,
        Units::Utf16(units) => units.len() >= LARGE / 2,
    };
    // SAFETY: the caller vouches for `env`.
    unsafe {
        let units = match is_large && has_external_strings(env) {
            true => match create_external(env, units) {
                Ok(value) => return Ok(value),
                Err(units) => units,
            },
            false => units,
        };
        match &units {
            Units::Latin1(bytes) => create_latin1(env, bytes),
            Units::Utf16(units) => create_utf16(env, units),
        }
    }
}

/// Asked before the functions are called: in an older Node.js they are not there.
unsafe fn has_external_strings(env: sys::napi_env) -> bool {
    let mut version = 0;
    // SAFETY: the caller vouches for `env`.
    let status = unsafe { sys::napi_get_version(env, &mut version) };
    status == sys::Status::napi_ok
        && version >= EXTERNAL_STRINGS
        && !REFUSED.load(Ordering::Relaxed)
}

/// A string that V8 does not copy; the text again where there are none. The garbage collector is told of its
/// size, or it would see no reason to collect it.
unsafe fn create_external(env: sys::napi_env, units: Units) -> Result<sys::napi_value, Units> {
    let (size, units) = (size_of_text(&units), Box::into_raw(Box::new(units)));
    let mut value = ptr::null_mut();
    let mut copied = false;
    // SAFETY: the caller vouches for `env`. The text lives as long as the box, which `release` drops when V8
    // no longer needs it; where V8 has copied it, that was at once.
    let status = unsafe {
        count(env, size);
        match &*units {
            Units::Latin1(bytes) => sys::node_api_create_external_string_latin1(
                env,
                bytes.as_ptr().cast(),
                bytes.len().cast_signed(),
                Some(release),
                units.cast(),
                &mut value,
                &mut copied,
            ),
            Units::Utf16(text) => sys::node_api_create_external_string_utf16(
                env,
                text.as_ptr(),
                text.len().cast_signed(),
                Some(release),
                units.cast(),
                &mut value,
                &mut copied,
            ),
        }
    };
    if status == sys::Status::napi_ok {
        return Ok(value);
    }
    REFUSED.store(true, Ordering::Relaxed);
    // SAFETY: there is no string, and so nobody else who would give the box back.
    unsafe {
        count(env, -size);
        Err(*Box::from_raw(units))
    }
}

/// V8 has collected a string, or its environment has ended (`env` is null then).
unsafe extern "C" fn release(env: sys::node_api_basic_env, _text: *mut c_void, units: *mut c_void) {
    // SAFETY: `units` is the box of `create_external`, and V8 gives it back once.
    let units: Box<Units> = unsafe { Box::from_raw(units.cast()) };
    if !env.is_null() {
        // SAFETY: V8 has said whose string it was.
        unsafe { count(env.cast(), -size_of_text(&units)) };
    }
}

/// Tells the garbage collector of memory that hangs on its strings.
unsafe fn count(env: sys::napi_env, bytes: i64) {
    let mut all = 0;
    // SAFETY: the caller vouches for `env`. If it fails the collector comes later.
    let _ = unsafe { sys::napi_adjust_external_memory(env, bytes, &mut all) };
}

fn size_of_text(units: &Units) -> i64 {
    let bytes = match units {
        Units::Latin1(bytes) => bytes.len(),
        Units::Utf16(units) => units.len() * size_of::<u16>(),
    };
    i64::try_from(bytes).unwrap_or_default()
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
