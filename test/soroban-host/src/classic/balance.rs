//! Balances of accounts and trust lines: what is reserved, what is free, what fits.
use stellar_xdr::{
    AccountEntry, AccountEntryExt, AccountEntryExtensionV1Ext, Asset, ChangeTrustAsset, Liabilities,
    TrustLineAsset, TrustLineEntry, TrustLineEntryExt,
};

fn liabilities_of(account: &AccountEntry) -> Liabilities {
    match &account.ext {
        AccountEntryExt::V1(v1) => v1.liabilities.clone(),
        AccountEntryExt::V0 => Liabilities { buying: 0, selling: 0 },
    }
}

/// (reserves that others pay for it, reserves that it pays for others): CAP-33.
pub fn sponsored_and_sponsoring(account: &AccountEntry) -> (u32, u32) {
    match &account.ext {
        AccountEntryExt::V1(v1) => match &v1.ext {
            AccountEntryExtensionV1Ext::V2(v2) => (v2.num_sponsored, v2.num_sponsoring),
            AccountEntryExtensionV1Ext::V0 => (0, 0),
        },
        AccountEntryExt::V0 => (0, 0),
    }
}

/// Two base reserves, and one for each sub-entry.
pub fn reserve_of(account: &AccountEntry, base_reserve: i64) -> i64 {
    let (sponsored, sponsoring) = sponsored_and_sponsoring(account);
    let count = 2 + i64::from(account.num_sub_entries) + i64::from(sponsoring) - i64::from(sponsored);
    count * base_reserve
}

/// What a payment may take.
pub fn available(account: &AccountEntry, base_reserve: i64) -> i64 {
    let free = account.balance - reserve_of(account, base_reserve) - liabilities_of(account).selling;
    free.max(0)
}

/// What a payment may bring.
pub fn room(account: &AccountEntry) -> i64 {
    i64::MAX - account.balance - liabilities_of(account).buying
}

/// Whether one more sub-entry can be paid for.
pub fn can_reserve(account: &AccountEntry, base_reserve: i64) -> bool {
    account.balance - liabilities_of(account).selling >= reserve_of(account, base_reserve) + base_reserve
}

fn line_liabilities(line: &TrustLineEntry) -> Liabilities {
    match &line.ext {
        TrustLineEntryExt::V1(v1) => v1.liabilities.clone(),
        TrustLineEntryExt::V0 => Liabilities { buying: 0, selling: 0 },
    }
}

pub fn line_available(line: &TrustLineEntry) -> i64 {
    line.balance - line_liabilities(line).selling
}

pub fn line_room(line: &TrustLineEntry) -> i64 {
    line.limit - line.balance - line_liabilities(line).buying
}

/// The smallest limit that a line may be given.
pub fn line_limit_min(line: &TrustLineEntry) -> i64 {
    line.balance + line_liabilities(line).buying
}

pub fn line_asset(asset: &Asset) -> TrustLineAsset {
    match asset {
        Asset::Native => TrustLineAsset::Native,
        Asset::CreditAlphanum4(code) => TrustLineAsset::CreditAlphanum4(code.clone()),
        Asset::CreditAlphanum12(code) => TrustLineAsset::CreditAlphanum12(code.clone()),
    }
}

pub fn trusted_asset(asset: &ChangeTrustAsset) -> Option<Asset> {
    match asset {
        ChangeTrustAsset::Native => Some(Asset::Native),
        ChangeTrustAsset::CreditAlphanum4(code) => Some(Asset::CreditAlphanum4(code.clone())),
        ChangeTrustAsset::CreditAlphanum12(code) => Some(Asset::CreditAlphanum12(code.clone())),
        ChangeTrustAsset::PoolShare(_) => None,
    }
}

/// Letters and digits, then zeros; at least one, and more than four in the long form.
pub fn is_asset_valid(asset: &Asset) -> bool {
    let (code, least): (&[u8], usize) = match asset {
        Asset::Native => return true,
        Asset::CreditAlphanum4(code) => (&code.asset_code.0, 1),
        Asset::CreditAlphanum12(code) => (&code.asset_code.0, 5),
    };
    let length = code.iter().position(|byte| *byte == 0).unwrap_or(code.len());
    length >= least
        && code[..length].iter().all(u8::is_ascii_alphanumeric)
        && code[length..].iter().all(|b| *b == 0)
}

pub fn issuer_of(asset: &Asset) -> Option<&stellar_xdr::AccountId> {
    match asset {
        Asset::Native => None,
        Asset::CreditAlphanum4(code) => Some(&code.issuer),
        Asset::CreditAlphanum12(code) => Some(&code.issuer),
    }
}

/// How Horizon names the asset of a trust line: type, code, issuer. None for a pool's share.
pub fn trusted(asset: &TrustLineAsset) -> Option<(&'static str, String, &stellar_xdr::AccountId)> {
    let code = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_string();
    match asset {
        TrustLineAsset::CreditAlphanum4(named) => {
            Some(("credit_alphanum4", code(&named.asset_code.0), &named.issuer))
        }
        TrustLineAsset::CreditAlphanum12(named) => {
            Some(("credit_alphanum12", code(&named.asset_code.0), &named.issuer))
        }
        TrustLineAsset::Native | TrustLineAsset::PoolShare(_) => None,
    }
}
