/** `status` and `withdraw show` name what was given up, what is halted and what alerts fire, each with what to type. */
import { rmSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import type { Id, Name } from "../../../src/core/identifier.ts";
import { LETTER_PORTS, PORTS } from "../../../src/home/ports.ts";
import { fireAlert } from "../../../src/store/alerts.ts";
import { raiseHaltFlag } from "../../../src/store/halt-flags.ts";
import { noteFailure } from "../../../src/withdrawals/settling/dead-letters.ts";
import { ask, step } from "../../attack/online.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { at, fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const NOW = at("09:30:00");
const FLAG = fixtureId("flag");
let home: OnlineHome;
let id: Id;
beforeEach(async () => {
  home = await onlineHome();
  id = home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    const asked = ask(desk, "1", 1000n).id;
    step(desk, (tx) => {
      const { version } = PORTS.getWithdrawal(tx, asked);
      PORTS.moveWithdrawal(tx, asked, { version, to: "READY", event: "test" });
    });
    return asked;
  });
});

const change = (work: Parameters<typeof step<void>>[1]) =>
  home.inside((store) => step(homeDesk(store), work));

function halt(code = "theft"): void {
  change((tx) => {
    const detail = "a \u001b[31mred\u001b[0m story";
    raiseHaltFlag(tx, { id: FLAG, scope: { of: "everything" }, code: code as Name, detail });
  });
}

function giveUp(letter: Id, entity: string, about: string): void {
  change((tx) => {
    const subject = { entity, id: about, step: "follow" };
    const failure = { class: "poison", code: "PSBT_MALFORMED", why: "it cannot be read" } as const;
    const details = { id: letter, payload: fixtureDigest("payload"), now: tx.now, forGood: true };
    noteFailure(LETTER_PORTS, tx, subject, failure, details);
  });
}

const show = async () => (await home.run(`withdraw show ${id}`, { now: NOW })).data;
const status = async () => (await home.run("status", { now: NOW })).data;

/** As a person sees it at a terminal of 80 columns: what is printed, and the line after it. */
async function seen(line: string): Promise<string> {
  const text = await home.text(line, { now: NOW });
  for (const one of text.split("\n")) expect(one.length).toBeLessThanOrEqual(80);
  return text.replace(/\s+/g, " ");
}

test("where nothing is the matter, neither says a word of it", async () => {
  expect(await status()).toMatchObject({ flags: [], deadLetters: 0, letters: [], alerts: [] });
  const shown = await show();
  expect(shown).toMatchObject({ letters: [], alerts: [] });
  expect(shown).not.toHaveProperty("halted");
  expect(await seen("status")).not.toMatch(/HALT|DEAD LETTER|ALERT/);
});

test("a flag: who, since when, why, and what ends it; the withdrawal that it stops says so", async () => {
  halt();
  const { flags } = await status();
  expect(flags).toMatchObject([{ flag: FLAG, scope: "everything", code: "theft" }]);
  const text = await seen("status");
  expect(text).toContain("HALT HERE over everything (theft)");
  expect(text).toContain(`custody emergency resume --flag ${FLAG} --out warrant.json`);
  expect(text).toContain("docs/runbooks/halt-and-resume.md");
  expect(text).not.toContain("\u001b");
  expect((await show()).halted).toContain("has halted everything (theft) on this host");
  expect(await seen(`withdraw show ${id}`)).toContain("nothing of it is built, exported or sent first");
});

test("dead letters: the oldest by name, the rest counted; a withdrawal's own stand with it", async () => {
  for (let number = 0; number < 7; number++)
    giveUp(fixtureId(`letter ${number}`), "delivery", fixtureId(`message ${number}`));
  const all = await status();
  expect([all.deadLetters, all.letters.length]).toEqual([7, 5]);
  const text = await seen("status");
  expect(text).toContain(`custody dlq show ${fixtureId("letter 0")}`);
  expect(text).toContain("and 2 more: custody dlq list");
  expect((await show()).letters).toEqual([]);
  giveUp(fixtureId("own"), "withdrawal", id);
  const hint = `custody dlq show ${fixtureId("own")}`;
  expect((await show()).letters).toMatchObject([{ letter: fixtureId("own"), class: "poison", hint }]);
});

test("alerts: the gravest first, each with what to type; what status shows by itself is not said twice", async () => {
  change((tx) => {
    const alert = (kind: string, severity: "warning" | "critical" | "error", next: string) =>
      fireAlert(tx, fixtureId(kind), { kind, subject: "x", severity, text: `${kind} it is`, next });
    alert("list-age", "warning", "custody rates show");
    alert("backup-age", "error", "custody db backup --out FILE");
    alert("quarantine", "critical", "custody db reconcile");
  });
  const { alerts } = await status();
  expect(alerts.map(({ kind }: { kind: string }) => kind)).toEqual(["quarantine", "backup-age", "list-age"]);
  const text = await seen("status");
  expect(text).toMatch(
    /ALERT backup-age \(error\): backup-age it is custody db backup --out FILE ALERT list-age/,
  );
  expect(text).not.toContain("quarantine it is");
  expect((await show()).alerts).toEqual([]);
});

test("F9: no empty database comes in the place of one that is gone", async () => {
  for (const suffix of ["", "-wal", "-shm"])
    rmSync(home.path(`home/custody-regtest.db${suffix}`), { force: true });
  const gone = await home.run("status");
  expect(gone).toMatchObject({ exit: 5, error: { code: "HOME_MISSING" } });
  expect(gone.error.hint).toContain("custody db restore FILE");
  expect(await home.run("init --network regtest")).toMatchObject({
    exit: 6,
    error: { code: "DATABASE_LOST" },
  });
  rmSync(home.path("home/instance-regtest.json"));
  expect((await home.run("status")).error.hint).toMatch(/^custody init --network regtest --home \//);
  expect((await home.run("init --network regtest")).exit).toBe(0);
});
