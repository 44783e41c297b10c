/** `custody emergency`: a flag stops this host at once and says that it stops nobody else; two persons end it. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import { parseName, type Name } from "../../../src/core/identifier.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { WATCHER_CODES } from "../../../src/core/policy/halts.ts";
import { write } from "../../../src/store/transaction.ts";
import { haltFlags, raiseHaltFlag } from "../../../src/store/halt-flags.ts";
import { policyBody, signedDocument } from "../../factory/documents.ts";
import { ALICE, ANNA, at, BEN, castMember, fixtureId, OSCAR, type Cast } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";
import { named } from "../../factory/policies.ts";

const now = at("09:00:00");
const chain = `chain:${BITCOIN_CHAINS.regtest}`;

async function lift(home: OnlineHome, flag: string, signers: readonly Cast[]) {
  await home.run(`emergency resume --flag ${flag} --out warrant.json --force`);
  const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path("warrant.json"))));
  home.write("warrant.signed.json", documentBytes(signedDocument(draft, signers, now)));
  return home.run(`emergency resume --flag ${flag} --warrant warrant.signed.json`);
}

/** The watcher sees that a deposit has left the chain. @returns the flag that it raises */
function see(home: OnlineHome, detail: string): string {
  const context = { operation: fixtureId(detail), command: "once", actor: "watcher", now };
  const code = parseName("deposit-gone");
  const scope = { of: "wallet", wallet: parseName("vault") } as const;
  return home.inside((store) =>
    write(store, context, (tx) =>
      raiseHaltFlag(tx, { id: fixtureId(`flag ${detail}`), scope, code, detail }),
    ),
  ).id;
}

const second = castMember("adam", "Adam");

async function withSession(): Promise<OnlineHome> {
  const home = await onlineHome();
  await beginSession(home);
  return home;
}

describe("custody emergency halt", () => {
  test("without --now says how one person stops everybody, and changes nothing", async () => {
    const home = await onlineHome();
    const { data, exit } = await home.run("emergency halt --scope wallet:vault");
    expect(exit).toBe(0);
    expect(data).toMatchObject({ scope: "wallet:vault", halts: [], flags: [] });
    expect(data.sign).toContain("--as halt --scope wallet:vault");
    expect(home.inside(haltFlags)).toEqual([]);
  });

  test.each(["everything", chain, "wallet:vault"])("--now stops this host over %s", async (scope) => {
    const home = await withSession();
    const dry = await home.run(`emergency halt --now --scope ${scope} --code theft --dry-run`);
    expect(dry).toMatchObject({ exit: 0 });
    expect(home.inside(haltFlags)).toEqual([]);
    const answer = await home.run(`emergency halt --now --scope ${scope} --code theft`);
    expect(answer).toMatchObject({ exit: 0, data: { scope, code: "theft", by: "oscar", inForce: true } });
    expect(answer.warnings.join()).toContain("no signer knows it");
    expect((await home.run("emergency resume")).data).toMatchObject({ flags: [{ scope, code: "theft" }] });
  });

  test("--now is the operator's, over what the policy knows", async () => {
    const home = await onlineHome();
    expect(await home.run("emergency halt --now")).toMatchObject({
      exit: 4,
      error: { code: "SESSION_MISSING" },
    });
    await beginSession(home);
    expect(await home.run("emergency halt --now --scope wallet:vaults")).toMatchObject({
      exit: 2,
      error: { code: "HALT_SCOPE_UNKNOWN" },
    });
    expect(await home.run("emergency halt --now")).toMatchObject({ exit: 0, data: { code: "operator" } });
  });

  test("--now cannot raise what the watcher raises: it would hide the next fact, and ask for admins", async () => {
    const home = await withSession();
    for (const code of WATCHER_CODES)
      expect(await home.run(`emergency halt --now --code ${code}`)).toMatchObject({
        exit: 2,
        error: { code: "FLAG_CODE_RESERVED" },
      });
    expect(home.inside(haltFlags)).toEqual([]);
    expect(await home.run("emergency halt --now --code theft")).toMatchObject({ exit: 0 });
  });

  test("--now is refused above eight, has room for one more over everything, and raises one again", async () => {
    const home = await withSession();
    const halt = (scope: string, code: string) =>
      home.run(`emergency halt --now --scope ${scope} --code ${code}`);
    for (let number = 1; number <= LIMITS.operatorFlagsMax; number++)
      expect(await halt("wallet:vault", `c${number}`)).toMatchObject({ exit: 0 });
    const full = { exit: 6, error: { code: "FLAGS_FULL" } };
    expect(await halt("wallet:vault", "more")).toMatchObject(full);
    expect(await halt("wallet:vault", "c1")).toMatchObject({ exit: 0 });
    expect(await halt("everything", "more")).toMatchObject({ exit: 0 });
    expect(await halt("everything", "again")).toMatchObject(full);
    expect(home.inside(haltFlags)).toHaveLength(LIMITS.operatorFlagsMax + 1);
  });

  test("--now has room beside what the watcher has raised", async () => {
    const home = await withSession();
    home.inside((store) => {
      const context = { operation: fixtureId("pass"), command: "once", actor: "watcher", now };
      write(store, context, (tx) => {
        for (let number = 0; number < 20; number++) {
          const flag = { id: fixtureId(`f${number}`), code: `w${number}` as Name, detail: "seen" };
          raiseHaltFlag(tx, { ...flag, scope: { of: "everything" } });
        }
      });
    });
    expect(await home.run("emergency halt --now --scope wallet:vault")).toMatchObject({ exit: 0 });
  });
});

