/**
 * A house with one key of another maker: two signers of ours and a foreign cosigner, 2 of 3, on a real node. Any two
 * keys pay, so one payment could be made by each of our signers with the foreign one: the admins said so in the policy
 * (exactlyOnce "online"). A plain PSBT goes out, the other maker's partial signatures come back.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import { INPUT_FIELD } from "../../src/chains/bitcoin/psbt-fields.ts";
import { changed, editPsbt } from "../bitcoin/edit-psbt.ts";
import { testSeed } from "../bitcoin/regtest-wallet.ts";
import { EMBIT, isInstalled } from "../makers/embit.ts";
import { LEDGER } from "../makers/ledger.ts";
import type { Maker } from "../makers/maker.ts";
import { SCURE } from "../makers/scure.ts";
import {
  addCustomer,
  addDestination,
  decide,
  request,
  settle,
  signBy,
  startSession,
  stateOf,
} from "./nine/day.ts";
import { found, makeHouse, type House } from "./nine/house.ts";

const FOUNDING_MS_MAX = 300_000;

const HOUSES = [
  { kind: "p2wsh-sortedmulti", path: [48, 1, 0, 2], makers: [SCURE, LEDGER, EMBIT] },
  { kind: "p2tr-sortedmulti", path: [48, 1, 0, 3], makers: [SCURE] },
] as const satisfies readonly { kind: string; path: readonly number[]; makers: readonly Maker[] }[];

describe.each(HOUSES)("$kind, 2 of 3, one key foreign", ({ kind, path, makers }) => {
  const seed = testSeed("another maker's cosigner", path);
  let cast: House;
  let node: Regtest;
  let destination: string;

  beforeAll(async () => {
    node = await startBitcoind();
    await node.mine(101);
    cast = makeHouse();
    cast.env["CUSTODY_BITCOIND_URL"] = node.url;
    cast.env["CUSTODY_BITCOIND_COOKIE"] = node.cookiePath;
    await found(cast, {
      signers: ["vault-1", "vault-2"],
      kind,
      vault: ["--foreign-key", seed.key, "--exactly-once", "online"],
    });
    await startSession(cast);
    await addCustomer(cast, node, ["0.6"]);
    destination = await addDestination(cast, node, ["ann", "ben"]);
  }, FOUNDING_MS_MAX);
  afterAll(async () => {
    await node.stop();
    cast.remove();
  });

  /** One story: each test is its next station. */
  let id: string;
  let plan: string;
  let file: string;

  const take = (...files: readonly string[]) =>
    cast.attempt("custody", "online", "withdraw", "import", ...files);

  /** The plan's attempts as plain PSBTs of a version, the cheapest first. */
  async function psbtsOf(version: 0 | 2): Promise<readonly string[]> {
    const out = ["--out", file, "--force", "--psbt", join(cast.folder, `version-${version}`)];
    const flags = [...out, "--psbt-version", String(version)];
    return (await cast.run("custody", "online", "withdraw", "export", plan, ...flags)).psbts as string[];
  }

  test("an approved payment is exported, for our signers and for theirs", async () => {
    id = await request(cast, "0.1", destination, "order-1");
    await decide(cast, id, ["ann", "ben"]);
    plan = (await cast.run("custody", "online", "withdraw", "build", "--wallet", "vault")).plan as string;
    file = cast.carried("request.json");
    expect((await psbtsOf(0)).length).toBeGreaterThan(1);
    expect(await stateOf(cast, id)).toBe("EXPORTED");
  });

  test("a changed signature is refused by name", async () => {
    const [rung = ""] = await psbtsOf(0);
    const changedFile = `${rung}.changed`;
    writeFileSync(changedFile, withChangedSignature(SCURE.cosign(readFileSync(rung), seed)));
    expect(await take(changedFile)).toMatchObject({ exit: 7, error: { code: "SIGNATURE_INVALID" } });
  });

  for (const maker of makers) {
    const run = maker === EMBIT && !isInstalled("embit") ? test.skip : test;
    run(
      `${maker.name} signs every attempt, version ${maker.version}, and each signature is verified`,
      async () => {
        const psbts = await psbtsOf(maker.version);
        const back = psbts.map((psbt) => {
          const signed = `${psbt}.${makers.indexOf(maker)}`;
          writeFileSync(signed, maker.cosign(readFileSync(psbt), seed));
          return signed;
        });
        const answer = await take(...back);
        expect(answer).toMatchObject({ exit: 0 });
        expect(answer.data).toHaveLength(psbts.length);
        for (const one of answer.data as object[])
          expect(one).toMatchObject({ outcome: "cosigned", plan, complete: false });
        expect(await stateOf(cast, id)).toBe("EXPORTED"); // one of two signatures completes nothing
      },
    );
  }

  test("one of ours completes it, and the node takes it", async () => {
    await signBy(cast, { plan, file }, ["vault-1"]);
    expect(await stateOf(cast, id)).toBe("SIGNED");
    await settle(cast, node);
    expect(await stateOf(cast, id)).toBe("COMPLETED");
  });
});

/** One bit of S in the first input's signature is turned: the encoding stays sound, the signature does not verify. */
function withChangedSignature(psbt: Uint8Array): Uint8Array {
  const { partialSignature, tapScriptSignature } = INPUT_FIELD;
  return editPsbt(psbt, (edited) => {
    edited.inputs = changed(edited.inputs, 0, (fields) =>
      fields.map((one) => {
        if (one.type !== partialSignature && one.type !== tapScriptSignature) return one;
        const value = Uint8Array.from(one.value);
        value[value.length - 2] = (value[value.length - 2] as number) ^ 1;
        return { ...one, value };
      }),
    );
  });
}
