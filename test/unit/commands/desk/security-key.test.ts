import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../../src/core/document.ts";
import { APPROVAL } from "../../../../src/core/documents/approval.ts";
import { IDENTITY_CARD } from "../../../../src/core/documents/identity-card.ts";
import { evaluate } from "../../../../src/core/policy/evaluate.ts";
import { verifySignature } from "../../../../src/core/signature.ts";
import { payout } from "../../../factory/custody.ts";
import { bundleOf, custodyOf, deskPolicy, makeDesk, type Desk } from "../../../factory/desk.ts";
import { policyBody } from "../../../factory/documents.ts";
import { ANNA, at, BEN, MALLORY } from "../../../factory/identities.ts";
import {
  armor,
  publicKeyLine,
  securityKey,
  signatureBlob,
  type Statement,
} from "../../../factory/security-key.ts";

const KEY = securityKey(ANNA.seed);
const identities = policyBody().identities.map((one) =>
  one.name === ANNA.name ? { ...one, alg: "sshsig-sk" as const } : one,
);
const policy = deskPolicy({ identities });
const small = payout(custodyOf(policy), { beneficiarySigners: [BEN] });

/** What `ssh-keygen -Y sign` writes beside `file`. */
function touch(desk: Desk, file: string, key: Statement = KEY, bytes = desk.read(file)) {
  return desk.write(`${file}.sig`, armor(signatureBlob(bytes, key)));
}

function deskWithKey(key: Statement = KEY) {
  const desk = makeDesk(policy);
  desk.write("key.pub", publicKeyLine(key));
  desk.write("file.json", bundleOf(policy, { ...small, approvals: [] }));
  return desk;
}

const BEGIN = [
  ...[
    "desk",
    "sign",
    "file.json",
    "--as",
    "approve",
    "--security-key",
    "key.pub",
    "--confirm",
    small.intent.digest,
  ],
  ...["--to-sign", "bytes", "--out", "draft.json"],
];
const COMPLETE = [
  "desk",
  "sign",
  "--draft",
  "draft.json",
  "--signature",
  "bytes.sig",
  "--out",
  "approval.json",
];

describe("desk sign with a security key", () => {
  test("in two steps: 105 bytes for the key, then the signed approval, which counts", async () => {
    const desk = deskWithKey();
    expect(await desk.run(BEGIN)).toMatchObject({ exit: 0, data: { draft: "draft.json", by: "anna" } });
    expect(desk.read("bytes")).toHaveLength(105);
    touch(desk, "bytes");
    expect(await desk.run(COMPLETE, { now: at("11:00:00") })).toMatchObject({
      exit: 0,
      data: { by: "anna" },
    });
    const approval = parseDocument(APPROVAL, desk.read("approval.json"));
    expect(approval.signatures).toMatchObject([{ by: ANNA.key, alg: "sshsig-sk", at: at("09:30:00") }]);
    const evidence = { ...small, approvals: [approval], clearances: [], halts: [] };
    expect(evaluate(policy.body, evidence, at("09:31:00"))).toMatchObject({ allowed: true });
  });

  test("what the security key will sign is said, so that it can be compared with the file before the touch", async () => {
    const desk = deskWithKey();
    const { stdout } = await desk.terminal(BEGIN);
    const inFile = Buffer.from(desk.read("bytes").subarray(21, 53)).toString("hex");
    expect(stdout.replace(/\s/g, "")).toContain(`digestinit${inFile}`);
    // As the runbook says it.
    const runbook = readFileSync("docs/runbooks/security-key.md", "utf8");
    expect(runbook).toContain("xxd -s 21 -l 32 -c 32 approve.bytes");
  });

  test("a signature over other bytes, by another key, or without a PIN completes nothing", async () => {
    const desk = deskWithKey();
    await desk.run(BEGIN);
    const wrong = { exit: 7, error: { code: "SECURITY_SIGNATURE_WRONG" } };
    touch(desk, "bytes", KEY, new Uint8Array(105));
    expect(await desk.run(COMPLETE)).toMatchObject(wrong);
    touch(desk, "bytes", securityKey(MALLORY.seed));
    expect(await desk.run(COMPLETE)).toMatchObject(wrong);
    touch(desk, "bytes", securityKey(ANNA.seed, { flags: 1 }));
    expect(await desk.run(COMPLETE)).toMatchObject({ exit: 3, error: { code: "SSH_USER_UNVERIFIED" } });
    expect(desk.has("approval.json")).toBe(false);
    touch(desk, "bytes");
    expect(await desk.run(COMPLETE)).toMatchObject({ exit: 0 });
  });

  test("a draft that was changed, or is no draft, completes nothing", async () => {
    const desk = deskWithKey();
    await desk.run(BEGIN);
    touch(desk, "bytes");
    const draft = Buffer.from(desk.read("draft.json")).toString("utf8");
    desk.write("draft.json", draft.replace('"decision":"approve"', '"decision":"release"'));
    expect(await desk.run(COMPLETE)).toMatchObject({ exit: 7, error: { code: "SECURITY_SIGNATURE_WRONG" } });
    desk.write("draft.json", draft.replace('"kind":"approval"', '"kind":"receipt"'));
    expect(await desk.run(COMPLETE)).toMatchObject({ exit: 3, error: { code: "DRAFT_MALFORMED" } });
    desk.write("draft.json", draft);
    expect(await desk.run(COMPLETE)).toMatchObject({ exit: 0 });
  });

  test("a key that the policy does not know, or knows as a file's, begins nothing", async () => {
    const refused = { exit: 4, error: { code: "NOT_YOURS_TO_SIGN" } };
    expect(await deskWithKey(securityKey(MALLORY.seed)).run(BEGIN)).toMatchObject(refused);
    const bens = deskWithKey(securityKey(BEN.seed));
    expect(await bens.run(BEGIN)).toMatchObject({ ...refused, error: { hint: "--identity FILE.key" } });
    expect(bens.has("bytes")).toBe(false);
  });
});

