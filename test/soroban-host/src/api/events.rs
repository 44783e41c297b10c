//! getEvents: what contracts have said, by ledger, filter and cursor.
use super::read::{base64, close_time};
use super::time::iso;
use super::{fault, Answer, Fault, INVALID_PARAMS, INVALID_REQUEST};
use crate::node::{Node, Record};
use serde_json::{json, Value};
use stellar_xdr::{ContractEvent, ContractEventBody, ContractEventType, Hash, ScVal, TransactionEventStage};

const LIMIT_MAX: u64 = 10_000;
const LIMIT: u64 = 100;
/// Ledgers that one question may span.
const SPAN: u32 = 10_000;
const FILTERS_MAX: usize = 5;
/// A place has 20 bits for the transaction and 12 for the operation (SEP-35).
const LAST_TRANSACTION: u32 = 0xf_ffff;
const LAST_OPERATION: u32 = 0xfff;

/// Where an event stands: the operation's place in all history, then the event's own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    operation: u64,
    event: u32,
}

impl Place {
    fn new(ledger: u32, transaction: u32, operation: u32, event: u32) -> Self {
        let place = (u64::from(ledger) << 32) | (u64::from(transaction) << 12) | u64::from(operation);
        Place { operation: place, event }
    }

    fn transaction_index(self) -> u64 {
        self.operation >> 12 & u64::from(LAST_TRANSACTION)
    }

    fn operation_index(self) -> u64 {
        self.operation & u64::from(LAST_OPERATION)
    }

    fn id(self) -> String {
        format!("{:019}-{:010}", self.operation, self.event)
    }

    fn parse(text: &str) -> Option<Self> {
        let (operation, event) = text.split_once('-')?;
        Some(Place { operation: operation.parse().ok()?, event: event.parse().ok()? })
    }
}

struct Said<'a> {
    place: Place,
    record: &'a Record,
    event: &'a ContractEvent,
}

struct Window {
    after: Option<Place>,
    first: u32,
    /// The first ledger that is not looked at.
    end: u32,
    limit: usize,
}

pub fn events(node: &Node, params: &Value) -> Answer {
    let window = window_of(node, params)?;
    let filters = parse_filters(&params["filters"])?;
    let mut found: Vec<Said> = all_said(node)
        .into_iter()
        .filter(|said| (window.first..window.end).contains(&said.record.ledger))
        .filter(|said| window.after.is_none_or(|after| said.place > after))
        .filter(|said| filters.is_empty() || filters.iter().any(|filter| filter.fits(said.event)))
        .collect();
    found.sort_by_key(|said| said.place);
    let is_full = found.len() >= window.limit;
    found.truncate(window.limit);
    // Short of the limit, the next question goes on behind all that was looked at.
    let end = Place::new(window.end - 1, LAST_TRANSACTION, LAST_OPERATION, u32::MAX);
    let cursor = found.last().filter(|_| is_full).map_or(end, |said| said.place);
    let (latest, oldest) = (node.shown().sequence(), node.oldest());
    Ok(json!({
        "events": found.iter().map(told).collect::<Vec<_>>(),
        "cursor": cursor.id(),
        "latestLedger": latest,
        "oldestLedger": oldest,
        "latestLedgerCloseTime": close_time(node, latest).to_string(),
        "oldestLedgerCloseTime": close_time(node, oldest).to_string(),
    }))
}

fn window_of(node: &Node, params: &Value) -> Result<Window, Fault> {
    let refuse = |words: &str| Err(fault(INVALID_PARAMS, words));
    let limit = params["pagination"]["limit"].as_u64().filter(|limit| *limit > 0).unwrap_or(LIMIT);
    if limit > LIMIT_MAX {
        return refuse("limit must not exceed 10000");
    }
    let (first_known, last_known) = (node.oldest(), node.shown().sequence());
    let start = params["startLedger"].as_u64().unwrap_or(0);
    let last = params["endLedger"].as_u64().unwrap_or(0);
    let (after, first) = match params["pagination"]["cursor"].as_str() {
        Some(_) if start != 0 || last != 0 => {
            return refuse("ledger ranges and cursor cannot both be set");
        }
        Some(cursor) => match Place::parse(cursor) {
            Some(place) => (Some(place), (place.operation >> 32) as u32),
            None => return refuse("invalid cursor"),
        },
        None if start == 0 => return refuse("startLedger must be positive"),
        None => (None, u32::try_from(start).unwrap_or(u32::MAX)),
    };
    if !(first_known..=last_known).contains(&first) {
        let words = format!("startLedger must be within the ledger range: {first_known} - {last_known}");
        return Err(fault(INVALID_REQUEST, words));
    }
    let asked = if last == 0 { u32::MAX } else { u32::try_from(last).unwrap_or(u32::MAX) };
    let end = asked.min(first.saturating_add(SPAN)).min(last_known + 1);
    Ok(Window { after, first, end, limit: limit as usize })
}

