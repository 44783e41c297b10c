/** Is this a policy that may be pinned? Its own consistency, and the signatures that make it binding. */
import { assetFacts } from "../asset.ts";
import { networkOf } from "../chain.ts";
import type { PublicKey } from "../ed25519.ts";
import { declareError } from "../errors.ts";
import { verifySignature } from "../signature.ts";
import { quoted } from "../text.ts";
import { holders } from "./roles.ts";
import type { Policy, PolicyDocument, PolicyRow, Role } from "./policy.ts";

export const POLICY_INCONSISTENT = declareError(
  "POLICY_INCONSISTENT",
  "invalid",
  "A policy contradicts itself or locks its people out.",
);
export const POLICY_UNSIGNED = declareError(
  "POLICY_UNSIGNED",
  "denied",
  "A policy lacks a signature that makes it binding.",
);

/**
 * Checks what the schema cannot: names are unique and resolve, quorums can be met, bands do not overlap.
 * Descriptors are text here; whoever knows the chain checks them.
 * @throws POLICY_INCONSISTENT naming the field
 */
export function assertConsistent(policy: Policy): void {
  assertNumbering(policy);
  assertUnique(
    "identities.name",
    policy.identities.map(({ name }) => name),
  );
  assertUnique(
    "identities.key and signers.key",
    [...policy.identities, ...policy.signers].map(({ key }) => key),
  );
  assertUnique(
    "signers.name",
    policy.signers.map(({ name }) => name),
  );
  assertUnique(
    "wallets.name",
    policy.wallets.map(({ name }) => name),
  );
  assertUnique(
    "wallets.descriptor",
    policy.wallets.map(({ descriptor }) => descriptor),
  );
  assertUnique(
    "chains.chain",
    policy.chains.map(({ chain }) => chain),
  );
  assertUnique(
    "rows.name",
    policy.rows.map(({ name }) => name),
  );
  assertUnique(
    "accepts.kind",
    policy.accepts.map(({ kind }) => kind),
  );
  for (const set of policy.conflicts) assertUnique("conflicts", set);
  assertPersons(policy);
  assertChains(policy);
  assertQuorum(policy, "quorums.admin", "admin", policy.quorums.admin);
  assertQuorum(policy, "quorums.beneficiary", "approver", policy.quorums.beneficiary);
  for (const wallet of policy.wallets) assertWallet(policy, wallet);
  for (const row of policy.rows) assertRow(policy, row);
}

/**
 * Checks that everyone named has signed policy number 1: proof that each key's owner holds it (genesis ceremony).
 * @throws POLICY_UNSIGNED naming who is missing
 */
export function assertGenesisSigned(policy: PolicyDocument): void {
  // Whoever makes a later policy writes its people and the custody id himself: only the one before it can vouch for it.
  if (policy.body.number !== 1) {
    throw POLICY_UNSIGNED(
      `policy number ${policy.body.number} is not the first: the policy before it must vouch for it`,
      {
        field: "number",
      },
    );
  }
  const missing = missingSignatures(policy);
  if (missing.length > 0) {
    throw POLICY_UNSIGNED(
      `policy number ${policy.body.number} lacks a valid signature of ${missing.join(", ")}`,
      {
        field: "signatures",
        hint: "custody desk sign policy.json --as policy, and custody-signer policy prove for signers; then custody policy import",
        details: { missing },
      },
    );
  }
}

/** Names of identities and signers that have not yet validly signed `policy`. */
export function missingSignatures(policy: PolicyDocument): readonly string[] {
  const signed = new Set<PublicKey>(
    policy.signatures.filter((signature) => verifySignature(policy.digest, signature)).map(({ by }) => by),
  );
  return [...policy.body.identities, ...policy.body.signers]
    .filter(({ key }) => !signed.has(key))
    .map(({ name }) => name);
}

function assertNumbering(policy: Policy): void {
  const first = policy.number === 1;
  if (first !== (policy.previous === undefined) || first !== (policy.custody === undefined)) {
    throw inconsistent("number", "only number 1 has no previous policy and no custody id");
  }
  if (policy.expires <= policy.issued) throw inconsistent("expires", "expires before it is issued");
  if (policy.approvalsSince > policy.number)
    throw inconsistent("approvalsSince", "is above the policy's number");
  const early = policy.signers.find(({ since }) => since > policy.number);
  if (early !== undefined)
    throw inconsistent("signers.since", `signer ${early.name} is first named by a later policy`);
}

