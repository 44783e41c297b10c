import { readFileSync } from "node:fs";

import { beforeEach, describe, expect, test } from "vitest";

import { documentBytes, parseDocument } from "../../../src/core/document.ts";

import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { custodyId, POLICY, policyDocument, type Policy } from "../../../src/core/policy/policy.ts";

import { databaseFile } from "../../../src/home/online.ts";
import { closeStore, openStore, type Store } from "../../../src/store/database.ts";
import { findDocument, saveDocument } from "../../../src/store/documents.ts";
import { APPROVAL } from "../../../src/core/documents/approval.ts";
import { activatePolicy, activePolicy } from "../../../src/store/policies.ts";
import { write } from "../../../src/store/transaction.ts";
import { findWallet } from "../../../src/store/wallets.ts";
import { testWallet } from "../../bitcoin/regtest-wallet.ts";
import { genesisPolicy } from "../../factory/documents.ts";

import { ALICE, ANNA, at, castMember, fixtureId } from "../../factory/identities.ts";
import { desk } from "../../factory/founders.ts";

import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";
import {
  ADA,
  ADAM,
  AGNES,
  following,
  houseBody,
  named,
  RAY,
  RECOVERY_DELAY,
  releaseOf,
  REX,
  ROSE,
  signedPolicy,
} from "../../factory/policies.ts";

/** What the fixtures' policy may become, as people edit it. */
let home: OnlineHome;
beforeEach(async () => {
  home = await onlineHome();
});

function collect(name: string, document: Parameters<typeof documentBytes>[0]): string {
  home.write(name, documentBytes(document));
  return name;
}

describe("the next policy", () => {
  const NEW = castMember("new");
  const active = genesisPolicy();

  test("is drafted from an edited file: number, hashes, times and births are filled in", async () => {
    expect(await home.run("policy show --out edit.json --indent")).toMatchObject({ exit: 0 });
    const edited = JSON.parse(readFileSync(home.path("edit.json"), "utf8")) as Policy;
    expect(readFileSync(home.path("edit.json"), "utf8").split("\n").length).toBeGreaterThan(100);
    const signer = { ...edited.signers[0], name: "second", key: NEW.key, since: 1 };
    home.write(
      "edit.json",
      JSON.stringify({ ...edited, clockToleranceSeconds: 60, signers: [...edited.signers, signer] }),
    );
    const answer = await home.run("policy draft --from edit.json --days 30 --out draft.json");
    expect(answer).toMatchObject({ exit: 0, data: { number: 2 } });
    const { body, signatures } = parseDocument(POLICY, new Uint8Array(readFileSync(home.path("draft.json"))));
    expect(body).toMatchObject({
      number: 2,
      previous: active.digest,
      custody: custodyId(active),
      issued: at("09:00:00"),
      expires: addSeconds(at("09:00:00"), 30 * 86400),
      clockToleranceSeconds: 60,
      signers: [{ since: 1 }, { name: "second", since: 2 }],
    });
    expect(signatures).toEqual([]);
  });

  test("an end that is past is refused with the flag that gives a new one; near its end that is the next step", async () => {
    const { expires } = active.body;
    expect((await home.run("policy show --out edit.json --indent")).stderr).not.toContain("--days");
    const near = await home.run("policy show --out near.json --indent", {
      now: addSeconds(expires, -86_400),
    });
    expect(near.stderr).toContain("Next: custody policy draft --from near.json --days 365 --out");
    const draft = "policy draft --from edit.json --out draft.json";
    expect(await home.run(draft, { now: expires })).toMatchObject({
      exit: 3,
      error: {
        code: "POLICY_INCONSISTENT",
        hint: "custody policy draft --from edit.json --days 365 --out draft.json",
      },
    });
    expect(await home.run(`${draft} --days 365`, { now: expires })).toMatchObject({ exit: 0 });
  });

  test("is refused where it does not follow, or is no policy", async () => {
    await home.run("policy show --out edit.json --indent");
    const edited = JSON.parse(readFileSync(home.path("edit.json"), "utf8")) as Policy;
    const draft = async (text: string) => {
      home.write("edit.json", text);
      return home.run("policy draft --from edit.json --out draft.json");
    };
    expect(await draft(JSON.stringify({ ...edited, approvalsSince: 2 }))).toMatchObject({ exit: 0 });
    expect(
      await draft(JSON.stringify({ ...edited, audit: { ...edited.audit, epoch: 3, size: 1 } })),
    ).toMatchObject({ exit: 4, error: { code: "POLICY_NOT_NEXT", field: "audit" } });
    expect(await draft("{")).toMatchObject({ exit: 3, error: { code: "POLICY_NOT_JSON" } });
    // A person reads the first quorum of the two, JSON.parse takes the last.
    const text = JSON.stringify(edited);
    expect(await draft(text.replace('"admin":', '"admin":3,"admin":'))).toMatchObject({
      exit: 3,
      error: { code: "POLICY_NOT_JSON", message: expect.stringContaining("quorums.admin twice") as string },
    });
    // What no document of ours can spell is refused when it is read, and is no bug when it is written.
    for (const count of ["clockToleranceSeconds", "delaySeconds", "foreign", "ratesSecondsMax"])
      expect(await draft(text.replace(new RegExp(`"${count}":[0-9]+`), `"${count}":-0`))).toMatchObject({
        exit: 3,
        error: { code: "DOCUMENT_MALFORMED" },
      });
    expect(await draft(JSON.stringify({ ...edited, quorum: 1 }))).toMatchObject({
      error: { code: "DOCUMENT_MALFORMED" },
    });
  });

  test("comes into force by the admins and the new key, registers its wallets, and not before", async () => {
    const cellar = {
      ...(active.body.wallets[0] as Policy["wallets"][number]),
      name: "cellar" as never,
      descriptor: testWallet("cellar").descriptor.text,
    };
    const body = following(active, {
      identities: [...active.body.identities, named(NEW, "viewer")],
      wallets: [...active.body.wallets, cellar],
    });
    const draft = policyDocument(body);
    const admins = collect("admins.json", signedPolicy(body, [ALICE]));
    expect(await home.run(`policy import ${admins}`)).toMatchObject({
      data: { quorums: [{ quorum: "new keys", have: 0, need: 1, who: ["new"] }] },
    });
    expect(await home.run("policy activate")).toMatchObject({ exit: 4, error: { code: "POLICY_UNSIGNED" } });
    await home.run(`policy import ${collect("new.json", signedPolicy(body, [NEW]))}`);
    expect(await home.run("policy activate --dry-run")).toMatchObject({ exit: 0 });
    expect(await home.run("policy activate")).toMatchObject({ exit: 0, data: { number: 2, way: "admins" } });
    expect(home.inside((store) => activePolicy(store))).toEqual({ number: 2, digest: draft.digest });
    // Number 1 stays at hand, for a signer that begins anew and pins them all.
    expect(await home.run("policy show --number 1 --out first.json")).toMatchObject({ exit: 0 });
    expect(readFileSync(home.path("first.json"))).toEqual(Buffer.from(documentBytes(active)));
    expect(await home.run("policy show --number 3")).toMatchObject({
      exit: 5,
      error: { code: "POLICY_NUMBER_UNKNOWN" },
    });
    expect(home.inside((store) => findWallet(store, "cellar" as never))).toMatchObject({
      descriptor: cellar.descriptor,
    });
  });

  test("another draft takes the place of the one collected before; copies of two are refused together", async () => {
    const [one, other] = [61, 62].map((seconds) => following(active, { clockToleranceSeconds: seconds })) as [
      Policy,
      Policy,
    ];
    const [a, b] = [
      collect("a.json", signedPolicy(one, [ALICE])),
      collect("b.json", signedPolicy(other, [ALICE])),
    ];
    expect(await home.run(`policy import ${a} ${b}`)).toMatchObject({
      exit: 6,
      error: { code: "POLICY_DIFFERS" },
    });
    expect(await home.run(`policy import ${a}`)).toMatchObject({ exit: 0 });
    expect(await home.run(`policy import ${b}`)).toMatchObject({ exit: 0 });
    await home.run("policy activate");
    expect(home.inside((store) => activePolicy(store))?.digest).toBe(policyDocument(other).digest);
  });
});

