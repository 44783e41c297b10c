import { describe, expect, test } from "vitest";
import { documentBytes } from "../../../../src/core/document.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { DEAD, type Dead } from "../../../../src/core/documents/dead.ts";
import { policyDocument } from "../../../../src/core/policy/policy.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { grouped } from "../../../../src/terminal/table.ts";
import { PAYEE, payout } from "../../../factory/custody.ts";
import {
  bundleOf,
  custodyOf,
  deskPolicy,
  largePayout,
  makeDesk,
  transferOf,
  type DeskAnswer,
} from "../../../factory/desk.ts";
import { approval, beneficiary, delegation, signedDocument } from "../../../factory/documents.ts";
import { ALICE, ANNA, at, BEN, fixtureDigest, MALLORY } from "../../../factory/identities.ts";

const policy = deskPolicy();
const custody = policy.digest;
const review = ["desk", "review", "file.json"];

const factsOf = ({ data }: DeskAnswer) =>
  new Map((data["facts"] as { label: string; value: string }[]).map(({ label, value }) => [label, value]));

/** A desk that reviews `document`. */
async function reviewed(document: Parameters<ReturnType<typeof makeDesk>["write"]>[1], pinned = true) {
  const desk = makeDesk(pinned ? policy : undefined);
  desk.write("file.json", document);
  return { desk, json: await desk.run(review), text: await desk.terminal(review) };
}

