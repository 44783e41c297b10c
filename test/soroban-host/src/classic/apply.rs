//! A transaction in a ledger: the fee is taken first and in any case, then it is checked again, then carried out.
use super::check::{check_transaction, pair};
use super::envelope::{is_soroban, Envelope};
use super::operations::{apply as apply_classic, is_success};
use super::options::{drop_signer, note_sequence};
use super::transfers::{events_of, fee_event};
use crate::contract::{self, fees::resource_fee, Done};
use crate::ledger::Ledger;
use stellar_xdr::{
    ContractEvent, DiagnosticEvent, ExtensionPoint, LedgerEntryChanges, OperationBody, OperationMetaV2,
    OperationResult, SignerKey, SorobanTransactionMetaExt, SorobanTransactionMetaExtV1,
    SorobanTransactionMetaV2, TransactionEvent, TransactionMetaV4, TransactionResult, TransactionResultExt,
    TransactionResultResult as Outcome, Uint256,
};

pub struct Applied {
    pub result: TransactionResult,
    pub meta: TransactionMetaV4,
}

/// Takes the fee from whoever pays: what is bid for resources, and of the rest no more than the base fee for each operation.
pub fn charge(ledger: &mut Ledger, envelope: &Envelope) -> i64 {
    let Some(mut payer) = ledger.account(&envelope.payer()) else { return 0 };
    let count = envelope.count() + i64::from(envelope.bump.is_some());
    let inclusion = (envelope.fee_bid() - envelope.resource_fee()).min(ledger.base_fee() * count);
    let fee = (inclusion + envelope.resource_fee()).min(payer.balance);
    payer.balance -= fee;
    ledger.put_account(payer);
    ledger.header.fee_pool += fee;
    fee
}

pub fn apply(ledger: &mut Ledger, envelope: &Envelope, charged: i64) -> Applied {
    let mut work = Work {
        events: vec![fee_event(ledger.network_id, &envelope.payer(), charged, false)],
        ..Work::default()
    };
    let begun = ledger.entries.mark();
    let checked = check_transaction(ledger, envelope, false);
    if checked.as_ref().map_or_else(|refusal| refusal.uses_sequence, |()| true) {
        use_sequence(ledger, envelope);
    }
    let before = ledger.entries.changes_since(begun, ledger.sequence());
    let outcome = match checked {
        Err(refusal) => refusal.outcome,
        Ok(()) => work.carry_out(ledger, envelope),
    };
    let finished = ledger.entries.mark();
    let kept = work.refund(ledger, envelope, charged);
    let after = ledger.entries.changes_since(finished, ledger.sequence());
    Applied { result: result_of(envelope, outcome, kept), meta: work.meta(before, after) }
}

fn result_of(envelope: &Envelope, outcome: Outcome, fee_charged: i64) -> TransactionResult {
    let result = match (&envelope.bump, outcome) {
        (None, outcome) => outcome,
        (Some(_), Outcome::TxSuccess(results)) => {
            Outcome::TxFeeBumpInnerSuccess(pair(envelope.hash, 0, Outcome::TxSuccess(results)))
        }
        (Some(_), outcome) => Outcome::TxFeeBumpInnerFailed(pair(envelope.hash, 0, outcome)),
    };
    TransactionResult { fee_charged, result, ext: TransactionResultExt::V0 }
}

fn use_sequence(ledger: &mut Ledger, envelope: &Envelope) {
    let Some(mut account) = ledger.account(&envelope.source()) else { return };
    account.seq_num = envelope.tx.seq_num.clone();
    note_sequence(&mut account, ledger.sequence(), ledger.close_time());
    ledger.put_account(account);
    let once = SignerKey::PreAuthTx(Uint256(envelope.hash));
    for place in 0..envelope.tx.operations.len() {
        drop_signer(ledger, &envelope.source_of(place), &once);
    }
    drop_signer(ledger, &envelope.source(), &once);
}

#[derive(Default)]
struct Work {
    operations: Vec<OperationMetaV2>,
    events: Vec<TransactionEvent>,
    diagnostics: Vec<DiagnosticEvent>,
    soroban: Option<SorobanTransactionMetaV2>,
    /// Of the refundable fee.
    used: i64,
    rent: i64,
}

