/** What people do at their desks and at the signers. */
import { makeDocument, documentBytes } from "../../../src/core/document.ts";
import { RESUME, type HaltDocument, type Resume } from "../../../src/core/documents/halt.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import type { Machine } from "../../attack/bench/machine.ts";
import { haltOf } from "../../attack/bench/words.ts";
import { signedDocument } from "../../factory/documents.ts";
import type { Cast } from "../../factory/identities.ts";
import { ADMINS, APPROVERS, COMPLIANCE } from "../world/house.ts";
import { decisionOf, readIntent, signWarrant, type Decision } from "../world/people.ts";
import { close } from "../world/signing.ts";
import type { World } from "../world/world.ts";
import { someWithdrawal } from "./queue.ts";

const WAITING = ["SCREENING", "ON_HOLD", "PENDING_APPROVAL", "COOLING"];

/** Somebody decides on something that waits, now and then on something that does not any more. */
export async function decide(world: World): Promise<void> {
  const { random } = world;
  const withdrawal = someWithdrawal(world, random.chance(90) ? WAITING : undefined);
  if (withdrawal === undefined) return;
  const intent = await readIntent(world, withdrawal);
  if (intent === undefined) return;
  const decision = random.of<Decision>(
    withdrawal.state === "COOLING" ? ["release", "clear"] : ["approve", "approve", "approve", "clear"],
  );
  say(world, intent, random.chance(6) ? random.of<Decision>(["reject", "refuse"]) : decision);
}

/** All say yes, one after the other; what they sign travels together. */
export async function decideTogether(world: World): Promise<void> {
  const withdrawal = someWithdrawal(world, WAITING);
  const intent = withdrawal === undefined ? undefined : await readIntent(world, withdrawal);
  if (intent === undefined) return;
  for (const who of APPROVERS)
    carry(world, `approval by ${who.name}`, decisionOf(world, intent, who, "approve"));
}

type Intent = NonNullable<Awaited<ReturnType<typeof readIntent>>>;

function say(world: World, intent: Intent, decision: Decision): void {
  const who =
    decision === "clear" || decision === "refuse" ? world.random.of(COMPLIANCE) : world.random.of(APPROVERS);
  world.say(`${who.name} says ${decision} to intent ${intent.body.id}`);
  carry(world, `${decision} by ${who.name}`, decisionOf(world, intent, who, decision));
}

function carry(world: World, what: string, bytes: Uint8Array): void {
  world.gap.push({ what, to: "online", bytes });
}

/** An officer closes the family of what nobody wants any more. */
export async function voidSome(world: World): Promise<void> {
  const withdrawal = someWithdrawal(world, ["REVOKING"]);
  const intent = withdrawal === undefined ? undefined : await readIntent(world, withdrawal);
  if (intent !== undefined) close(world, world.random.below(world.machines.length), intent);
}

/** One person stops everything, at the host and perhaps at signers. */
export async function halt(world: World): Promise<void> {
  if (world.halts.length > 0) return;
  const who = world.random.of(APPROVERS);
  world.count("halts");
  const document = haltOf(world.house, `halt ${world.story.length}`, { of: "everything" }, [who]);
  world.halts.push(document);
  world.everHalted.push(document);
  world.say(`${who.name} halts everything`);
  carry(world, "halt", documentBytes(document));
  for (const signer of world.machines.keys()) if (world.random.chance(50)) takeWord(world, signer, document);
}

/** A quorum ends what halts there are. */
export async function resume(world: World): Promise<void> {
  sayResumed(world, world.halts.splice(0));
}

/** Says so, and once more where it may have been lost on the way. */
export function sayResumed(world: World, halts: readonly HaltDocument[]): void {
  const { body } = world.house.policy;
  for (const document of halts) {
    const { network, custody } = document.body;
    const draft = makeDocument<Resume>(RESUME, {
      kind: "resume",
      version: 1,
      network,
      custody,
      halt: document.digest,
      policy: body.number,
    });
    const signed = signedDocument(draft, APPROVERS.slice(0, 2), world.now);
    world.say("a quorum ends the halt");
    carry(world, "halt", documentBytes(document));
    carry(world, "resume", documentBytes(signed));
    for (const signer of world.machines.keys()) takeWord(world, signer, signed);
  }
}

// A resume is nothing to a signer that never saw the halt.
function takeWord(world: World, signer: number, word: Parameters<Machine["import"]>[0]): void {
  try {
    world.machine(signer).import(word);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    world.say(`signer ${signer + 1} does not take the ${word.body.kind}: ${error.code}`);
  }
}

/** A customer is suspended, or reviewed again. */
export async function kyc(world: World): Promise<void> {
  const { ref } = world.random.of(world.customers);
  if (world.random.chance(30)) await world.operate(`kyc suspend --customer ${ref} --reason odd`);
  else await accept(world, ref);
}

export async function accept(world: World, ref: string): Promise<void> {
  await world.operate(`kyc review --customer ${ref} --decision accept --tier basic --days 365 --reason seen`);
}

/** Compliance stops a withdrawal, or lets it go on. */
export async function hold(world: World): Promise<void> {
  const held = someWithdrawal(world, ["ON_HOLD"]);
  if (held !== undefined && world.random.chance(70))
    return void (await world.operate(`withdraw unhold ${held.id}`));
  const withdrawal = someWithdrawal(world, ["SCREENING", "PENDING_APPROVAL", "COOLING", "READY", "PLANNED"]);
  if (withdrawal !== undefined) await world.operate(`withdraw hold ${withdrawal.id} --code odd`);
}

/** Two of compliance freeze what a withdrawal holds, or give it back to be looked at. */
export async function block(world: World): Promise<void> {
  const blocked = someWithdrawal(world, ["BLOCKED"]);
  if (blocked !== undefined)
    return byWarrant(world, `withdraw unblock ${blocked.id} --code cleared`, COMPLIANCE);
  const withdrawal = someWithdrawal(world, ["ON_HOLD"]);
  if (withdrawal !== undefined)
    await byWarrant(world, `withdraw block ${withdrawal.id} --code hit`, COMPLIANCE);
}

/** Two admins end what the host has halted by itself; two approvers have tried again what it has given up. */
export async function liftHalts(world: World): Promise<void> {
  const both = APPROVERS.slice(0, 2);
  const halted = await world.call("emergency resume");
  if (halted === "crashed" || halted.exit !== 0) return;
  const { halts, flags } = halted.data as {
    readonly halts: readonly unknown[];
    readonly flags: readonly { readonly flag: string; readonly endedBy: string }[];
  };
  // A resume that came before its halt, or under a policy that this host did not have yet, was refused.
  if (halts.length > 0) sayResumed(world, world.everHalted);
  for (const { flag, endedBy } of flags)
    await byWarrant(world, `emergency resume --flag ${flag}`, endedBy === "admin" ? ADMINS : both);
  const letters = await world.call("dlq list");
  if (letters === "crashed" || letters.exit !== 0) return;
  for (const { letter } of letters.data as { letter: string }[])
    await byWarrant(world, `dlq requeue ${letter}`, both);
}

/** An act that two persons must allow: drafted, signed by both, done. */
export async function byWarrant(world: World, line: string, both: readonly Cast[]): Promise<void> {
  const file = world.newFile("warrant");
  const drafted = await world.operate(`${line} --out ${file}`);
  if (drafted === "crashed" || drafted.exit !== 0) return;
  await world.operate(`${line} --warrant ${signWarrant(world, file, both)}`);
}
