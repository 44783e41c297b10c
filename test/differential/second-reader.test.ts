/**
 * A second reader of signing requests, in Python, written from docs/formats.md alone (`fixtures/formats/request`): it must
 * sign and refuse what our signer signs and refuses. Where the two differ, one of them or the text is wrong.
 * `ATTACK_STRIDE=1` asks it about every mutation.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalBytes, type JsonObject } from "../../src/core/canonical.ts";
import { documentBytes, makeDocument } from "../../src/core/document.ts";
import { RECEIPT } from "../../src/core/documents/receipt.ts";
import type { Request } from "../../src/core/documents/request.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { BEN, CARO, OLGA, OTTO, SESSION, SIGNERS, type House } from "../attack/bench/house.ts";
import { said, type Answer, type Machine } from "../attack/bench/machine.ts";
import { mutationsOf, refitted, sessionSigned } from "../attack/bench/mutations.ts";
import type { CoinSet } from "../attack/bench/grounds/ground.ts";
import { bytesOf, requestOf, withdrawal, word } from "../attack/bench/papers.ts";
import { randomOf } from "../attack/bench/random.ts";
import { IN_PROCESS, NOW } from "../attack/bench/stage.ts";
import { haltOf } from "../attack/bench/words.ts";
import { signedDocument } from "../factory/documents.ts";
import { temporaryFolder } from "../factory/folder.ts";
import { at, fixtureDigest } from "../factory/identities.ts";
import { HOUSE, NEXT, place, STRICT } from "./request-houses.ts";
import { CAREFUL, REFUSED, requestOfSample, SIGNED, withdrawals, type Sample } from "./request-samples.ts";

const READER = join(import.meta.dirname, "../../fixtures/formats/request/read.py");
const STRIDE = Number(process.env["ATTACK_STRIDE"] ?? "47");
const folder = temporaryFolder("second-reader");

type Case = { readonly name: string; readonly file: string; readonly answer: Answer };

function caseOf(name: string, house: House, bytes: Uint8Array, file: string): Case {
  const path = join(folder, `${file}.json`);
  writeFileSync(path, bytes);
  return { name, file: path, answer: IN_PROCESS.machine(house).offer(bytes) };
}

const samples = (list: readonly Sample[], group: string): readonly Case[] =>
  list.map((one, i) => caseOf(one.name, one.house, bytesOf(requestOfSample(one)), `${group}-${i}`));

const ATTACKERS: readonly ((good: JsonObject, changed: JsonObject) => JsonObject)[] = [
  (_, changed) => changed,
  (_, changed) => sessionSigned(changed, SESSION, at("09:25:00")),
  (good, changed) =>
    sessionSigned(refitted(good, changed, [CARO, OTTO], at("09:15:00")), SESSION, at("09:25:00")),
];

/** A seeded share of all single changes of `sample`, each as one of three attackers makes it. */
function mutated(sample: Sample, group: string): readonly Case[] {
  const good = JSON.parse(Buffer.from(bytesOf(requestOfSample(sample))).toString("utf8")) as JsonObject;
  // Names, digests and times; whole transactions in another's place would only take time.
  const strings = JSON.stringify(good).match(/"[^"]{1,200}"/g) ?? [];
  const random = randomOf(group.length);
  return [
    ...mutationsOf(
      good,
      strings.map((text) => text.slice(1, -1)),
    ),
  ].flatMap(({ where, how, request }, i) =>
    ATTACKERS.flatMap((arrange, attacker) => {
      if (random.below(STRIDE) !== 0) return [];
      try {
        const bytes = canonicalBytes(arrange(good, request));
        const name = `${sample.name}, ${where} ${how}, attacker ${attacker}`;
        return [caseOf(name, sample.house, bytes, `${group}-${i}-${attacker}`)];
      } catch (error) {
        // What cannot be written cannot be sent.
        if (error instanceof CustodyError) return [];
        throw error;
      }
    }),
  );
}

/** What a signer refuses because of its own journal, which no reader of a request knows: the other one signs. */
function remembered(): readonly (Case & { readonly rule: string })[] {
  const order = (label: string, sets?: readonly CoinSet[]) =>
    bytesOf(requestOf(HOUSE, { ...withdrawals([label], sets), label: `${label} ${sets?.join("") ?? ""}` }));
  const told = (label: string, body: Partial<Request>) =>
    bytesOf(requestOf(HOUSE, { ...withdrawals([label]), body }));
  const { name } = SIGNERS[0].who;
  const wish = withdrawal(HOUSE, { label: "order 1", units: "5000000" });
  const differences: readonly (readonly [string, string, (machine: Machine) => void, Uint8Array])[] = [
    [
      "a head that others have seen",
      "G3 ROLLED_BACK",
      () => undefined,
      told("order 1", { heads: [{ signer: name, epoch: 1, head: fixtureDigest("head") }] }),
    ],
    [
      "a larger audit tree that it has countersigned",
      "G3 AUDIT_BEHIND",
      (machine) => machine.offer(told("order 2", { audit: { ...place(5), extends: [] } })),
      told("order 1", { audit: { ...place(3), extends: [] } }),
    ],
    [
      "a rejection that was brought there",
      "G4 REJECTED",
      (machine) => machine.import(word(HOUSE, wish, BEN, { decision: "reject" })),
      order("order 1"),
    ],
    [
      "a halt that was brought there",
      "G4 HALTED",
      (machine) => machine.import(haltOf(HOUSE, "halt", { of: "everything" }, [OTTO])),
      order("order 1"),
    ],
    [
      "an earlier attempt with other coins",
      "G10 NO_SHARED_COIN",
      (machine) => machine.offer(order("order 1", ["b"])),
      order("order 1"),
    ],
    ["a family that it has closed", "G10 FAMILY_VOIDED", (machine) => machine.void(wish), order("order 1")],
  ];
  return differences.map(([what, rule, before, bytes], i) => {
    const file = join(folder, `remembered-${i}.json`);
    writeFileSync(file, bytes);
    const machine = IN_PROCESS.machine(HOUSE);
    before(machine);
    return { name: what, rule, file, answer: machine.offer(bytes) };
  });
}

