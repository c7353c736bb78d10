//! JSON that arrives with its long strings beside it.
//!
//! V8 takes several times longer to escape a long string into JSON, and to write that out as UTF-8, than
//! to copy it. So the facade leaves a mark in its place (`lib/long-strings.js`), and it is escaped here:
//! straight into the text that is read on, which is copied nowhere in between.
//!
//! A message that was sent before need not come at all: its text was kept ([`keep_text`]), and what stands
//! for it is handed over (`lib/sent-messages.js`). It is put into the text on the I/O thread. Several in a row are
//! handed over as one ([`join_texts`], `lib/sent-rows.js`): each thing that crosses costs a fraction of a microsecond.

use std::ptr;
use std::sync::Arc;

use memchr::memmem;
use napi::bindgen_prelude::{
    External, FromNapiRef, FromNapiValue, TypeName, ValidateNapiValue, check_status,
};
use napi::{Error, Result, Status, ValueType, sys};
use napi_derive::napi;

use crate::json::{Fragment, Spliced, escape_into, is_plain};

/// The JSON text of a request: a string, or `[json, mark, part, …]` where every string of the JSON that
/// is the mark stands for the next of the parts: a long string, or values that were kept, one after another.
pub struct JsonBody(pub(super) Spliced);

/// Keeps the text of a value that is likely to be sent again. It goes with the object that is returned;
/// V8 knows how large it is.
#[napi(catch_unwind)]
pub fn keep_text(
    #[napi(ts_arg_type = "string | string[]")] value: JsonBody,
) -> External<KeptTexts> {
    let mut text = value.0.into_text();
    text.shrink_to_fit();
    let size = text.len();
    External::new_with_size_hint(KeptTexts([Arc::new(Fragment::new(text))].into()), size)
}

/// Stands for kept texts in a row: each of these, in this order.
#[napi(catch_unwind)]
pub fn join_texts(
    #[napi(ts_arg_type = "ExternalObject<KeptTexts>[]")] texts: KeptTexts,
) -> External<KeptTexts> {
    let size = size_of_val(&*texts.0);
    External::new_with_size_hint(texts, size)
}

/// The texts of values that were kept, one after another.
#[derive(Clone)]
pub struct KeptTexts(Arc<[Arc<Fragment>]>);

impl KeptTexts {
    unsafe fn of(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: the caller vouches for `env` and `value`.
        let kept = unsafe { External::<Self>::from_napi_ref(env, value) }?;
        Ok(Self::clone(kept))
    }
}

impl TypeName for KeptTexts {
    fn type_name() -> &'static str {
        "KeptTexts"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl ValidateNapiValue for KeptTexts {
    unsafe fn validate(_: sys::napi_env, _: sys::napi_value) -> Result<sys::napi_value> {
        Ok(ptr::null_mut())
    }
}

impl FromNapiValue for KeptTexts {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: the caller vouches for `env` and `value`, here and below.
        let parts = unsafe { elements(env, value) }?;
        let parts = parts.iter().map(|part| unsafe { Self::of(env, *part) });
        let parts = parts.collect::<Result<Vec<_>>>()?;
        Ok(Self(parts.iter().flat_map(|part| part.0.iter()).map(Arc::clone).collect()))
    }
}

impl TypeName for JsonBody {
    fn type_name() -> &'static str {
        "JsonBody"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for JsonBody {
    unsafe fn validate(_: sys::napi_env, _: sys::napi_value) -> Result<sys::napi_value> {
        Ok(ptr::null_mut())
    }
}

impl FromNapiValue for JsonBody {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: the caller vouches for `env` and `value`, here and below.
        if unsafe { kind_of(env, value) }? == sys::ValueType::napi_string {
            let text = unsafe { String::from_napi_value(env, value) }?;
            return Ok(Self(text.into()));
        }
        let parts = unsafe { elements(env, value) }?;
        let [json, mark, parts @ ..] = parts.as_slice() else { return Err(not_as_agreed()) };
        let json = unsafe { String::from_napi_value(env, *json) }?;
        let mark = unsafe { String::from_napi_value(env, *mark) }?;
        let parts = parts.iter().map(|value| unsafe { MarkedValue::of(env, *value) });
        join(&json, &mark, &parts.collect::<Result<Vec<_>>>()?).map(Self)
    }
}

/// What a mark stands for.
enum MarkedValue {
    /// A long string.
    Text(JsString),
    /// The texts of values that were kept, elements of a list.
    Kept(KeptTexts),
}

impl MarkedValue {
    unsafe fn of(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: the caller vouches for `env` and `value`, here and below.
        if unsafe { kind_of(env, value) }? == sys::ValueType::napi_string {
            return unsafe { JsString::of(env, value) }.map(Self::Text);
        }
        unsafe { KeptTexts::of(env, value) }.map(Self::Kept)
    }

    /// About what it takes in the text: what is escaped is seldom more than a line break in a line.
    fn room(&self) -> usize {
        match self {
            Self::Text(text) => text.units + text.units / 32 + 2,
            Self::Kept(KeptTexts(texts)) => 2 * texts.len(),
        }
    }
}

