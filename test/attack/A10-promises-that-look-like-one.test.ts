/** G9 and G10: what a signer takes for one promise must be one. */
import { describe, expect, test } from "vitest";
import { makeCustody, payout, stateFor, vaultSnapshot, type Payout } from "../factory/custody.ts";
import { REGTEST, row } from "../factory/documents.ts";
import { after, signed } from "../factory/gates.ts";
import { fixtureDigest, fixtureId } from "../factory/identities.ts";
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
