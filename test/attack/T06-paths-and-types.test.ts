/**
 * T6: files from the other side that name places outside their own, hold what only looks like the field asked for, or are
 * endless. Names have one alphabet, documents one spelling and shape, and every read has a limit.
 */
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BbqrDecoder } from "../../src/airgap/bbqr-decoder.ts";
import { FrameReader } from "../../src/airgap/frame-reader.ts";
import { bbqrFrames, firstFrames } from "../../src/airgap/frames.ts";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { concatBytes, utf8 } from "../../src/core/hex.ts";
import { readInput } from "../../src/terminal/files.ts";
import { readFrames } from "../../src/terminal/scan.ts";
import { temporaryFolder } from "../factory/folder.ts";
import { fakeIo } from "../factory/io.ts";
import { emptyHome } from "../factory/signer-home.ts";
import { codeOfAsync } from "../factory/thrown.ts";
import { said } from "./bench/machine.ts";
import { bytesOf, requestOf } from "./bench/papers.ts";
import { IN_PROCESS } from "./bench/stage.ts";
import { HOUSE, onePayment, offered, withPlan } from "./one-payment.ts";
import { pair } from "./pair.ts";

const judge = (bytes: Uint8Array) => said(IN_PROCESS.machine(HOUSE).offer(bytes));
const good = () => bytesOf(requestOf(HOUSE, onePayment()));
const edited = (bytes: Uint8Array, edit: (text: string) => string) =>
  utf8(edit(Buffer.from(bytes).toString("utf8")));

pair("T6", "a wallet's name is a path", {
  good: onePayment,
  bad: (papers) => withPlan(papers, () => ({ wallet: "../../signer-regtest" as never })),
  judge: offered,
  accepted: "signed",
  refused: "G1 DOCUMENT_MALFORMED",
  removes: ["a name is of its alphabet"],
  without: "G4 WALLET_UNKNOWN",
});

pair("T6", "the same request is spelt in another way", {
  good,
  bad: (bytes) => concatBytes(bytes, utf8("\n")),
  judge,
  accepted: "signed",
  refused: "G1 CANONICAL_MALFORMED",
  removes: ["bytes equal their canonical re-encoding"],
  without: "signed",
});

pair("T6", "a document of another kind is handed in as a request", {
  good,
  bad: (bytes) => edited(bytes, (text) => text.replace('"kind":"request"', '"kind":"receipt"')),
  judge,
  accepted: "signed",
  refused: "G1 DOCUMENT_WRONG_KIND",
  removes: ["a document is of the kind asked for"],
  without: "G1 DOCUMENT_MALFORMED",
});

const IO = (cwd: string) => fakeIo({ cwd }).io;

pair("T6", "a file is one byte longer than is read", {
  good: () => 10,
  bad: (length) => length + 1,
  judge(length) {
    const folder = temporaryFolder("long");
    writeFileSync(join(folder, "file"), new Uint8Array(length));
    return codeOfAsync(() => readInput(IO(folder), "file", 10));
  },
  accepted: "none",
  refused: "FILE_TOO_LARGE",
  removes: ["a file's size is within the limit", "what was read is within the limit"],
  without: "none",
});

const [frame] = firstFrames(bbqrFrames(utf8("what a link on the stick leads to"), "B")(400));

pair("T6", "an entry of a folder of frames is a link to a file elsewhere on the machine", {
  good: () => (path: string) => writeFileSync(path, frame ?? ""),
  bad: () => (path: string) => {
    const elsewhere = join(temporaryFolder("elsewhere"), "file");
    writeFileSync(elsewhere, frame ?? "");
    symlinkSync(elsewhere, path);
  },
  judge(place) {
    const folder = temporaryFolder("stick");
    place(join(folder, "frame-1.txt"));
    const reader = new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() });
    return codeOfAsync(() => readFrames(IO(folder), ["."], reader));
  },
  accepted: "none",
  refused: "SCAN_INCOMPLETE",
  removes: ["a folder's entries are files of its own"],
  without: "none",
});

test("T6: an amount that is a number, and a list where a text is asked for, are no request", () => {
  const plain = good();
  const number = edited(plain, (text) => text.replace(/"units":"(\d+)"/, '"units":$1'));
  const list = edited(plain, (text) => text.replace(/"wallet":"vault"/, '"wallet":["vault"]'));
  expect([plain, number, list].map(judge)).toEqual([
    "signed",
    "G1 DOCUMENT_MALFORMED",
    "G1 DOCUMENT_MALFORMED",
  ]);
});

test("T6: a key that reaches into an object's prototype is no key", () => {
  const reaching = edited(good(), (text) => text.replace(/^\{/, '{"__proto__":{"polluted":"1"},'));
  expect(judge(reaching)).toBe("G1 CANONICAL_MALFORMED");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("T6: a seed that is named like a path is not written anywhere", async () => {
  const home = emptyHome();
  const PASS = ["--passphrase-file", "pass"];
  expect(await home.run(["init", "--network", "regtest", "--name", "signer-1", ...PASS])).toMatchObject({
    exit: 0,
  });
  const restore = (name: string) =>
    home.run(["keys", "restore", "--name", name, "--words-file", "words", ...PASS]);
  expect((await restore("../../vault")).error.code).toBe("NAME_MALFORMED");
  expect(await restore("vault")).toMatchObject({ exit: 0 });
});
