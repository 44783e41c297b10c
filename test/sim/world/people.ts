/** What people say at their desks: honest papers about what they were shown, some of them late, some of them no. */
import { documentBytes, makeDocument, parseDocument } from "../../../src/core/document.ts";
import { BUNDLE } from "../../../src/core/documents/bundle.ts";
import { CLEARANCE } from "../../../src/core/documents/clearance.ts";
import { DEAD, type DeadDocument } from "../../../src/core/documents/dead.ts";
import { INTENT, type Intent, type IntentDocument } from "../../../src/core/documents/intent.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { word } from "../../attack/bench/papers.ts";
import { signedDocument } from "../../factory/documents.ts";
import type { Cast } from "../../factory/identities.ts";
import { APPROVERS } from "./house.ts";
import type { World } from "./world.ts";

export type Decision = "approve" | "release" | "reject" | "clear" | "refuse";

/** The intent of a withdrawal or of a movement as a desk reads it, from the bundle that the online host writes. */
export async function readIntent(
  world: World,
  { id, intent }: { readonly id: string; readonly intent: string | null },
  noun: "withdraw" | "intent" = "withdraw",
): Promise<IntentDocument | undefined> {
  const known = intent === null ? undefined : world.intents.get(intent);
  if (known !== undefined) return known;
  const file = world.newFile("bundle");
  const result = await world.call(`${noun} bundle ${id} --out ${file}`);
  if (result === "crashed" || result.exit !== 0) return undefined;
  const { body } = parseDocument(BUNDLE, world.readFile(file));
  const document = makeDocument<Intent>(INTENT, body.intent);
  world.intents.set(document.digest, document);
  return document;
}

/** One person's word on an intent. */
export function decisionOf(world: World, intent: IntentDocument, who: Cast, decision: Decision): Uint8Array {
  const expires = addSeconds(world.now, 8 * 3600);
  if (decision === "clear" || decision === "refuse") {
    const { network, version, custody } = intent.body;
    const clearance = makeDocument(CLEARANCE, {
      kind: "clearance",
      version,
      network,
      custody,
      decision,
      code: (decision === "clear" ? "basic" : "sanctions") as Name,
      intents: [intent.digest],
      policy: world.house.policy.body.number,
      expires,
    });
    return documentBytes(signedDocument(clearance, [who], world.now));
  }
  return documentBytes(word(world.house, intent, who, { decision, expires }, world.now));
}

/** All approvers have looked at the chain, and it is as the proof says. */
export function signDead(world: World, file: string): Uint8Array | undefined {
  const draft = parseDocument(DEAD, world.readFile(file));
  if (!isTrue(world, draft)) return undefined;
  return documentBytes(signedDocument(draft, APPROVERS, world.now));
}

function isTrue({ chain, house }: World, { body }: DeadDocument): boolean {
  const block = chain.blockOf(body.spentBy);
  const depth = house.policy.body.chains[0]?.confirmations ?? Infinity;
  return block !== undefined && block.hash === body.block.hash && chain.height - block.height + 1 >= depth;
}

/** Both persons sign the warrant that a verb has drafted. @returns the file, signed */
export function signWarrant(world: World, file: string, both: readonly Cast[]): string {
  const draft = parseDocument(WARRANT, world.readFile(file));
  world.writeFile(file, documentBytes(signedDocument(draft, both, world.now)));
  return file;
}
