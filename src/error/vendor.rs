//! What a vendor's error answer says.
use super::*;
use http::HeaderMap;
/// x
pub fn from_answer(_status: u16, _headers: &HeaderMap, _body: &[u8]) -> Error {
    Error::new(ErrorCode::ApiError, "x")
}
/// x
pub fn from_event(_payload: &str) -> Error {
    Error::new(ErrorCode::ApiError, "x")
}
