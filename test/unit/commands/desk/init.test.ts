import { describe, expect, test } from "vitest";
import { policyDocument, type Policy, type PolicyDocument } from "../../../../src/core/policy/policy.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { deskPolicy, makeDesk } from "../../../factory/desk.ts";
import { signedDocument } from "../../../factory/documents.ts";
import { ALICE, at, MALLORY, OSCAR, type Cast } from "../../../factory/identities.ts";

const policy = deskPolicy();
const PIN = ["desk", "init", "--policy", "policy.json"];
const ADMIN = ["--admin", `alice=${ALICE.key}`];

function after(previous: PolicyDocument, changes: Partial<Policy> = {}, signers: readonly Cast[] = [ALICE]) {
  const { number } = previous.body;
  return signedDocument(
    policyDocument({
      ...previous.body,
      number: number + 1,
      previous: previous.digest,
      custody: policy.digest,
      ...changes,
    }),
    signers,
    at("09:00:00"),
  );
}

const second = after(policy, { clockToleranceSeconds: 60 });

describe("desk init", () => {
  test("pins the first policy after every admin's full fingerprint", async () => {
    const desk = makeDesk();
    desk.write("policy.json", policy);
    expect(await desk.run([...PIN, "--admin", `alice=${MALLORY.key}`])).toMatchObject({
      exit: 4,
      error: { code: "ADMIN_KEY_MISMATCH" },
    });
    desk.write("policy.json", { ...policy, signatures: policy.signatures.slice(1) });
    expect(await desk.run([...PIN, ...ADMIN])).toMatchObject({ exit: 4, error: { code: "POLICY_UNSIGNED" } });
    expect(desk.has("desk-policy.json")).toBe(false);
    desk.write("policy.json", policy);
    expect(await desk.run([...PIN, ...ADMIN])).toMatchObject({ exit: 0, data: { number: 1 } });
    expect(await desk.run([...PIN, ...ADMIN])).toMatchObject({
      exit: 0,
      data: { number: 1, digest: policy.digest },
    });
  });

  test("two admins are compared, each by a flag of its own", async () => {
    const two = deskPolicy({
      identities: policy.body.identities.map((one) =>
        one.name === OSCAR.name ? { ...one, roles: ["operator", "admin"] } : one,
      ),
    });
    const desk = makeDesk();
    desk.write("policy.json", two);
    expect(await desk.run([...PIN, ...ADMIN])).toMatchObject({ exit: 2, error: { code: "ANSWER_MISSING" } });
    const both = [...ADMIN, "--admin", `oscar=${OSCAR.key}`];
    expect(await desk.run([...PIN, ...both])).toMatchObject({ exit: 0 });
  });

  test("a later policy needs the one before it here", async () => {
    const fresh = makeDesk();
    fresh.write("policy.json", second);
    expect(await fresh.run([...PIN, ...ADMIN])).toMatchObject({
      exit: 4,
      error: { code: "POLICY_UNSIGNED" },
    });
    const desk = makeDesk(policy);
    desk.write("policy.json", second);
    expect(await desk.run([...PIN, "--confirm", second.digest])).toMatchObject({
      exit: 0,
      data: { number: 2 },
    });
  });

  test("it shows what changes, and a person retypes the check words", async () => {
    const desk = makeDesk(policy);
    desk.write("policy.json", second);
    const wrong = await desk.terminal(PIN, [checkWords(policy.digest)]);
    expect(wrong.stderr).toMatch(/clockToleranceSeconds +300 -> 60/);
    expect(wrong.stderr).toContain("RETYPED_WRONG");
    expect(await desk.run([...PIN, "--confirm", policy.digest])).toMatchObject({
      exit: 4,
      error: { code: "CONFIRMATION_WRONG" },
    });
    expect((await desk.terminal(PIN, [checkWords(second.digest)])).exit).toBe(0);
  });

  test("a stranger's policy, a second first one, and a gap are refused", async () => {
    const desk = makeDesk(policy);
    const take = (next: PolicyDocument) => {
      desk.write("policy.json", next);
      return desk.run([...PIN, ...ADMIN, "--confirm", next.digest]);
    };
    expect(await take(after(policy, {}, [MALLORY]))).toMatchObject({ error: { code: "POLICY_UNSIGNED" } });
    expect(await take(deskPolicy({ clockToleranceSeconds: 1 }))).toMatchObject({
      error: { code: "POLICY_NOT_NEXT" },
    });
    expect(await take(after(second))).toMatchObject({
      error: {
        code: "POLICY_NOT_NEXT",
        hint: "custody desk init --policy policy-2.json   (the online host writes it: custody policy show --number 2 --out policy-2.json)",
      },
    });
    expect(await take(second)).toMatchObject({ exit: 0 });
    expect(await take(after(second))).toMatchObject({ exit: 0, data: { number: 3 } });
  });
});
