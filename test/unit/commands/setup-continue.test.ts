import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/hex.ts";
import { parseDocument, withSignature } from "../../../src/core/document.ts";
import { POLICY, policyDocument, type PolicyDocument } from "../../../src/core/policy/policy.ts";
import { foundingFolder } from "../../factory/founding.ts";
import { MALLORY, signedBy, at } from "../../factory/identities.ts";
import { answersFor, cardOf, castOf } from "../../factory/setup.ts";

const answers = answersFor("three");
const [asks] = answers.people as [(typeof answers.people)[number]];
const CONTINUE = "setup dir --continue";

type Folder = ReturnType<typeof foundingFolder>;

/** A folder with everybody's cards. */
async function withCards(): Promise<Folder> {
  const folder = foundingFolder();
  await folder.begin(answers);
  folder.putCards(answers);
  return folder;
}

function draftIn(folder: Folder): PolicyDocument {
  return parseDocument(POLICY, utf8(folder.read("dir/policy.draft.json")));
}

describe("custody setup --continue: cards", () => {
  test("a folder without answers is no set-up", async () => {
    const folder = foundingFolder();
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({
      exit: 5,
      error: { code: "SETUP_NOT_BEGUN" },
    });
  });

  test("it says whose cards are missing, and drafts when none is", async () => {
    const folder = await withCards();
    rmSync(folder.path("dir/officer-b.card.json"));
    rmSync(folder.path("dir/vault-2.card.json"));
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({
      exit: 8,
      error: { code: "SETUP_WAITS" },
      data: {
        phase: "cards",
        awaited: [{ file: "dir/officer-b.card.json" }, { file: "dir/vault-2.card.json" }],
      },
    });
    folder.putCards(answers);
    const drafted = await folder.run("drafter", CONTINUE);
    expect(drafted).toMatchObject({ exit: 0, data: { phase: "draft", digest: draftIn(folder).digest } });
    expect(drafted.warnings.every((said) => said.startsWith("this house gives up: "))).toBe(true);
  });

  test.each([
    ["of another name", () => cardOf({ ...castOf(asks), name: MALLORY.name }), "CARD_OF_ANOTHER", 4],
    ["of another person", () => cardOf({ ...castOf(asks), person: "Mallory" }), "CARD_OF_ANOTHER", 4],
    ["of another network", () => cardOf(castOf(asks), { network: "testnet" }), "CARD_ELSEWHERE", 4],
    ["that nobody signed", () => ({ ...cardOf(castOf(asks)), signatures: [] }), "CARD_UNSIGNED", 7],
    [
      "with a stranger's key in its place",
      () => cardOf(castOf(asks), { key: MALLORY.key }),
      "CARD_UNSIGNED",
      7,
    ],
  ])("a card %s is refused", async (_, card, code, exit) => {
    const folder = await withCards();
    const file = `dir/${asks.name}.card.json`;
    folder.put(file, card());
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({ exit, error: { code, field: file } });
    folder.put(file, cardOf(castOf(asks)));
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({ exit: 0 });
  });

  test("a signer's card under another's name is refused", async () => {
    const folder = await withCards();
    folder.write("dir/vault-1.card.json", folder.read("dir/vault-2.card.json"));
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({
      exit: 4,
      error: { code: "CARD_OF_ANOTHER" },
    });
  });

  test("one key under two names is no house", async () => {
    const folder = await withCards();
    const [, other] = answers.people as [typeof asks, typeof asks];
    folder.put(
      `dir/${other.name}.card.json`,
      cardOf({ ...castOf(asks), name: other.name, person: other.person }),
    );
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({
      exit: 3,
      error: { code: "POLICY_INCONSISTENT" },
    });
  });
});

describe("custody setup --continue: signatures", () => {
  test("what everybody is asked to sign is made again and compared", async () => {
    const folder = await withCards();
    await folder.run("drafter", CONTINUE);
    const draft = draftIn(folder);
    const changed = policyDocument({ ...draft.body, quorums: { ...draft.body.quorums, admin: 1 } });
    folder.put("dir/policy.draft.json", changed);
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({
      exit: 6,
      error: { code: "DRAFT_DIFFERS" },
    });
    expect(await folder.run("drafter", `${CONTINUE} --force`)).toMatchObject({ exit: 0 });
    expect(draftIn(folder).digest).toBe(draft.digest);
  });

  test("a signature counts for whom it is of, and for this draft alone", async () => {
    const folder = await withCards();
    await folder.run("drafter", CONTINUE);
    const draft = draftIn(folder);
    const file = `dir/policy.${asks.name}.json`;
    const awaited = async () => {
      const { exit, data, warnings } = await folder.run("drafter", CONTINUE);
      expect(exit).toBe(8);
      return { files: data.awaited.map((one: { file: string }) => one.file), warnings };
    };
    expect((await awaited()).files).toHaveLength(6);
    folder.put(file, withSignature(draft, signedBy(draft.digest, MALLORY, at("09:00:00"))));
    expect((await awaited()).files).toContain(file);
    const other = policyDocument({ ...draft.body, approvalsSince: 1, clockToleranceSeconds: 1 });
    folder.put(file, withSignature(other, signedBy(other.digest, castOf(asks), at("09:00:00"))));
    expect(await awaited()).toMatchObject({ warnings: [expect.stringContaining(file)] });
    folder.put(file, withSignature(draft, signedBy(draft.digest, castOf(asks), at("09:00:00"))));
    const signed = await awaited();
    expect(signed.files).not.toContain(file);
    expect(signed.files).toHaveLength(5);
    expect(signed.warnings).toEqual([]);
  });

  test("a copy that cannot be read is named", async () => {
    const folder = await withCards();
    await folder.run("drafter", CONTINUE);
    folder.write("dir/policy.officer-a.json", "{}");
    expect(await folder.run("drafter", CONTINUE)).toMatchObject({
      exit: 3,
      error: { code: "DOCUMENT_WRONG_KIND", field: "dir/policy.officer-a.json" },
    });
  });
});
