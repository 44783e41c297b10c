import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../../src/core/document.ts";
import { APPROVAL } from "../../../../src/core/documents/approval.ts";
import { CLEARANCE } from "../../../../src/core/documents/clearance.ts";
import { clearIntents } from "../../../../src/commands/desk/clear.ts";
import { evaluate } from "../../../../src/core/policy/evaluate.ts";
import { payout } from "../../../factory/custody.ts";
import {
  bundleOf,
  CLEO,
  custodyOf,
  deskPolicy,
  largePayout,
  makeDesk,
  signAs,
} from "../../../factory/desk.ts";
import { approval, policyBody } from "../../../factory/documents.ts";
import { ANNA, at, BEN, MALLORY } from "../../../factory/identities.ts";

const policy = deskPolicy();
const custody = policy.digest;
const large = largePayout(policy);
const small = payout(custodyOf(policy), {});
const digest = large.intent.digest;
const benAt = (time: string) => approval(large.intent, [BEN], { custody }, at(time));
const annaAt = (time: string) => approval(large.intent, [ANNA], { custody }, at(time));

/** A desk with everybody's key and the large payment in file.json. */
function desk(approvals = [benAt("09:00:00")], pinned = policy) {
  const made = makeDesk(pinned);
  for (const who of [ANNA, BEN, CLEO, MALLORY]) made.keyOf(who);
  made.write("file.json", bundleOf(policy, { ...large, approvals }));
  return made;
}

describe("desk sign --as approve", () => {
  test("makes an approval that counts, with the review drawn before it and one question", async () => {
    const made = desk();
    const { exit, stderr, stdout } = await made.terminal(signAs("approve", ["file.json"], ANNA), ["2.0"]);
    expect(exit).toBe(0);
    expect(stderr).toMatch(
      /PAY +2\.00000000 BTC[\s\S]*missing +approvals: 1 of 2[\s\S]*Retype 2\.00000000 to sign as approve:/,
    );
    expect(stdout).toBe("signed  approve by anna, written to approve.anna.json\n");
    const signed = parseDocument(APPROVAL, made.read("approve.anna.json"));
    expect(signed.body).toMatchObject({ decision: "approve", intent: digest, policy: 1, heads: [] });
    const evidence = { ...large, approvals: [benAt("09:00:00"), signed], clearances: [], halts: [] };
    expect(evaluate(policy.body, evidence, at("09:30:00"))).toMatchObject({ rule: "NOT_RELEASED" });
  });

  test("a wrong amount, or another digest, signs nothing", async () => {
    const made = desk();
    expect((await made.terminal(signAs("approve", ["file.json"], ANNA), ["0.2"])).stderr).toContain(
      "RETYPED_WRONG",
    );
    const wrong = await made.run(signAs("approve", ["file.json"], ANNA, "--confirm", small.intent.digest));
    expect(wrong).toMatchObject({ exit: 4, error: { code: "CONFIRMATION_WRONG" } });
    expect(await made.run(signAs("approve", ["file.json"], ANNA))).toMatchObject({
      exit: 2,
      error: { code: "ANSWER_MISSING" },
    });
    expect(made.has("approve.anna.json")).toBe(false);
    expect(made.has("desk-seen.jsonl")).toBe(false);
    expect(await made.run(signAs("approve", ["file.json"], ANNA, "--confirm", digest))).toMatchObject({
      exit: 0,
    });
  });

  test("what the pinned policy denies is not approved; what only lacks signatures is", async () => {
    const made = desk();
    const expired = payout(custodyOf(policy), { intent: { expires: at("09:29:59") } });
    made.write("file.json", bundleOf(policy, expired));
    const denied = await made.run(signAs("approve", ["file.json"], ANNA, "--confirm", expired.intent.digest));
    expect(denied).toMatchObject({
      exit: 4,
      error: { code: "POLICY_DENIES", message: expect.stringContaining("INTENT_EXPIRED") },
    });
    made.write("file.json", bundleOf(policy, { ...small, approvals: [] }));
    const fine = await made.run(signAs("approve", ["file.json"], ANNA, "--confirm", small.intent.digest));
    expect(fine).toMatchObject({ exit: 0 });
  });

  test("whoever is no approver signs nothing (the table of rights: entitled.test.ts)", async () => {
    const made = desk();
    const answer = await made.run(signAs("approve", ["file.json"], MALLORY, "--confirm", digest));
    expect(answer).toMatchObject({ exit: 4, error: { code: "NOT_YOURS_TO_SIGN" } });
    expect(made.has("approve.mallory.json")).toBe(false);
  });

  test("a key that the policy knows as a security key's does not sign as a file", async () => {
    const identities = policyBody().identities.map((one) =>
      one.name === ANNA.name ? { ...one, alg: "sshsig-sk" as const } : one,
    );
    const hard = deskPolicy({ identities });
    const own = payout(custodyOf(hard), { beneficiarySigners: [BEN] });
    const made = desk([], hard);
    made.write("file.json", bundleOf(hard, { ...own, approvals: [] }));
    const confirmed = ["--confirm", own.intent.digest];
    expect(await made.run(signAs("approve", ["file.json"], ANNA, ...confirmed))).toMatchObject({
      exit: 4,
      error: { code: "NOT_YOURS_TO_SIGN", hint: "--security-key FILE.pub" },
    });
    expect(await made.run(signAs("approve", ["file.json"], BEN, ...confirmed))).toMatchObject({ exit: 0 });
  });

  test("a dry run writes nothing and remembers nothing", async () => {
    const made = desk();
    const answer = await made.run(signAs("approve", ["file.json"], ANNA, "--confirm", digest, "--dry-run"));
    expect(answer.exit).toBe(0);
    expect([made.has("approve.anna.json"), made.has("desk-seen.jsonl")]).toEqual([false, false]);
  });
});

