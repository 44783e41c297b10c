//! The chain as this node knows it: ledgers, what stands in them, what waits for the next.
use crate::classic::{apply, check, envelope::Envelope};
use crate::contract::config::{network_config, LIFETIMES};
use crate::faults::Faults;
use crate::ledger::{hash_of, sha256, Ledger};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use stellar_xdr::{
    Hash, LedgerHeader, Limits, TimePoint, TransactionMetaV4, TransactionResult, TransactionResultExt,
    TransactionResultPair, TransactionResultResult as Outcome, TransactionResultSet, WriteXdr,
};

/// Ledgers whose whole state is kept, for a node that lags behind.
const PAST_MAX: usize = 256;

/// A transaction in a ledger.
#[derive(Clone)]
pub struct Record {
    pub envelope: Envelope,
    pub ledger: u32,
    /// Its place in the ledger, from one.
    pub order: u32,
    pub close_time: u64,
    pub result: TransactionResult,
    pub meta: TransactionMetaV4,
}

impl Record {
    pub fn is_success(&self) -> bool {
        matches!(self.result.result, Outcome::TxSuccess(_) | Outcome::TxFeeBumpInnerSuccess(_))
    }

    /// SEP-35: the place of a transaction in all history, as one number.
    pub fn place(&self) -> u64 {
        (u64::from(self.ledger) << 32) | (u64::from(self.order) << 12)
    }
}

/// As of every network: its clock begins with the ledger after it.
const GENESIS_CLOSE_TIME: u64 = 0;

pub struct Node {
    pub passphrase: String,
    pub ledger: Ledger,
    pub past: VecDeque<Ledger>,
    pub headers: Vec<LedgerHeader>,
    pub records: Vec<Record>,
    pub queue: Vec<Envelope>,
    pub faults: Faults,
    /// The close time of the next ledger, once; absent: the clock of this machine.
    pub next_close: Option<u64>,
    pub snapshot: Option<PathBuf>,
    pub saved: Saved,
}

/// How much of the history the snapshot holds.
#[derive(Clone, Copy, Default)]
pub struct Saved {
    pub headers: usize,
    pub records: usize,
}

