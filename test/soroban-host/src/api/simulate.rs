//! simulateTransaction: the host's own simulation, against the newest ledger.
use super::read::base64;
use super::{fault, text_of, Answer, INTERNAL, INVALID_PARAMS};
use crate::classic::envelope::Envelope;
use crate::ledger::Ledger;
use crate::node::Node;
use serde_json::{json, Value};
use soroban_env_host::e2e_invoke::RecordingInvocationAuthMode as Mode;
use soroban_simulation::simulation::{
    simulate_extend_ttl_op, simulate_invoke_host_function_op, simulate_restore_op, LedgerEntryDiff,
    SimulationAdjustmentConfig,
};
use soroban_simulation::AutoRestoringSnapshotSource;
use std::rc::Rc;
use stellar_xdr::{
    AccountId, InvokeHostFunctionOp, LedgerFootprint, Limits, OperationBody, SorobanTransactionData, WriteXdr,
};

pub fn simulate(node: &Node, params: &Value) -> Answer {
    let text = text_of(params, "transaction")?;
    let latest = node.shown();
    let Ok(envelope) = Envelope::decode(text, latest.network_id) else {
        return Ok(failed(latest, "Could not unmarshal transaction"));
    };
    let [operation] = envelope.tx.operations.as_slice() else {
        return Ok(failed(latest, "Transaction contains more than one operation"));
    };
    // It will run in a ledger after this one.
    let mut ledger = latest.clone();
    ledger.header.ledger_seq += 1;
    let footprint = envelope.soroban().map(|data| data.resources.footprint.clone()).unwrap_or_default();
    match &operation.body {
        OperationBody::InvokeHostFunction(op) => {
            let mode = auth_mode(params, op)?;
            invoke(&ledger, &envelope.source_of(0), op, mode)
                .map_err(|error| fault(INTERNAL, error.to_string()))
        }
        OperationBody::ExtendFootprintTtl(op) => {
            Ok(outcome(latest, extend(&ledger, &footprint, op.extend_to)))
        }
        OperationBody::RestoreFootprint(_) => Ok(outcome(latest, restore(&ledger, &footprint))),
        _ => Ok(failed(latest, "Transaction contains unsupported operation type")),
    }
}

fn failed(ledger: &Ledger, words: &str) -> Value {
    json!({ "error": words, "latestLedger": ledger.sequence() })
}

/// Without a word for it: recorded when the operation brings no authorisation, enforced when it does.
fn auth_mode(params: &Value, op: &InvokeHostFunctionOp) -> Result<Mode, super::Fault> {
    let enforced = || Mode::Enforcing(op.auth.to_vec());
    // CAP-71: credentials that name the address in what is signed.
    let is_upgraded = params["useUpgradedAuth"].as_bool().unwrap_or(false);
    match (params["authMode"].as_str().unwrap_or(""), op.auth.is_empty()) {
        ("", false) | ("enforce", _) => Ok(enforced()),
        ("", true) | ("record", true) => Ok(Mode::recording(true, is_upgraded)),
        ("record_allow_nonroot", true) => Ok(Mode::recording(false, is_upgraded)),
        ("record" | "record_allow_nonroot", false) => {
            Err(fault(INVALID_PARAMS, "cannot record authorisation beside authorisation that is given"))
        }
        (other, _) => Err(fault(INVALID_PARAMS, format!("invalid authMode: {other}"))),
    }
}