const installed = spawnSync("python3", ["--version"]).status === 0;
if (!installed) console.warn("python3 is not here: the second reader is not asked");

const signed = samples(SIGNED, "signed");
const refused = samples(REFUSED, "refused");
const byJournal = remembered();
const MUTATED = ["one withdrawal", "a transfer beside a withdrawal", "a message with coins", CAREFUL];
const byMutation = SIGNED.flatMap((one, i) =>
  MUTATED.includes(one.name) ? mutated(one, `mutated-${i}`) : [],
);

/** The receipts of what was signed, and each once more with another fee. */
const receipts = signed.flatMap(({ name, answer, file }) => {
  if (answer.type === "refused") return [];
  const good = answer.receipt;
  const { outcome } = good.body;
  if (outcome.type !== "signed") return [];
  const plans = outcome.plans.map((plan) => ({ ...plan, feeUnits: `${BigInt(plan.feeUnits) + 1n}` }));
  const changed = makeDocument(RECEIPT, { ...good.body, outcome: { ...outcome, plans } });
  return [
    { name, says: `${SIGNERS[0].who.name} signed`, document: good },
    {
      name: `${name}, another fee`,
      says: "refused R PLAN",
      document: signedDocument(changed, [SIGNERS[0].who], NOW),
    },
  ].map((one, i) => {
    const path = file.replace(/\.json$/, `-receipt-${i}.json`);
    writeFileSync(path, documentBytes(one.document));
    return { ...one, file: path };
  });
});

/** What the second reader says of all files, asked once. */
function asked(): ReadonlyMap<string, string> {
  const policies = [HOUSE, STRICT, NEXT].flatMap(({ policies: all }, house) =>
    all.map((policy, i) => {
      const path = join(folder, `policy-${house}-${i}.json`);
      writeFileSync(path, documentBytes(policy));
      return ["--policy", path];
    }),
  );
  const files = [...signed, ...refused, ...byJournal, ...byMutation, ...receipts].map(({ file }) => file);
  const view = ["--signer", SIGNERS[0].who.name, "--officer", OLGA.name, "--now", NOW];
  const { stdout, stderr } = spawnSync("python3", [READER, ...policies.flat(), ...view, ...files], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stderr).toBe("");
  const lines = stdout.split("\n").filter((line) => line !== "" && !line.startsWith(" "));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const),
  );
}

test("python3 is there where these tests run for others", () => {
  expect(installed || process.env["CI"] === undefined).toBe(true);
});

describe.skipIf(!installed)("the second reader", () => {
  const answers = installed ? asked() : new Map<string, string>();
  const sayOf = ({ file }: Pick<Case, "file">) => answers.get(file) ?? "nothing";
  const agrees = (one: Case) => (one.answer.type === "refused") === sayOf(one).startsWith("refused");

  test.each(signed)("signs, as the first one does: $name", (one) => {
    expect(said(one.answer)).toBe("signed");
    expect(sayOf(one)).toBe("signs");
  });

  test.each(refused)("refuses, as the first one does: $name", (one) => {
    expect(one.answer.type).toBe("refused");
    expect(sayOf(one)).toMatch(/^refused G\d+ /);
    // Of one thing wrong both name the gate.
    expect(sayOf(one).split(" ")[1]).toBe(said(one.answer).split(" ")[0]);
  });

  test.each(byJournal)("signs what the first one refuses by its journal: $name", (one) => {
    expect(said(one.answer)).toBe(one.rule);
    expect(sayOf(one)).toBe("signs");
  });

  test.each(receipts)("reads the receipt: $name", (one) => {
    expect(sayOf(one)).toBe(one.says);
  });

  test(`agrees about ${byMutation.length} changes of good requests`, () => {
    const count = (list: readonly Case[]) => list.filter(({ answer }) => answer.type !== "refused").length;
    const gates = byMutation.filter((one) => sayOf(one).split(" ")[1] === said(one.answer).split(" ")[0]);
    console.log(
      `${byMutation.length} changes: ${count(byMutation)} signed, ${byMutation.length - count(byMutation)} refused, ${gates.length} of them at the same gate`,
    );
    const others = byMutation.filter((one) => !agrees(one) || sayOf(one).startsWith("cannot"));
    expect(others.map((one) => `${one.name}: ${said(one.answer)}, ${sayOf(one)}`)).toEqual([]);
    expect(count(byMutation)).toBeGreaterThan(0);
  });
});
