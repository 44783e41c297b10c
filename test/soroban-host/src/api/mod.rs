//! What the node says: Soroban RPC by POST, a part of Horizon by GET, and our own methods whose names begin with `test_`.
mod control;
mod entries;
mod events;
mod horizon;
mod horizon_account;
mod read;
mod send;
mod simulate;
pub mod time;

use crate::node::Node;
use serde_json::{json, Value};

pub use horizon::horizon;

/// A reply, or silence: the connection stays open and nothing comes.
pub enum Reply {
    Json(u16, Value),
    Silence,
    /// The connection ends without an answer.
    Hangup,
}

/// JSON-RPC's error object.
pub struct Fault {
    pub code: i64,
    pub message: String,
}

pub const INVALID_REQUEST: i64 = -32600;
pub const METHOD_NOT_FOUND: i64 = -32601;
pub const INVALID_PARAMS: i64 = -32602;
pub const INTERNAL: i64 = -32603;

pub fn fault(code: i64, message: impl Into<String>) -> Fault {
    Fault { code, message: message.into() }
}

pub type Answer = Result<Value, Fault>;

pub fn text_of<'a>(params: &'a Value, name: &str) -> Result<&'a str, Fault> {
    params[name].as_str().ok_or_else(|| fault(INVALID_PARAMS, format!("{name} is missing or no text")))
}

/// One JSON-RPC 2.0 request.
pub fn rpc(node: &mut Node, request: &Value) -> Reply {
    let method = request["method"].as_str().unwrap_or("");
    if !method.starts_with("test_") && node.faults.keep_silent() {
        return Reply::Silence;
    }
    let params = &request["params"];
    let answer = match params["xdrFormat"].as_str() {
        None | Some("base64") => dispatch(node, method, params),
        Some(other) => Err(fault(INVALID_PARAMS, format!("xdrFormat {other} is not served here"))),
    };
    if method == "sendTransaction" && answer.is_ok() && node.faults.lose_this_answer() {
        return Reply::Hangup;
    }
    let mut reply = json!({ "jsonrpc": "2.0", "id": request["id"] });
    match answer {
        Ok(result) => reply["result"] = result,
        Err(Fault { code, message }) => reply["error"] = json!({ "code": code, "message": message }),
    }
    Reply::Json(200, reply)
}

fn dispatch(node: &mut Node, method: &str, params: &Value) -> Answer {
    match method {
        "getHealth" => Ok(read::health(node)),
        "getNetwork" => Ok(read::network(node)),
        "getVersionInfo" => Ok(read::version(node)),
        "getLatestLedger" => Ok(read::latest_ledger(node)),
        "getLedgers" => read::ledgers(node, params),
        "getFeeStats" => Ok(read::fee_stats(node)),
        "getTransaction" => read::transaction(node, params),
        "getTransactions" => read::transactions(node, params),
        "getLedgerEntries" => entries::ledger_entries(node, params),
        "getEvents" => events::events(node, params),
        "simulateTransaction" => simulate::simulate(node, params),
        "sendTransaction" => send::send(node, params),
        _ if method.starts_with("test_") => control::control(node, method, params),
        _ => Err(fault(METHOD_NOT_FOUND, "method not found")),
    }
}
