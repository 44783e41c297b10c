/** A transfer of our own coins that has left the machine, or is signed, and what people then say of it. */
/** Law 3 for what is no customer's: it ends by voids, by proofs of death, or happens because it won. */
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { SignedAttempt } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Id, Name } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { importMovementVoid } from "../../../src/treasury/close.ts";
import { endMovement } from "../../../src/treasury/decide.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { exported, receive, step, type Desk } from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { signedDocument } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, OSCAR } from "../../factory/identities.ts";
import type { voided } from "../../factory/online-words.ts";
import { plan, say, transferOf, treasuryDesk, wish, word } from "../../factory/treasury.ts";

export const UNITS = 20_000_000n;

export type Story = {
  readonly desk: Desk;
  readonly id: Id;
  readonly intent: IntentDocument;
  readonly plan: Id;
};

/** An approved transfer whose request has left. */
export function left(): Story & { readonly request: ReturnType<typeof exported>["request"] } {
  const desk = treasuryDesk();
  const { movement, intent } = wish(desk, transferOf(UNITS));
  say(desk, movement.id, word(desk, intent));
  const planned = plan(desk, movement.id);
  const { request } = exported(desk, planned.plan.id);
  return { desk, id: movement.id, intent, plan: planned.plan.id, request };
}

/** The same, signed. */
export function signedTransfer() {
  const story = left();
  const written = signed(story.request, stateFor(story.desk.custody));
  receive(story.desk, written.receipt);
  return { ...story, signer: after(stateFor(story.desk.custody), written) };
}

export const refuse = ({ desk, id, intent }: Story) =>
  say(desk, id, word(desk, intent, "reject", BEN)).movement;
export const cancel = ({ desk, id }: Story) =>
  step(desk, (tx) =>
    endMovement(PORTS, tx, PORTS.getMovement(tx, id), {
      end: "CANCELLED",
      reason: "cancelled by the operator",
      policy: desk.custody.policy.body,
    }),
  );
export const close = ({ desk, id }: Pick<Story, "desk" | "id">, document: ReturnType<typeof voided>) =>
  step(desk, (tx) =>
    importMovementVoid(PORTS, tx, PORTS.getMovement(tx, id), document, { policy: desk.custody.policy }),
  );
export const rowOf = ({ desk, id }: Pick<Story, "desk" | "id">) =>
  step(desk, (tx) => PORTS.getMovement(tx, id));
export const planOf = ({ desk }: Pick<Story, "desk">, id: Id) => step(desk, (tx) => PORTS.getPlan(tx, id));

export function attemptIn({ desk, plan: id }: Story): SignedAttempt {
  const { digest } = planOf({ desk }, id);
  const transactions = attemptsOf(desk.store, id).map(({ txid }) => txid);
  return {
    plan: digest,
    generation: 1,
    row: "small" as Name,
    conflictKeys: ["coin"],
    transactions,
    operators: [OSCAR.person],
  };
}

/** Both approvers vouch that a stranger has taken the plan's coin. */
export function bury({ desk, plan: id }: Story) {
  const { policy, wallet } = desk.custody;
  const view = { wallet, network: "regtest" as const, highestIndex: 1, own: policy.body.wallets, tokens: [] };
  return step(desk, (tx) => {
    const row = PORTS.getPlan(tx, id);
    const decoded = attemptsAsBuilt(PORTS, tx, row, { codec: () => bitcoinCodec, view: () => view });
    const conflictKey = decoded.rungs[0]?.conflictKeys[0] ?? "";
    const block = { hash: fixtureDigest("block"), height: 200 };
    const spent = { conflictKey, spentBy: fixtureDigest("somebody else's"), block };
    const dead = signedDocument(
      draftDead(attemptsBuilt(row, decoded), spent, policy),
      [ANNA, BEN],
      at("09:18:00"),
    );
    return importDead(PORTS, tx, dead, { policy, decode: () => decoded });
  });
}
