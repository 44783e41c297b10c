//! ChangeTrust and SetTrustLineFlags: who may hold an issuer's asset.
use super::balance::{can_reserve, is_asset_valid, issuer_of, line_asset, line_limit_min, trusted_asset};
use crate::ledger::{line_key, Ledger};
use stellar_xdr::{
    AccountFlags, AccountId, Asset, ChangeTrustOp, ChangeTrustResult, SetTrustLineFlagsOp,
    SetTrustLineFlagsResult, TrustLineEntry, TrustLineEntryExt, TrustLineFlags,
};

const AUTHORIZED: u32 = TrustLineFlags::AuthorizedFlag as u32;
const MAINTAINS: u32 = TrustLineFlags::AuthorizedToMaintainLiabilitiesFlag as u32;
const CLAWBACK_ENABLED: u32 = TrustLineFlags::TrustlineClawbackEnabledFlag as u32;
const AUTH_REQUIRED: u32 = AccountFlags::RequiredFlag as u32;
const AUTH_REVOCABLE: u32 = AccountFlags::RevocableFlag as u32;
const AUTH_CLAWBACK: u32 = AccountFlags::ClawbackEnabledFlag as u32;

pub fn is_trust_malformed(op: &ChangeTrustOp, source: &AccountId) -> bool {
    match trusted_asset(&op.line) {
        None | Some(Asset::Native) => true,
        Some(asset) => op.limit < 0 || !is_asset_valid(&asset) || issuer_of(&asset) == Some(source),
    }
}

pub fn change_trust(ledger: &mut Ledger, source: &AccountId, op: &ChangeTrustOp) -> ChangeTrustResult {
    let Some(asset) = trusted_asset(&op.line) else { return ChangeTrustResult::Malformed };
    let named = line_asset(&asset);
    let issuer = issuer_of(&asset).and_then(|id| ledger.account(id));
    let Some(mut account) = ledger.account(source) else { return ChangeTrustResult::LowReserve };
    match ledger.trust_line(source, &named) {
        Some(line) if op.limit < line_limit_min(&line) => ChangeTrustResult::InvalidLimit,
        Some(_) if op.limit == 0 => {
            ledger.entries.remove(&line_key(source, &named));
            account.num_sub_entries -= 1;
            ledger.put_account(account);
            ChangeTrustResult::Success
        }
        Some(_) if issuer.is_none() => ChangeTrustResult::NoIssuer,
        Some(line) => {
            ledger.put_line(TrustLineEntry { limit: op.limit, ..line });
            ChangeTrustResult::Success
        }
        None if op.limit == 0 => ChangeTrustResult::InvalidLimit,
        None => {
            let Some(issuer) = issuer else { return ChangeTrustResult::NoIssuer };
            if !can_reserve(&account, ledger.base_reserve()) {
                return ChangeTrustResult::LowReserve;
            }
            let authorized = if issuer.flags & AUTH_REQUIRED == 0 { AUTHORIZED } else { 0 };
            let clawback = if issuer.flags & AUTH_CLAWBACK == 0 { 0 } else { CLAWBACK_ENABLED };
            account.num_sub_entries += 1;
            ledger.put_account(account);
            ledger.put_line(TrustLineEntry {
                account_id: source.clone(),
                asset: named,
                balance: 0,
                limit: op.limit,
                flags: authorized | clawback,
                ext: TrustLineEntryExt::V0,
            });
            ChangeTrustResult::Success
        }
    }
}

pub fn are_flags_malformed(op: &SetTrustLineFlagsOp, source: &AccountId) -> bool {
    op.asset == Asset::Native
        || !is_asset_valid(&op.asset)
        || issuer_of(&op.asset) != Some(source)
        || op.trustor == *source
        || op.set_flags & op.clear_flags != 0
        || op.set_flags & !(AUTHORIZED | MAINTAINS) != 0
        || op.clear_flags & !(AUTHORIZED | MAINTAINS | CLAWBACK_ENABLED) != 0
        || op.set_flags == AUTHORIZED | MAINTAINS
}

pub fn set_line_flags(
    ledger: &mut Ledger,
    source: &AccountId,
    op: &SetTrustLineFlagsOp,
) -> SetTrustLineFlagsResult {
    let revocable = ledger.account(source).is_some_and(|issuer| issuer.flags & AUTH_REVOCABLE != 0);
    let Some(line) = ledger.trust_line(&op.trustor, &line_asset(&op.asset)) else {
        return SetTrustLineFlagsResult::NoTrustLine;
    };
    let flags = (line.flags & !op.clear_flags) | op.set_flags;
    if flags & AUTHORIZED != 0 && flags & MAINTAINS != 0 {
        return SetTrustLineFlagsResult::InvalidState;
    }
    let lost_all = line.flags & (AUTHORIZED | MAINTAINS) != 0 && flags & (AUTHORIZED | MAINTAINS) == 0;
    let lost_one = line.flags & AUTHORIZED != 0 && flags & MAINTAINS != 0;
    if (lost_all || lost_one) && !revocable {
        return SetTrustLineFlagsResult::CantRevoke;
    }
    ledger.put_line(TrustLineEntry { flags, ..line });
    SetTrustLineFlagsResult::Success
}
