//! sendTransaction: into the queue, or why not.
use super::read::{base64, close_time};
use super::{fault, text_of, Answer, INVALID_PARAMS};
use crate::classic::envelope::Envelope;
use crate::node::{Node, Taken};
use serde_json::{json, Value};
use stellar_xdr::{Hash, TransactionResult};

pub fn send(node: &mut Node, params: &Value) -> Answer {
    let text = text_of(params, "transaction")?;
    let envelope =
        Envelope::decode(text, node.ledger.network_id).map_err(|_| fault(INVALID_PARAMS, "invalid_xdr"))?;
    let hash = Hash(envelope.name()).to_string();
    let (status, refused) = status_of(node.take(envelope));
    let latest = node.shown().sequence();
    let mut answer = json!({
        "status": status,
        "hash": hash,
        "latestLedger": latest,
        "latestLedgerCloseTime": close_time(node, latest).to_string(),
    });
    if let Some(result) = refused {
        answer["errorResultXdr"] = json!(base64(&result));
    }
    Ok(answer)
}

pub fn status_of(taken: Taken) -> (&'static str, Option<TransactionResult>) {
    match taken {
        Taken::Pending => ("PENDING", None),
        Taken::Duplicate => ("DUPLICATE", None),
        Taken::TryAgainLater => ("TRY_AGAIN_LATER", None),
        Taken::Refused(result) => ("ERROR", Some(result)),
    }
}