describe("custody emergency resume --flag", () => {
  test("ends the flag by a warrant of two approvers, and by nothing less", async () => {
    const home = await withSession();
    const { flag } = (await home.run("emergency halt --now")).data as { flag: string };
    expect(await lift(home, flag, [ANNA])).toMatchObject({ exit: 4, error: { code: "WARRANT_UNSIGNED" } });
    expect(await lift(home, flag, [ANNA, OSCAR])).toMatchObject({ exit: 4 });
    expect(home.inside(haltFlags)).toHaveLength(1);
    expect(await lift(home, flag, [ANNA, BEN])).toMatchObject({ exit: 0, data: { inForce: false } });
    expect(home.inside(haltFlags)).toEqual([]);
    expect(await lift(home, flag, [ANNA, BEN])).toMatchObject({ exit: 5, error: { code: "FLAG_UNKNOWN" } });
    expect(await home.run("audit verify")).toMatchObject({ exit: 0 });
  });

  test("whoever holds the session and repeats the flag does not outdate the warrant that two are signing", async () => {
    const home = await withSession();
    const { flag } = (await home.run("emergency halt --now")).data as { flag: string };
    await home.run(`emergency resume --flag ${flag} --out warrant.json`);
    const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path("warrant.json"))));
    for (let time = 0; time < 3; time++)
      expect(await home.run("emergency halt --now")).toMatchObject({ exit: 0, data: { flag } });
    home.write("both.json", documentBytes(signedDocument(draft, [ANNA, BEN], now)));
    const answer = await home.run(`emergency resume --flag ${flag} --warrant both.json`);
    expect(answer).toMatchObject({ exit: 0, data: { inForce: false } });
  });

  test("twin: what the watcher sees anew does; its flag is ended by two admins, and by no approvers", async () => {
    const home = await onlineHome({ identities: [...policyBody().identities, named(second, "admin")] });
    await beginSession(home);
    const flag = see(home, "deposit a");
    expect(await lift(home, flag, [ANNA, BEN])).toMatchObject({
      exit: 4,
      error: { code: "WARRANT_UNSIGNED" },
    });
    await home.run(`emergency resume --flag ${flag} --out warrant.json --force`);
    const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path("warrant.json"))));
    home.write("early.json", documentBytes(signedDocument(draft, [ALICE, second], now)));
    see(home, "deposit a");
    see(home, "deposit b");
    expect(await home.run(`emergency resume --flag ${flag} --warrant early.json`)).toMatchObject({
      exit: 4,
      error: { code: "WARRANT_OTHER_ACT" },
    });
    expect((await home.run("emergency resume")).data).toMatchObject({
      flags: [{ flag, code: "deposit-gone", detail: "deposit b", endedBy: "admin" }],
    });
    expect(await lift(home, flag, [ALICE, second])).toMatchObject({ exit: 0, data: { inForce: false } });
  });

  test("a warrant for one flag ends no other", async () => {
    const home = await withSession();
    const first = (await home.run("emergency halt --now --code one")).data as { flag: string };
    const other = (await home.run("emergency halt --now --code two")).data as { flag: string };
    await lift(home, first.flag, [ANNA]);
    await lift(home, first.flag, [ANNA, BEN]);
    const answer = await home.run(`emergency resume --flag ${other.flag} --warrant warrant.signed.json`);
    expect(answer).toMatchObject({ exit: 4, error: { code: "WARRANT_OTHER_ACT" } });
    expect(home.inside(haltFlags)).toHaveLength(1);
  });
});
