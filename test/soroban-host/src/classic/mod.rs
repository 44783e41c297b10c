//! Our own small rules for what stellar-core does and the Soroban host does not.
pub mod apply;
pub mod balance;
pub mod check;
pub mod envelope;
pub mod operations;
pub mod options;
pub mod payments;
pub mod signatures;
pub mod transfers;
pub mod trust;
