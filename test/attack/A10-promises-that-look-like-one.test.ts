/** G9 and G10: what a signer takes for one promise must be one, and as dear as its dearest generation. */
import { describe, expect, test } from "vitest";
import { embed, makeDocument } from "../../src/core/document.ts";
import { DEAD } from "../../src/core/documents/dead.ts";
import type { Digest } from "../../src/core/digest.ts";
import { makeCustody, payout, stateFor, vaultSnapshot, type Payout } from "../factory/custody.ts";
import { header, REGTEST, row, signedDocument } from "../factory/documents.ts";
import { after, reviewed, signed } from "../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, fixtureId, type Cast } from "../factory/identities.ts";
import { ask, planned } from "../factory/requests.ts";
import { codeOf } from "../factory/thrown.ts";
import type { SignerState } from "../../signer/gates/state.ts";

const [X, Y] = [
  { units: 30_000_000n, index: 1 },
  { units: 31_000_000n, index: 2 },
];

describe("A10: a bridge between two promises makes them one for the limits, and both are paid", () => {
  const dayUnits = (units: string) =>
    makeCustody({
      rows: [row("a", "0", "100000000", 1, { limits: { dayUnits: units, monthUnits: units } })],
    });

  /** The bridge has the id of one and the client key of the other, and spends a coin of each. */
  function play(units: string): string {
    const custody = dayUnits(units);
    const bridge = payout(custody, { label: "bridge", units: "20000000" });
    const ids = { id: fixtureId("intent bridge"), clientKey: fixtureDigest("client key bridge") };
    const one = payout(custody, { label: "one", units: "20000000", intent: { id: ids.id } });
    const two = payout(custody, { label: "two", units: "20000000", intent: { clientKey: ids.clientKey } });
    const { coins } = vaultSnapshot(custody, [X, Y]);
    const sign = (state: SignerState, what: Payout, places: readonly number[]) => {
      const chosen = coins.filter((_, place) => places.includes(place));
      const anchors = chosen.map(({ txid, vout }) => `${REGTEST}:outpoint:${txid}:${vout}`);
      const plan = planned(custody, [what], {
        coins: [X, Y],
        snapshot: { coins: chosen },
        options: { anchors },
      });
      return after(state, signed(ask(custody, [plan], { label: places.join() }), state));
    };
    return codeOf(() => {
      const bridged = sign(stateFor(custody), bridge, [0, 1]);
      sign(sign(bridged, one, [0]), two, [1]);
    });
  }

  test("each counts", () => {
    expect(play("40000000")).toBe("G9_LIMIT_DAY");
    expect(play("60000000")).toBe("none");
  });
});

describe("A10: a payment of a band of many approvers is called dead by the few of a smaller one", () => {
  const custody = makeCustody({
    rows: [row("small", "0", "20000000", 1), row("large", "20000000", "1000000000", 2)],
  });
  const large = payout(custody, { units: "25000000", approvers: [ANNA, BEN] });
  const start = stateFor(custody);
  const onX = planned(custody, [large], { coins: [X] });
  const written = signed(ask(custody, [onX]), start);
  const small = payout(custody, {
    units: "10000000",
    intent: { generation: 2, supersedes: [large.intent.digest] },
  });

  const judge = (who: readonly Cast[]): string => {
    const { outcome } = written.receipt.body;
    const rungs = outcome.type === "signed" ? (outcome.plans[0]?.rungs ?? []) : [];
    const dead = makeDocument(DEAD, {
      ...header("dead"),
      custody: custody.id,
      plan: onX.plan.digest,
      transactions: rungs.map(({ transaction }): Digest => transaction),
      conflictKey: onX.plan.body.conflictKeys[0] as string,
      spentBy: fixtureDigest("another spend"),
      block: { hash: fixtureDigest("block"), height: 900 },
      evidence: fixtureDigest("evidence"),
      policy: 1,
    });
    const body = { dead: [embed(signedDocument(dead, who, at("09:10:00")))] };
    const request = ask(custody, [planned(custody, [small], { coins: [Y] })], { label: "again", body });
    return codeOf(() => reviewed(request, after(start, written)));
  };

  test("as many must say so as had to approve it", () => {
    expect(judge([BEN])).toBe("G10_DEAD_UNSIGNED");
    expect(judge([ANNA, BEN])).toBe("none");
  });
});
