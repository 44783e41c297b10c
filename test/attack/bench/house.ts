/**
 * The house under attack: eight people, three signers and a wallet of some of them, all in memory and all real code but the
 * chain. Seeds are published: FOR REGTEST ONLY.
 */
import type { OriginKey } from "../../../src/chains/key-path.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { makeDocument } from "../../../src/core/document.ts";
import { SIGNER_CARD } from "../../../src/core/documents/signer-card.ts";
import { utf8 } from "../../../src/core/hex.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { headOf, JOURNAL_START } from "../../../src/core/journal-entry.ts";
import {
  custodyId,
  policyDocument,
  type Policy,
  type PolicyDocument,
  type PolicyRow,
  type PolicySigner,
  type PolicyWallet,
  type Role,
} from "../../../src/core/policy/policy.ts";
import {
  EMPTY_JOURNAL,
  makeLine,
  TIME_ZERO,
  withLine,
  type Journal,
} from "../../../signer/journal/journal.ts";
import { openKeyRing, type KeyRing } from "../../../signer/keystore/key-ring.ts";
import { cosignerKey, evmAccountKey, masterOf } from "../../../signer/keystore/seed.ts";
import { sealSeed, type SeedFile } from "../../../signer/keystore/seed-file.ts";
import { policyBody, row, signedDocument } from "../../factory/documents.ts";
import { at, castMember, fixtureBytes, type Cast } from "../../factory/identities.ts";
import { BITCOIN } from "./grounds/bitcoin.ts";
import type { Ground } from "./grounds/ground.ts";

export const ADA = castMember("ada", "Ada Admin");
export const OTTO = castMember("otto", "Otto Operator");
export const RITA = castMember("rita", "Rita Requester");
export const ANN = castMember("ann", "Ann Approver");
export const BEN = castMember("ben", "Ben Approver");
/** The approver who is with the attacker. */
export const CARO = castMember("caro", "Caro Approver");
export const CLEA = castMember("clea", "Clea Compliance");
export const OLGA = castMember("olga", "Olga Officer");
/** The session key lies on the online host, so the attacker has it. */
export const SESSION = castMember("otto-session", "Otto Operator");

const PEOPLE: readonly (readonly [Cast, readonly Role[]])[] = [
  [ADA, ["admin"]],
  [OTTO, ["operator"]],
  [RITA, ["requester"]],
  [ANN, ["approver"]],
  [BEN, ["approver"]],
  [CARO, ["approver"]],
  [CLEA, ["compliance"]],
  [OLGA, ["officer"]],
];

export const VAULT = "vault" as Name;

/** What one signer of the house holds. */
export type SignerKeys = {
  readonly who: Cast;
  readonly epoch: number;
  readonly seed: SeedFile;
  readonly ring: KeyRing;
  readonly cosigner: string;
  /** Its key on EVM chains. */
  readonly account: OriginKey;
  readonly born: Journal;
};

/** Three signers, each with a seed of its own. */
export const SIGNERS: readonly [SignerKeys, SignerKeys, SignerKeys] = [
  signerKeys("vault-1", 1),
  signerKeys("vault-2", 1),
  signerKeys("vault-3", 1),
];

/** `keys` after the loss of their machine: the same seed, a new identity in the next epoch, an empty journal. */
export function restored({ who, epoch }: SignerKeys): SignerKeys {
  return signerKeys(who.name, epoch + 1);
}

/** What seals the keys of signer `name`. Regtest only. */
export function signerPassphrase(name: string): string {
  return `${name} of a regtest bench`;
}

function signerKeys(name: string, epoch: number): SignerKeys {
  const { seed: secret, key, person } = castMember(epoch === 1 ? name : `${name}-${epoch}`);
  const who: Cast = { name: name as Name, person, seed: secret, key };
  const entropy = fixtureBytes(`${name} entropy`);
  const random = { salt: fixtureBytes("salt").subarray(0, 16), nonce: fixtureBytes(name).subarray(0, 12) };
  const passphrase = utf8(signerPassphrase(name));
  const seed = sealSeed(VAULT, entropy, "regtest", passphrase, random);
  const card = makeDocument(SIGNER_CARD, {
    kind: "signer-card",
    version: 1,
    network: "regtest",
    signer: who.name,
    key,
    epoch,
    startHead: JOURNAL_START,
    wallets: [],
    cosignerKeys: [],
  });
  return {
    who,
    epoch,
    seed,
    ring: openKeyRing([seed], passphrase),
    cosigner: cosignerKey(masterOf(entropy, "regtest"), "regtest"),
    account: evmAccountKey(masterOf(entropy, "regtest"), "regtest"),
    born: withLine(EMPTY_JOURNAL, makeLine(EMPTY_JOURNAL, "init", card.digest, TIME_ZERO, secret)),
  };
}

