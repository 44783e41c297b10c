import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documentBytes } from "../../../../src/core/document.ts";
import { goodRequest, payout, planFor, requestFor } from "../../../factory/custody.ts";
import { MALLORY } from "../../../factory/identities.ts";
import {
  emptyHome,
  makeSigner,
  mustRun,
  pinnedHome,
  restoredHome,
  signArguments,
  textOf,
  type SignerHome,
} from "../../../factory/signer-home.ts";
import { halt, rejection } from "../../../factory/words.ts";

const PASS = ["--passphrase-file", "pass"];
const ARCHIVE = "home/journal-regtest-epoch-1.jsonl";

/** A home that has signed one request, and then imported a rejection and a halt. */
async function busyHome(): Promise<Awaited<ReturnType<typeof pinnedHome>>> {
  const home = await pinnedHome();
  home.write("request.json", documentBytes(goodRequest(home.custody)));
  const digest = textOf(await home.run(["review", "--in", "request.json"]), "digest");
  await mustRun(home, signArguments(digest, home.logbook));
  home.write("no.json", documentBytes(rejection(payout(home.custody, { label: "unwanted" }).intent)));
  home.write("halt.json", documentBytes(halt(home.custody.id)));
  await mustRun(home, ["import", "no.json", "halt.json", "--logbook", home.logbook, ...PASS]);
  await mustRun(home, ["journal", "export", "--out", "journal.jsonl"]);
  return home;
}

function bring(from: SignerHome, to: SignerHome, ...names: string[]): void {
  for (const name of names) to.write(name, from.read(name));
}

const REBUILD = (...files: string[]) => ["journal", "rebuild", "--from", ...files, ...PASS];

describe("custody-signer journal export and verify", () => {
  test("an export verifies with its signer's key on any machine, and with no other", async () => {
    const home = await busyHome();
    const key = textOf(await home.run(["keys", "list"]), "key");
    const own = await home.run(["journal", "verify"]);
    const verify = (name: string) =>
      home.run(["journal", "verify", "--export", "journal.jsonl", "--key", name]);
    expect(await verify(key)).toMatchObject({
      exit: 0,
      data: { verified: true, entries: 5, head: own.data["head"], former: 0 },
    });
    expect(await verify(MALLORY.key)).toMatchObject({ exit: 7, error: { code: "JOURNAL_BROKEN" } });
    const text = new TextDecoder().decode(home.read("journal.jsonl"));
    home.write("journal.jsonl", text.slice(0, -2));
    expect(await verify(key)).toMatchObject({ exit: 7 });
    home.write("journal.jsonl", text.split("\n").slice(1).join("\n"));
    expect(await verify(key)).toMatchObject({ exit: 7 });
    expect(await home.run(["journal", "export", "--out", "journal.jsonl"])).toMatchObject({ exit: 6 });
  });
});

