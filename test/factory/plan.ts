/** The shortest plan that there is, for the intent of `documents.ts`. */
import { makeDocument } from "../../src/core/document.ts";
import { PLAN, type Plan, type PlanDocument } from "../../src/core/documents/plan.ts";
import { fromHex, toBase64 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { header, intent, REGTEST } from "./documents.ts";
import { fixtureDigest, fixtureId } from "./identities.ts";

/** A plan whose base is the shortest that names a transaction: one input, one output, nothing else. */
export function plan(changes: Partial<Plan> = {}): PlanDocument {
  return makeDocument(PLAN, {
    ...header("plan"),
    id: fixtureId("plan"),
    operation: fixtureId("operation"),
    chain: REGTEST,
    wallet: "vault" as Name,
    intents: [intent().digest],
    conflictKeys: [`${REGTEST}:outpoint:${fixtureDigest("coin")}:0`],
    base: shortestPsbt(),
    rungs: [{ feeUnits: "1410" }],
    cancel: { feeUnits: "1600", changeIndex: 0 },
    snapshot: fixtureDigest("snapshot"),
    ...changes,
  });
}

/** BIP-174: magic, a global map with the unsigned transaction alone, an empty map for its input and for its output. */
function shortestPsbt(): string {
  const input = `${fixtureDigest("coin")}0000000000fdffffff`;
  const output = `40787d0100000000160014751e76e8199196d454941c45d1b3a323f1433bd6`;
  const transaction = `02000000` + `01${input}` + `01${output}` + `00000000`;
  const length = (transaction.length / 2).toString(16);
  return toBase64(fromHex(`70736274ff0100${length}${transaction}00` + `00` + `00`));
}
