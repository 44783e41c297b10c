/** Signers of the vault, each behind the gap: what is carried to them, and what they give back. */
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { familyKeys, familyOf } from "../../../src/core/documents/family.ts";
import { REQUEST } from "../../../src/core/documents/request.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { said } from "../../attack/bench/machine.ts";
import type { World } from "./world.ts";

/** A request is put before a signer; its receipt is on the way back then. */
export function sign(world: World, signer: number, bytes: Uint8Array): void {
  const answer = world.machine(signer).offer(bytes);
  const { digest } = parseDocument(REQUEST, bytes);
  world.say(`signer ${signer + 1} is shown request ${digest.slice(0, 8)} → ${said(answer)}`);
  world.count(answer.type === "refused" ? `refused ${said(answer)}` : "signed");
  if (answer.type !== "refused") world.receipts.push({ signer, receipt: answer.receipt });
  if (answer.receipt !== undefined)
    world.gap.push({
      what: `receipt of signer ${signer + 1}`,
      to: "online",
      bytes: documentBytes(answer.receipt),
    });
}

/** A signer closes the family of an intent; its void is on the way then. */
export function close(world: World, signer: number, intent: IntentDocument): void {
  try {
    const document = world.machine(signer).void(intent);
    world.gap.push({ what: `void by signer ${signer + 1}`, to: "online", bytes: documentBytes(document) });
    world.say(`signer ${signer + 1} voids intent ${intent.body.id}`);
    world.count("voids");
    for (const name of familyKeys(familyOf(intent.body))) world.voided.add(name);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    world.say(`signer ${signer + 1} does not void intent ${intent.body.id}: ${error.code}`);
  }
}
