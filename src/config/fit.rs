//! `fit`: the oldest turns of a conversation that is too long are left out.

use serde_json::Value;

use super::members::Members;
use crate::error::Result;
use crate::tokens::Fit;

/// Reads `{ reserve?, limit? }`; `false`: not, whatever the client says.
///
/// # Errors
/// Naming the member.
pub(super) fn read(options: &mut Members) -> Result<Option<Option<Fit>>> {
    let name = "fit";
    let mut given = match options.take(name) {
        None => return Ok(None),
        Some(Value::Bool(false)) => return Ok(Some(None)),
        Some(Value::Object(members)) => options.below(name, members),
        Some(_) => return Err(options.refuse(name, "must be { reserve?, limit? } or false")),
    };
    let limit = given.count("limit")?.map(u64::from);
    let reserve = given.count("reserve")?.map(u64::from);
    given.finish()?;
    Ok(Some(Some(Fit { limit, reserve })))
}