// Quorums count persons by their text, so one human under two spellings would count twice.
function assertPersons(policy: Policy): void {
  const spellings = new Map<string, string>();
  for (const { person } of policy.identities) {
    const folded = person
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    const other = spellings.get(folded) ?? person;
    if (other !== person) {
      throw inconsistent("identities.person", `${quoted(person)} and ${quoted(other)} read the same`);
    }
    spellings.set(folded, person);
  }
}

// Chains of one environment never meet those of another.
function assertChains(policy: Policy): void {
  const foreign = policy.chains.find(({ chain }) => networkOf(chain) !== policy.network);
  if (foreign !== undefined)
    throw inconsistent("chains", `${foreign.chain} is not a chain of ${policy.network}`);
}

function assertUnique(field: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw inconsistent(field, `${quoted(twice)} stands twice`);
}

function assertQuorum(policy: Policy, field: string, role: Role, quorum: number): void {
  const persons = new Set(holders(policy, role).map(({ person }) => person)).size;
  if (persons < quorum)
    throw inconsistent(field, `asks for ${quorum} persons with role ${role}, only ${persons} exist`);
}

function assertWallet(policy: Policy, wallet: Policy["wallets"][number]): void {
  for (const signer of wallet.signers) {
    if (!policy.signers.some(({ name }) => name === signer)) {
      throw inconsistent(`wallets.${wallet.name}.signers`, `signer ${signer} is not named in signers`);
    }
  }
  // Two signers with one key keep two journals: each would let an intent pass that the other has paid (failure F3).
  if (wallet.signers.length !== 1 || wallet.foreign !== 0) {
    throw inconsistent(
      `wallets.${wallet.name}.signers`,
      "a wallet of one key has one signer and no foreign key: another journal would not know what was paid",
    );
  }
  if (!policy.chains.some(({ chain }) => chain === wallet.chain)) {
    throw inconsistent(`wallets.${wallet.name}.chain`, "has no rules under chains");
  }
}

function assertRow(policy: Policy, row: PolicyRow): void {
  const field = `rows.${row.name}`;
  if (BigInt(row.aboveUnits) >= BigInt(row.upToUnits)) throw inconsistent(field, "its band is empty");
  assertQuorum(policy, field, "approver", row.quorum);
  for (const name of row.wallets) {
    const wallet = policy.wallets.find((candidate) => candidate.name === name);
    if (wallet === undefined)
      throw inconsistent(`${field}.wallets`, `wallet ${name} is not named in wallets`);
    if (wallet.chain !== assetFacts(row.asset).chain) {
      throw inconsistent(`${field}.wallets`, `wallet ${name} is on another chain than the row's asset`);
    }
  }
  assertOneJournal(policy, row);
  const other = policy.rows.find((candidate) => candidate !== row && overlap(candidate, row));
  if (other !== undefined) throw inconsistent(field, `its band overlaps that of row ${other.name}`);
}

// An intent names no wallet. Could two signers pay it, each from a wallet of its own, gate G10 of neither would see the
// other's payment; an intent falls into one row, so one signer for each row is one journal for each intent (law 7).
function assertOneJournal(policy: Policy, row: PolicyRow): void {
  const wallets = policy.wallets.filter(({ name }) => row.wallets.includes(name));
  const signers = new Set(wallets.flatMap((wallet) => wallet.signers));
  if (signers.size <= 1) return;
  throw inconsistent(
    `rows.${row.name}.wallets`,
    `its wallets are signed by ${[...signers].join(" and ")}: one payment could be made by each`,
  );
}

function overlap(a: PolicyRow, b: PolicyRow): boolean {
  return (
    a.type === b.type &&
    a.asset === b.asset &&
    BigInt(a.aboveUnits) < BigInt(b.upToUnits) &&
    BigInt(b.aboveUnits) < BigInt(a.upToUnits)
  );
}

function inconsistent(field: string, why: string) {
  return POLICY_INCONSISTENT(`policy ${field}: ${why}`, {
    field,
    hint: "correct the draft and have it signed again",
  });
}
