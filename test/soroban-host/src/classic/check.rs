//! Whether a transaction may enter the queue or a ledger, in the order in which stellar-core asks.
use super::balance::available;
use super::envelope::{Bump, Envelope};
use super::operations::{fault_of, level_of, untouched};
use super::signatures::{Level, Signatures};
use crate::contract::fees;
use crate::ledger::Ledger;
use stellar_xdr::{
    AccountEntry, Hash, InnerTransactionResult, InnerTransactionResultExt, InnerTransactionResultPair,
    InnerTransactionResultResult as Inner, OperationResult, TransactionResultResult as Outcome,
};

/// A refusal, and whether the sequence number is used up all the same when this happens in a ledger.
pub struct Refusal {
    pub outcome: Outcome,
    pub uses_sequence: bool,
}

fn early(outcome: Outcome) -> Refusal {
    Refusal { outcome, uses_sequence: false }
}

fn late(outcome: Outcome) -> Refusal {
    Refusal { outcome, uses_sequence: true }
}

/// Everything, as for the queue. The result names what is refused; inside a fee bump, what of it.
pub fn check_sent(ledger: &Ledger, envelope: &Envelope) -> Result<(), Outcome> {
    match &envelope.bump {
        None => check_transaction(ledger, envelope, true).map_err(|refusal| refusal.outcome),
        Some(bump) => {
            check_bump(ledger, envelope, bump)?;
            check_transaction(ledger, envelope, false)
                .map_err(|refusal| Outcome::TxFeeBumpInnerFailed(pair(envelope.hash, 0, refusal.outcome)))
        }
    }
}

/// CAP-15: at least the rate of what it replaces, its own signature, its own money.
fn check_bump(ledger: &Ledger, envelope: &Envelope, bump: &Bump) -> Result<(), Outcome> {
    let inclusion = bump.fee - envelope.resource_fee();
    let least = ledger.base_fee() * (envelope.count() + 1);
    if inclusion < least {
        return Err(Outcome::TxInsufficientFee);
    }
    let inner = i128::from(i64::from(envelope.tx.fee) - envelope.resource_fee());
    let inner_least = ledger.base_fee() * envelope.count();
    if i128::from(inclusion) * i128::from(inner_least) < inner * i128::from(least) {
        return Err(Outcome::TxInsufficientFee);
    }
    let Some(payer) = ledger.account(&bump.source) else { return Err(Outcome::TxNoAccount) };
    let mut signatures = Signatures::new(bump.hash, &bump.signatures);
    if !signatures.satisfy(&payer, Level::Low) {
        return Err(Outcome::TxBadAuth);
    }
    if available(&payer, ledger.base_reserve()) < bump.fee {
        return Err(Outcome::TxInsufficientBalance);
    }
    if signatures.are_all_used() {
        Ok(())
    } else {
        Err(Outcome::TxBadAuthExtra)
    }
}

/// @param charges whether the fee is this transaction's own and still to be paid
pub fn check_transaction(ledger: &Ledger, envelope: &Envelope, charges: bool) -> Result<(), Refusal> {
    check_form(ledger, envelope).map_err(early)?;
    check_bounds(ledger, envelope).map_err(early)?;
    let inclusion = i64::from(envelope.tx.fee) - envelope.resource_fee();
    if charges && inclusion < ledger.base_fee() * envelope.count() {
        return Err(early(Outcome::TxInsufficientFee));
    }
    let Some(account) = ledger.account(&envelope.source()) else { return Err(early(Outcome::TxNoAccount)) };
    check_sequence(ledger, envelope, &account)?;
    let mut signatures = Signatures::new(envelope.hash, &envelope.signatures);
    if !signatures.satisfy(&account, Level::Low) || !has_extra_signers(envelope, &mut signatures) {
        return Err(late(Outcome::TxBadAuth));
    }
    if charges && available(&account, ledger.base_reserve()) < i64::from(envelope.tx.fee) {
        return Err(late(Outcome::TxInsufficientBalance));
    }
    check_operations(ledger, envelope, &mut signatures).map_err(late)?;
    if signatures.are_all_used() {
        Ok(())
    } else {
        Err(late(Outcome::TxBadAuthExtra))
    }
}

fn check_form(ledger: &Ledger, envelope: &Envelope) -> Result<(), Outcome> {
    if envelope.tx.operations.is_empty() {
        return Err(Outcome::TxMissingOperation);
    }
    let has_operation = envelope.has_soroban_operation();
    let is_alone = envelope.tx.operations.len() == 1;
    match envelope.soroban() {
        None if !has_operation => Ok(()),
        Some(data) if has_operation && is_alone => {
            if fees::is_payable(ledger, envelope, data) {
                Ok(())
            } else {
                Err(Outcome::TxSorobanInvalid)
            }
        }
        _ => Err(Outcome::TxMalformed),
    }
}

