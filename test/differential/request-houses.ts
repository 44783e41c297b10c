/** Houses that the second reader judges for: every type of intent, every condition of a row, a second policy. */
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from "../../src/core/audit-tree.ts";
import type { Document, DocumentHeader } from "../../src/core/document.ts";
import { utf8 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { signedBytes } from "../../src/core/signature.ts";
import { BEN, makeHouse, nextHouse, SIGNERS, VAULT, type House } from "../attack/bench/house.ts";
import { testWallet } from "../bitcoin/regtest-wallet.ts";
import { row } from "../factory/documents.ts";
import { at, type Cast } from "../factory/identities.ts";
import { compactSignature, securityKey, type Statement } from "../factory/security-key.ts";

const plain = makeHouse();
export const RESERVE_WALLET = testWallet("reserve of a regtest bench");
/** Where transfers go: a wallet of one key. */
export const RESERVE = {
  ...plain.vault,
  name: "reserve" as Name,
  descriptor: RESERVE_WALLET.descriptor.text,
  threshold: 1,
  signers: [SIGNERS[0].who.name],
};
const more = (type: "transfer" | "attest") =>
  row(`${type}s`, "0", "1000000000", 2, { type, wallets: [VAULT] });

/** Rows for every type of intent, and a second wallet of ours. */
export const HOUSE: House = makeHouse({
  policy: {
    wallets: [plain.vault, RESERVE],
    rows: [...plain.policy.body.rows, more("transfer"), more("attest")],
  },
});
/** Its next policy: what was approved under number 1 still counts. */
export const NEXT: House = nextHouse(plain, { clockToleranceSeconds: 60 });

export const LEAVES = ["a request", "an approval", "a plan", "a receipt", "more"].map((text) =>
  leafHash(utf8(text)),
);
/** The audit tree over the first `size` rows. */
export const place = (size: number) => ({
  epoch: 1,
  size,
  root: rootOf(LEAVES.slice(0, size).reduce(appendLeaf, EMPTY_FRONTIER)),
});
const careless = makeHouse({
  row: {
    delaySeconds: 600,
    clearance: { quorum: 1, secondsMax: 1200, tiers: ["standard" as Name] },
    limits: { dayUnits: "60000000", monthUnits: "60000000" },
  },
  policy: {
    identities: plain.policy.body.identities.map((one) =>
      one.key === BEN.key ? { ...one, alg: "sshsig-sk" } : one,
    ),
    audit: place(3),
  },
});
/** A delay, a clearance, a security key, and an audit tree that begins with three rows. */
export const STRICT: House = signedByTouch(careless);

// Everyone signs a first policy in the way that it gives their key.
function signedByTouch(house: House): House {
  const { signatures } = house.policy;
  const [touch] = touched(house.policy, BEN, at("08:00:00")).signatures;
  const own = signatures.map((one) => (one.by === BEN.key ? (touch as typeof one) : one));
  const policy = { ...house.policy, signatures: own };
  return { ...house, policy, policies: [policy] };
}

/** The document with a signature by `who`'s security key alone. */
export function touched<Body extends DocumentHeader>(
  document: Document<Body>,
  who: Cast,
  when: Instant,
  changed: Partial<Statement> = {},
): Document<Body> {
  const message = signedBytes(document.digest, who.key, when);
  const sig = compactSignature(message, securityKey(who.seed, changed));
  return { ...document, signatures: [{ by: who.key, alg: "sshsig-sk", at: when, sig }] };
}