describe("a recovery at the online home", () => {
  const previous = signedPolicy(houseBody(), [ADA, ADAM, AGNES]);
  const admin = castMember("alan");
  const body = following(previous, {
    identities: [
      ...previous.body.identities.filter(({ name }) => !["ada", "adam"].includes(name)),
      named(admin, "admin"),
    ],
  });
  const SIGNED = at("09:10:00");
  const policy = signedPolicy(body, [RAY, REX, admin], SIGNED);
  const FROM = addSeconds(SIGNED, RECOVERY_DELAY);

  test("waits for a release signed after its delay, which it keeps", async () => {
    const context = { operation: fixtureId("house"), command: "test", actor: "setup", now: at("08:00:00") };
    const house = desk();
    await house.run("init --network regtest");
    const inside = <T>(work: (store: Store) => T): T => {
      const store = openStore(databaseFile(house.path("home"), "regtest"), { network: "regtest" });
      try {
        return work(store);
      } finally {
        closeStore(store);
      }
    };
    inside((store) =>
      write(store, context, (tx) => {
        saveDocument(tx, previous);
        activatePolicy(tx, { number: 1, digest: previous.digest });
      }),
    );
    const release = (when: Instant, who = ROSE) =>
      house.write("release.json", documentBytes(releaseOf(previous, policy.digest, [who], when)));

    house.write("policy.json", documentBytes(policy));
    expect(await house.run(`policy import ${release(FROM)}`)).toMatchObject({
      error: { code: "POLICY_NOT_COLLECTED" },
    });
    expect(await house.run("policy import policy.json")).toMatchObject({
      exit: 0,
      data: { releasableFrom: FROM, quorums: [{ quorum: "release" }] },
    });
    expect(await house.run("policy activate")).toMatchObject({ error: { code: "RECOVERY_NOT_RELEASED" } });
    expect(await house.run(`policy import ${release(FROM, ANNA)}`)).toMatchObject({
      error: { code: "RELEASE_UNFOUNDED" },
    });
    expect(await house.run(`policy import ${release(SIGNED)}`)).toMatchObject({
      data: { missing: ["ray", "rex", "rose"] },
    });
    expect(await house.run(`policy import ${release(FROM)}`)).toMatchObject({
      data: { missing: [], releases: 2 },
    });
    expect(await house.run("policy activate")).toMatchObject({
      exit: 0,
      data: { way: "recovery", signed: FROM },
    });
    const { digest } = releaseOf(previous, policy.digest, [ROSE], FROM);
    const kept = inside((store) => findDocument(store, APPROVAL, digest));
    expect(kept?.body.decision).toBe("release");
  });
});