describe("identity card of a security key", () => {
  const begin = [
    ...[
      "identity",
      "card",
      "anna",
      "--network",
      "regtest",
      "--person",
      "Anna Approver",
      "--security-key",
      "key.pub",
    ],
    ...["--to-sign", "bytes", "--out", "card.draft"],
  ];
  const complete = [
    "identity",
    "card",
    "--draft",
    "card.draft",
    "--signature",
    "bytes.sig",
    "--out",
    "card.json",
  ];

  test("names the key and how it signs, signed by itself", async () => {
    const desk = deskWithKey();
    expect(await desk.run(begin)).toMatchObject({ exit: 0, data: { key: ANNA.key, alg: "sshsig-sk" } });
    touch(desk, "bytes");
    expect(await desk.run(complete)).toMatchObject({ exit: 0, data: { name: "anna", card: "card.json" } });
    const card = parseDocument(IDENTITY_CARD, desk.read("card.json"));
    expect(card.body).toMatchObject({
      name: "anna",
      person: "Anna Approver",
      key: ANNA.key,
      alg: "sshsig-sk",
    });
    expect(verifySignature(card.digest, card.signatures[0]!)).toBe(true);
  });

  test("the draft of a decision is not completed as a card", async () => {
    const desk = deskWithKey();
    await desk.run(BEGIN);
    touch(desk, "bytes");
    const asCard = complete.map((word) => (word === "card.draft" ? "draft.json" : word));
    expect(await desk.run(asCard)).toMatchObject({ exit: 3, error: { code: "DRAFT_MALFORMED" } });
    await desk.run(begin.map((word) => (word === "bytes" ? "card.bytes" : word)));
    touch(desk, "card.bytes");
    const right = complete.map((word) => (word === "bytes.sig" ? "card.bytes.sig" : word));
    expect(await desk.run(right)).toMatchObject({ exit: 0 });
  });

  test("an ordinary SSH key is none", async () => {
    const desk = deskWithKey({ ...KEY, keyType: "ssh-ed25519" });
    expect(await desk.run(begin)).toMatchObject({ exit: 3, error: { code: "SSH_KEY_UNSUITABLE" } });
  });
});
