import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documentBytes, parseDocument } from "../../../../src/core/document.ts";
import { RECEIPT } from "../../../../src/core/documents/receipt.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { goodRequest, payout, planFor, requestFor } from "../../../factory/custody.ts";
import {
  ALICE,
  ANNA,
  at,
  BEN,
  fixtureDigest,
  fixtureId,
  MALLORY,
  RUTH,
} from "../../../factory/identities.ts";
import { pinnedHome, signArguments, textOf, type SignerHome } from "../../../factory/signer-home.ts";
import { halt, rejection, resume } from "../../../factory/words.ts";

const IMPORT = (home: { readonly logbook: string }, ...files: string[]) => [
  ...["import", ...files, "--logbook", home.logbook],
  ...["--passphrase-file", "pass"],
];

async function entries(home: SignerHome): Promise<unknown> {
  return (await home.run(["journal", "verify"])).data["entries"];
}

describe("custody-signer import", () => {
  test("law 7: a machine that was put back takes nothing in, or its new head would agree with the book", async () => {
    const home = await pinnedHome();
    const journal = "home/journal-regtest.jsonl";
    const before = home.read(journal);
    home.write("halt.json", documentBytes(halt(home.custody.id)));
    const head = textOf(await home.run(IMPORT(home, "halt.json")), "head");
    home.write("no.json", documentBytes(rejection(payout(home.custody, { label: "other" }).intent)));
    const call = ["import", "no.json", "--logbook", head, "--passphrase-file", "pass"];
    const after = home.read(journal);
    writeFileSync(home.path(journal), before);
    expect(await home.run(call)).toMatchObject({ exit: 4, error: { code: "LOGBOOK_DISAGREES" } });
    expect(home.read(journal)).toEqual(before);
    writeFileSync(home.path(journal), after);
    expect((await home.run(call)).exit).toBe(0);
  });

  test("law 13: a halt stops signatures until a quorum resumes; both come once", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const stop = halt(home.custody.id);
    home.write("halt.json", documentBytes(stop));
    home.write("resume.json", documentBytes(resume(stop)));
    expect(await home.run(IMPORT(home, "halt.json"))).toMatchObject({
      exit: 0,
      data: { results: [{ kind: "halt", digest: stop.digest, imported: true }] },
    });
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({
      exit: 4,
      error: { code: "G4_HALTED" },
    });
    const again = await home.run(IMPORT(home, "halt.json"));
    expect(again).toMatchObject({ exit: 0, data: { results: [{ imported: false }] } });
    expect(await entries(home)).toBe(3);
    expect(await home.run(IMPORT(home, "resume.json"))).toMatchObject({ exit: 0 });
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({ exit: 0 });
    const { data } = await home.run(["journal", "show"]);
    expect(data["entries"]).toMatchObject([{}, {}, { outcome: "halt of everything" }, { event: "import" }]);
  });

  test("a halt and its end may come together; of a wallet that does not pay it stops nothing", async () => {
    const home = await pinnedHome();
    const stop = halt(home.custody.id);
    home.write("halt.json", documentBytes(stop));
    home.write("resume.json", documentBytes(resume(stop)));
    const elsewhere = {
      id: fixtureId("other"),
      scope: { of: "wallet", wallet: "elsewhere" as Name },
    } as const;
    home.write("other.json", documentBytes(halt(home.custody.id, elsewhere)));
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    expect(await home.run(IMPORT(home, "halt.json", "resume.json", "other.json"))).toMatchObject({ exit: 0 });
    expect(await entries(home)).toBe(5);
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({ exit: 0 });
  });

  test("a rejection is obeyed for ever, also when the request leaves it out", async () => {
    const home = await pinnedHome();
    const request = goodRequest(home.custody);
    home.write("request.json", documentBytes(request));
    home.write("no.json", documentBytes(rejection(payout(home.custody).intent)));
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({ exit: 0 });
    expect(await home.run(IMPORT(home, "no.json"))).toMatchObject({ exit: 0 });
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({
      exit: 4,
      error: { code: "G4_REJECTED" },
    });
  });

  test("a rejection that stands in a refused request is journalled: the next request cannot leave it out", async () => {
    const home = await pinnedHome();
    const paid = payout(home.custody);
    const plans = [planFor(home.custody, [paid])];
    const with_ = { ...paid, approvals: [...paid.approvals, rejection(paid.intent)] };
    home.write("request.json", documentBytes(requestFor(home.custody, [with_], plans)));
    const sign = (out: string) => home.run(signArguments(fixtureDigest("any"), home.logbook, out));
    expect(await sign("1.json")).toMatchObject({ exit: 4, error: { code: "G4_REJECTED" } });
    // Pinned, imported, refused.
    expect(await entries(home)).toBe(4);
    const receipt = parseDocument(RECEIPT, home.read("1.json"));
    expect(receipt.body.journal.map(({ entry }) => entry.event)).toEqual(["init", "pin", "import"]);
    home.write("request.json", documentBytes(requestFor(home.custody, [paid], plans, { label: "again" })));
    expect(await sign("2.json")).toMatchObject({ exit: 4, error: { code: "G4_REJECTED" } });
    expect(await entries(home)).toBe(5);
  });

  test("a stranger's rejection in a request is not journalled", async () => {
    const home = await pinnedHome();
    const paid = payout(home.custody, { approvers: [MALLORY] });
    const with_ = { ...paid, approvals: [...paid.approvals, rejection(paid.intent, [MALLORY])] };
    const request = requestFor(home.custody, [with_], [planFor(home.custody, [paid])]);
    home.write("request.json", documentBytes(request));
    const answer = await home.run(signArguments(fixtureDigest("any"), home.logbook));
    expect(answer).toMatchObject({ exit: 4, error: { code: "G4_QUORUM_NOT_MET" } });
    expect(await entries(home)).toBe(3);
  });

  test("what nobody entitled to has signed is refused, and with it the whole call", async () => {
    const home = await pinnedHome();
    const { id } = home.custody;
    const stop = halt(id);
    home.write("halt.json", documentBytes(stop));
    home.write("stranger.json", documentBytes(halt(id, { id: fixtureId("stranger") }, [MALLORY])));
    home.write("requester.json", documentBytes(halt(id, {}, [RUTH])));
    home.write("alone.json", documentBytes(resume(stop, {}, [ANNA])));
    home.write("admin.json", documentBytes(rejection(payout(home.custody).intent, [ALICE])));
    for (const files of [
      ["halt.json", "stranger.json"],
      ["requester.json"],
      ["halt.json", "alone.json"],
      ["admin.json"],
    ])
      expect([files, (await home.run(IMPORT(home, ...files))).exit]).toEqual([files, 4]);
    expect(await home.run(IMPORT(home, "halt.json", "alone.json"))).toMatchObject({
      error: { code: "IMPORT_UNENTITLED" },
    });
    expect(await entries(home)).toBe(2);
  });

  test("only the signatures that count are kept", async () => {
    const home = await pinnedHome();
    const stop = halt(home.custody.id, {}, [MALLORY, ANNA]);
    home.write("halt.json", documentBytes(stop));
    expect((await home.run(IMPORT(home, "halt.json"))).exit).toBe(0);
    const journal = new TextDecoder().decode(home.read("home/journal-regtest.jsonl"));
    expect(journal).toContain(ANNA.key);
    expect(journal).not.toContain(MALLORY.key);
  });

  test("a resume names a halt that is known, under a policy that is pinned", async () => {
    const home = await pinnedHome();
    const stop = halt(home.custody.id);
    home.write("halt.json", documentBytes(stop));
    home.write("resume.json", documentBytes(resume(stop)));
    home.write("newer.json", documentBytes(resume(stop, { policy: 2 })));
    expect(await home.run(IMPORT(home, "resume.json"))).toMatchObject({
      exit: 4,
      error: { code: "SIGNER_HALT_UNKNOWN" },
    });
    expect(await home.run(IMPORT(home, "halt.json", "newer.json"))).toMatchObject({
      exit: 4,
      error: { code: "IMPORT_POLICY_NEWER" },
    });
    expect((await home.run(IMPORT(home, "halt.json", "resume.json"))).exit).toBe(0);
  });

  test("F17: signed ahead of the clock by more than the tolerance is refused, within it taken", async () => {
    const home = await pinnedHome();
    const { id } = home.custody;
    home.write("ahead.json", documentBytes(halt(id, {}, [ANNA], at("09:35:01"))));
    home.write("within.json", documentBytes(halt(id, {}, [ANNA], at("09:35:00"))));
    expect(await home.run(IMPORT(home, "ahead.json"))).toMatchObject({
      exit: 4,
      error: { code: "IMPORT_SIGNED_AHEAD" },
    });
    expect((await home.run(IMPORT(home, "within.json"))).exit).toBe(0);
    // Law 12: a no does not move journal time.
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { time: at("08:00:00") } });
  });

  test("approvals, other kinds, other custodies and garbage are not taken in", async () => {
    const home = await pinnedHome();
    const paid = payout(home.custody);
    home.write("approval.json", documentBytes(paid.approvals[0] as NonNullable<(typeof paid.approvals)[0]>));
    home.write("intent.json", documentBytes(paid.intent));
    home.write("other.json", documentBytes(halt(fixtureDigest("another custody"))));
    home.write("garbage.json", "{}");
    const exits = [];
    for (const file of ["approval.json", "intent.json", "other.json", "garbage.json"])
      exits.push((await home.run(IMPORT(home, file))).exit);
    expect(exits).toEqual([3, 3, 4, 3]);
    expect(await home.run(IMPORT(home, "nowhere.json"))).toMatchObject({ exit: 5 });
  });

  test("without a pinned policy nobody is believed, not even in a no", async () => {
    const home = await pinnedHome();
    home.write("halt.json", documentBytes(halt(home.custody.id, {}, [BEN])));
    expect(textOf(await home.run(IMPORT(home, "halt.json")), "head")).toHaveLength(64);
    await home.run(["init", "--network", "testnet", "--name", "signer-1", "--passphrase-file", "pass"]);
    const answer = await home.run([...IMPORT(home, "halt.json"), "--network", "testnet"]);
    expect(answer).toMatchObject({ exit: 6, error: { code: "POLICY_NOT_PINNED" } });
  });
});
