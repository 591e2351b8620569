//! Returns dates as the TOML library passes them.

use serde_json::{Value, json};

use crate::kind::TOML_DATETIME;

/// Returns a date or a time as TOML passes it.
pub(super) fn date(text: &str) -> Value {
    let whole = text.len() == 10
        || text
            .get(10..)
            .is_some_and(|time| time.matches(':').count() >= 2);
    if whole && !text.starts_with('~') {
        json!({ TOML_DATETIME: text })
    } else {
        Value::from(text)
    }
}