describe("desk review of a payment", () => {
  const large = largePayout(policy);

  test("says what would happen, who has signed, and what is missing, in 80 columns", async () => {
    const ben = approval(large.intent, [BEN], { custody });
    const { json, text } = await reviewed(bundleOf(policy, { ...large, approvals: [ben] }));
    expect(json).toMatchObject({
      exit: 0,
      data: {
        kind: "bundle",
        digest: large.intent.digest,
        words: checkWords(large.intent.digest),
        signed: [{ name: "ben", as: "approve", at: at("09:00:00") }],
        missing: [
          "approvals: 1 of 2",
          "a release, 600 seconds after the last approval needed",
          "clearances: 0 of 1 person of compliance, for tier retail, corporate",
        ],
        warnings: [],
      },
    });
    const facts = factsOf(json);
    expect(facts.get("PAY")).toBe("2.00000000 BTC (200,000,000 sat)");
    expect(facts.get("to")).toBe(grouped(PAYEE));
    const flat = text.stdout.replace(/\s+/g, " ");
    for (const [label, value] of facts) expect(flat).toContain(`${label} ${value}`);
    expect(flat).toContain("missing approvals: 1 of 2");
    expect(Math.max(...text.stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test("a signature by somebody without the role, or by nobody, is not among those who signed", async () => {
    const mallory = approval(large.intent, [MALLORY], { custody });
    const forged = signedDocument(approval(large.intent, [BEN], { custody }), [BEN], at("09:00:00"));
    const [signature] = forged.signatures;
    const broken = { ...forged, signatures: [{ ...signature!, at: at("09:00:01") }] };
    const { json } = await reviewed(bundleOf(policy, { ...large, approvals: [mallory, broken] }));
    expect(json.data["signed"]).toEqual([]);
  });

  test("once the quorum is met it says from when a release counts", async () => {
    const approvals = [
      approval(large.intent, [BEN], { custody }),
      approval(large.intent, [ANNA], { custody }, at("09:10:00")),
    ];
    const { json, text } = await reviewed(bundleOf(policy, { ...large, approvals }));
    expect(json.data["missing"]).toEqual([
      "a release, signed at 2026-11-22T09:20:00Z or later",
      "clearances: 0 of 1 person of compliance, for tier retail, corporate",
    ]);
    expect(json.data["waitsFor"]).toBe("release");
    expect(text.stderr).toContain("--as release");
  });

  test("a swapped destination is said loudly", async () => {
    const other = payout(custodyOf(policy), { label: "another" });
    const { json } = await reviewed(bundleOf(policy, { ...large, beneficiary: other.beneficiary }));
    expect(json.data["warnings"]).toEqual([
      "the destination is not the one that the intent names: do not sign",
    ]);
    expect(factsOf(json).get("policy says")).toContain("DENIED, BENEFICIARY_MISMATCH");
  });

  test("an online host that works under a later policy is named", async () => {
    const later = await reviewed(bundleOf(policy, large, { policy: 2 }));
    expect(later.json.data["warnings"]).toEqual([expect.stringContaining("policy number 2")]);
    expect(later.text.stderr).toContain("Next: custody desk init --policy policy-2.json");
    const same = await reviewed(bundleOf(policy, large));
    expect(same.json.data["warnings"]).toEqual([]);
  });

  test("a transfer, a consolidation, a cancellation and a message say what they are", async () => {
    const transfer = transferOf(policy, "other");
    const { json } = await reviewed(bundleOf(policy, { intent: transfer, approvals: [] }));
    expect(factsOf(json).get("TRANSFER")).toBe("0.00005000 BTC (5,000 sat)");
    expect(factsOf(json).get("to our wallet")).toBe("other");
    const {
      destination: _,
      units,
      ...common
    } = transfer.body as Extract<typeof transfer.body, { type: "transfer" }>;
    const key = `bip122:0f9188f13cb7b2c71f2a335e3a4fc328:outpoint:${fixtureDigest("coin")}:1`;
    const shown = async (body: object, label: string) => {
      const intent = makeDocument(
        { kind: "intent", version: 1 } as never,
        { ...common, ...body } as never,
      ) as unknown as typeof transfer;
      return factsOf((await reviewed(bundleOf(policy, { intent, approvals: [] }))).json).get(label);
    };
    expect(await shown({ type: "consolidate", units }, "CONSOLIDATE")).toContain("at most 0.00005000 BTC");
    expect(await shown({ type: "cancel", units: "0", conflictKeys: [key] }, "coin")).toBe(
      `${grouped(fixtureDigest("coin"))} output 1`,
    );
    const said = { type: "attest", units: "0", message: "we hold what we owe", coins: true };
    expect(await shown(said, "message")).toBe("we hold what we owe");
    expect(await shown(said, "shows coins")).toContain("all that the wallet has");
    expect(await shown({ ...said, coins: false }, "shows coins")).toBe("none");
  });
});

describe("desk review and the pinned policy", () => {
  const small = payout(custodyOf(policy), {});

  test("without one it says so, and reads all the same", async () => {
    const { desk, json } = await reviewed(bundleOf(policy, small), false);
    expect(factsOf(json).get("policy says")).toBe("nothing: no policy is pinned at this desk");
    expect(desk.has("desk-seen.jsonl")).toBe(false);
  });

  test("a broken one is an error and not none", async () => {
    const desk = makeDesk(policy);
    desk.write("file.json", bundleOf(policy, small));
    desk.write("desk-policy.json", documentBytes(policy).subarray(1));
    expect(await desk.run(review)).toMatchObject({ exit: 7, error: { code: "DESK_FILE_BROKEN" } });
    const edited = Buffer.from(documentBytes(policy)).toString("utf8").replace('"quorum":2', '"quorum":1');
    desk.write("desk-policy.json", edited);
    expect(await desk.run(review)).toMatchObject({ exit: 7, error: { code: "DESK_FILE_BROKEN" } });
    desk.write("desk-policy.json", policy);
    expect(await desk.run(review)).toMatchObject({ exit: 0 });
  });

  test("what belongs to another custody is refused, also within a bundle", async () => {
    const stranger = payout(custodyOf(deskPolicy({ approvalsSince: 1, clockToleranceSeconds: 1 })), {});
    const refused = { exit: 4, error: { code: "DOCUMENT_WRONG_CUSTODY" } };
    expect((await reviewed(bundleOf(policy, stranger))).json).toMatchObject(refused);
    const mixed = bundleOf(policy, { ...small, approvals: stranger.approvals });
    expect((await reviewed(mixed)).json).toMatchObject(refused);
    expect((await reviewed(bundleOf(policy, small))).json).toMatchObject({ exit: 0 });
  });
});

describe("desk review of other documents", () => {
  test("a destination: who has signed, and that the customer has not", async () => {
    const unsigned = beneficiary({ custody, customerKey: MALLORY.key }, []);
    const draft = await reviewed({ ...unsigned, signatures: [] });
    expect(draft.json.data).toMatchObject({
      signed: [],
      missing: ["approvers: 0 of 1", "the customer's own signature"],
    });
    const signed = beneficiary({ custody, customerKey: MALLORY.key }, [ANNA, MALLORY]);
    expect((await reviewed(signed)).json.data).toMatchObject({ signed: [{ name: "anna" }], missing: [] });
  });

  test("a delegation, and a proof of death with its warning", async () => {
    const { json } = await reviewed(delegation({ custody }));
    expect(factsOf(json).get("DELEGATION")).toContain("oscar lends");
    expect(json.data).toMatchObject({ signed: [{ name: "oscar", as: "delegate" }], missing: [] });
    const dead = makeDocument<Dead>(DEAD, {
      kind: "dead",
      version: 1,
      network: "regtest",
      custody,
      plan: fixtureDigest("plan"),
      transactions: [fixtureDigest("transaction")],
      conflictKey: `bip122:0f9188f13cb7b2c71f2a335e3a4fc328:outpoint:${fixtureDigest("coin")}:1`,
      spentBy: fixtureDigest("thief"),
      block: { hash: fixtureDigest("block"), height: 101 },
      evidence: fixtureDigest("evidence"),
      policy: 1,
    });
    const { json: read, text } = await reviewed(dead);
    expect(factsOf(read).get("was taken by")).toBe(grouped(fixtureDigest("thief")));
    expect(text.stdout).toContain("WARNING");
    expect(text.stdout).not.toContain("the plan's own");
    expect(Math.max(...text.stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
    // Its cancel rung, or a payment that has settled: the desk has no plan that would tell.
    const own = makeDocument<Dead>(DEAD, { ...dead.body, spentBy: fixtureDigest("transaction") });
    const said = await reviewed(own);
    expect(factsOf(said.json).get("was taken by")).toContain("the plan's own cancel rung");
    expect(said.json.data["warnings"]).toContainEqual(expect.stringContaining("one of the plan's own"));
    // Of an account no explorer knows the name that people signed: what was sent with the nonce is looked up.
    const account = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    const nonce = { ...own.body, conflictKey: `eip155:31337:nonce:${account}:7` };
    const failed = await reviewed(makeDocument<Dead>(DEAD, { ...nonce, withoutEffect: true }));
    expect(factsOf(failed.json).get("was taken by")).toContain("SAID TO HAVE FAILED");
    const lookUp = `with nonce 7 of ${account}: sign only if it`;
    expect(failed.json.data["warnings"]).toEqual([expect.stringContaining(`${lookUp} FAILED`)]);
    const other = await reviewed(makeDocument<Dead>(DEAD, nonce));
    expect(other.json.data["warnings"]).toEqual([expect.stringContaining(`${lookUp} pays nobody`)]);
  });

  test("a policy: the whole of the first, of the next its changes and who must still sign", async () => {
    const first = await reviewed(policy);
    expect(factsOf(first.json).get("POLICY")).toBe("number 1, pinned at this desk");
    const next = policyDocument({
      ...policy.body,
      number: 2,
      previous: policy.digest,
      custody,
      quorums: { ...policy.body.quorums, resume: 1 },
    });
    const { json } = await reviewed(next);
    expect(factsOf(json).get("quorums.resume")).toBe("2 -> 1");
    expect(json.data["missing"]).toEqual(["admins before: 0 of 1 (alice)", "admins after: 0 of 1 (alice)"]);
    const signed = signedDocument(next, [ALICE], at("09:00:00"));
    expect((await reviewed(signed)).json.data["missing"]).toEqual([]);
    const far = policyDocument({ ...next.body, number: 3 });
    expect((await reviewed(far)).json.data["missing"]).toEqual([
      expect.stringContaining("only the one before it"),
    ]);
  });

  test("a kind that no desk decides on is refused by name", async () => {
    const { json } = await reviewed(approval(largePayout(policy).intent, [BEN], { custody }));
    expect(json).toMatchObject({ exit: 3, error: { code: "DESK_KIND_UNKNOWN" } });
  });
});