pub enum Taken {
    Pending,
    Duplicate,
    TryAgainLater,
    Refused(TransactionResult),
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Node {
    pub fn new(passphrase: &str, protocol: u32) -> Self {
        let network_id = sha256(passphrase.as_bytes());
        let ledger = Ledger::genesis(network_id, protocol, GENESIS_CLOSE_TIME, network_config(LIFETIMES));
        Node {
            passphrase: passphrase.to_string(),
            headers: vec![ledger.header.clone()],
            ledger,
            past: VecDeque::new(),
            records: vec![],
            queue: vec![],
            faults: Faults::default(),
            next_close: None,
            snapshot: None,
            saved: Saved::default(),
        }
    }

    /// The ledger that this node shows: the newest, or an older one when it lags behind.
    pub fn shown(&self) -> &Ledger {
        match self.faults.lag {
            0 => &self.ledger,
            lag => self.past.get(self.past.len().saturating_sub(lag)).unwrap_or(&self.ledger),
        }
    }

    /// The oldest ledger whose transactions and events are still kept.
    pub fn oldest(&self) -> u32 {
        self.shown().sequence().saturating_sub(self.faults.retention.saturating_sub(1)).max(1)
    }

    pub fn header(&self, sequence: u32) -> Option<&LedgerHeader> {
        self.headers.get((sequence as usize).checked_sub(1)?)
    }

    pub fn visible(&self) -> impl DoubleEndedIterator<Item = &Record> {
        let (first, last) = (self.oldest(), self.shown().sequence());
        self.records.iter().filter(move |record| (first..=last).contains(&record.ledger))
    }

    /// By the transaction's own hash, and inside a fee bump by either.
    pub fn find(&self, hash: &[u8; 32]) -> Option<&Record> {
        self.visible().find(|record| record.envelope.name() == *hash || record.envelope.hash == *hash)
    }

    /// stellar-core's queue: known ones are duplicates, and one transaction waits for each source account.
    pub fn take(&mut self, envelope: Envelope) -> Taken {
        if self.queue.iter().any(|waiting| waiting.name() == envelope.name()) {
            return Taken::Duplicate;
        }
        if self.faults.refuse_later() {
            return Taken::TryAgainLater;
        }
        let replaced = self.queue.iter().position(|waiting| waiting.source() == envelope.source());
        if let Some(place) = replaced {
            let waiting = &self.queue[place];
            if envelope.bump.is_none() || envelope.tx.seq_num != waiting.tx.seq_num {
                return Taken::TryAgainLater;
            }
            if !outbids(&envelope, waiting) {
                return self.refused(&envelope, Outcome::TxInsufficientFee);
            }
        }
        // What is asked for the next ledger, at the time of the newest.
        let mut next = self.ledger.clone();
        next.header.ledger_seq += 1;
        if let Err(outcome) = check::check_sent(&next, &envelope) {
            return self.refused(&envelope, outcome);
        }
        if let Some(place) = replaced {
            self.queue.remove(place);
        }
        if !self.faults.lose_it() {
            self.queue.push(envelope);
        }
        Taken::Pending
    }

    /// A refusal names the least that the transaction would have paid.
    fn refused(&self, envelope: &Envelope, outcome: Outcome) -> Taken {
        let count = envelope.count() + i64::from(envelope.bump.is_some());
        let fee_charged = self.ledger.base_fee() * count + envelope.resource_fee();
        Taken::Refused(TransactionResult { fee_charged, result: outcome, ext: TransactionResultExt::V0 })
    }

    /// Closes a ledger with what waits.
    pub fn close(&mut self) {
        let time = self.next_close.take().unwrap_or_else(now).max(self.ledger.close_time() + 1);
        let envelopes = if self.faults.hold { vec![] } else { std::mem::take(&mut self.queue) };
        self.past.push_back(self.ledger.clone());
        while self.past.len() > PAST_MAX {
            self.past.pop_front();
        }
        let ledger = &mut self.ledger;
        ledger.header.previous_ledger_hash = hash_of(&ledger.header);
        ledger.header.ledger_seq += 1;
        ledger.header.scp_value.close_time = TimePoint(time);
        let charged: Vec<i64> = envelopes.iter().map(|envelope| apply::charge(ledger, envelope)).collect();
        let mut results = Vec::new();
        for (place, (envelope, fee)) in envelopes.into_iter().zip(charged).enumerate() {
            let applied = apply::apply(ledger, &envelope, fee);
            results.push(TransactionResultPair {
                transaction_hash: Hash(envelope.name()),
                result: applied.result.clone(),
            });
            self.records.push(Record {
                ledger: ledger.header.ledger_seq,
                order: place as u32 + 1,
                close_time: time,
                envelope,
                result: applied.result,
                meta: applied.meta,
            });
        }
        ledger.header.tx_set_result_hash = hash_of_results(results);
        ledger.entries.settle();
        self.headers.push(ledger.header.clone());
    }
}

/// What a header commits to: the results in the order in which they were applied (Stellar-ledger.x, TransactionResultSet).
fn hash_of_results(results: Vec<TransactionResultPair>) -> Hash {
    let set = TransactionResultSet { results: results.try_into().unwrap_or_default() };
    Hash(sha256(&set.to_xdr(Limits::none()).unwrap_or_default()))
}

/// A fee bump (CAP-15) takes the place of what waits when it bids ten times as much.
fn outbids(new: &Envelope, waiting: &Envelope) -> bool {
    let rate = |envelope: &Envelope| {
        let count = envelope.count() + i64::from(envelope.bump.is_some());
        (i128::from(envelope.fee_bid() - envelope.resource_fee()), i128::from(count))
    };
    let ((bid, count), (known, known_count)) = (rate(new), rate(waiting));
    bid * known_count >= 10 * known * count
}
