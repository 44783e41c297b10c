//! SetOptions, ManageData, BumpSequence: what an account says of itself.
use super::balance::can_reserve;
use super::signatures::key_of;
use crate::ledger::Ledger;
use stellar_xdr::{
    AccountEntry, AccountEntryExt, AccountEntryExtensionV1Ext, AccountFlags, AccountId, BumpSequenceResult,
    DataEntry, DataEntryExt, LedgerEntryData, LedgerKey, LedgerKeyData, ManageDataOp, ManageDataResult,
    SequenceNumber, SetOptionsOp, SetOptionsResult, Signer, SignerKey, SponsorshipDescriptor, String64,
};

const FLAGS: u32 = 0xf;
const IMMUTABLE: u32 = AccountFlags::ImmutableFlag as u32;
const REVOCABLE: u32 = AccountFlags::RevocableFlag as u32;
const CLAWBACK: u32 = AccountFlags::ClawbackEnabledFlag as u32;
const SIGNERS_MAX: usize = 20;

pub fn options_fault(op: &SetOptionsOp, source: &AccountId) -> Option<SetOptionsResult> {
    let (set, clear) = (op.set_flags.unwrap_or(0), op.clear_flags.unwrap_or(0));
    if (set | clear) & !FLAGS != 0 {
        return Some(SetOptionsResult::UnknownFlag);
    }
    if set & clear != 0 {
        return Some(SetOptionsResult::BadFlags);
    }
    let weights = [op.master_weight, op.low_threshold, op.med_threshold, op.high_threshold];
    if weights.iter().flatten().any(|weight| *weight > 255) {
        return Some(SetOptionsResult::ThresholdOutOfRange);
    }
    if let Some(signer) = &op.signer {
        let is_empty =
            matches!(&signer.key, SignerKey::Ed25519SignedPayload(signed) if signed.payload.is_empty());
        if signer.weight > 255 || signer.key == SignerKey::Ed25519(key_of(source)) || is_empty {
            return Some(SetOptionsResult::BadSigner);
        }
    }
    let domain = op.home_domain.as_ref().map(|domain| domain.0.as_slice()).unwrap_or_default();
    let is_printable = domain.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
    (!is_printable).then_some(SetOptionsResult::InvalidHomeDomain)
}

pub fn set_options(ledger: &mut Ledger, source: &AccountId, op: &SetOptionsOp) -> SetOptionsResult {
    let Some(mut account) = ledger.account(source) else { return SetOptionsResult::LowReserve };
    if let Some(inherits) = &op.inflation_dest {
        if ledger.account(inherits).is_none() {
            return SetOptionsResult::InvalidInflation;
        }
        account.inflation_dest = Some(inherits.clone());
    }
    let changes_flags = op.set_flags.is_some() || op.clear_flags.is_some();
    if changes_flags && account.flags & IMMUTABLE != 0 {
        return SetOptionsResult::CantChange;
    }
    account.flags = (account.flags & !op.clear_flags.unwrap_or(0)) | op.set_flags.unwrap_or(0);
    // CAP-35: what can be clawed back can be revoked.
    if account.flags & CLAWBACK != 0 && account.flags & REVOCABLE == 0 {
        return SetOptionsResult::AuthRevocableRequired;
    }
    if let Some(domain) = &op.home_domain {
        account.home_domain = domain.clone();
    }
    let levels = [op.master_weight, op.low_threshold, op.med_threshold, op.high_threshold];
    for (place, level) in levels.into_iter().enumerate() {
        if let Some(level) = level {
            account.thresholds.0[place] = level as u8;
        }
    }
    if let Some(signer) = &op.signer {
        if let Err(refused) = set_signer(&mut account, signer, ledger.base_reserve()) {
            return refused;
        }
    }
    ledger.put_account(account);
    SetOptionsResult::Success
}

/// Weight zero takes a signer away.
fn set_signer(
    account: &mut AccountEntry,
    signer: &Signer,
    base_reserve: i64,
) -> Result<(), SetOptionsResult> {
    let mut signers = account.signers.to_vec();
    let found = signers.iter().position(|known| known.key == signer.key);
    match (found, signer.weight) {
        (Some(place), 0) => {
            signers.remove(place);
            note_sponsor(account, place, false);
            account.num_sub_entries -= 1;
        }
        (Some(place), weight) => signers[place].weight = weight,
        (None, 0) => {}
        (None, _) if signers.len() >= SIGNERS_MAX => return Err(SetOptionsResult::TooManySigners),
        (None, _) if !can_reserve(account, base_reserve) => return Err(SetOptionsResult::LowReserve),
        (None, _) => {
            let place = signers.partition_point(|known| known.key < signer.key);
            signers.insert(place, signer.clone());
            note_sponsor(account, place, true);
            account.num_sub_entries += 1;
        }
    }
    account.signers = signers.try_into().unwrap_or_default();
    Ok(())
}

