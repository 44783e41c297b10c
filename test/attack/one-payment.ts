/** One approved payment of the bench's house, and what its first signer says to it after whatever was done to it. */
import { deriveKey, parseDescriptor, type WalletKey } from "../../src/chains/bitcoin/descriptor.ts";
import type { PsbtField } from "../../src/chains/bitcoin/psbt-codec.ts";
import { scriptOf } from "../../src/chains/bitcoin/script.ts";
import type { Transaction, TransactionOutput } from "../../src/chains/bitcoin/transaction.ts";
import { uint32 } from "../../src/chains/bitcoin/wire.ts";
import type { Digest } from "../../src/core/digest.ts";
import { makeDocument } from "../../src/core/document.ts";
import { PLAN, type Plan } from "../../src/core/documents/plan.ts";
import { assert } from "../../src/core/errors.ts";
import { Refusal } from "../../src/core/gate.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { changed, editPsbt, field, type EditablePsbt } from "../bitcoin/edit-psbt.ts";
import { REGTEST } from "../factory/documents.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { ANN, BEN, makeHouse, type House } from "./bench/house.ts";
import { said } from "./bench/machine.ts";
import {
  bytesOf,
  planOf,
  requestOf,
  withdrawal,
  word,
  type Built,
  type Papers,
  type PlanChoice,
  type Wish,
} from "./bench/papers.ts";
import { IN_PROCESS } from "./bench/stage.ts";

export const HOUSE = makeHouse();

/** A payment of 20,000,000 sat to the customer out of one coin of 30,000,000, with change; approved by two. */
export function onePayment(
  house: House = HOUSE,
  choice: Partial<PlanChoice> = {},
  wish: Partial<Wish> = {},
): Papers {
  const intent = withdrawal(house, { label: "order", ...wish });
  const plan = planOf(house, [{ intent, ...(wish.to === undefined ? {} : { to: wish.to }) }], {
    sets: ["a"],
    ...choice,
  });
  return {
    plans: [plan],
    intents: [intent],
    approvals: [word(house, intent, ANN), word(house, intent, BEN)],
    ...(wish.to === undefined ? {} : { beneficiaries: [wish.to] }),
  };
}

/** What the signer says: "signed", or gate and rule. The session key signs whatever the host has made of the papers. */
export function offered(papers: Papers, house: House = HOUSE): string {
  return said(IN_PROCESS.machine(house).offer(bytesOf(requestOf(house, papers))));
}

/** What gate and rule say to `act`, or "passed". */
export function judged(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return `${error.gate} ${error.rule}`;
    throw error;
  }
  return "passed";
}

/** What the review that the officer confirms says of the plan. */
function reviewOf(papers: Papers) {
  const answer = IN_PROCESS.machine(HOUSE).offer(bytesOf(requestOf(HOUSE, papers)));
  assert(answer.type === "signed", said(answer));
  const { outcome } = answer.receipt.body;
  assert(
    outcome.type === "signed" && outcome.review.plans[0] !== undefined,
    "a signed receipt has its review",
  );
  return outcome.review.plans[0];
}

export const warningsOf = (papers: Papers): readonly string[] => reviewOf(papers).warnings;
export const locksOf = (papers: Papers): string => reviewOf(papers).locks.join("; ") || "no lock";

/** The papers with another plan document in the place of the only one. */
export function withPlan(papers: Papers, change: (body: Plan) => Partial<Plan>): Papers {
  const [first] = papers.plans as readonly [Built];
  const { body } = first.plan;
  return { ...papers, plans: [{ ...first, plan: makeDocument(PLAN, { ...body, ...change(body) }) }] };
}

/** The papers with another transaction in the plan's base, and fees that are stated as they then are. */
export function withBase(
  papers: Papers,
  edit: (psbt: EditablePsbt) => void,
  change: (body: Plan) => Partial<Plan> = () => ({}),
): Papers {
  return withPlan(papers, (body) => ({
    base: toBase64(editPsbt(fromBase64(body.base), edit)),
    ...change(body),
  }));
}

