//! OData as Graph understands it: `$filter` parsed and evaluated, `$select` projected, over resources kept as JSON text.
//! "Use query parameters to customize Microsoft Graph query responses" and "Use the $filter query parameter" are the rules.

mod evaluate;
mod filter;
mod row;
#[cfg(test)]
mod tests;

pub(crate) use evaluate::{matches, time_range};
pub(crate) use filter::{Expr, parse};
pub(crate) use row::{Row, heads, ticks};