fn check_bounds(ledger: &Ledger, envelope: &Envelope) -> Result<(), Outcome> {
    if let Some(bounds) = envelope.time_bounds() {
        if bounds.min_time.0 > ledger.close_time() {
            return Err(Outcome::TxTooEarly);
        }
        if bounds.max_time.0 != 0 && bounds.max_time.0 < ledger.close_time() {
            return Err(Outcome::TxTooLate);
        }
    }
    if let Some(bounds) = envelope.ledger_bounds() {
        if bounds.min_ledger > ledger.sequence() {
            return Err(Outcome::TxTooEarly);
        }
        // The upper bound is the first ledger in which it may not stand (CAP-21).
        if bounds.max_ledger != 0 && bounds.max_ledger <= ledger.sequence() {
            return Err(Outcome::TxTooLate);
        }
    }
    Ok(())
}

fn check_sequence(ledger: &Ledger, envelope: &Envelope, account: &AccountEntry) -> Result<(), Refusal> {
    let (known, wanted) = (account.seq_num.0, envelope.tx.seq_num.0);
    let least = envelope.more().and_then(|more| more.min_seq_num.as_ref());
    let fits = match least {
        Some(least) => known >= least.0 && known < wanted,
        None => known.checked_add(1) == Some(wanted),
    };
    if !fits || wanted == ledger.starting_sequence() {
        return Err(early(Outcome::TxBadSeq));
    }
    let Some(more) = envelope.more() else { return Ok(()) };
    let (moved_in, moved_at) = last_moved(account);
    let is_old_enough = ledger.close_time().saturating_sub(moved_at) >= more.min_seq_age.0;
    let is_far_enough = ledger.sequence().saturating_sub(moved_in) >= more.min_seq_ledger_gap;
    if is_old_enough && is_far_enough {
        Ok(())
    } else {
        Err(late(Outcome::TxBadMinSeqAgeOrGap))
    }
}

fn last_moved(account: &AccountEntry) -> (u32, u64) {
    use stellar_xdr::{AccountEntryExt, AccountEntryExtensionV1Ext, AccountEntryExtensionV2Ext};
    let AccountEntryExt::V1(v1) = &account.ext else { return (0, 0) };
    let AccountEntryExtensionV1Ext::V2(v2) = &v1.ext else { return (0, 0) };
    match &v2.ext {
        AccountEntryExtensionV2Ext::V3(v3) => (v3.seq_ledger, v3.seq_time.0),
        AccountEntryExtensionV2Ext::V0 => (0, 0),
    }
}

fn has_extra_signers(envelope: &Envelope, signatures: &mut Signatures) -> bool {
    let Some(more) = envelope.more() else { return true };
    more.extra_signers.iter().all(|key| signatures.satisfy_extra(key))
}

/// Every operation's own source account, at the level that the operation asks for.
fn check_operations(
    ledger: &Ledger,
    envelope: &Envelope,
    signatures: &mut Signatures,
) -> Result<(), Outcome> {
    let mut results = Vec::new();
    let mut has_failed = false;
    for (place, operation) in envelope.tx.operations.iter().enumerate() {
        let source = envelope.source_of(place);
        let is_signed = match ledger.account(&source) {
            Some(account) => signatures.satisfy(&account, level_of(&operation.body)),
            None => signatures.satisfy_missing(&source),
        };
        let fault =
            if is_signed { fault_of(&operation.body, &source) } else { Some(OperationResult::OpBadAuth) };
        has_failed |= fault.is_some();
        results.push(fault.unwrap_or_else(|| untouched(&operation.body)));
    }
    if has_failed {
        Err(Outcome::TxFailed(results.try_into().unwrap_or_default()))
    } else {
        Ok(())
    }
}

pub fn pair(hash: [u8; 32], fee_charged: i64, outcome: Outcome) -> InnerTransactionResultPair {
    let result =
        InnerTransactionResult { fee_charged, result: inner_of(outcome), ext: InnerTransactionResultExt::V0 };
    InnerTransactionResultPair { transaction_hash: Hash(hash), result }
}

fn inner_of(outcome: Outcome) -> Inner {
    match outcome {
        Outcome::TxSuccess(results) => Inner::TxSuccess(results),
        Outcome::TxFailed(results) => Inner::TxFailed(results),
        Outcome::TxTooEarly => Inner::TxTooEarly,
        Outcome::TxTooLate => Inner::TxTooLate,
        Outcome::TxMissingOperation => Inner::TxMissingOperation,
        Outcome::TxBadSeq => Inner::TxBadSeq,
        Outcome::TxBadAuth => Inner::TxBadAuth,
        Outcome::TxInsufficientBalance => Inner::TxInsufficientBalance,
        Outcome::TxNoAccount => Inner::TxNoAccount,
        Outcome::TxInsufficientFee => Inner::TxInsufficientFee,
        Outcome::TxBadAuthExtra => Inner::TxBadAuthExtra,
        Outcome::TxBadMinSeqAgeOrGap => Inner::TxBadMinSeqAgeOrGap,
        Outcome::TxMalformed => Inner::TxMalformed,
        Outcome::TxSorobanInvalid => Inner::TxSorobanInvalid,
        _ => Inner::TxInternalError,
    }
}