/** A bitcoin wallet of signers' BIP-48 keys. */
export const sharedWallet: Ground["walletOf"] = (name, threshold, signers) =>
  BITCOIN.walletOf(name, threshold, signers);

export type House = {
  /** From number 1 to the newest. */
  readonly policies: readonly PolicyDocument[];
  readonly policy: PolicyDocument;
  readonly custody: Digest;
  readonly vault: PolicyWallet;
  /** The chain that its vault is on. */
  readonly ground: Ground;
};

export type Changes = {
  readonly row?: Partial<PolicyRow>;
  readonly policy?: Partial<Policy>;
  readonly ground?: Ground;
};

/** Two of three approvers, no delay, a day's limit that the bench's payments can meet. */
export function makeHouse({
  row: rowChanges = {},
  policy: changes = {},
  ground = BITCOIN,
}: Changes = {}): House {
  const vault = ground.walletOf(VAULT, ground.quorum.threshold, SIGNERS.slice(0, ground.quorum.holders));
  const windows = ({ dayUnits, monthUnits }: PolicyRow["limits"]) => ({
    dayUnits: ground.unitsOf(dayUnits),
    monthUnits: ground.unitsOf(monthUnits),
  });
  const base = policyBody();
  const own = (type: PolicyRow["type"]) => {
    const made = row(`${type}s`, "0", ground.unitsOf("1000000000"), 2, { type, wallets: [VAULT] });
    const { limits, feeBudget } = made;
    const scaled = { asset: ground.asset, limits: windows(limits), feeBudget: windows(feeBudget) };
    return { ...made, ...scaled, ...rowChanges };
  };
  const body: Policy = {
    ...base,
    identities: PEOPLE.map(([{ name, person, key }, roles]) => ({
      name,
      person,
      key,
      alg: "ed25519",
      roles: [...roles],
    })),
    signers: SIGNERS.map((keys) => namedSigner(keys, 1)),
    wallets: [vault],
    chains: [ground.rules],
    online: {
      ...base.online,
      limits: base.online.limits.map((limit) =>
        "asset" in limit.max
          ? { ...limit, max: { asset: ground.asset, units: ground.unitsOf(limit.max.units) } }
          : limit,
      ),
    },
    rows: [own("withdrawal"), own("consolidate"), own("cancel")],
    quorums: { admin: 1, beneficiary: 2, resume: 2, build: 0 },
    conflicts: [["requester", "operator", "approver", "officer"]],
    ...changes,
  };
  const everyone = [...PEOPLE.map(([who]) => who), ...SIGNERS.map(({ who }) => who)];
  const policy = signedDocument(policyDocument(body), everyone, at("08:00:00"));
  return { policies: [policy], policy, custody: custodyId(policy), vault, ground };
}

/** A signer as a policy names it. @param since number of the first policy that does */
export function namedSigner({ who, epoch, born }: SignerKeys, since: number): PolicySigner {
  const startHead = headOf((born.lines[0] as Journal["lines"][number]).entry);
  return { name: who.name, key: who.key, epoch, startHead, since };
}

/** The house under its next policy. @param added whose keys that policy names first, and who sign it therefore */
export function nextHouse(house: House, changes: Partial<Policy>, added: readonly Cast[] = []): House {
  const { body, digest } = house.policy;
  const next: Policy = {
    ...body,
    number: body.number + 1,
    previous: digest,
    custody: house.custody,
    issued: addSeconds(body.issued, 600),
    ...changes,
  };
  const policy = signedDocument(policyDocument(next), [ADA, ...added], next.issued);
  const vault = next.wallets.find(({ name }) => name === VAULT) ?? house.vault;
  return { ...house, policies: [...house.policies, policy], policy, vault };
}
