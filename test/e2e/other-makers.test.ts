/**
 * A house with one key of another maker: two signers of ours and a foreign cosigner, 2 of 3, on a real node. Any two
 * keys pay, so one payment could be made by each of our signers with the foreign one: the admins said so in the policy
 * (exactlyOnce "online"). A plain PSBT goes out, the other maker's partial signatures come back.
 */
import { readFileSync, writeFileSync } from "node:fs";
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
    await addCustomer(cast, node, ["0.6", "0.5", "0.4"]);
    destination = await addDestination(cast, node, ["ann", "ben"]);
  }, FOUNDING_MS_MAX);
  afterAll(async () => {
    await node.stop();
    cast.remove();
  });

  /** An approved plan, exported with its plain PSBTs of `version`. */
  async function exported(key: string, version: 0 | 2) {
    const id = await request(cast, "0.1", destination, key);
    await decide(cast, id, ["ann", "ben"]);
    const { plan } = await cast.run("custody", "online", "withdraw", "build", "--wallet", "vault");
    const file = cast.carried(`${plan}.request.json`);
    const out = ["--psbt", cast.folder, "--psbt-version", String(version)];
    const { psbts } = await cast.run("custody", "online", "withdraw", "export", plan, "--out", file, ...out);
    return { id, plan: plan as string, file, psbts: psbts as readonly string[] };
  }

  for (const maker of makers) {
    const run = maker === EMBIT && !isInstalled("embit") ? test.skip : test;
    run(
      `${maker.name} signs a version ${maker.version} PSBT, ours signs the request, and the payment settles`,
      async () => {
        const { id, file, plan, psbts } = await exported(`order of ${maker.name}`, maker.version);
        const back = psbts.map((psbt) => {
          const signed = psbt.replace(/psbt$/, "signed.psbt");
          writeFileSync(signed, maker.cosign(readFileSync(psbt), seed));
          return signed;
        });
        const answers = await cast.run("custody", "online", "withdraw", "import", ...back);
        expect(answers).toHaveLength(psbts.length);
        expect(answers).toContainEqual(
          expect.objectContaining({ outcome: "cosigned", plan, rung: 1, complete: false }),
        );
        expect(await stateOf(cast, id)).toBe("EXPORTED");
        await signBy(cast, { plan, file }, ["vault-1"]);
        expect(await stateOf(cast, id)).toBe("SIGNED");
        await settle(cast, node);
        expect(await stateOf(cast, id)).toBe("COMPLETED");
      },
    );
  }

  test("a changed signature is refused by name; as it was, it is taken", async () => {
    const { psbts } = await exported("changed", 0);
    const [rung = ""] = psbts;
    const signed = SCURE.cosign(readFileSync(rung), seed);
    const files = { changed: `${rung}.changed`, signed: `${rung}.signed` };
    writeFileSync(files.changed, withChangedSignature(signed));
    writeFileSync(files.signed, signed);
    const refused = await cast.attempt("custody", "online", "withdraw", "import", files.changed);
    expect(refused).toMatchObject({ exit: 7, error: { code: "SIGNATURE_INVALID" } });
    const taken = await cast.run("custody", "online", "withdraw", "import", files.signed);
    expect(taken).toMatchObject([{ outcome: "cosigned", complete: false }]);
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