fn join(json: &str, mark: &str, parts: &[MarkedValue]) -> Result<Spliced> {
    let literal = format!("\"{mark}\"");
    let room = parts.iter().map(MarkedValue::room).sum::<usize>();
    let mut joined = Spliced::with_capacity(json.len() + room);
    let mut copied = 0;
    let mut parts = parts.iter();
    for at in memmem::find_iter(json.as_bytes(), literal.as_bytes()) {
        let part = parts.next().ok_or_else(not_as_agreed)?;
        joined.text().push_str(json.get(copied..at).unwrap_or_default());
        match part {
            MarkedValue::Kept(KeptTexts(texts)) => {
                for (at, text) in texts.iter().enumerate() {
                    if at > 0 {
                        joined.text().push(',');
                    }
                    joined.push(Arc::clone(text));
                }
            }
            MarkedValue::Text(text) => {
                joined.text().push('"');
                text.escape_into(joined.text())?;
                joined.text().push('"');
            }
        }
        copied = at + literal.len();
    }
    if parts.next().is_some() {
        return Err(not_as_agreed());
    }
    joined.text().push_str(json.get(copied..).unwrap_or_default());
    Ok(joined)
}

unsafe fn kind_of(env: sys::napi_env, value: sys::napi_value) -> Result<sys::napi_valuetype> {
    let mut kind = 0;
    // SAFETY: the caller vouches for both.
    check_status!(unsafe { sys::napi_typeof(env, value, &mut kind) })?;
    Ok(kind)
}

fn not_as_agreed() -> Error {
    Error::new(Status::InvalidArg, "the long strings of a request do not fit its JSON")
}

unsafe fn elements(env: sys::napi_env, list: sys::napi_value) -> Result<Vec<sys::napi_value>> {
    let mut length = 0;
    // SAFETY: the caller vouches for `env` and `list`, here and below.
    check_status!(unsafe { sys::napi_get_array_length(env, list, &mut length) })?;
    (0..length)
        .map(|at| {
            let mut element = ptr::null_mut();
            check_status!(unsafe { sys::napi_get_element(env, list, at, &mut element) })?;
            Ok(element)
        })
        .collect()
}

/// A string that V8 still holds, during one call.
struct JsString {
    env: sys::napi_env,
    value: sys::napi_value,
    /// UTF-16 units.
    units: usize,
}

impl JsString {
    unsafe fn of(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let mut units = 0;
        // SAFETY: the caller vouches for both; without a buffer only the length is told.
        check_status!(unsafe {
            sys::napi_get_value_string_utf16(env, value, ptr::null_mut(), 0, &mut units)
        })?;
        Ok(Self { env, value, units })
    }

    /// Appends the inside of its JSON literal.
    fn escape_into(&self, out: &mut String) -> Result<()> {
        const REPLACED: &str = "\u{fffd}";
        let start = out.len();
        // ASCII fits into a byte per unit; nearly all long texts are (images, code).
        if !self.copy_into(out, self.units)? {
            out.truncate(start);
            self.copy_into(out, 3 * self.units)?;
            let text = out.get(start..).unwrap_or_default();
            if memmem::find(text.as_bytes(), REPLACED.as_bytes()).is_some() {
                out.truncate(start);
                return self.escape_halves_into(out);
            }
        }
        if !is_plain(out.get(start..).unwrap_or_default()) {
            let text = out.split_off(start);
            escape_into(out, &text);
        }
        Ok(())
    }

    /// Appends as much of it as fits into so many bytes. Whether that was all, and ASCII.
    fn copy_into(&self, out: &mut String, room: usize) -> Result<bool> {
        out.reserve(room + 1);
        let mut written = 0;
        // SAFETY: what is appended to the vector is looked at below before it is left in the string.
        let bytes = unsafe { out.as_mut_vec() };
        let start = bytes.len();
        // SAFETY: there is room for as much behind the vector's end, V8's closing zero included.
        let status = unsafe {
            let end = bytes.as_mut_ptr().add(start);
            sys::napi_get_value_string_utf8(
                self.env,
                self.value,
                end.cast(),
                room + 1,
                &mut written,
            )
        };
        check_status!(status)?;
        // SAFETY: V8 has written so many bytes there.
        unsafe { bytes.set_len(start + written) };
        let new = bytes.get(start..).unwrap_or_default();
        let is_ascii = new.is_ascii();
        if !is_ascii && std::str::from_utf8(new).is_err() {
            bytes.truncate(start);
            return Err(not_as_agreed());
        }
        Ok(is_ascii && written == self.units)
    }

    /// The same where it has halves of surrogate pairs, which UTF-8 cannot hold but JSON can.
    fn escape_halves_into(&self, out: &mut String) -> Result<()> {
        let mut units = vec![0_u16; self.units + 1];
        let mut written = 0;
        // SAFETY: the buffer has room for all units and the closing zero.
        check_status!(unsafe {
            sys::napi_get_value_string_utf16(
                self.env,
                self.value,
                units.as_mut_ptr(),
                units.len(),
                &mut written,
            )
        })?;
        units.truncate(written);
        for unit in char::decode_utf16(units) {
            match unit {
                Ok(character) => escape_into(out, character.encode_utf8(&mut [0; 4])),
                Err(half) => {
                    let _ = std::fmt::Write::write_fmt(
                        out,
                        format_args!("\\u{:04x}", half.unpaired_surrogate()),
                    );
                }
            }
        }
        Ok(())
    }
}