/// CAP-33 keeps one place for each signer's sponsor; ours have none.
fn note_sponsor(account: &mut AccountEntry, place: usize, is_added: bool) {
    let AccountEntryExt::V1(v1) = &mut account.ext else { return };
    let AccountEntryExtensionV1Ext::V2(v2) = &mut v1.ext else { return };
    let mut sponsors = v2.signer_sponsoring_i_ds.to_vec();
    if is_added {
        sponsors.insert(place.min(sponsors.len()), SponsorshipDescriptor(None));
    } else if place < sponsors.len() {
        sponsors.remove(place);
    }
    v2.signer_sponsoring_i_ds = sponsors.try_into().unwrap_or_default();
}

/// A pre-authorised transaction signs once.
pub fn drop_signer(ledger: &mut Ledger, id: &AccountId, key: &SignerKey) {
    let Some(mut account) = ledger.account(id) else { return };
    if !account.signers.iter().any(|signer| signer.key == *key) {
        return;
    }
    let gone = Signer { key: key.clone(), weight: 0 };
    if set_signer(&mut account, &gone, ledger.base_reserve()).is_ok() {
        ledger.put_account(account);
    }
}

pub fn is_data_name_bad(name: &String64) -> bool {
    let bytes = name.0.as_slice();
    bytes.is_empty() || !bytes.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_control())
}

pub fn manage_data(ledger: &mut Ledger, source: &AccountId, op: &ManageDataOp) -> ManageDataResult {
    let key = LedgerKey::Data(LedgerKeyData { account_id: source.clone(), data_name: op.data_name.clone() });
    let Some(mut account) = ledger.account(source) else { return ManageDataResult::LowReserve };
    let is_known = ledger.entries.get(&key).is_some();
    let Some(value) = &op.data_value else {
        if !is_known {
            return ManageDataResult::NameNotFound;
        }
        ledger.entries.remove(&key);
        account.num_sub_entries -= 1;
        ledger.put_account(account);
        return ManageDataResult::Success;
    };
    if !is_known {
        if !can_reserve(&account, ledger.base_reserve()) {
            return ManageDataResult::LowReserve;
        }
        account.num_sub_entries += 1;
        ledger.put_account(account);
    }
    let data = DataEntry {
        account_id: source.clone(),
        data_name: op.data_name.clone(),
        data_value: value.clone(),
        ext: DataEntryExt::V0,
    };
    let sequence = ledger.sequence();
    ledger.entries.put(LedgerEntryData::Data(data), None, sequence);
    ManageDataResult::Success
}

pub fn bump_sequence(ledger: &mut Ledger, source: &AccountId, to: i64) -> BumpSequenceResult {
    let Some(mut account) = ledger.account(source) else { return BumpSequenceResult::BadSeq };
    if to > account.seq_num.0 {
        account.seq_num = SequenceNumber(to);
        note_sequence(&mut account, ledger.sequence(), ledger.close_time());
        ledger.put_account(account);
    }
    BumpSequenceResult::Success
}

/// CAP-21: an account remembers when its sequence number last moved; its extensions grow to hold it.
pub fn note_sequence(account: &mut AccountEntry, sequence: u32, close_time: u64) {
    use stellar_xdr::{
        AccountEntryExtensionV1, AccountEntryExtensionV2, AccountEntryExtensionV2Ext,
        AccountEntryExtensionV3, ExtensionPoint, Liabilities, TimePoint,
    };
    if let AccountEntryExt::V0 = account.ext {
        let liabilities = Liabilities { buying: 0, selling: 0 };
        let v1 = AccountEntryExtensionV1 { liabilities, ext: AccountEntryExtensionV1Ext::V0 };
        account.ext = AccountEntryExt::V1(v1);
    }
    let AccountEntryExt::V1(v1) = &mut account.ext else { return };
    if let AccountEntryExtensionV1Ext::V0 = v1.ext {
        let sponsors = vec![SponsorshipDescriptor(None); account.signers.len()];
        v1.ext = AccountEntryExtensionV1Ext::V2(AccountEntryExtensionV2 {
            num_sponsored: 0,
            num_sponsoring: 0,
            signer_sponsoring_i_ds: sponsors.try_into().unwrap_or_default(),
            ext: AccountEntryExtensionV2Ext::V0,
        });
    }
    let AccountEntryExtensionV1Ext::V2(v2) = &mut v1.ext else { return };
    v2.ext = AccountEntryExtensionV2Ext::V3(AccountEntryExtensionV3 {
        ext: ExtensionPoint::V0,
        seq_ledger: sequence,
        seq_time: TimePoint(close_time),
    });
}
