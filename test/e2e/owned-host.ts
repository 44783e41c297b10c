/** What whoever owns the online host can do: change the request in any way and sign it with the session key lying there. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cast } from "../../demo/cast.ts";
import type { EditablePsbt } from "../bitcoin/edit-psbt.ts";
import { editPsbt } from "../bitcoin/edit-psbt.ts";
import { canonicalBytes, parseCanonical, type Json } from "../../src/core/canonical.ts";
import { taggedDigest, type Digest } from "../../src/core/digest.ts";
import { fromBase64, fromHex, toBase64 } from "../../src/core/hex.ts";
import { instantOf } from "../../src/core/instant.ts";
import { signDigest } from "../../src/core/signature.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an attacker is not held by types
export type Loose = any;

export function readLoose(file: string): Loose {
  return parseCanonical(new Uint8Array(readFileSync(file)));
}

export function writeLoose(file: string, value: Loose): void {
  writeFileSync(file, canonicalBytes(value as Json));
}

/** The digest that a document has after whatever was done to it. */
export function digestOf({ signatures: _, ...body }: Loose): Digest {
  return taggedDigest(`custody/${body.kind}/v${body.version}`, canonicalBytes(body as Json));
}

/** Gives the request a valid signature of the session key found in the online home. */
export function signAsSession(cast: Cast, request: Loose): Loose {
  const home = cast.home("online");
  const file = readdirSync(home).find((name) => /^session-.*\.key$/.test(name)) ?? "";
  const seed = fromHex(readFileSync(join(home, file), "utf8"), "seed", 32);
  return { ...request, signatures: [signDigest(digestOf(request), seed, instantOf(Date.now() / 1000))] };
}

/**
 * Makes the digests fit again after a change, as far as nobody's signature is needed for that: plans and approvals
 * name the intent, the intent names the beneficiary.
 */
export function refit(request: Loose): Loose {
  const [intent] = request.intents;
  const [beneficiary] = request.beneficiaries;
  const newIntent = { ...intent, beneficiary: digestOf(beneficiary) };
  const digest = digestOf(newIntent);
  return {
    ...request,
    intents: [newIntent],
    plans: request.plans.map((plan: Loose) => ({ ...plan, intents: [digest] })),
    approvals: request.approvals.map((approval: Loose) => ({ ...approval, intent: digest })),
  };
}

/**
 * The request with the base of its plan changed.
 * @param feeUnits what the plan then says of its cheapest rung; the other attempts' fees move along
 */
export function withPsbt(request: Loose, edit: (psbt: EditablePsbt) => void, feeUnits?: string): Loose {
  const [plan] = request.plans;
  const by = BigInt(feeUnits ?? plan.rungs[0].feeUnits) - BigInt(plan.rungs[0].feeUnits);
  const moved = (rung: Loose) => ({ ...rung, feeUnits: (BigInt(rung.feeUnits) + by).toString() });
  const base = toBase64(editPsbt(fromBase64(plan.base), edit));
  const changed = { ...plan, base, rungs: plan.rungs.map(moved), cancel: moved(plan.cancel) };
  return { ...request, plans: [changed] };
}
