//! Reads the bodies of the command lanes, which callers write by hand.

use swimos::model::{Item, Value};

/// The value of the named slot, if the body is a record that has one.
pub fn slot<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    match body {
        Value::Record(_, items) => items.iter().find_map(|item| match item {
            Item::Slot(Value::Text(key), value) if key.as_str() == name => Some(value),
            _ => None,
        }),
        _ => None,
    }
}

pub fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int32Value(n) => Some(i64::from(*n)),
        Value::Int64Value(n) => Some(*n),
        Value::UInt32Value(n) => Some(i64::from(*n)),
        Value::UInt64Value(n) => i64::try_from(*n).ok(),
        _ => None,
    }
}

pub fn text(value: &Value) -> String {
    match value {
        Value::Text(words) => words.as_str().to_string(),
        other => other.to_string(),
    }
}

/// A number as this host prints it: the narrowest integer that holds it.
pub fn number(n: i64) -> Value {
    i32::try_from(n).map_or(Value::Int64Value(n), Value::Int32Value)
}