/** The papers with other coins as the inputs of the base, one for each that it has. */
export function spending(
  papers: Papers,
  coins: readonly { readonly txid: Digest; readonly vout: number }[],
): Papers {
  return withBase(
    papers,
    (psbt) => {
      const inputs = psbt.unsigned.inputs.map((input, place) => ({ ...input, ...coins[place] }));
      psbt.unsigned = { ...psbt.unsigned, inputs };
    },
    () => ({ conflictKeys: coins.map(({ txid, vout }) => `${REGTEST}:outpoint:${txid}:${vout}`) }),
  );
}

/** The papers with the base's transaction as `change` has it. @param sequence of every input */
export function withTransaction(
  papers: Papers,
  change: Partial<Transaction>,
  sequence = 0xffff_fffd,
): Papers {
  return withBase(papers, (psbt) => {
    const inputs = psbt.unsigned.inputs.map((input) => ({ ...input, sequence }));
    psbt.unsigned = { ...psbt.unsigned, inputs, ...change };
  });
}

/** Every fee of the plan, `by` sat higher. */
export const dearer =
  (by: bigint) =>
  ({ rungs, cancel }: Plan): Partial<Plan> => ({
    rungs: rungs.map(({ feeUnits }) => ({ feeUnits: (BigInt(feeUnits) + by).toString() })),
    ...(cancel === undefined
      ? {}
      : { cancel: { ...cancel, feeUnits: (BigInt(cancel.feeUnits) + by).toString() } }),
  });

/** Where the base of `papers` pays its change, and where its customer. */
export function placesOf({ outputs }: EditablePsbt): { readonly change: number; readonly pay: number } {
  const change = outputs.findIndex((fields) => fields.length > 0);
  return { change, pay: outputs.findIndex((fields) => fields.length === 0) };
}

/** The papers with the change, or what the customer gets, as another output. Of its fields `undefined` keeps what is. */
export function withOutput(
  papers: Papers,
  which: "change" | "pay",
  change: (output: TransactionOutput) => TransactionOutput,
  fields?: readonly PsbtField[],
): Papers {
  return withBase(papers, (psbt) => {
    const place = placesOf(psbt)[which];
    psbt.unsigned = { ...psbt.unsigned, outputs: changed(psbt.unsigned.outputs, place, change) };
    if (fields !== undefined) psbt.outputs[place] = [...fields];
  });
}

/** The papers with one more output in the base, behind the others; the change pays for it. */
export function withExtraOutput(papers: Papers, extra: TransactionOutput): Papers {
  const less = withOutput(papers, "change", (output) => ({ ...output, units: output.units - extra.units }));
  return withBase(less, (psbt) => {
    psbt.unsigned = { ...psbt.unsigned, outputs: [...psbt.unsigned.outputs, extra] };
    psbt.outputs.push([]);
  });
}

/** What a PSBT says of an output that it claims to be `key`'s. @param only of these keys, in this order */
export function claimOf(key: WalletKey, only = key.keys): readonly PsbtField[] {
  return only.map(({ publicKey, fingerprint, path }) =>
    field(2, [...Buffer.from(fingerprint, "hex"), ...path.flatMap((step) => [...uint32(step)])], publicKey),
  );
}

/** The papers whose change goes to `key`'s script under a true claim. */
export function withChangeTo(papers: Papers, key: WalletKey): Papers {
  return withOutput(papers, "change", ({ units }) => ({ units, script: key.script }), claimOf(key));
}

/** The key of the house's wallet at a place. */
export function vaultKey(branch: 0 | 1, index: number, house: House = HOUSE): WalletKey {
  return deriveKey(parseDescriptor(house.vault.descriptor, "regtest"), branch, index);
}

/** The customer's script. */
export const CUSTOMER_SCRIPT = scriptOf("p2wpkh", fixtureBytes("customer").subarray(0, 20));
/** A script of the thief's. */
export const THIEF_SCRIPT = scriptOf("p2wpkh", fixtureBytes("thief").subarray(0, 20));
