import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { documentBytes } from "../../../src/core/document.ts";

import { type Policy } from "../../../src/core/policy/policy.ts";
import { assertConsistent } from "../../../src/core/policy/verify.ts";

import { multisigWallet, testSeed, testWallet } from "../../bitcoin/regtest-wallet.ts";
import { signedDocument } from "../../factory/documents.ts";

import { ALICE, ANNA, at, BEN, OLGA, OSCAR } from "../../factory/identities.ts";
import { card, founders, SENTENCES, signerCard } from "../../factory/founders.ts";

import { ADA, RAY, REX, ROSE, signerCast } from "../../factory/policies.ts";

const SMALLEST =
  "policy draft --admin alice.json --operator oscar.json --approver anna.json --officer olga.json --signer s1.json --wallet vault --up-to 1 --out draft.json";
const HOUSE =
  "policy draft --admin alice.json ada.json --operator oscar.json --approver anna.json ben.json --officer olga.json --compliance ray.json --recovery rex.json rose.json --signer s1.json s2.json s3.json --wallet vault --up-to 1 --out draft.json";

describe("policy draft", () => {
  test("from four people's cards and one signer's: everything else is filled in, and what it gives up is said", async () => {
    const house = founders();
    const answer = await house.run(SMALLEST);
    expect(answer).toMatchObject({ exit: 0, data: { number: 1 } });
    const { body } = house.read("draft.json");
    expect(() => assertConsistent(body)).not.toThrow();
    expect(body.wallets).toMatchObject([
      { threshold: 1, signers: ["s1"], foreign: 0, descriptor: testWallet(SENTENCES[0]).descriptor.text },
    ]);
    expect(body.rows.map(({ type, quorum, clearance }) => [type, quorum, clearance])).toEqual([
      ["withdrawal", 1, "none"],
      ["consolidate", 1, "none"],
      ["cancel", 1, "none"],
      ["attest", 1, "none"],
    ]);
    expect(body.rows[0]?.limits).toEqual({ dayUnits: "1000000000", monthUnits: "10000000000" });
    expect(body.quorums).toEqual({ admin: 1, beneficiary: 1, resume: 1, build: 0 });
    expect(body.recovery).toBeUndefined();
    expect(answer.warnings).toContain("quorums.admin: one person alone can change this policy");
  });

  test("from a larger house's: more than half of the keys and admins, two approvers, clearance and recovery", async () => {
    const house = founders();
    expect(await house.run(`${HOUSE} --delay 3600 --tier basic full`)).toMatchObject({ exit: 0 });
    const { body } = house.read("draft.json");
    expect(body.wallets[0]).toMatchObject({
      threshold: 2,
      signers: ["s1", "s2", "s3"],
      descriptor: multisigWallet(2, SENTENCES).descriptor.text,
    });
    expect(body.rows[0]).toMatchObject({
      quorum: 2,
      delaySeconds: 3600,
      clearance: { quorum: 1, tiers: ["basic", "full"] },
    });
    expect(body.rows[1]).toMatchObject({ delaySeconds: 0, clearance: "none" });
    expect(body.quorums).toMatchObject({ admin: 2, beneficiary: 2 });
    expect(body.recovery).toEqual({ quorum: 2, delaySeconds: 14 * 86400 });
  });

  test("one card under two flags is one person with both roles", async () => {
    const house = founders();
    await house.run(SMALLEST.replace("--admin alice.json", "--admin anna.json"));
    expect(house.read("draft.json").body.identities.find(({ name }) => name === "anna")?.roles).toEqual([
      "admin",
      "approver",
    ]);
  });

  test("a threshold of half the keys is refused (F3), one of strangers' keys as well", async () => {
    const house = founders();
    const two = SMALLEST.replace("s1.json", "s1.json s2.json");
    expect(await house.run(`${two} --threshold 1`)).toMatchObject({
      exit: 3,
      error: { code: "POLICY_INCONSISTENT", field: "wallets.vault.threshold" },
    });
    expect(existsSync(house.path("draft.json"))).toBe(false);
    const { key } = testSeed("stranger", [48, 1, 0, 2]);
    expect(await house.run(`${two} --threshold 2 --foreign-key ${key}`)).toMatchObject({ exit: 3 });
    expect(await house.run(`${two} --threshold 3 --foreign-key ${key}`)).toMatchObject({ exit: 0 });
    expect(house.read("draft.json").body.wallets[0]).toMatchObject({ threshold: 3, foreign: 1 });
  });

  test("a card that its key has not signed, one of another network, and one without the key are refused", async () => {
    const house = founders();
    house.write("forged.json", card(ALICE, OSCAR));
    house.write("testnet.json", card(ALICE, ALICE, "testnet"));
    house.write("many.json", signerCard("many", "cosigner one", 2));
    const draft = (from: string, to: string) => house.run(SMALLEST.replace(from, to));
    expect(await draft("alice.json", "forged.json")).toMatchObject({
      exit: 7,
      error: { code: "CARD_UNSIGNED" },
    });
    expect(await draft("alice.json", "testnet.json")).toMatchObject({ error: { code: "CARD_ELSEWHERE" } });
    expect(await draft("s1.json", "s1.json many.json")).toMatchObject({
      error: { code: "CARD_WITHOUT_WALLET" },
    });
    expect(await draft("--admin alice.json ", "")).toMatchObject({
      error: { code: "FLAG_MISSING", field: "--admin" },
    });
    expect(await draft("none", "none")).toMatchObject({ exit: 0 });
  });

  test("it founds a custody: signed by everyone, collected, activated", async () => {
    const house = founders();
    await house.run(HOUSE);
    const draft = house.read("draft.json");
    const everyone = [
      ALICE,
      ADA,
      OSCAR,
      ANNA,
      BEN,
      OLGA,
      RAY,
      REX,
      ROSE,
      ...["s1", "s2", "s3"].map((name) => signerCast(name)),
    ];
    for (const who of everyone)
      house.write(`signed.${who.name}.json`, documentBytes(signedDocument(draft, [who], at("08:00:00"))));
    await house.run("init --network regtest");
    const [last, ...others] = everyone.map(({ name }) => `signed.${name}.json`);
    const early = await house.run(`policy import ${others.join(" ")}`);
    expect(early).toMatchObject({
      exit: 0,
      data: { missing: ["alice"], quorums: [{ quorum: "everyone", have: 11, need: 12 }] },
    });
    expect(await house.run("policy activate")).toMatchObject({ exit: 4, error: { code: "POLICY_UNSIGNED" } });
    expect(await house.run(`policy import ${last}`)).toMatchObject({ data: { missing: [] } });
    expect(await house.run("policy activate")).toMatchObject({
      exit: 0,
      data: { number: 1, way: "genesis" },
    });
    expect(await house.run("policy activate")).toMatchObject({ error: { code: "POLICY_NOT_COLLECTED" } });
  });

  test("a wallet that its descriptor contradicts is refused, drafted or signed (B5)", async () => {
    const house = founders();
    await house.run(HOUSE);
    const { body } = house.read("draft.json");
    const [vault] = body.wallets as [Policy["wallets"][number]];
    const lie = { ...body, wallets: [{ ...vault, threshold: 3 }] };
    house.write("lie.json", JSON.stringify(lie));
    expect(await house.run("policy draft --from lie.json --out again.json")).toMatchObject({
      exit: 3,
      error: { code: "WALLET_MISDESCRIBED" },
    });
    house.write("truth.json", JSON.stringify(body));
    expect(await house.run("policy draft --from truth.json --out again.json")).toMatchObject({ exit: 0 });
  });
});