impl Work {
    /// All operations are tried, so that each has its own result; one that fails undoes all.
    fn carry_out(&mut self, ledger: &mut Ledger, envelope: &Envelope) -> Outcome {
        let begun = ledger.entries.mark();
        let mut results = Vec::new();
        for place in 0..envelope.tx.operations.len() {
            let started = ledger.entries.mark();
            let (result, events) = self.operate(ledger, envelope, place);
            if !is_success(&result) {
                ledger.entries.undo_to(started);
            }
            self.operations.push(OperationMetaV2 {
                ext: ExtensionPoint::V0,
                changes: ledger.entries.changes_since(started, ledger.sequence()),
                events: events.try_into().unwrap_or_default(),
            });
            results.push(result);
        }
        let is_good = results.iter().all(is_success);
        let results = results.try_into().unwrap_or_default();
        if is_good {
            return Outcome::TxSuccess(results);
        }
        ledger.entries.undo_to(begun);
        self.operations.clear();
        self.soroban = None;
        (self.used, self.rent) = (0, 0);
        Outcome::TxFailed(results)
    }

    fn operate(
        &mut self,
        ledger: &mut Ledger,
        envelope: &Envelope,
        place: usize,
    ) -> (OperationResult, Vec<ContractEvent>) {
        let source = envelope.source_of(place);
        let body = &envelope.tx.operations[place].body;
        if ledger.account(&source).is_none() {
            return (OperationResult::OpNoAccount, vec![]);
        }
        if !is_soroban(body) {
            let result = apply_classic(ledger, &source, body);
            let events = if is_success(&result) {
                events_of(ledger.network_id, &source, &envelope.tx.memo, body, &result)
            } else {
                vec![]
            };
            return (result, events);
        }
        let Some(data) = envelope.soroban() else { return (OperationResult::OpNotSupported, vec![]) };
        let done = match body {
            OperationBody::InvokeHostFunction(op) => {
                contract::invoke::invoke(ledger, envelope, data, &source, op)
            }
            OperationBody::ExtendFootprintTtl(op) => contract::lifetime::extend(ledger, envelope, data, op),
            _ => contract::lifetime::restore(ledger, envelope, data),
        };
        self.note(ledger, envelope, done)
    }

    fn note(
        &mut self,
        ledger: &Ledger,
        envelope: &Envelope,
        done: Done,
    ) -> (OperationResult, Vec<ContractEvent>) {
        (self.used, self.rent) = (done.refundable_used, done.rent_fee);
        self.diagnostics = done.diagnostics;
        let gone = envelope.soroban().map_or(0, |data| resource_fee(ledger, envelope, data, 0).0);
        self.soroban = Some(SorobanTransactionMetaV2 {
            ext: SorobanTransactionMetaExt::V1(SorobanTransactionMetaExtV1 {
                ext: ExtensionPoint::V0,
                total_non_refundable_resource_fee_charged: gone,
                total_refundable_resource_fee_charged: self.used,
                rent_fee_charged: self.rent,
            }),
            return_value: done.return_value,
        });
        (done.result, done.events)
    }

    /// Gives back what of the refundable fee was not used. @returns the fee that stays
    fn refund(&mut self, ledger: &mut Ledger, envelope: &Envelope, charged: i64) -> i64 {
        let Some(data) = envelope.soroban() else { return charged };
        let (gone, _) = resource_fee(ledger, envelope, data, 0);
        let refund = (data.resource_fee - gone - self.used).max(0);
        let Some(mut payer) = ledger.account(&envelope.payer()) else { return charged };
        payer.balance += refund;
        ledger.put_account(payer);
        ledger.header.fee_pool -= refund;
        self.events.push(fee_event(ledger.network_id, &envelope.payer(), refund, true));
        charged - refund
    }

    fn meta(self, before: LedgerEntryChanges, after: LedgerEntryChanges) -> TransactionMetaV4 {
        TransactionMetaV4 {
            ext: ExtensionPoint::V0,
            tx_changes_before: before,
            operations: self.operations.try_into().unwrap_or_default(),
            tx_changes_after: after,
            soroban_meta: self.soroban,
            events: self.events.try_into().unwrap_or_default(),
            diagnostic_events: self.diagnostics.try_into().unwrap_or_default(),
        }
    }
}
