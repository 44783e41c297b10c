import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/hex.ts";
import { makeIdentity, sealIdentity } from "../../../src/core/identity-file.ts";
import { foundingFolder } from "../../factory/founding.ts";
import { fixtureBytes } from "../../factory/identities.ts";
import { answersFor, castOf } from "../../factory/setup.ts";

const answers = answersFor("three");
const [asks] = answers.people as [(typeof answers.people)[number]];
const CONTINUE = "setup dir --continue";

describe("custody setup: the beginning", () => {
  test("answers become papers, once", async () => {
    const folder = foundingFolder();
    const begun = await folder.begin(answers);
    expect(begun).toMatchObject({ exit: 0, data: { template: "three", people: 3 } });
    for (const file of begun.data.files) expect(folder.exists(file)).toBe(true);
    expect(begun.warnings.filter((said) => said.startsWith("this house gives up: "))).toHaveLength(5);
    expect(await folder.begin(answers)).toMatchObject({ exit: 6, error: { code: "FILE_EXISTS" } });
    expect(await folder.run("drafter", "setup dir --answers answers.json --force")).toMatchObject({
      exit: 0,
    });
  });

  test("nobody can be asked: the flag is named, and nothing is written", async () => {
    const folder = foundingFolder();
    expect(await folder.run("drafter", "setup dir")).toMatchObject({
      exit: 2,
      error: { code: "ANSWER_MISSING", field: "--answers" },
    });
    expect(folder.exists("dir")).toBe(false);
  });

  test("answers that do not go together are refused, and nothing is written", async () => {
    const folder = foundingFolder();
    expect(await folder.begin({ ...answers, threshold: 1 })).toMatchObject({
      exit: 3,
      error: { code: "ANSWERS_UNFIT", field: "answers.threshold" },
    });
    expect(folder.exists("dir")).toBe(false);
  });

  test("a dry run writes nothing", async () => {
    const folder = foundingFolder();
    await folder.begin(answers);
    expect(await folder.run("drafter", "setup other --answers answers.json --dry-run")).toMatchObject({
      exit: 0,
    });
    expect(folder.exists("other")).toBe(false);
  });

  test("one command begins or goes on, never both", async () => {
    const folder = foundingFolder();
    await folder.begin(answers);
    expect(await folder.run("drafter", `${CONTINUE} --answers answers.json`)).toMatchObject({
      exit: 2,
      error: { code: "SETUP_UNCLEAR", field: "--answers" },
    });
  });
});

describe("custody setup: at a terminal", () => {
  const people = ["Ada Lovelace", "", "Bo Özgür", "", "Zoë Ångström", ""];
  /** Network, house, people, signers, threshold, payments, rules; Enter where there is something to begin with. */
  const typed = [
    "regtest",
    "three",
    ...people,
    "3",
    "",
    "1",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "y",
  ];

  test("Enter alone makes a good house of a dozen answers", async () => {
    const folder = foundingFolder();
    const asked = await folder.terminal("setup dir", typed);
    expect(asked.exit).toBe(0);
    expect(asked.stderr).toContain("gives up  No wait for large payments");
    expect(JSON.parse(folder.read("dir/answers.json"))).toMatchObject({
      people: [{ name: "ada" }, { name: "bo" }, { name: "zoe", person: "Zoë Ångström" }],
      signers: ["vault-1", "vault-2", "vault-3"],
      threshold: 2,
      small: { upTo: "0.1", day: "1", month: "10" },
      large: { upTo: "1", day: "3", month: "30", delayHours: 0 },
      newDestinationHours: 0,
    });
  });

  test("what each house keeps and gives up is said before it is chosen, in 80 columns", async () => {
    const folder = foundingFolder();
    const { stderr } = await folder.terminal("setup dir", typed.slice(0, 1));
    expect(stderr.match(/- gives up: /g)).toHaveLength(5 + 5 + 1);
    expect(Math.max(...stderr.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("what cannot be read is asked again", async () => {
    const folder = foundingFolder();
    const again = [
      "main",
      "regtest",
      "four",
      "three",
      "",
      ...people.slice(0, 2),
      "ada LOVELACE",
      ...people.slice(2),
    ];
    const rest = ["0", "3", "1", "", "many", "1", "2", "", "0.1", ...typed.slice(12)];
    const asked = await folder.terminal("setup dir", [...again, ...rest]);
    expect(asked.exit).toBe(0);
    expect(asked.stderr).toContain('"main" is not mainnet or testnet or regtest');
    expect(asked.stderr).toContain("sits in two seats");
    expect(asked.stderr).toContain("1 of 3 signers is not more than half");
    expect(asked.stderr).toContain("small payments are below the largest one");
    expect(asked.stderr).toContain("one signer lets 2 of 3 parts of a day's limit pass");
  });

  test("a no at the end, or an end of input, writes nothing", async () => {
    for (const said of [[...typed.slice(0, -1), "n"], typed.slice(0, 5)]) {
      const folder = foundingFolder();
      expect((await folder.terminal("setup dir", said)).exit).toBe(130);
      expect(folder.exists("dir")).toBe(false);
    }
  });
});

test("custody setup: from nothing to a policy that a signer has pinned", async () => {
  const house = answersFor("three", { signers: answers.signers.slice(0, 2) });
  const folder = foundingFolder();
  await folder.begin(house);
  const pass = "--passphrase-file pass";
  for (const { name, person } of house.people) {
    const { seed } = castOf({ name, person });
    const random = { salt: fixtureBytes(name).subarray(0, 16), nonce: fixtureBytes(name).subarray(0, 12) };
    const identity = makeIdentity(name, person, Uint8Array.from(seed));
    folder.write(
      `${name}.key`,
      sealIdentity(identity, "regtest", utf8("a passphrase of the fixtures"), random),
    );
  }
  folder.putCards(house);
  for (const name of house.signers) await folder.makeSigner(name);
  const { data } = await folder.run("drafter", CONTINUE);
  const copies: string[] = [];
  for (const { name } of house.people) {
    copies.push(`dir/policy.${name}.json`);
    const sign = `desk sign dir/policy.draft.json --as policy --identity ${name}.key --out ${copies.at(-1)}`;
    expect(await folder.run(name, `${sign} --confirm ${data.digest} ${pass}`)).toMatchObject({ exit: 0 });
  }
  for (const name of house.signers) {
    copies.push(`dir/policy.${name}.json`);
    const prove = `policy prove --in dir/policy.draft.json --out ${copies.at(-1)}`;
    expect(await folder.signer(name, prove)).toMatchObject({ exit: 0 });
  }
  expect(await folder.run("drafter", CONTINUE)).toMatchObject({
    exit: 0,
    data: { phase: "signed", digest: data.digest, files: copies },
  });
  await folder.run("online", "init --network regtest");
  for (const line of [
    `policy import ${copies.join(" ")}`,
    "policy activate",
    "policy show --out dir/policy.json",
  ])
    expect(await folder.run("online", line)).toMatchObject({ exit: 0 });
  const admins = house.people.map((one) => `--admin ${one.name}=${castOf(one).key}`).join(" ");
  const pin = `policy pin --in dir/policy.json ${admins} --confirm ${data.digest}`;
  for (const name of house.signers) expect(await folder.signer(name, pin)).toMatchObject({ exit: 0 });
  const review = await folder.run(asks.name, `desk init --policy dir/policy.json ${admins}`);
  expect(review).toMatchObject({ exit: 0, data: { digest: data.digest } });
});
