/** Papers of every kind across by QR codes, out of one command and into another. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bbqrFrames, firstFrames, urFrames } from "../../../src/airgap/frames.ts";
import { urPayload, urTypeOf } from "../../../src/airgap/ur-types.ts";
import { DESK_KINDS } from "../../../src/commands/desk/draft.ts";
import { CUSTODY } from "../../../src/commands/program.ts";
import { documentBytes } from "../../../src/core/document.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { policyDocument } from "../../../src/core/policy/policy.ts";
import { readCarried } from "../../../src/terminal/carried.ts";
import type { ProgramSpec } from "../../../src/terminal/command.ts";
import { signerProgram } from "../../../signer/main.ts";
import { payout } from "../../factory/custody.ts";
import { bundleOf, custodyOf, deskPolicy, makeDesk, signAs } from "../../factory/desk.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { beginSession, lend, onlineHome } from "../../factory/online-home.ts";
import { emptyHome, makeSigner, mustRun, pinnedHome, textOf } from "../../factory/signer-home.ts";
import { halt } from "../../factory/words.ts";

const PASS = ["--passphrase-file", "pass"];

/** What the codes in `folder` carry. */
function carriedIn(folder: string): Promise<Uint8Array> {
  return readCarried(fakeIo().io, folder, LIMITS.documentBytesMax);
}

/** Too large for codes as a rule, or for an auditor, who has a machine of his own. */
const FILES_ALONE = ["custody audit export", "custody evidence export"];

function verbsOf({ name, commands }: ProgramSpec) {
  return commands.flatMap((command) =>
    "verbs" in command
      ? command.verbs.map((verb) => ({ line: `${name} ${command.name} ${verb.name}`, verb }))
      : [{ line: `${name} ${command.name}`, verb: command }],
  );
}

test.each(
  [CUSTODY, signerProgram]
    .flatMap(verbsOf)
    .filter(({ line, verb }) => !FILES_ALONE.includes(line) && verb.options?.some(isDocumentOut) === true)
    .map(({ line, verb }) => [line, verb] as const),
)("%s: its answer goes as codes as well", (_, { options = [] }) => {
  const flags = options.map((option) => option.flags.split(" ")[0]);
  expect(flags).toEqual(expect.arrayContaining(["--ur", "--bbqr", "--frames", "--sheet"]));
});

test("whatever a desk signs has a UR type", () => {
  expect(DESK_KINDS.filter(({ kind }) => urTypeOf(kind) === undefined)).toEqual([]);
});

function isDocumentOut({ flags, about }: { readonly flags: string; readonly about: string }): boolean {
  return flags.startsWith("--out ") && /where to write the (document|card)|also write it/.test(about);
}

describe("from a signer", () => {
  test("a void, its journal and its card are the files' bytes, and a void is read at the online host", async () => {
    const home = await pinnedHome();
    const { intent } = payout(home.custody);
    home.write("intent.json", documentBytes(intent));
    await mustRun(home, [
      ...["void", "--in", "intent.json", "--out", "void.json", "--logbook", home.logbook],
      ...["--confirm", intent.digest, "--bbqr", "--frames", "void", ...PASS],
    ]);
    expect(await carriedIn(home.path("void"))).toEqual(home.read("void.json"));
    expect((await home.run(["inspect", "--in", "void"])).data).toMatchObject({ kind: "void" });

    const out = ["--out", "journal.jsonl", "--bbqr", "--frames", "journal"];
    const exported = await mustRun(home, ["journal", "export", ...out]);
    const verify = ["journal", "verify", "--export", "journal", "--key", textOf(exported, "key")];
    expect((await mustRun(home, verify)).data["head"]).toBe(textOf(exported, "head"));

    await mustRun(home, ["keys", "export", "--out", "again.json", "--ur", "--frames", "card", ...PASS]);
    expect(await carriedIn(home.path("card"))).toEqual(home.read("again.json"));
    const without = await home.run(["keys", "export", "--ur", "--frames", "card-2", ...PASS]);
    expect(without).toMatchObject({ exit: 2, error: { code: "FLAG_MISSING" } });
  });

  test("flags that do not go together end a void before anything is written", async () => {
    const home = await pinnedHome();
    const { intent } = payout(home.custody);
    home.write("intent.json", documentBytes(intent));
    const call = (...codes: string[]) => [
      ...["void", "--in", "intent.json", "--out", "void.json", "--logbook", home.logbook],
      ...["--confirm", intent.digest, ...codes, ...PASS],
    ];
    expect(await home.run(call("--ur"))).toMatchObject({ exit: 2, error: { code: "USAGE" } });
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 2 } });
    await mustRun(home, call("--ur", "--sheet", "void.html"));
    expect(new TextDecoder().decode(home.read("void.html"))).toContain("Void of intent");
  });

  test("a proof of possession", async () => {
    const home = emptyHome();
    const card = await makeSigner(home, 1);
    const { signer: name, key, epoch, startHead } = card;
    const body = { ...deskPolicy().body, signers: [{ name, key, epoch, startHead, since: 1 }] };
    home.write("draft.json", documentBytes(policyDocument(body)));
    const call = [
      "policy",
      "prove",
      "--in",
      "draft.json",
      "--out",
      "proof.json",
      "--ur",
      "--frames",
      "proof",
    ];
    await mustRun(home, [...call, ...PASS]);
    expect(await carriedIn(home.path("proof"))).toEqual(home.read("proof.json"));
  });
});