/// Everything that the visible ledgers say. Fees stand before all transactions of their ledger and refunds behind them,
/// each kind counted through the whole ledger.
fn all_said(node: &Node) -> Vec<Said<'_>> {
    let mut all = Vec::new();
    let (mut ledger, mut fees, mut refunds) = (0, 0, 0);
    for record in node.visible() {
        if record.ledger != ledger {
            (ledger, fees, refunds) = (record.ledger, 0, 0);
        }
        for told in record.meta.events.iter() {
            let is_first = told.stage == TransactionEventStage::BeforeAllTxs;
            let (transaction, counter) =
                if is_first { (0, &mut fees) } else { (LAST_TRANSACTION, &mut refunds) };
            let place = Place::new(ledger, transaction, 0, *counter);
            *counter += 1;
            all.push(Said { place, record, event: &told.event });
        }
        for (operation, meta) in record.meta.operations.iter().enumerate() {
            for (number, event) in meta.events.iter().enumerate() {
                let place = Place::new(ledger, record.order, operation as u32, number as u32);
                all.push(Said { place, record, event });
            }
        }
    }
    all
}

fn told(said: &Said) -> Value {
    let ContractEventBody::V0(body) = &said.event.body;
    let kind = if said.event.type_ == ContractEventType::System { "system" } else { "contract" };
    json!({
        "type": kind,
        "ledger": said.record.ledger,
        "ledgerClosedAt": iso(said.record.close_time),
        "contractId": said.event.contract_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        "id": said.place.id(),
        "operationIndex": said.place.operation_index(),
        "transactionIndex": said.place.transaction_index(),
        "txHash": Hash(said.record.envelope.name()).to_string(),
        "topic": body.topics.iter().map(base64).collect::<Vec<_>>(),
        "value": base64(&body.data),
    })
}

struct Filter {
    kinds: Vec<String>,
    contracts: Vec<String>,
    topics: Vec<Vec<Segment>>,
}

enum Segment {
    Any,
    /// As many as there are.
    Rest,
    Equal(Box<ScVal>),
}

impl Filter {
    fn fits(&self, event: &ContractEvent) -> bool {
        let kind = if event.type_ == ContractEventType::System { "system" } else { "contract" };
        let contract = event.contract_id.as_ref().map(ToString::to_string).unwrap_or_default();
        let ContractEventBody::V0(body) = &event.body;
        (self.kinds.is_empty() || self.kinds.iter().any(|wanted| wanted == kind))
            && (self.contracts.is_empty() || self.contracts.contains(&contract))
            && (self.topics.is_empty() || self.topics.iter().any(|wanted| fits_topics(wanted, &body.topics)))
    }
}

fn fits_topics(wanted: &[Segment], topics: &[ScVal]) -> bool {
    let is_open = matches!(wanted.last(), Some(Segment::Rest));
    let fixed = if is_open { &wanted[..wanted.len() - 1] } else { wanted };
    let is_long_enough = if is_open { topics.len() >= fixed.len() } else { topics.len() == fixed.len() };
    is_long_enough
        && fixed.iter().zip(topics).all(|(segment, topic)| match segment {
            Segment::Equal(value) => **value == *topic,
            Segment::Any | Segment::Rest => true,
        })
}

fn parse_filters(given: &Value) -> Result<Vec<Filter>, Fault> {
    let empty = vec![];
    let filters = given.as_array().unwrap_or(&empty);
    if filters.len() > FILTERS_MAX {
        return Err(fault(INVALID_PARAMS, "maximum 5 filters per request"));
    }
    filters.iter().map(parse_filter).collect()
}

fn parse_filter(given: &Value) -> Result<Filter, Fault> {
    let list = |name: &str| given[name].as_array().cloned().unwrap_or_default();
    let words = |value: &Value| value.as_str().unwrap_or("").to_string();
    let contracts: Vec<String> = list("contractIds").iter().map(words).collect();
    if contracts.len() > 5 || contracts.iter().any(|id| id.parse::<stellar_xdr::ContractId>().is_err()) {
        return Err(fault(INVALID_PARAMS, "contract ID invalid, or more than 5 of them"));
    }
    if list("topics").len() > 5 {
        return Err(fault(INVALID_PARAMS, "maximum 5 topics per filter"));
    }
    let kinds = given["type"].as_str().unwrap_or("").split(',').filter(|kind| !kind.is_empty());
    let kinds: Vec<String> = kinds.map(str::to_string).collect();
    if kinds.iter().any(|kind| kind != "system" && kind != "contract") {
        return Err(fault(INVALID_PARAMS, "if set, type must be either 'system' or 'contract'"));
    }
    let topics: Result<Vec<_>, Fault> = list("topics").iter().map(parse_topics).collect();
    Ok(Filter { kinds, contracts, topics: topics? })
}

fn parse_topics(given: &Value) -> Result<Vec<Segment>, Fault> {
    let refuse = || fault(INVALID_PARAMS, "topic filters have 1 to 4 segments, and ** at the end alone");
    let segments = given.as_array().ok_or_else(refuse)?;
    let mut parsed = Vec::new();
    for (place, segment) in segments.iter().enumerate() {
        parsed.push(match segment.as_str() {
            Some("*") => Segment::Any,
            Some("**") if place + 1 == segments.len() => Segment::Rest,
            Some(text) => {
                Segment::Equal(Box::new(crate::classic::envelope::decode(text).map_err(|_| refuse())?))
            }
            None => return Err(refuse()),
        });
    }
    let count = parsed.iter().filter(|segment| !matches!(segment, Segment::Rest)).count();
    if parsed.is_empty() || count > 4 {
        Err(refuse())
    } else {
        Ok(parsed)
    }
}
