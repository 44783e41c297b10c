//! CreateAccount, Payment, AccountMerge, Clawback: what moves value between accounts.
use super::balance::sponsored_and_sponsoring;
use super::balance::{available, is_asset_valid, issuer_of, line_asset, line_available, line_room, room};
use crate::ledger::{account_key, new_account, Ledger};
use stellar_xdr::{
    AccountFlags, AccountId, AccountMergeResult, Asset, ClawbackOp, ClawbackResult, CreateAccountOp,
    CreateAccountResult, MuxedAccount, PaymentOp, PaymentResult, TrustLineFlags,
};

const AUTHORIZED: u32 = TrustLineFlags::AuthorizedFlag as u32;
const CLAWBACK_ENABLED: u32 = TrustLineFlags::TrustlineClawbackEnabledFlag as u32;
const IMMUTABLE: u32 = AccountFlags::ImmutableFlag as u32;

pub fn is_create_malformed(op: &CreateAccountOp, source: &AccountId) -> bool {
    op.starting_balance < 0 || op.destination == *source
}

pub fn create_account(ledger: &mut Ledger, source: &AccountId, op: &CreateAccountOp) -> CreateAccountResult {
    if ledger.account(&op.destination).is_some() {
        return CreateAccountResult::AlreadyExist;
    }
    let reserve = ledger.base_reserve();
    if op.starting_balance < 2 * reserve {
        return CreateAccountResult::LowReserve;
    }
    let Some(mut payer) = ledger.account(source) else { return CreateAccountResult::Underfunded };
    if available(&payer, reserve) < op.starting_balance {
        return CreateAccountResult::Underfunded;
    }
    payer.balance -= op.starting_balance;
    ledger.put_account(payer);
    let sequence = ledger.starting_sequence();
    ledger.put_account(new_account(op.destination.clone(), op.starting_balance, sequence));
    CreateAccountResult::Success
}

pub fn is_payment_malformed(op: &PaymentOp) -> bool {
    op.amount <= 0 || !is_asset_valid(&op.asset)
}

/// The receiver is looked at before the sender, as stellar-core does: which of two faults is named depends on it.
pub fn pay(ledger: &mut Ledger, source: &AccountId, op: &PaymentOp) -> PaymentResult {
    let destination = op.destination.clone().account_id();
    if destination == *source && op.asset == Asset::Native {
        return PaymentResult::Success;
    }
    let returns_to_issuer = issuer_of(&op.asset) == Some(&destination);
    if !returns_to_issuer && ledger.account(&destination).is_none() {
        return PaymentResult::NoDestination;
    }
    match receive(ledger, &destination, op) {
        PaymentResult::Success => give(ledger, source, op),
        refused => refused,
    }
}

fn receive(ledger: &mut Ledger, destination: &AccountId, op: &PaymentOp) -> PaymentResult {
    if op.asset == Asset::Native {
        let Some(mut account) = ledger.account(destination) else { return PaymentResult::NoDestination };
        if room(&account) < op.amount {
            return PaymentResult::LineFull;
        }
        account.balance += op.amount;
        ledger.put_account(account);
        return PaymentResult::Success;
    }
    if issuer_of(&op.asset) == Some(destination) {
        return PaymentResult::Success;
    }
    let Some(mut line) = ledger.trust_line(destination, &line_asset(&op.asset)) else {
        return PaymentResult::NoTrust;
    };
    if line.flags & AUTHORIZED == 0 {
        return PaymentResult::NotAuthorized;
    }
    if line_room(&line) < op.amount {
        return PaymentResult::LineFull;
    }
    line.balance += op.amount;
    ledger.put_line(line);
    PaymentResult::Success
}

fn give(ledger: &mut Ledger, source: &AccountId, op: &PaymentOp) -> PaymentResult {
    if op.asset == Asset::Native {
        let Some(mut account) = ledger.account(source) else { return PaymentResult::Underfunded };
        if available(&account, ledger.base_reserve()) < op.amount {
            return PaymentResult::Underfunded;
        }
        account.balance -= op.amount;
        ledger.put_account(account);
        return PaymentResult::Success;
    }
    if issuer_of(&op.asset) == Some(source) {
        return PaymentResult::Success;
    }
    let Some(mut line) = ledger.trust_line(source, &line_asset(&op.asset)) else {
        return PaymentResult::SrcNoTrust;
    };
    if line.flags & AUTHORIZED == 0 {
        return PaymentResult::SrcNotAuthorized;
    }
    if line_available(&line) < op.amount {
        return PaymentResult::Underfunded;
    }
    line.balance -= op.amount;
    ledger.put_line(line);
    PaymentResult::Success
}

pub fn merge(ledger: &mut Ledger, source: &AccountId, into: &MuxedAccount) -> AccountMergeResult {
    let destination = into.clone().account_id();
    let (Some(account), Some(mut heir)) = (ledger.account(source), ledger.account(&destination)) else {
        return AccountMergeResult::NoAccount;
    };
    if account.flags & IMMUTABLE != 0 {
        return AccountMergeResult::ImmutableSet;
    }
    // Signers go with the account; trust lines, offers and data do not.
    if account.num_sub_entries as usize != account.signers.len() {
        return AccountMergeResult::HasSubEntries;
    }
    if account.seq_num.0 >= ledger.starting_sequence() {
        return AccountMergeResult::SeqnumTooFar;
    }
    if sponsored_and_sponsoring(&account).1 > 0 {
        return AccountMergeResult::IsSponsor;
    }
    if room(&heir) < account.balance {
        return AccountMergeResult::DestFull;
    }
    heir.balance += account.balance;
    ledger.put_account(heir);
    ledger.entries.remove(&account_key(source));
    AccountMergeResult::Success(account.balance)
}

pub fn is_clawback_malformed(op: &ClawbackOp, source: &AccountId) -> bool {
    let from = op.from.clone().account_id();
    op.amount < 1 || !is_asset_valid(&op.asset) || issuer_of(&op.asset) != Some(source) || from == *source
}

/// CAP-35.
pub fn claw_back(ledger: &mut Ledger, op: &ClawbackOp) -> ClawbackResult {
    let from = op.from.clone().account_id();
    let Some(mut line) = ledger.trust_line(&from, &line_asset(&op.asset)) else {
        return ClawbackResult::NoTrust;
    };
    if line.flags & CLAWBACK_ENABLED == 0 {
        return ClawbackResult::NotClawbackEnabled;
    }
    if line_available(&line) < op.amount {
        return ClawbackResult::Underfunded;
    }
    line.balance -= op.amount;
    ledger.put_line(line);
    ClawbackResult::Success
}
