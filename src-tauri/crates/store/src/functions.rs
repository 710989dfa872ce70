//! Functions that this crate's SQL calls: folding, and sets and orders of small whole numbers passed as one bound value.
//! A set is a bit a key; an order is four bytes a key. They let a list filter and sort in one pass over a narrow index.

use rusqlite::{
    Connection,
    functions::{Context, FunctionFlags},
    types::ValueRef,
};

use crate::{Result, text::fold};

/// Registered on every connection.
pub(crate) fn register(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("fold", 1, flags, |context| Ok(fold(context.get_raw(0).as_str_or_null()?.unwrap_or_default())))?;
    conn.create_scalar_function("has_key", 2, flags, |context| Ok(has(context, 0)))?;
    conn.create_scalar_function("has_any_key", 6, flags, |context| Ok(has(context, 0) || has(context, 2) || has(context, 4)))?;
    conn.create_scalar_function("rank_of", 2, flags, |context| {
        let (ValueRef::Blob(order), ValueRef::Integer(key)) = (context.get_raw(0), context.get_raw(1)) else { return Ok(i64::MAX) };
        let at = usize::try_from(key).unwrap_or(usize::MAX / 8).saturating_mul(4);
        Ok(order.get(at..at + 4).map_or(i64::MAX, |four| i64::from(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))))
    })?;
    Ok(())
}

fn has(context: &Context<'_>, at: usize) -> bool {
    let (ValueRef::Blob(set), ValueRef::Integer(key)) = (context.get_raw(at), context.get_raw(at + 1)) else { return false };
    let Ok(key) = usize::try_from(key) else { return false };
    set.get(key / 8).is_some_and(|byte| byte & (1 << (key % 8)) != 0)
}

/// A set of keys for `has_key`.
#[derive(Debug, Default, Clone)]
pub(crate) struct KeySet {
    bits: Vec<u8>,
    len: usize,
}

impl KeySet {
    pub(crate) fn insert(&mut self, key: i64) {
        let Ok(key) = usize::try_from(key) else { return };
        if self.bits.len() <= key / 8 {
            self.bits.resize(key / 8 + 1, 0);
        }
        self.bits[key / 8] |= 1 << (key % 8);
        self.len += 1;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn into_value(self) -> rusqlite::types::Value {
        rusqlite::types::Value::Blob(self.bits)
    }
}

/// Keys and their ranks, for `rank_of`.
pub(crate) fn order_of(ranks: &[(i64, u32)]) -> rusqlite::types::Value {
    let longest = ranks.iter().map(|(key, _)| *key).max().and_then(|key| usize::try_from(key).ok()).unwrap_or(0);
    let mut order = vec![0xff_u8; (longest + 1) * 4];
    for (key, rank) in ranks {
        if let Ok(key) = usize::try_from(*key) {
            order[key * 4..key * 4 + 4].copy_from_slice(&rank.to_le_bytes());
        }
    }
    rusqlite::types::Value::Blob(order)
}
