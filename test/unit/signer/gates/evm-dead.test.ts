/** G10: an account's earlier plan is dead of another's transaction, known by its bytes, or of an attempt that failed (F18). */
import { expect, test } from "vitest";
import { decodePlan } from "../../../../src/chains/evm/plan-attempts.ts";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { encodeSigned, signingHash, transactionHash } from "../../../../src/chains/evm/transaction.ts";
import { embed, makeDocument } from "../../../../src/core/document.ts";
import type { Digest } from "../../../../src/core/digest.ts";
import { DEAD, type Dead } from "../../../../src/core/documents/dead.ts";
import { toBase64, toHex } from "../../../../src/core/hex.ts";
import { parseSteps } from "../../../../src/chains/key-path.ts";
import { signRecoverable } from "../../../../signer/sign/evm-ecdsa.ts";
import { openKeys, requestFor, stateFor, viewOf } from "../../../factory/custody.ts";
import { header, signedDocument } from "../../../factory/documents.ts";
import { evmCustody, evmPayout, evmPlan, evmRequest, ownAccount } from "../../../factory/evm-account.ts";
import { after, signed } from "../../../factory/gates.ts";
import { at, ANNA, BEN, fixtureDigest, type Cast } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = evmCustody();
const first = evmPayout(custody);
const second = evmPayout(custody, { supersedes: [first.intent] });
const plan = evmPlan(custody, [first]);
const written = signed(evmRequest(custody, [first], [plan]), stateFor(custody));
const { outcome } = written.receipt.body;
if (outcome.type !== "signed") throw new TypeError("a good request is signed");
const rungs = outcome.plans[0]?.rungs ?? [];
const names = rungs.map(({ transaction }) => transaction);
const [paid] = names as [Digest];
const attempt = decodePlan(plan.body, [], viewOf(custody)).rungs[0];
if (attempt === undefined) throw new TypeError("a plan has a rung");
const sent = evmCodec.combine(attempt.tx, rungs[0]?.signatures ?? []);
const named = (bytes: Uint8Array) => toHex(bytes) as Digest;

function verdict(changes: Partial<Dead>, who: readonly Cast[] = [ANNA, BEN]): string {
  const dead = makeDocument(DEAD, {
    ...header("dead"),
    custody: custody.id,
    plan: plan.digest,
    transactions: names,
    conflictKey: plan.body.conflictKeys[0] as string,
    spentBy: fixtureDigest("another's"),
    block: { hash: fixtureDigest("block"), height: 900 },
    evidence: fixtureDigest("evidence"),
    policy: 1,
    ...changes,
  });
  const again = evmPlan(custody, [second], { snapshot: { nonce: "8" } });
  const body = { dead: [embed(signedDocument(dead, who, at("09:10:00")))] };
  const request = requestFor(custody, [second], [again], { previous: [], label: "again", body });
  return codeOf(() => signed(request, after(stateFor(custody), written)));
}

test("F18: an attempt that failed in its block, as the quorum has seen, and no fewer", () => {
  expect(verdict({ spentBy: paid, withoutEffect: true })).toBe("none");
  expect(verdict({ spentBy: paid })).toBe("G10_DEAD_OTHERWISE");
  expect(verdict({ spentBy: paid, withoutEffect: true }, [])).toBe("G10_DEAD_UNSIGNED");
});

test("F3: the payment itself, under the id that its block has for it, has killed nothing", () => {
  const spentBy = named(transactionHash(sent));
  expect(verdict({ spentBy, killer: toBase64(sent) })).toBe("G10_DEAD_OTHERWISE");
  expect(verdict({ spentBy })).toBe("G10_DEAD_OTHERWISE");
});

test("F3: what else the account has signed with that nonce has killed it, by its own bytes alone", () => {
  const { transaction } = attempt.tx as { transaction: Parameters<typeof signingHash>[0] };
  const other = { ...transaction, value: 1n };
  const fingerprint = /\[([0-9a-f]{8})\//.exec(ownAccount().text)?.[1] as string;
  const path = parseSteps("44h/1h/0h/0/0") as readonly number[];
  const secret = openKeys().wallets.privateKey(fingerprint, path) as Uint8Array;
  const bytes = encodeSigned(other, signRecoverable(signingHash(other), secret));
  const spentBy = named(transactionHash(bytes));
  expect(verdict({ spentBy, killer: toBase64(bytes) })).toBe("none");
  expect(verdict({ spentBy })).toBe("G10_DEAD_OTHERWISE");
});
