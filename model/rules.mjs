// The catalogue: every rule that can be switched off, named after the law or gate that it models.

/** Rules that the design documents state. */
export const DESIGN = {
  quorum: "G4: two distinct people approved exactly this intent",
  effects: "G6: the plan pays exactly what its intent says",
  family: "G10: earlier attempts of the family share a conflict key, or a `dead` covers them",
  everyAttempt: "G10: ... every earlier attempt, not only the newest",
  clientKey: "G10: a family is the id, and also customer + client key",
  deadTwoPeople: "law 4: a `dead` is signed by two people",
  deadAtDepth: "provably dead: the conflicting spend is final, not merely seen",
  deadByCancelRung:
    "G10: a plan's own cancel rung, as this signer signed it, proves its paying rungs dead; a paying rung never does",
  deadWithoutEffect:
    "law 4: a transaction over a nonce may be in a block and fail; people call a plan's own attempt dead of that only where it has failed",
  deadByExpiry:
    "law 4: people call a plan dead of its time only once a final ledger has closed after it and no ledger holds the plan",
  freshGeneration: "law 4: other resources only in a new generation, approved afresh",
  samePromise: "G4: a later generation is of the same amount, so that the same row and its wallets hold",
  writeAhead: "law 6: the journal entry is durable before the signature leaves",
  heads: "law 7: a signer that lacks a head named by a counted approval refuses",
  epoch: "keys: a restored signer signs nothing until a policy names its epoch",
  expiry: "G4, law 12: an expired intent is refused",
  voidHonoured: "void: the signer never signs a plan that it voided",
  voidCount: "void: a hold is released only after n - m + 1 of them",
  voidKeepsKey: "void: after fewer, the next plan carries the voided plan's conflict key",
  quorumsMeet: "policy: 2m - n > f, so two groups that sign share a key of ours",
  walletsMeet: "policy: any two groups that sign, for whichever wallets of one row, share a signer of ours",
  policiesFollow:
    "policy: where a next policy lets other wallets pay, its `approvalsSince` ends what was approved before",
  bornCounts: "G4: a family born under a policy before `approvalsSince` is refused, whoever approves it anew",
  voidEveryWallet: "law 3: ... of every wallet that could pay, n - m + 1 keys have voided",
  cancelApart: "law 9: `cancel` is an intent of its own, outside the family of what it cancels",
};

/** Amendments that this model proposes; the design as written lacks them. */
export const FIXES = {
  voidCloses:
    "a `void` closes the family at that signer and lists what it has signed of it; " +
    "a hold is released by n - m + 1 of them with every listed attempt dead, and in no other way once approved",
  voidByWalletKey: "voids are counted by wallet key, so that two epochs of one signer count once",
  bornAfterEpoch:
    "a restored signer neither signs nor voids a family born before the policy that names its epoch",
  logbook: "G11: the officer enters the last head from a logbook kept apart from the machine",
};

/** Half measures, tried to show that they are not enough. Off everywhere else. */
export const TRIED = {
  raiseApprovalsSince: "the policy that names a new epoch raises `approvalsSince` to itself",
  expiryMargin: "a hold is released by expiry only after the clock tolerance has passed too",
};

const all = (catalogue, value) => Object.fromEntries(Object.keys(catalogue).map((name) => [name, value]));

export const AS_WRITTEN = { ...all(DESIGN, true), ...all(FIXES, false), ...all(TRIED, false) };
export const AMENDED = { ...AS_WRITTEN, ...all(FIXES, true) };
export const without = (rules, ...names) => ({
  ...rules,
  ...Object.fromEntries(names.map((name) => [name, false])),
});
export const withThe = (rules, ...names) => ({
  ...rules,
  ...Object.fromEntries(names.map((name) => [name, true])),
});
export const describe = (name) => DESIGN[name] ?? FIXES[name] ?? TRIED[name];