fn invoke(
    ledger: &Ledger,
    source: &AccountId,
    op: &InvokeHostFunctionOp,
    mode: Mode,
) -> Result<Value, Box<dyn std::error::Error>> {
    let adjustment = SimulationAdjustmentConfig::default_adjustment();
    let made = simulate_invoke_host_function_op(
        Rc::new(ledger.entries.clone()),
        &ledger.config,
        &adjustment,
        &ledger.info(),
        op.host_function.clone(),
        mode,
        source,
        ledger.network_id,
        true,
    )?;
    let events: Vec<String> = made.diagnostic_events.iter().map(base64).collect();
    let latest = ledger.sequence() - 1;
    let (value, data) = match (made.invoke_result, made.transaction_data) {
        (Ok(value), Some(data)) => (value, data),
        (Err(error), _) => {
            let words = format!("HostError: {:?}", error.error);
            return Ok(json!({ "error": words, "events": events, "latestLedger": latest }));
        }
        (Ok(_), None) => {
            return Ok(json!({ "error": "no resources", "events": events, "latestLedger": latest }))
        }
    };
    let auth: Vec<String> = made.auth.iter().map(base64).collect();
    let changes: Vec<Value> = made.modified_entries.iter().filter_map(change).collect();
    let mut answer = json!({
        "transactionData": base64(&data),
        "minResourceFee": data.resource_fee.to_string(),
        "events": events,
        "results": [{ "auth": auth, "xdr": base64(&value) }],
        "stateChanges": changes,
        "latestLedger": latest,
    });
    if let Some(preamble) = preamble(ledger, &data) {
        answer["restorePreamble"] = preamble;
    }
    Ok(answer)
}

fn change(diff: &LedgerEntryDiff) -> Option<Value> {
    let (kind, entry) = match (&diff.state_before, &diff.state_after) {
        (None, Some(after)) => ("created", after),
        (Some(before), None) => ("deleted", before),
        (Some(_), Some(after)) => ("updated", after),
        (None, None) => return None,
    };
    Some(json!({
        "type": kind,
        "key": base64(&entry.to_key()),
        "before": diff.state_before.as_ref().map(base64),
        "after": diff.state_after.as_ref().map(base64),
    }))
}

/// What a client that restores beforehand would send: the archived entries that the call has touched.
fn preamble(ledger: &Ledger, data: &SorobanTransactionData) -> Option<Value> {
    let info = ledger.info();
    let source = AutoRestoringSnapshotSource::new(Rc::new(ledger.entries.clone()), &info).ok()?;
    for key in data.resources.footprint.read_only.iter().chain(data.resources.footprint.read_write.iter()) {
        use soroban_env_host::storage::SnapshotSource;
        source.get(&Rc::new(key.clone())).ok()?;
    }
    let adjustment = SimulationAdjustmentConfig::default_adjustment();
    let restore = source.simulate_restore_keys_op(&ledger.config, &adjustment, &info).ok()??;
    let data = restore.transaction_data;
    Some(json!({ "transactionData": base64(&data), "minResourceFee": data.resource_fee.to_string() }))
}

type Simulated = Result<SorobanTransactionData, String>;

fn extend(ledger: &Ledger, footprint: &LedgerFootprint, extend_to: u32) -> Simulated {
    let adjustment = SimulationAdjustmentConfig::default_adjustment();
    let (info, keys) = (ledger.info(), footprint.read_only.as_slice());
    simulate_extend_ttl_op(&ledger.entries, &ledger.config, &adjustment, &info, keys, extend_to)
        .map(|made| made.transaction_data)
        .map_err(|error| error.to_string())
}

fn restore(ledger: &Ledger, footprint: &LedgerFootprint) -> Simulated {
    let adjustment = SimulationAdjustmentConfig::default_adjustment();
    let (info, keys) = (ledger.info(), footprint.read_write.as_slice());
    simulate_restore_op(&ledger.entries, &ledger.config, &adjustment, &info, keys)
        .map(|made| made.transaction_data)
        .map_err(|error| error.to_string())
}

fn outcome(latest: &Ledger, simulated: Simulated) -> Value {
    match simulated {
        Ok(data) => json!({
            "transactionData": data.to_xdr_base64(Limits::none()).unwrap_or_default(),
            "minResourceFee": data.resource_fee.to_string(),
            "latestLedger": latest.sequence(),
        }),
        Err(words) => failed(latest, &words),
    }
}
