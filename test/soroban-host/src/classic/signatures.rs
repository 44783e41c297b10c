//! Who has signed: weights against thresholds, and signatures that nobody needed.
use crate::ledger::sha256;
use ed25519_dalek::{Signature, VerifyingKey};
use stellar_xdr::{AccountEntry, AccountId, DecoratedSignature, PublicKey, Signer, SignerKey, Uint256};

pub struct Signatures<'a> {
    hash: [u8; 32],
    signatures: &'a [DecoratedSignature],
    used: Vec<bool>,
}

#[derive(Clone, Copy)]
pub enum Level {
    Low,
    Medium,
    High,
}

impl<'a> Signatures<'a> {
    pub fn new(hash: [u8; 32], signatures: &'a [DecoratedSignature]) -> Self {
        Signatures { hash, signatures, used: vec![false; signatures.len()] }
    }

    /// A signature that counts nowhere fails the transaction (txBAD_AUTH_EXTRA): also one more than the threshold asks for.
    pub fn are_all_used(&self) -> bool {
        self.used.iter().all(|used| *used)
    }

    pub fn satisfy(&mut self, account: &AccountEntry, level: Level) -> bool {
        let [master, low, medium, high] = account.thresholds.0;
        let needed = match level {
            Level::Low => low,
            Level::Medium => medium,
            Level::High => high,
        };
        let mut signers = account.signers.to_vec();
        if master > 0 {
            signers.push(Signer {
                key: SignerKey::Ed25519(key_of(&account.account_id)),
                weight: u32::from(master),
            });
        }
        self.weigh(signers, u32::from(needed))
    }

    /// An account that does not exist yet is its own master key.
    pub fn satisfy_missing(&mut self, id: &AccountId) -> bool {
        self.weigh(vec![Signer { key: SignerKey::Ed25519(key_of(id)), weight: 1 }], 0)
    }

    pub fn satisfy_extra(&mut self, key: &SignerKey) -> bool {
        self.weigh(vec![Signer { key: key.clone(), weight: 1 }], 1)
    }

    /// Pre-authorised transactions first, then hash preimages, keys, signed payloads; stops as soon as it is enough. A
    /// threshold of zero still wants one good signature.
    fn weigh(&mut self, signers: Vec<Signer>, needed: u32) -> bool {
        let mut total = 0;
        let (pre_authorised, mut signers): (Vec<_>, Vec<_>) =
            signers.into_iter().partition(|signer| matches!(signer.key, SignerKey::PreAuthTx(_)));
        for signer in pre_authorised {
            if signer.key == SignerKey::PreAuthTx(Uint256(self.hash)) {
                total += signer.weight.min(255);
                if total >= needed {
                    return true;
                }
            }
        }
        for kind in [is_hash, is_key, is_payload] {
            for (place, signature) in self.signatures.iter().enumerate() {
                let found =
                    signers.iter().position(|signer| kind(&signer.key) && self.fits(&signer.key, signature));
                let Some(found) = found else { continue };
                self.used[place] = true;
                total += signers.remove(found).weight.min(255);
                if total >= needed {
                    return true;
                }
            }
        }
        false
    }

    fn fits(&self, key: &SignerKey, decorated: &DecoratedSignature) -> bool {
        let bytes = decorated.signature.0.as_slice();
        let hint = |key: &[u8; 32]| [key[28], key[29], key[30], key[31]];
        match key {
            SignerKey::Ed25519(Uint256(key)) => {
                decorated.hint.0 == hint(key) && verify(key, &self.hash, bytes)
            }
            SignerKey::HashX(Uint256(key)) => decorated.hint.0 == hint(key) && sha256(bytes) == *key,
            SignerKey::PreAuthTx(_) => false,
            // CAP-40: the payload's last four bytes, zeros after them when it is shorter, over the key's.
            SignerKey::Ed25519SignedPayload(signed) => {
                let payload = signed.payload.as_slice();
                let mut wanted = hint(&signed.ed25519.0);
                let tail = &payload[payload.len().saturating_sub(4)..];
                for (place, byte) in tail.iter().enumerate() {
                    wanted[place] ^= byte;
                }
                decorated.hint.0 == wanted && verify(&signed.ed25519.0, payload, bytes)
            }
        }
    }
}

fn is_hash(key: &SignerKey) -> bool {
    matches!(key, SignerKey::HashX(_))
}

fn is_key(key: &SignerKey) -> bool {
    matches!(key, SignerKey::Ed25519(_))
}

fn is_payload(key: &SignerKey) -> bool {
    matches!(key, SignerKey::Ed25519SignedPayload(_))
}

pub fn key_of(id: &AccountId) -> Uint256 {
    let PublicKey::PublicKeyTypeEd25519(key) = &id.0;
    key.clone()
}

fn verify(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature)) else {
        return false;
    };
    key.verify_strict(message, &signature).is_ok()
}
