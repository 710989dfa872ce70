//! Whether a resource matches a filter. Text compares without regard to case, as the directory and the logs do.

use super::filter::{Expr, Literal, Op, Operand};
use super::row::{Row, ticks};
use serde_json::Value;
use std::cmp::Ordering;

pub(crate) fn matches(expr: &Expr, row: &Row<'_>) -> bool {
    eval(expr, row, None)
}

fn eval(expr: &Expr, row: &Row<'_>, item: Option<&Value>) -> bool {
    match expr {
        Expr::And(a, b) => eval(a, row, item) && eval(b, row, item),
        Expr::Or(a, b) => eval(a, row, item) || eval(b, row, item),
        Expr::Not(a) => !eval(a, row, item),
        Expr::Compare(operand, op, literal) => compare(&value(operand, row, item), *op, literal),
        Expr::In(operand, list) => {
            let value = value(operand, row, item);
            list.iter().any(|literal| compare(&value, Op::Eq, literal))
        }
        Expr::StartsWith(operand, text) => with_text(&value(operand, row, item), |v| v.starts_with(&text.to_lowercase())),
        Expr::EndsWith(operand, text) => with_text(&value(operand, row, item), |v| v.ends_with(&text.to_lowercase())),
        Expr::Contains(operand, text) => with_text(&value(operand, row, item), |v| v.contains(&text.to_lowercase())),
        Expr::Any(path, body) => items(row, path).iter().any(|found| body.as_ref().is_none_or(|body| eval(body, row, Some(found)))),
        Expr::All(path, body) => items(row, path).iter().all(|found| eval(body, row, Some(found))),
        Expr::Count(path, op, n) => ordered(i64::try_from(items(row, path).len()).unwrap_or(i64::MAX).cmp(n), *op),
    }
}

fn items(row: &Row<'_>, path: &[String]) -> Vec<Value> {
    match row.value(path) {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

fn value(operand: &Operand, row: &Row<'_>, item: Option<&Value>) -> Value {
    if !operand.item {
        return row.value(&operand.path);
    }
    let mut value = item;
    for part in &operand.path {
        value = value.and_then(|v| v.get(part));
    }
    value.cloned().unwrap_or(Value::Null)
}

fn with_text(value: &Value, test: impl Fn(&str) -> bool) -> bool {
    value.as_str().is_some_and(|text| test(&text.to_lowercase()))
}

fn compare(value: &Value, op: Op, literal: &Literal) -> bool {
    let order = match (value, literal) {
        (Value::Null, Literal::Null) => Some(Ordering::Equal),
        (Value::Bool(a), Literal::Bool(b)) => Some(a.cmp(b)),
        (Value::Number(a), Literal::Number(b)) => a.as_f64().and_then(|a| a.partial_cmp(b)),
        (Value::String(a), Literal::Text(b)) => Some(a.to_lowercase().cmp(&b.to_lowercase())),
        (Value::String(a), Literal::Time(b)) => ticks(a).map(|a| a.cmp(b)),
        _ => None,
    };
    match order {
        Some(order) => ordered(order, op),
        // Different kinds, or null against a value: unequal, and neither greater nor less.
        None => op == Op::Ne,
    }
}

fn ordered(order: Ordering, op: Op) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
    }
}

/// The bounds that a filter puts on one time property, in 100 ns; both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeRange {
    pub from: i64,
    pub to: i64,
    /// The filter says nothing else: within the bounds everything matches.
    pub exact: bool,
}

/// Reads time bounds off a filter's top-level `and`s, so that a list in time order is not looked through whole.
pub(crate) fn time_range(expr: &Expr, property: &str) -> TimeRange {
    let whole = |exact| TimeRange { from: i64::MIN, to: i64::MAX, exact };
    match expr {
        Expr::And(a, b) => {
            let (a, b) = (time_range(a, property), time_range(b, property));
            TimeRange { from: a.from.max(b.from), to: a.to.min(b.to), exact: a.exact && b.exact }
        }
        Expr::Compare(Operand { path, item: false, .. }, op, Literal::Time(t)) if path.len() == 1 && path[0] == property => match op {
            Op::Ge => TimeRange { from: *t, ..whole(true) },
            Op::Gt => TimeRange { from: t.saturating_add(1), ..whole(true) },
            Op::Le => TimeRange { to: *t, ..whole(true) },
            Op::Lt => TimeRange { to: t.saturating_sub(1), ..whole(true) },
            Op::Eq => TimeRange { from: *t, to: *t, exact: true },
            Op::Ne => whole(false),
        },
        _ => whole(false),
    }
}