describe("custody-signer journal rebuild", () => {
  test("law 7: a new epoch does not forget what the former one was told and what it signed", async () => {
    const lost = await busyHome();
    const home = await restoredHome(lost);
    bring(lost, home, "journal.jsonl");
    const rebuilt = await home.run(REBUILD("journal.jsonl"));
    expect(rebuilt).toMatchObject({ exit: 0, data: { epochs: [{ epoch: 1, entries: 5 }] } });
    expect(await home.run(["journal", "verify"])).toMatchObject({
      // init, two pins, the archive; journal time is not earlier than the former epoch's.
      data: { entries: 4, former: 5, time: "2026-11-22T09:00:00Z" },
    });
    const shown = await home.run(["journal", "show"]);
    expect(shown.data["entries"]).toHaveLength(9);
    const fresh = [payout(home.custody, { label: "fresh", intent: { born: 2 } })];
    home.write("fresh.json", documentBytes(requestFor(home.custody, fresh, [planFor(home.custody, fresh)])));
    expect(await home.run(["review", "--in", "fresh.json"])).toMatchObject({
      exit: 4,
      error: { code: "G4_HALTED" },
    });
  });

  test("again it changes nothing; a fuller export extends it, and it is exported with the rest", async () => {
    const lost = await busyHome();
    const home = await restoredHome(lost);
    const whole = new TextDecoder().decode(lost.read("journal.jsonl")).trimEnd().split("\n");
    home.write("part.jsonl", `${whole.slice(0, 3).join("\n")}\n`);
    home.write("whole.jsonl", `${whole.join("\n")}\n`);
    expect(await home.run(REBUILD("part.jsonl"))).toMatchObject({ data: { epochs: [{ entries: 3 }] } });
    expect(await home.run(REBUILD("whole.jsonl"))).toMatchObject({ data: { epochs: [{ entries: 5 }] } });
    const head = (await home.run(["journal", "verify"])).data["head"];
    // A part given later takes nothing away.
    expect(await home.run(REBUILD("part.jsonl"))).toMatchObject({ exit: 0, data: { head } });
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 5, former: 5, head } });
    await mustRun(home, ["journal", "export", "--out", "all.jsonl"]);
    const key = textOf(await home.run(["keys", "list"]), "key");
    expect(await home.run(["journal", "verify", "--export", "all.jsonl", "--key", key])).toMatchObject({
      exit: 0,
      data: { entries: 5, former: 5 },
    });
  });

  test("receipts alone are enough when they bring the whole chain; a missing document is named", async () => {
    const lost = await pinnedHome();
    lost.write("request.json", documentBytes(goodRequest(lost.custody)));
    const digest = textOf(await lost.run(["review", "--in", "request.json"]), "digest");
    await mustRun(lost, signArguments(digest, lost.logbook));
    const home = await restoredHome(lost);
    bring(lost, home, "receipt.json");
    expect(await home.run(REBUILD("receipt.json"))).toMatchObject({
      exit: 0,
      data: { epochs: [{ epoch: 1, entries: 3 }] },
    });

    const busy = await busyHome();
    busy.write("other.json", documentBytes(goodRequest(busy.custody, { label: "other" })));
    await busy.run(
      signArguments(digest, busy.logbook, "refused.json").map((word) =>
        word === "request.json" ? "other.json" : word,
      ),
    );
    const second = await restoredHome(busy);
    bring(busy, second, "receipt.json", "refused.json", "no.json", "halt.json");
    expect(await second.run(REBUILD("receipt.json", "refused.json", "halt.json"))).toMatchObject({
      exit: 7,
      error: { code: "ARCHIVE_INCOMPLETE" },
    });
    expect(await second.run(REBUILD("refused.json", "no.json", "halt.json"))).toMatchObject({
      exit: 7,
      error: { code: "ARCHIVE_INCOMPLETE" },
    });
    expect(await second.run(REBUILD("refused.json", "receipt.json", "no.json", "halt.json"))).toMatchObject({
      exit: 0,
      data: { epochs: [{ entries: 6 }] },
    });
  });

  test("what is left out, as its signature is false, is counted and told; of true files nothing is", async () => {
    const lost = await busyHome();
    const spoil = (name: string, spoilt: string) => {
      const text = new TextDecoder().decode(lost.read(name));
      const at = text.lastIndexOf('"sig":"') + '"sig":"'.length;
      lost.write(spoilt, `${text.slice(0, at)}${"0".repeat(128)}${text.slice(at + 128)}`);
    };
    spoil("receipt.json", "spoilt.json");
    spoil("no.json", "spoilt-no.json");
    const home = await restoredHome(lost);
    bring(lost, home, "journal.jsonl", "receipt.json", "no.json", "spoilt.json", "spoilt-no.json");
    const changed = await home.run([
      ...REBUILD("journal.jsonl", "spoilt.json", "spoilt-no.json"),
      "--dry-run",
    ]);
    expect(changed).toMatchObject({ exit: 0, data: { leftOut: 2, epochs: [{ entries: 5 }] } });
    expect(`${changed.stdout}${changed.stderr}`).toContain("2 pieces of the files left out");
    const whole = await home.run(REBUILD("journal.jsonl", "receipt.json", "no.json"));
    expect(whole).toMatchObject({ exit: 0, data: { leftOut: 0 } });
    expect(`${whole.stdout}${whole.stderr}`).not.toContain("left out");
  });

  test("nobody can make up a past: the journal of a key that no pinned policy names is refused", async () => {
    const lost = await busyHome();
    const home = await restoredHome(lost);
    const forger = emptyHome(0x55);
    await makeSigner(forger, 1);
    await mustRun(forger, ["journal", "export", "--out", "forged.jsonl"]);
    bring(forger, home, "forged.jsonl");
    expect(await home.run(REBUILD("forged.jsonl"))).toMatchObject({
      exit: 4,
      error: { code: "ARCHIVE_STRANGER" },
    });
    await mustRun(home, ["journal", "export", "--out", "own.jsonl"]);
    expect(await home.run(REBUILD("own.jsonl"))).toMatchObject({ exit: 4 });
    const unpinned = emptyHome(0x33);
    await makeSigner(unpinned, 2);
    bring(lost, unpinned, "journal.jsonl");
    expect(await unpinned.run(REBUILD("journal.jsonl"))).toMatchObject({
      exit: 6,
      error: { code: "POLICY_NOT_PINNED" },
    });
    expect(existsSync(home.path(ARCHIVE))).toBe(false);
  });

  test("an archive that is taken away, cut or changed stops the signer; put back it goes on", async () => {
    const lost = await busyHome();
    const home = await restoredHome(lost);
    bring(lost, home, "journal.jsonl");
    await mustRun(home, REBUILD("journal.jsonl"));
    const file = home.path(ARCHIVE);
    const whole = readFileSync(file, "utf8");
    const code = async () => (await home.run(["journal", "verify"])).error?.code;
    writeFileSync(file, whole.trimEnd().split("\n").slice(0, 4).join("\n").concat("\n"));
    expect(await code()).toBe("JOURNAL_BROKEN");
    writeFileSync(file, whole.replace('"event":"pin"', '"event":"pim"'));
    expect(await code()).toBe("JOURNAL_BROKEN");
    rmSync(file);
    expect(await code()).toBe("JOURNAL_BROKEN");
    writeFileSync(file, whole);
    expect(await home.run(["journal", "verify"])).toMatchObject({ exit: 0, data: { former: 5 } });
  });

  test("after a crash between archive and journal the archive is not believed, and can be made again", async () => {
    const lost = await busyHome();
    const home = await restoredHome(lost);
    bring(lost, home, "journal.jsonl");
    const before = home.read("home/journal-regtest.jsonl");
    await mustRun(home, REBUILD("journal.jsonl"));
    home.write("home/journal-regtest.jsonl", before);
    expect(await home.run(["journal", "verify"])).toMatchObject({ exit: 0, data: { former: 0 } });
    expect(await home.run(REBUILD("journal.jsonl"))).toMatchObject({ exit: 0 });
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { former: 5 } });
  });
});
