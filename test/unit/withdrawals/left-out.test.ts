/** Law 4 for whom a replacement left out: it has killed the plan that paid them too, once it is final itself. */
import { expect, test } from "vitest";
import type { SignerState } from "../../../signer/gates/state.ts";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { DEAD_UNFOUNDED, assertNoneOfFamily, draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, row, signedDocument } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, type Cast } from "../../factory/identities.ts";
import { strict } from "../../factory/online-words.ts";

/** Two payments in one signed plan, and one in place of it that pays `kept` of them, signed as well. */
function replaced(kept: "both" | "one") {
  const desk = makeDesk({ ...strict({}), rows: [row("small", "0", "100000000", 1)] });
  const asked = [ask(desk, "a", 20_000_000n), ask(desk, "b", 10_000_000n)] as const;
  for (const { intent } of asked) decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const [first, journalled] = sign(desk, build(desk).plan.id, stateFor(desk.custody));
  if (kept === "one")
    decide(desk, approval(asked[1].intent, [BEN], { custody: desk.custody.id, decision: "reject" }));
  const [second] = sign(desk, build(desk, { replaces: first, feeRatesMilli: [40_000n] }).plan.id, journalled);
  const paid = step(desk, (tx) => PORTS.intentsOfPlan(tx, second)).length;
  expect(paid).toBe(kept === "both" ? 2 : 1);
  const [won] = step(desk, (tx) => PORTS.attemptsOf(tx, second));
  return { desk, first, spentBy: won?.txid as Digest };
}

function sign(desk: Desk, plan: Id, signer: SignerState): readonly [Id, SignerState] {
  const written = signed(exported(desk, plan).request, signer);
  receive(desk, written.receipt);
  return [plan, after(signer, written)];
}

type Story = ReturnType<typeof replaced>;

function bring({ desk, first, spentBy }: Story, ...who: readonly Cast[]) {
  const view = {
    wallet: desk.custody.wallet,
    network: "regtest" as const,
    highestIndex: 1,
    own: desk.custody.policy.body.wallets,
    tokens: [],
  };
  return step(desk, (tx) => {
    const plan = PORTS.getPlan(tx, first);
    const decoded = attemptsAsBuilt(PORTS, tx, plan, { codec: () => bitcoinCodec, view: () => view });
    const spent = {
      conflictKey: decoded.rungs[0]?.conflictKeys[0] ?? "",
      spentBy,
      block: { hash: fixtureDigest("block"), height: 200 },
    };
    const dead = draftDead(attemptsBuilt(plan, decoded), spent, desk.custody.policy);
    return importDead(PORTS, tx, signedDocument(dead, who, at("10:00:00")), {
      policy: desk.custody.policy,
      decode: () => decoded,
    });
  });
}

test("a replacement that pays the same has settled the plan", () => {
  const story = replaced("both");
  expectRefusal(() => bring(story, ANNA), DEAD_UNFOUNDED);
});

test("one that left somebody out has killed the plan for them", () => {
  const story = replaced("one");
  expect(bring(story, ANNA).plan).toMatchObject({ id: story.first, state: "DEAD" });
  const { desk, first, spentBy } = story;
  step(desk, (tx) => assertNoneOfFamily(PORTS, tx, PORTS.getPlan(tx, first), spentBy));
});