describe("into a signer", () => {
  test("a halt by a text file of frames, as a camera's program wrote it", async () => {
    const home = await pinnedHome();
    const stop = halt(home.custody.id);
    const frames = urFrames("custody-halt", urPayload("custody-halt", documentBytes(stop)))(200);
    home.write("halt.txt", `${[...firstFrames(frames)].reverse().join("\n")}\n`);
    const answer = await mustRun(home, ["import", "halt.txt", "--logbook", home.logbook, ...PASS]);
    expect(answer.data).toMatchObject({ results: [{ kind: "halt", digest: stop.digest, imported: true }] });
  });
});

describe("between the online host and a desk", () => {
  test("a bundle in, an approval out", async () => {
    const policy = deskPolicy();
    const desk = makeDesk(policy);
    desk.keyOf(ANNA);
    const bundle = bundleOf(policy, payout(custodyOf(policy), {}));
    desk.write("frames.txt", firstFrames(bbqrFrames(documentBytes(bundle), "J")(500)).join("\n"));
    expect((await desk.run(["desk", "review", "frames.txt"])).data).toMatchObject({ kind: "bundle" });
    const intent = payout(custodyOf(policy), {}).intent.digest;
    const codes = ["--ur", "--frames", "codes", "--confirm", intent];
    const answer = await desk.run(signAs("approve", ["frames.txt"], ANNA, ...codes));
    expect(answer).toMatchObject({ exit: 0, data: { by: "anna" } });
    expect(await carriedIn(join(desk.folder, "codes"))).toEqual(desk.read("approve.anna.json"));
  });

  test("flags that do not go together end a desk's call before a key is opened", async () => {
    const policy = deskPolicy();
    const desk = makeDesk(policy);
    desk.keyOf(ANNA);
    const answer = await desk.run(["desk", "sign", "--as", "halt", "--bbqr", "--identity", "none.key"]);
    expect(answer).toMatchObject({ exit: 2, error: { code: "USAGE" } });
  });

  test("a delegation goes out and comes back", async () => {
    const home = await onlineHome();
    const asked = "session new --operator oscar --out first.json --ur --frames first";
    expect(await home.run(asked)).toMatchObject({ exit: 0 });
    expect(Buffer.from(await carriedIn(home.path("first")))).toEqual(readFileSync(home.path("first.json")));
    await lend(home, "second", at("09:00:00"));
    const signed = new Uint8Array(readFileSync(home.path("second.signed.json")));
    const frames = urFrames("custody-delegation", urPayload("custody-delegation", signed))(300);
    mkdirSync(home.path("back"));
    firstFrames(frames).forEach((text, index) => writeFileSync(home.path(`back/${index}.txt`), text));
    expect(await home.run("session start --delegation back")).toMatchObject({ exit: 0 });
  });

  test("the policy in force, and none that was opened for editing", async () => {
    const home = await onlineHome();
    await beginSession(home);
    expect(await home.run("policy show --out policy.json --bbqr --frames policy")).toMatchObject({ exit: 0 });
    expect(Buffer.from(await carriedIn(home.path("policy")))).toEqual(readFileSync(home.path("policy.json")));
    rmSync(home.path("policy"), { recursive: true });
    expect(await home.run("policy show --out edit.json --indent --bbqr --frames policy")).toMatchObject({
      exit: 2,
      error: { code: "USAGE", field: "--indent" },
    });
  });
});
