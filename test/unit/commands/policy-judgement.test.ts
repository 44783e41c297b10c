import { beforeEach, describe, expect, test } from "vitest";

import { documentBytes } from "../../../src/core/document.ts";

import { policyDocument, type Policy } from "../../../src/core/policy/policy.ts";

import { saveDocument } from "../../../src/store/documents.ts";

import { write } from "../../../src/store/transaction.ts";

import { multisigWallet } from "../../bitcoin/regtest-wallet.ts";
import { approval, beneficiary, genesisPolicy, intent, row } from "../../factory/documents.ts";

import { ANNA, at, fixtureId } from "../../factory/identities.ts";

import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";
import { following, signedPolicy } from "../../factory/policies.ts";

/** What the fixtures' policy may become, as people edit it. */
let home: OnlineHome;
beforeEach(async () => {
  home = await onlineHome();
});

function collect(name: string, document: Parameters<typeof documentBytes>[0]): string {
  home.write(name, documentBytes(document));
  return name;
}

describe("policy verify", () => {
  test("answers 7 and all errors, or 0 and what is to be weighed", async () => {
    const { body } = genesisPolicy();
    const [vault] = body.wallets as [Policy["wallets"][number]];
    const bad = policyDocument({
      ...body,
      quorums: { ...body.quorums, admin: 9 },
      rows: [row("a", "5", "5", 1)],
    });
    const listed = await home.run(`policy verify ${collect("bad.json", bad)}`);
    expect(listed).toMatchObject({ exit: 7, data: { errors: 2 } });
    expect(listed.data.problems.slice(0, 2)).toMatchObject([{ field: "quorums.admin" }, { field: "rows.a" }]);
    const misdescribed = policyDocument({
      ...body,
      wallets: [
        {
          ...vault,
          signers: [vault.signers[0] as never],
          threshold: 1,
          foreign: 0,
          descriptor: multisigWallet().descriptor.text,
        },
      ],
    });
    expect(await home.run(`policy verify ${collect("lie.json", misdescribed)}`)).toMatchObject({ exit: 7 });
    const astray = signedPolicy(following(genesisPolicy(), { number: 4 }), []);
    expect(await home.run(`policy verify ${collect("astray.json", astray)}`)).toMatchObject({
      exit: 7,
      data: {
        problems: expect.arrayContaining([expect.objectContaining({ field: "number", severity: "error" })]),
      },
    });
    const active = await home.run("policy verify");
    expect(active).toMatchObject({ exit: 0, data: { number: 1, errors: 0 } });
    expect(active.data.problems.length).toBeGreaterThan(3);
    expect(await home.text("policy verify")).toContain("lock-out");
  });
});

describe("policy explain and rehearse", () => {
  test("explain names the row, who approves, and one signer's share", async () => {
    expect(await home.run("policy explain --amount 0.25 --wallet vault")).toMatchObject({
      exit: 0,
      data: {
        row: "small",
        quorum: 1,
        approvers: ["anna", "ben"],
        walletAllowed: true,
        limits: { dayUnits: "2000000000" },
        signerShare: { limits: { dayUnits: "2000000000" } },
      },
    });
    expect((await home.run("policy explain --amount 0.25 --wallet cellar")).data.walletAllowed).toBe(false);
    expect((await home.run("policy explain --amount 100")).data.row).toBe("none");
    expect((await home.run("policy explain --type cancel")).data.row).toBe("none");
    expect(await home.text("policy explain --amount 1.00000001")).toContain("2 of anna, ben");
    expect(await home.run("policy explain")).toMatchObject({ exit: 2, error: { field: "--amount" } });
    expect(await home.run("policy explain --type gift")).toMatchObject({
      exit: 2,
      error: { field: "--type" },
    });
  });

  test("rehearse says which recorded intents a draft would decide otherwise", async () => {
    const active = genesisPolicy();
    const wish = intent();
    const documents = [beneficiary(), wish, approval(wish, [ANNA])] as const;
    const context = {
      operation: fixtureId("recorded"),
      command: "test",
      actor: "setup",
      now: at("09:00:00"),
    };
    home.inside((store) =>
      write(store, context, (tx) => documents.forEach((one) => saveDocument(tx, one as never))),
    );
    const draft = (quorum: number) =>
      policyDocument(following(active, { rows: [row("all", "0", "1000000000", quorum)] }));
    expect(await home.run(`policy rehearse ${collect("two.json", draft(2))}`)).toMatchObject({
      exit: 0,
      data: {
        rehearsed: 1,
        differences: [
          { intent: wish.body.id, before: { decision: "ALLOWED" }, after: { decision: "QUORUM_NOT_MET" } },
        ],
      },
    });
    const same = policyDocument(following(active, { clockToleranceSeconds: 1 }));
    expect(await home.run(`policy rehearse ${collect("same.json", same)}`)).toMatchObject({
      data: { differences: [] },
    });
    const other = policyDocument({ ...active.body, network: "testnet" });
    expect(await home.run(`policy rehearse ${collect("other.json", other)}`)).toMatchObject({ exit: 4 });
  });
});
