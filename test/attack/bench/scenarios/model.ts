/**
 * The attack that the model's trace prints with a rule off, by the name that `model/rules.mjs` gives the rule. Whoever
 * owns the online host plays it, with one approver (Caro) and the operator's session on his side.
 */
import { expect } from "vitest";
import type { Digest } from "../../../../src/core/digest.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { addSeconds } from "../../../../src/core/instant.ts";
import { fixtureId } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import {
  ANN,
  BEN,
  CARO,
  makeHouse,
  namedSigner,
  nextHouse,
  restored,
  sharedWallet,
  SIGNERS,
  VAULT,
  type SignerKeys,
} from "../house.ts";
import { destination, ownIntent, planOf, withdrawal } from "../papers.ts";
import { NOW, type Scenario } from "../stage.ts";
import { deadOf, offer } from "./offers.ts";

const HOUSE = makeHouse();
const g1 = withdrawal(HOUSE, { label: "order 1" });
const g2 = withdrawal(HOUSE, { label: "order 1", changes: { generation: 2, supersedes: [g1.digest] } });
const twin = withdrawal(HOUSE, {
  label: "order 1",
  changes: { id: fixtureId("another id for order 1") },
});
const order2 = withdrawal(HOUSE, { label: "order 2" });

/** One for each rule of the model. To add one: the rule's name, the attack, and what is accepted beside it. */
export const MODEL_SCENARIOS: Readonly<Record<string, Scenario>> = {
  quorum({ machine }) {
    expect(offer(machine(HOUSE), g1, ["a"], { approvers: [CARO] })).toBe("G4 QUORUM_NOT_MET");
    expect(offer(machine(HOUSE), g1, ["a"], { approvers: [ANN, CARO] })).toBe("signed");
  },

  effects({ machine }) {
    const thief = planOf(HOUSE, [{ intent: g1, to: destination(HOUSE, "thief") }], { sets: ["a"] });
    expect(offer(machine(HOUSE), g1, ["a"], { built: thief })).toBe("G6 EFFECT_WITHOUT_INTENT");
    expect(offer(machine(HOUSE), g1, ["a"])).toBe("signed");
  },

  family({ machine }) {
    const signer = machine(HOUSE);
    expect(offer(signer, g1, ["a"])).toBe("signed");
    expect(offer(signer, g1, ["b"])).toBe("G10 NO_SHARED_COIN");
    expect(offer(signer, g1, ["a", "b"])).toBe("signed");
  },

  everyAttempt({ machine }) {
    const signer = machine(HOUSE);
    expect(offer(signer, g1, ["a"])).toBe("signed");
    expect(offer(signer, g1, ["a", "b"])).toBe("signed");
    expect(offer(signer, g1, ["b"])).toBe("G10 NO_SHARED_COIN"); // it shares with the newest alone
    expect(offer(signer, g1, ["a", "c"])).toBe("signed");
  },

  clientKey({ machine }) {
    const signer = machine(HOUSE);
    expect(offer(signer, g1, ["a"])).toBe("signed");
    expect(offer(signer, twin, ["b"])).toBe("G10 NO_SHARED_COIN");
    expect(offer(signer, order2, ["b"])).toBe("signed");
  },

  deadTwoPeople({ machine }) {
    const signer = machine(HOUSE);
    expect(offer(signer, g1, ["a"])).toBe("signed");
    expect(offer(signer, g2, ["b"], { dead: [deadOf(signer, [CARO])] })).toBe("G10 DEAD_UNSIGNED");
    expect(offer(signer, g2, ["b"], { dead: [deadOf(signer, [ANN, BEN])] })).toBe("signed");
  },

  deadByCancelRung({ machine }) {
    // The payment has settled, and that very transaction is said to have killed its plan: the customer would have both.
    const signer = machine(HOUSE);
    expect(offer(signer, g1, ["a"])).toBe("signed");
    const attempts = deadOf(signer, []).body.transactions;
    const killedBy = (spentBy: Digest) => ({ dead: [deadOf(signer, [ANN, BEN], { spentBy })] });
    for (const paying of attempts.slice(0, -1))
      expect(offer(signer, g2, ["b"], killedBy(paying))).toBe("G10 DEAD_OTHERWISE");
    expect(offer(signer, g2, ["b"], killedBy(attempts.at(-1) as Digest))).toBe("signed");
  },

  freshGeneration({ machine }) {
    const signer = machine(HOUSE);
    expect(offer(signer, g1, ["a"])).toBe("signed");
    const dead = [deadOf(signer, [ANN, BEN])];
    expect(offer(signer, g1, ["b"], { dead })).toBe("G10 NOT_SUPERSEDED");
    expect(offer(signer, g1, ["b"])).toBe("G10 NO_SHARED_COIN");
    expect(offer(signer, g2, ["b"], { dead })).toBe("signed");
  },

  samePromise({ machine }) {
    // Made smaller, it may fall into a row whose wallets and signers have never met those of the first.
    const changes = { generation: 2, supersedes: [g1.digest] };
    const less = withdrawal(HOUSE, { label: "order 1", units: "10000000", changes });
    expect(offer(machine(HOUSE), less, ["b"])).toBe("G4 OTHER_PROMISE");
    expect(offer(machine(HOUSE), less, ["b"], { papers: { body: { superseded: [] } } })).toBe(
      "G4 SUPERSEDED_MISSING",
    );
    expect(offer(machine(HOUSE), g2, ["b"])).toBe("signed");
  },

  heads({ machine }) {
    // A desk has seen the head after g1 on a; the journal goes back; g2 is approved at that desk.
    const signer = machine(HOUSE);
    const before = signer.journal.lines.length;
    expect(offer(signer, g1, ["a"])).toBe("signed");
    const heads = [signer.journal.head];
    expect(offer(signer, g2, ["a", "b"], { heads })).toBe("signed");
    signer.rollBack(before);
    signer.logbook = signer.journal.head; // a forged book: the head alone must stop it
    expect(offer(signer, g2, ["b"], { heads })).toBe("G3 ROLLED_BACK");
  },

  logbook({ machine }) {
    const signer = machine(HOUSE);
    const before = signer.journal.lines.length;
    expect(offer(signer, g1, ["a"])).toBe("signed");
    signer.rollBack(before);
    expect(offer(signer, g1, ["b"])).toBe("G11 LOGBOOK_HEAD_UNKNOWN");
    expect(offer(machine(HOUSE), g1, ["b"])).toBe("signed");
  },

  epoch({ machine }) {
    // Restored with another key and epoch: the policy that is pinned does not know it.
    const stranger = machine(HOUSE, restored(SIGNERS[0]));
    expect(offer(stranger, g1, ["b"])).toBe("G3 EPOCH_UNKNOWN");
    expect(offer(machine(HOUSE, SIGNERS[1]), g1, ["b"])).toBe("signed");
  },

  bornAfterEpoch({ machine }) {
    const again = restored(SIGNERS[0]);
    const [, ...rest] = HOUSE.policy.body.signers;
    const house = nextHouse(HOUSE, { signers: [namedSigner(again, 2), ...rest] }, [again.who]);
    const old = withdrawal(house, { label: "order 1", changes: { born: 1 } });
    const fresh = withdrawal(house, { label: "order 2", changes: { born: 2 } });
    expect(offer(machine(house, again), old, ["a"])).toBe("G4 BORN_BEFORE_EPOCH");
    expect(offer(machine(house, again), fresh, ["a"])).toBe("signed");
    expect(offer(machine(house, SIGNERS[1]), old, ["a"])).toBe("signed");
    expect(codeOf(() => machine(house, again).void(old))).toBe("G4_BORN_BEFORE_EPOCH");
    expect(codeOf(() => machine(house, again).void(fresh))).toBe("none");
  },

  expiry({ machine }) {
    const signer = machine(HOUSE);
    const short = withdrawal(HOUSE, { label: "order 3", changes: { expires: NOW } });
    signer.clock = addSeconds(NOW, 1);
    expect(offer(signer, short, ["a"])).toBe("G4 INTENT_EXPIRED");
    signer.clock = NOW;
    expect(offer(signer, short, ["a"])).toBe("signed");
  },

  bornCounts({ machine }) {
    // Those who could pay under policy 1 need not meet those who can now: a new word of people does not reach its family.
    const house = nextHouse(HOUSE, { approvalsSince: 2 });
    const fresh = withdrawal(house, { label: "order 1", changes: { born: 2 } });
    expect(offer(machine(house), g1, ["a"])).toBe("G4 BORN_TOO_EARLY");
    expect(offer(machine(house), fresh, ["a"])).toBe("signed");
  },

  voidHonoured({ machine }) {
    const signer = machine(HOUSE);
    signer.void(g1);
    expect(offer(signer, g1, ["a"])).toBe("G10 FAMILY_VOIDED");
    expect(offer(signer, twin, ["a"])).toBe("G10 FAMILY_VOIDED");
    expect(offer(signer, order2, ["a"])).toBe("signed");
  },

  voidCloses({ machine }) {
    // The void names what was signed before it, so that nobody can release a hold over an attempt that lives.
    const signer = machine(HOUSE);
    expect(offer(signer, g1, ["a"])).toBe("signed");
    expect(signer.void(g1).body.attempts.map(({ conflictKeys }) => conflictKeys)).toEqual([
      planOf(HOUSE, [{ intent: g1 }], { sets: ["a"] }).plan.body.conflictKeys,
    ]);
    expect(offer(signer, g1, ["a", "b"])).toBe("G10 FAMILY_VOIDED");
    expect(machine(HOUSE).void(g1).body.attempts).toEqual([]);
  },

  cancelApart({ machine }) {
    // Three signers lured to a, b and c: a cancel on any of them can still be signed by all.
    const lured = (["a", "b", "c"] as const).map((set, index) => ({
      signer: machine(HOUSE, SIGNERS[index] as SignerKeys),
      built: planOf(HOUSE, [{ intent: g1 }], { sets: [set] }),
    }));
    for (const { signer, built } of lured) expect(offer(signer, g1, [], { built })).toBe("signed");
    const conflictKeys = [...(lured[1]?.built.plan.body.conflictKeys ?? [])];
    const cancel = ownIntent(HOUSE, "cancel b", { type: "cancel", conflictKeys });
    const built = planOf(HOUSE, [{ intent: cancel }], {
      sets: ["b"],
      task: { type: "cancel", conflictKeys },
    });
    for (const { signer } of lured) expect(offer(signer, cancel, [], { built })).toBe("signed");
  },

  quorumsMeet({ refusalOf }) {
    const policyWith = (threshold: number) =>
      makeHouse({ policy: { wallets: [sharedWallet(VAULT, threshold, SIGNERS)] } }).policy.body;
    expect(refusalOf(policyWith(1))).toBe("POLICY_INCONSISTENT");
    expect(refusalOf(policyWith(2))).toBe("none");
  },

  walletsMeet({ refusalOf }) {
    const cellar = "cellar" as Name;
    const policyWith = (threshold: number, signers: readonly SignerKeys[]) => {
      const { body } = makeHouse({ row: { wallets: [VAULT, cellar] } }).policy;
      return {
        ...body,
        wallets: [sharedWallet(VAULT, 2, SIGNERS), sharedWallet(cellar, threshold, signers)],
      };
    };
    expect(refusalOf(policyWith(1, [SIGNERS[0]]))).toBe("POLICY_INCONSISTENT");
    expect(refusalOf(policyWith(2, [SIGNERS[0], SIGNERS[1]]))).toBe("none");
  },
};