describe("desk sign --as release", () => {
  const release = (approvals = [benAt("09:00:00"), annaAt("09:20:00")], now = at("09:30:00")) =>
    desk(approvals).run(signAs("release", ["file.json"], BEN, "--confirm", digest), { now });

  test("before the quorum it is refused", async () => {
    expect(await release([benAt("09:00:00")])).toMatchObject({
      exit: 8,
      error: { code: "RELEASE_TOO_EARLY", message: "the quorum of 2 approvers is not met yet" },
    });
  });

  test("before the delay it is refused and says when, from then on it is signed", async () => {
    expect(await release(undefined, at("09:29:59"))).toMatchObject({
      exit: 8,
      error: { code: "RELEASE_TOO_EARLY", message: expect.stringContaining(at("09:30:00")) },
    });
    expect(await release(undefined, at("09:30:00"))).toMatchObject({ exit: 0, data: { kind: "approval" } });
  });

  test("where nothing waits nothing is released", async () => {
    const made = desk();
    made.write("file.json", bundleOf(policy, small));
    const answer = await made.run(signAs("release", ["file.json"], ANNA, "--confirm", small.intent.digest));
    expect(answer).toMatchObject({ exit: 4, error: { code: "POLICY_DENIES" } });
  });
});

describe("desk sign --as reject", () => {
  test("compliance says no, also to what the policy denies", async () => {
    const made = desk();
    const expired = payout(custodyOf(policy), { intent: { expires: at("09:00:00") } });
    made.write("file.json", bundleOf(policy, expired));
    const confirmed = ["--confirm", expired.intent.digest];
    const answer = await made.run(signAs("reject", ["file.json"], CLEO, ...confirmed));
    expect(answer).toMatchObject({ exit: 0 });
    expect(parseDocument(APPROVAL, made.read("reject.cleo.json")).body).toMatchObject({
      decision: "reject",
      heads: [],
    });
  });
});

