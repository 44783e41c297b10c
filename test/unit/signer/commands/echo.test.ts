import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../../src/core/digest.ts";
import { documentBytes, makeDocument, parseDocument } from "../../../../src/core/document.ts";
import { RECEIPT } from "../../../../src/core/documents/receipt.ts";
import { REHEARSAL } from "../../../../src/core/documents/rehearsal.ts";
import { toHex, utf8 } from "../../../../src/core/hex.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { goodRequest, makeCustody, PAYEE } from "../../../factory/custody.ts";
import { genesisPolicy } from "../../../factory/documents.ts";
import { noise } from "../../../factory/noise.ts";
import { emptyHome, type SignerHome } from "../../../factory/signer-home.ts";
import { codeOf } from "../../../factory/thrown.ts";

const request = goodRequest(makeCustody());
const bytes = documentBytes(request);
const sentOn = (network: "mainnet" | "regtest", count: number) =>
  documentBytes(
    makeDocument(REHEARSAL, {
      kind: "rehearsal",
      version: 1,
      network,
      content: { type: "sent", noise: toHex(noise(count)) },
    }),
  );
const testFile = sentOn("regtest", 4000);

/** A machine whose home is a trap: a file where a folder would be, so that whoever opens anything in it fails. */
function trapped(): SignerHome {
  const home = emptyHome();
  home.write("home", "not a folder");
  home.write("request.json", bytes);
  home.write("test.json", testFile);
  return home;
}

const CONFIRM = ["--confirm", request.digest];
const answerOf = (home: SignerHome, name = "answer.json") => parseDocument(REHEARSAL, home.read(name)).body;

describe("custody-signer echo", () => {
  test("answers a request with what arrived; opens and makes no file of a home", async () => {
    const home = trapped();
    const before = statSync(home.path("home"));
    const files = readdirSync(home.folder);
    const echoed = await home.run(["echo", "--in", "request.json", "--out", "answer.json", ...CONFIRM]);
    expect(echoed).toMatchObject({ exit: 0, data: { signed: false, rehearsal: true, bytes: bytes.length } });
    expect(answerOf(home)).toEqual({
      kind: "rehearsal",
      version: 1,
      network: "regtest",
      content: { type: "answer", to: "request", arrived: toHex(sha256(bytes)), bytes: bytes.length },
    });
    expect(readdirSync(home.folder).sort()).toEqual([...files, "answer.json"].sort());
    expect(statSync(home.path("home"))).toEqual(before);
    // The trap works: whoever opens the home fails.
    expect((await home.run(["review", "--in", "request.json"])).exit).not.toBe(0);
  });

  test("works where no home ever was, and leaves none", async () => {
    const home = emptyHome();
    home.write("request.json", bytes);
    expect(await home.run(["echo", "--in", "request.json", "--out", "a.json", ...CONFIRM])).toMatchObject({
      exit: 0,
    });
    expect(existsSync(home.path("home"))).toBe(false);
  });

  test("draws what stands in the request and asks as a signing does", async () => {
    const home = trapped();
    const typed = ["0.25", checkWords(request.digest)];
    const echoed = await home.terminal(["echo", "--in", "request.json", "--out", "answer.json"], typed);
    expect(echoed.exit).toBe(0);
    expect(echoed.stderr).toContain("Rehearsal: nothing is judged, nothing can be signed");
    expect(echoed.stderr.replace(/\s/g, "")).toContain(PAYEE);
    expect(echoed.stderr).toContain("Total that wallet vault pays out, in regtest BTC:");
    expect(echoed.stderr).toContain("this was a rehearsal: nothing is signed");
    for (const wrong of [
      ["0.26", checkWords(request.digest)],
      ["0.25", "one two three four five six"],
    ]) {
      const again = trapped();
      expect(await again.terminal(["echo", "--in", "request.json", "--out", "a.json"], wrong)).toMatchObject({
        exit: 4,
      });
      expect(existsSync(again.path("a.json"))).toBe(false);
    }
  });

  test.each(["--ur", "--bbqr"])("both ways across by pictures, %s", async (way) => {
    const home = trapped();
    const out = ["--out", "answer.json", way, "--frames", "frames", "--sheet", "sheet.html"];
    const echoed = await home.run(["echo", "--in", "test.json", ...out]);
    expect(echoed).toMatchObject({ exit: 0, data: { bytes: testFile.length } });
    expect(readFileSync(home.path("sheet.html"), "utf8")).toContain("Rehearsal: no receipt");
    const read = await home.run(["inspect", "--in", "frames"]);
    expect(read).toMatchObject({
      exit: 0,
      data: { kind: "rehearsal", document: { content: { arrived: toHex(sha256(testFile)) } } },
    });
    const shown = await home.terminal(["inspect", "--in", "answer.json"], []);
    expect(shown.stderr).toContain("this was a rehearsal: nothing is signed");
  });

  test("its answer is read as a receipt by nobody", async () => {
    const home = trapped();
    await home.run(["echo", "--in", "request.json", "--out", "answer.json", ...CONFIRM]);
    expect(codeOf(() => parseDocument(RECEIPT, home.read("answer.json")))).toBe("DOCUMENT_WRONG_KIND");
    const renamed = Buffer.from(home.read("answer.json")).toString().replace('"rehearsal"', '"receipt"');
    expect(codeOf(() => parseDocument(RECEIPT, utf8(renamed)))).toBe("DOCUMENT_MALFORMED");
  });

  test("its answer is of the network that the test file says", async () => {
    const home = trapped();
    home.write("main.json", sentOn("mainnet", 40));
    await home.run(["echo", "--in", "main.json", "--out", "answer.json"]);
    expect(answerOf(home).network).toBe("mainnet");
  });

  test("the wrong digest, another document, an answer and what cannot be read are refused; nothing is written", async () => {
    const home = trapped();
    home.write("policy.json", documentBytes(genesisPolicy()));
    await home.run(["echo", "--in", "test.json", "--out", "answer.json"]);
    home.write("odd.json", Buffer.from(bytes).toString().replace('{"', '{ "'));
    const echo = async (file: string, ...more: string[]) =>
      (await home.run(["echo", "--in", file, "--out", "no.json", ...more])).error.code;
    expect(await echo("request.json", "--confirm", "0".repeat(64))).toBe("CONFIRM_MISMATCH");
    expect(await echo("policy.json")).toBe("ECHO_UNKNOWN");
    expect(await echo("answer.json")).toBe("ECHO_UNKNOWN");
    expect(await echo("odd.json")).toBe("CANONICAL_MALFORMED");
    expect(existsSync(home.path("no.json"))).toBe(false);
  });
});
