/** What `withdraw show` says is typed next, and in which order it tells a person what has happened. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import type { WithdrawalState } from "../../../src/core/states/withdrawal-states.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { ask, build, decide, exported, step } from "../../attack/online.ts";
import { approval } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const MOVED = at("09:10:00");
const NOW = at("09:30:00");
let home: OnlineHome;
let withdrawal: Id;
let plan: Id;
beforeEach(async () => {
  home = await onlineHome();
  home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    const asked = ask(desk, "k", 25_000_000n);
    withdrawal = asked.id;
    decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  });
});

/** Plans and exports the payment. */
const lead = () =>
  home.inside((store) => {
    const desk = homeDesk(store);
    plan = build(desk).plan.id;
    exported(desk, plan);
  });

const move = (...states: readonly WithdrawalState[]) =>
  home.inside((store) =>
    step(
      homeDesk(store),
      (tx) => {
        for (const to of states) {
          const { version } = PORTS.getWithdrawal(tx, withdrawal);
          PORTS.moveWithdrawal(tx, withdrawal, { version, to, event: "test" });
        }
      },
      MOVED,
    ),
  );

/** The line after `Next:`; undefined where nothing is. */
async function next(now: Instant = NOW): Promise<string | undefined> {
  const { stderr } = await home.run(`withdraw show ${withdrawal}`, { now });
  return /^Next: (.*)$/m.exec(stderr)?.[1];
}

describe("what is typed next", () => {
  test("READY: it is built", async () => {
    expect(await next()).toBe("custody withdraw build --wallet NAME");
  });

  test("EXPORTED: what signers give back is imported", async () => {
    lead();
    expect(await next()).toBe("custody withdraw import receipt.json");
  });

  test("REVOKING: its bundle, by which signers void it; the bundle says so", async () => {
    lead();
    move("REVOKING");
    const line = `custody withdraw bundle ${withdrawal} --out bundle.json`;
    expect(await next()).toBe(line);
    const { stderr } = await home.run(line.replace("custody ", ""), { now: NOW });
    expect(stderr).toContain("Next: custody-signer void --in bundle.json --out void.json   (at each signer;");
  });

  test("twin: the bundle of what waits for approvers goes to a desk", async () => {
    const waiting = home.inside((store) => ask(homeDesk(store), "other", 1000n).id);
    const { stderr } = await home.run(`withdraw bundle ${waiting} --out bundle.json`, { now: NOW });
    expect(stderr).toContain("Next: custody desk review bundle.json");
  });

  test("BROADCAST a moment ago: a block is waited for; after half an hour a dearer rung is sent", async () => {
    lead();
    move("SIGNED", "BROADCASTING", "BROADCAST");
    const wait = "custody-watcher once   (once there is a block)";
    expect(await next(at("09:11:00"))).toBe(wait);
    expect(await next(at("09:40:00"))).toBe(wait);
    expect(await next(at("09:40:01"))).toBe(`custody withdraw bump ${plan}   (docs/runbooks/stuck-fee.md)`);
  });

  test("a command that shows the same again is none", async () => {
    move("COOLING");
    expect(await next()).toBeUndefined();
  });
});

describe("to a person", () => {
  const shown = (isTTY: boolean) =>
    home.text(`withdraw show ${withdrawal}`, { now: NOW, tty: { stdout: isTTY } });

  test("what happened stands last in its row, where a sentence breaks no other; a pipe keeps its order", async () => {
    expect(await shown(true)).toMatch(/\nTIME +RECORDED BY +TO +STATE +EVENT\n/);
    expect(await shown(true)).toMatch(/ withdrawal +READY +approved\n/);
    expect(await shown(false)).toMatch(/\twithdrawal\tapproved\tREADY\n/);
  });

  test("its plan is named once, with its state", async () => {
    lead();
    const lines = (await shown(true)).split("\n").filter((line) => /^plan /.test(line));
    expect(lines).toEqual([expect.stringMatching(`^plan +${plan} is EXPORTED$`)]);
  });
});
