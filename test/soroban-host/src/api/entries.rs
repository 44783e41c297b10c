//! getLedgerEntries: entries by their keys.
use super::read::base64;
use super::{fault, Answer, INVALID_PARAMS};
use crate::classic::envelope::decode;
use crate::node::Node;
use serde_json::{json, Value};
use stellar_xdr::LedgerKey;

const KEYS_MAX: usize = 200;

pub fn ledger_entries(node: &Node, params: &Value) -> Answer {
    let Some(keys) = params["keys"].as_array() else { return Err(fault(INVALID_PARAMS, "keys are missing")) };
    if keys.len() > KEYS_MAX {
        let words = format!("key count ({}) exceeds maximum supported ({KEYS_MAX})", keys.len());
        return Err(fault(INVALID_PARAMS, words));
    }
    let ledger = node.shown();
    let mut found = Vec::new();
    for (place, text) in keys.iter().enumerate() {
        let key: LedgerKey = decode(text.as_str().unwrap_or(""))
            .map_err(|_| fault(INVALID_PARAMS, format!("cannot unmarshal key value at index {place}")))?;
        if matches!(key, LedgerKey::Ttl(_)) {
            return Err(fault(INVALID_PARAMS, "ledger ttl entries cannot be queried directly"));
        }
        let Some((entry, live_until)) = ledger.entries.get(&key) else { continue };
        let mut told = json!({
            "key": text,
            "xdr": base64(&entry.data),
            "lastModifiedLedgerSeq": entry.last_modified_ledger_seq,
            "extXdr": base64(&entry.ext),
        });
        if let Some(last) = live_until {
            told["liveUntilLedgerSeq"] = json!(last);
        }
        found.push(told);
    }
    Ok(json!({ "entries": found, "latestLedger": ledger.sequence() }))
}
