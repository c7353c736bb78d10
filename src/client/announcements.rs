//! What the catalogs of the gateways say of models that go, for the whole process: a client that asks for its catalog tells
//! all clients of the same root.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::retirement::{Announced, Retirement, retirement};

type Catalogs = HashMap<String, Arc<Announced>>;

static CATALOGS: LazyLock<RwLock<Catalogs>> = LazyLock::new(RwLock::default);

/// Keeps what the catalog of this root says, in place of what it said before.
#[cfg_attr(not(feature = "node"), expect(dead_code, reason = "catalogs are read by the facade"))]
pub(crate) fn announce(root: &str, announced: Announced) {
    let mut catalogs = CATALOGS.write().unwrap_or_else(PoisonError::into_inner);
    catalogs.insert(root.to_owned(), Arc::new(announced));
}

/// When this model goes, by the catalog of this root where it is known, else by our own table.
pub(super) fn announced(root: &str, model: &str) -> Option<Retirement> {
    let catalogs = CATALOGS.read().unwrap_or_else(PoisonError::into_inner);
    let catalog = catalogs.get(root).map(Arc::clone);
    drop(catalogs);
    match catalog {
        Some(catalog) => catalog.retirement(model),
        None => retirement(model),
    }
}
