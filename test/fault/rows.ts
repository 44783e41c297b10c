/**
 * What has gone wrong elsewhere between an approved payment and the chain, and what stops it here. Each row has tests whose
 * file or title begins with its id (`F02`); `docs/faults.md` is made of both. A row that bitcoin cannot show names the
 * chains that can: it gets its tests with them.
 */
export type FaultRow = {
  readonly fault: string;
  /** Where it happened. */
  readonly seen: string;
  readonly stopped: string;
  /** Chains or parts that alone can show it; absent: bitcoin can. */
  readonly only?: string;
};

export const FAULTS = {
  F01: {
    fault: "Two workers both saw a payment as ready, and both paid it",
    seen: "Rustchain#7352, Truxify#7839",
    stopped: "One writer at a time; a row moves by its state and version, or not at all",
  },
  F02: {
    fault: "A crash between broadcast and record",
    seen: "elizaOS#10588, openzeppelin-relayer#844",
    stopped: "Bytes and ids are durable before they are sent; the same bytes are sent again",
  },
  F03: {
    fault: "The state is saved after the broadcast, and a restart pays with other coins",
    seen: "btcpayserver, automated payouts, #6314",
    stopped: "Coins are leased to the plan; blocks are also matched by destination and amount",
  },
  F04: {
    fault: "A time-out was taken for a failure, and the payment made again",
    seen: "peatio#2280, peanut-ui#2619",
    stopped: "UNCERTAIN: only the same bytes are sent, until another spend is deep enough",
  },
  F05: {
    fault: "Two replacements of one payment shared no input, and both settled",
    seen: "bitcoin#15557",
    stopped: "All attempts of a plan, and of what takes its place, share a conflict key",
  },
  F06: {
    fault: "The original confirmed after its replacement was recorded",
    seen: "NBXplorer#421, #447",
    stopped: "Every attempt is followed until one is final; whichever confirms settles",
  },
  F07: {
    fault: "A counter ran ahead of the chain and jammed the queue for good",
    seen: "openzeppelin-relayer#683, #818, #843",
    stopped:
      "Keys are leased with the plan and given back when it is dropped or dead; the next payment flows",
  },
  F08: {
    fault: "Racing fee bumps with the same ladder, and a cancel that left its successors stuck",
    seen: "across-relayer#3651, rrelayer#99",
    stopped: "One attempt of a line in play; each rung replaces the one before, the cancel rung all of them",
  },
  F09: {
    fault: "A database was restored from an old backup, and payments were made again",
    seen: "chainlink#4063, tari#6464",
    stopped: "Quarantine until two persons sign the reconciliation; signers refuse by their journals",
  },
  F10: {
    fault: "A reorganisation after a payment was settled or a deposit credited",
    seen: "insight-api#103, dcrd#1700",
    stopped: "Blocks are followed by hash; settlements are taken back with the books; deep ones halt",
  },
  F11: {
    fault: "A lagging node did not know a transaction, and it was taken for dropped",
    seen: "aztec-packages#25018, viem#923",
    stopped: "Unknown is never dropped; negative verdicts take two nodes that are high enough",
  },
  F12: {
    fault: "Holds were left out of the balance, voided twice, or committed after their end",
    seen: "blnk#181, #182, #41, #374",
    stopped: "Available is what was posted less what is held, in the same transaction; a hold ends once",
  },
  F13: {
    fault: "Two reversals of one posting",
    seen: "open-bank-oss#528",
    stopped: "What is booked and what takes it back alternate, by the database's own rule",
  },
  F14: {
    fault: "An idempotency key that was forgotten, burnt by an error, or used twice in a batch",
    seen: "formance stack#1633, #1638, ledger#1601",
    stopped: "Keys are unique for ever with the hash of their request; another body is a conflict",
  },
  F15: {
    fault: "A fee of 20 and of 84 bitcoins",
    seen: "Paxos 2023-09-10; a holder 2023-11-23; lnd#8424",
    stopped:
      "Fees are computed from proven amounts; caps absolute, by rate and by share, here and at the signer",
  },
  F16: {
    fault: "Dust change was refused by every node, and built again for ever",
    seen: "hashi#1043, dcrpool#254",
    stopped: "Change below dust goes to the fee within the caps; one bad row is left out of its batch",
  },
  F17: {
    fault: "An amount in floating point lost a unit",
    seen: "sibit#312, bitshares-ui#3547",
    stopped: "Whole base units; decimal text with too many places is refused",
  },
  F18: {
    fault: "A payment to a contract ran out of gas and was booked as made",
    seen: "one-wallet#71, mist#486",
    stopped: "FAILED_ONCHAIN: the fee is booked, the rest goes back to the hold",
    only: "EVM",
  },
  F19: {
    fault: "A payment without the memo that its receiver needs",
    seen: "stellarexplorer#184",
    stopped: "The memo is part of the destination that people sign",
    only: "Stellar",
  },
  F20: {
    fault: "A transaction was built again with the next sequence, and both landed",
    seen: "js-stellar-sdk#1599, stellar-core#2920",
    stopped: "The sequence is the conflict key; only an ingested ledger past its time bound ends it",
    only: "Stellar",
  },
  F21: {
    fault: "An address of another network, or of a contract that was not there",
    seen: "Wintermute and Optimism, June 2022",
    stopped: "Destinations are accounts of one chain, signed for; another network's address is refused",
  },
  F22: {
    fault: "An address with the same ends as a known one",
    seen: "1,155 WBTC, 2024-05-03",
    stopped: "Look-alikes of known addresses are refused; addresses are shown whole, in groups of four",
  },
  F23: {
    fault: "A screen showed signers another payment than they signed",
    seen: "Bybit, 2025-02-21",
    stopped: "The signer decodes the bytes itself and matches them with people's signatures",
  },
  F24: {
    fault: "A forged, replayed or late message was believed",
    seen: "own-pay#140, gigawallet#147",
    stopped: "What goes out carries id, time and MAC; a list never lifts a suspension that came after it",
  },
  F25: {
    fault: "KYC had expired, or a limit of zero meant none",
    seen: "zignaly-neo#1776, peatio",
    stopped: "Judged anew at request, approval, planning and before sending; what is not written is denied",
  },
  F26: {
    fault: "The last commits were lost at a power cut",
    seen: "chiselstrike#1854, khive#1408",
    stopped: "WAL with synchronous=FULL; an answer is given after its commit",
  },
  F27: {
    fault: "A refund after the broadcast, and the payment settled as well",
    seen: "Rustchain#5360, #5752",
    stopped: "After approval a hold ends by voids and dead attempts alone (law 3)",
  },
  F28: {
    fault: "A watcher stood still and nobody saw it",
    seen: "safe-transaction-service#349, #1436",
    stopped: "The tip's age is an alert and stops building; the health endpoint fails with it",
  },
} as const satisfies Record<string, FaultRow>;

/** The invariants of the queue: asserted in code, by random tests, and by the database where SQL can. */
export const INVARIANTS = {
  I01: "Debits equal credits, per asset, at all times",
  I02: "Posted minus held is never negative",
  I03: "A withdrawal's live plans all share a conflict key",
  I04: "All attempts of a plan, and of a plan that replaces it, share a conflict key",
  I05: "At most one attempt settles a withdrawal",
  I06: "An attempt's bytes are durable before they are first sent",
  I07: "An attempt's effects are exactly its intents', and change",
  I08: "Fees are within the caps on both machines",
  I09: "No change of state without a version step, an actor and an audit row in the same transaction",
  I10: "After approval a hold is released by law 3 alone",
  I11: "Limit counters equal a recount from rows",
  I12: "Every approval that counts verifies",
  I13: "An illegal edge is refused by the database too",
  I14: "The signer's journal is monotone: of one family, never two attempts without a common conflict key unless a dead covers the earlier",
} as const;