describe("desk sign --as clear", () => {
  const other = largePayout(policy, "another large order");
  const digests = [digest, other.intent.digest];

  function office() {
    const made = desk();
    made.write("other.json", bundleOf(policy, { ...other, approvals: [] }));
    return made;
  }

  test("one document clears many intents, when each of their digests is confirmed", async () => {
    const made = office();
    const clear = (...confirm: string[]) =>
      made.run(
        signAs("clear", ["file.json", "other.json"], CLEO, "--tier", "retail", "--confirm", ...confirm),
      );
    expect(await clear(digest)).toMatchObject({ exit: 4, error: { code: "CONFIRMATION_WRONG" } });
    expect(await clear(...digests)).toMatchObject({ exit: 0, data: { kind: "clearance" } });
    const { body } = parseDocument(CLEARANCE, made.read("clear.cleo.json"));
    expect(body).toMatchObject({
      decision: "clear",
      code: "retail",
      intents: [...digests].sort(),
      expires: at("11:30:00"),
    });
  });

  test("a person retypes what they come to", async () => {
    const made = office();
    const words = signAs("clear", ["file.json", "other.json"], CLEO, "--tier", "retail");
    expect((await made.terminal(words, ["2"])).stderr).toContain("RETYPED_WRONG");
    expect((await made.terminal(words, ["4"])).exit).toBe(0);
  });

  test("a clearance counts only for a tier that the row knows, and where it asks for one", async () => {
    const made = office();
    const clear = (file: string, confirm: string, ...flags: string[]) =>
      made.run(signAs("clear", [file], CLEO, "--confirm", confirm, "--force", ...flags));
    expect(await clear("file.json", digest, "--tier", "vip")).toMatchObject({
      exit: 2,
      error: { code: "CLEARANCE_UNFIT", hint: "--tier retail | corporate" },
    });
    made.write("small.json", bundleOf(policy, small));
    const smallDigest = small.intent.digest;
    expect(await clear("small.json", smallDigest, "--tier", "retail")).toMatchObject({
      error: { code: "CLEARANCE_UNFIT" },
    });
    expect(await clear("file.json", digest, "--tier", "corporate")).toMatchObject({ exit: 0 });
    // A no needs neither.
    expect(await clear("small.json", smallDigest, "--refuse", "sanctions")).toMatchObject({ exit: 0 });
    expect(parseDocument(CLEARANCE, made.read("clear.cleo.json")).body).toMatchObject({
      decision: "refuse",
      code: "sanctions",
    });
  });

  test("either a tier or a refusal, and each intent once", async () => {
    const made = office();
    const clear = (files: string[], who = CLEO, ...flags: string[]) =>
      made.run(signAs("clear", files, who, "--confirm", digest, ...flags));
    const unfit = { exit: 2, error: { code: "CLEARANCE_UNFIT" } };
    expect(await clear(["file.json"])).toMatchObject(unfit);
    expect(await clear(["file.json"], CLEO, "--tier", "retail", "--refuse", "x")).toMatchObject(unfit);
    expect(await clear(["file.json", "file.json"], CLEO, "--tier", "retail")).toMatchObject(unfit);
    expect(await clear(["file.json"], CLEO, "--tier", "retail")).toMatchObject({ exit: 0 });
  });

  test("two people who clear the same batch sign about the same intents in the same order", () => {
    const subject = (one: typeof large) => ({
      kind: "bundle" as const,
      document: one.intent,
      evidence: { ...one, approvals: [], clearances: [], halts: [] },
      similar: [],
      policy: 1,
    });
    const occasion = { flags: { tier: "retail" }, now: at("09:30:00") };
    const forth = clearIntents([subject(large), subject(other)], policy, occasion);
    const back = clearIntents([subject(other), subject(large)], policy, occasion);
    expect(forth.document.digest).toBe(back.document.digest);
  });
});
