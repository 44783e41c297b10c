//! The newest closed ledger: its header, its entries, and the rules' numbers that go with them.
use crate::entries::Entries;
use sha2::{Digest, Sha256};
use soroban_env_host::LedgerInfo;
use soroban_simulation::NetworkConfig;
use std::rc::Rc;
use stellar_xdr::{
    AccountEntry, AccountEntryExt, AccountId, Hash, LedgerEntryData, LedgerHeader, LedgerHeaderExt,
    LedgerKey, LedgerKeyAccount, LedgerKeyTrustLine, Limits, PublicKey, SequenceNumber, StellarValue,
    StellarValueExt, Thresholds, TimePoint, TrustLineAsset, TrustLineEntry, Uint256, VecM, WriteXdr,
};

pub const BASE_FEE: i64 = 100;
pub const BASE_RESERVE: u32 = 5_000_000;
/// All lumens that there are, in stroops; genesis gives them to the account whose seed is the network's id.
const TOTAL_COINS: i64 = 1_000_000_000_000_000_000;

#[derive(Clone)]
pub struct Ledger {
    pub header: LedgerHeader,
    pub entries: Entries,
    pub network_id: [u8; 32],
    pub config: Rc<NetworkConfig>,
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub fn hash_of(header: &LedgerHeader) -> Hash {
    Hash(sha256(&header.to_xdr(Limits::none()).unwrap_or_default()))
}

impl Ledger {
    pub fn genesis(network_id: [u8; 32], protocol: u32, close_time: u64, config: NetworkConfig) -> Self {
        let header = LedgerHeader {
            ledger_version: protocol,
            previous_ledger_hash: Hash([0; 32]),
            scp_value: StellarValue {
                tx_set_hash: Hash([0; 32]),
                close_time: TimePoint(close_time),
                upgrades: VecM::default(),
                ext: StellarValueExt::Basic,
            },
            tx_set_result_hash: Hash([0; 32]),
            bucket_list_hash: Hash([0; 32]),
            ledger_seq: 1,
            total_coins: TOTAL_COINS,
            fee_pool: 0,
            inflation_seq: 0,
            id_pool: 0,
            base_fee: BASE_FEE as u32,
            base_reserve: BASE_RESERVE,
            max_tx_set_size: 1000,
            skip_list: std::array::from_fn(|_| Hash([0; 32])),
            ext: LedgerHeaderExt::V0,
        };
        let mut ledger = Ledger { header, entries: Entries::default(), network_id, config: Rc::new(config) };
        ledger.put_account(new_account(root_account(&network_id), TOTAL_COINS, 0));
        ledger.entries.settle();
        ledger
    }

    pub fn sequence(&self) -> u32 {
        self.header.ledger_seq
    }

    pub fn close_time(&self) -> u64 {
        self.header.scp_value.close_time.0
    }

    pub fn base_reserve(&self) -> i64 {
        i64::from(self.header.base_reserve)
    }

    pub fn base_fee(&self) -> i64 {
        i64::from(self.header.base_fee)
    }

    /// A new account begins at its ledger's number in the upper half, so that a merged one repeats nothing.
    pub fn starting_sequence(&self) -> i64 {
        i64::from(self.sequence()) << 32
    }

    /// What the host is told of the ledger that it runs in.
    pub fn info(&self) -> LedgerInfo {
        let mut info = LedgerInfo {
            protocol_version: self.header.ledger_version,
            sequence_number: self.sequence(),
            timestamp: self.close_time(),
            network_id: self.network_id,
            base_reserve: self.header.base_reserve,
            ..LedgerInfo::default()
        };
        self.config.fill_config_fields_in_ledger_info(&mut info);
        info
    }

    pub fn account(&self, id: &AccountId) -> Option<AccountEntry> {
        match &self.entries.get(&account_key(id))?.0.data {
            LedgerEntryData::Account(account) => Some(account.clone()),
            _ => None,
        }
    }

    pub fn put_account(&mut self, account: AccountEntry) {
        self.entries.put(LedgerEntryData::Account(account), None, self.header.ledger_seq);
    }

    pub fn trust_line(&self, id: &AccountId, asset: &TrustLineAsset) -> Option<TrustLineEntry> {
        match &self.entries.get(&line_key(id, asset))?.0.data {
            LedgerEntryData::Trustline(line) => Some(line.clone()),
            _ => None,
        }
    }

    pub fn put_line(&mut self, line: TrustLineEntry) {
        self.entries.put(LedgerEntryData::Trustline(line), None, self.header.ledger_seq);
    }
}

pub fn account_key(id: &AccountId) -> LedgerKey {
    LedgerKey::Account(LedgerKeyAccount { account_id: id.clone() })
}

pub fn line_key(id: &AccountId, asset: &TrustLineAsset) -> LedgerKey {
    LedgerKey::Trustline(LedgerKeyTrustLine { account_id: id.clone(), asset: asset.clone() })
}

/// The account that holds everything at genesis: its secret is the network's id, so every test can sign for it.
pub fn root_account(network_id: &[u8; 32]) -> AccountId {
    let key = ed25519_dalek::SigningKey::from_bytes(network_id).verifying_key();
    AccountId(PublicKey::PublicKeyTypeEd25519(Uint256(key.to_bytes())))
}

pub fn new_account(account_id: AccountId, balance: i64, sequence: i64) -> AccountEntry {
    AccountEntry {
        account_id,
        balance,
        seq_num: SequenceNumber(sequence),
        num_sub_entries: 0,
        inflation_dest: None,
        flags: 0,
        home_domain: Default::default(),
        thresholds: Thresholds([1, 0, 0, 0]),
        signers: VecM::default(),
        ext: AccountEntryExt::V0,
    }
}
