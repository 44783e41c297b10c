/** Every alert fires when its condition holds and is over when it does not; each says what to type next. */
import { REGTEST } from "../../factory/documents.ts";
import { describe, expect, test } from "vitest";
import { addSeconds } from "../../../src/core/instant.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { type Condition } from "../../../src/store/alerts.ts";
import type { HaltFlag } from "../../../src/store/halt-flags.ts";
import { conditions, type ChainFacts, type Facts } from "../../../watcher/alerts/conditions.ts";
import type { AccountId } from "../../../src/core/account.ts";
import { amount } from "../../../src/core/amount.ts";
import { ANVIL, ETHER } from "../../factory/evm-account.ts";
import { at, fixtureDigest, fixtureId } from "../../factory/identities.ts";

const now = at("12:00:00");
const ago = (count: number) => addSeconds(now, -count);
const GIBIBYTE = 1024 ** 3;

/** A chain whose nodes are well. */
function chain(changes: Partial<ChainFacts> = {}): ChainFacts {
  const agreed = { height: 100, time: ago(600) };
  const nodes = [{ name: "127.0.0.1:18443", standing: "ok", reason: "" } as const];
  return { chain: REGTEST, agreed, ageMax: 7200, nodes, doubts: [], ...changes };
}

/** A gas key that should hold 3 to 50 wei. */
function carrier(units: bigint): ChainFacts["carrier"] {
  const account = `${ANVIL}:0x52908400098527886E0F7030069857D2E4169EE7` as AccountId;
  const wei = (count: bigint) => amount(ETHER, count);
  return { account, holds: wei(units), most: wei(50n), needs: wei(3n) };
}

/** A house in which nothing is the matter. */
const WELL: Facts = {
  now,
  stuck: [],
  pending: [],
  kept: [],
  chains: [chain()],
  channels: [],
  letters: [],
  flags: [],
  quarantines: [],
  reconciliation: { verdict: "even", at: ago(60) },
  rates: {
    currency: "EUR",
    secondsMax: 86_400,
    newest: { issued: ago(60), expires: addSeconds(now, 86_400) },
  },
  backup: { every: 15, newest: ago(900) },
  diskBytes: 2 * GIBIBYTE,
  failing: undefined,
};

const plan = fixtureId("plan");

/** What makes each alert fire, and a twin of it that does not. */
const CASES: readonly (readonly [
  kind: string,
  severity: string,
  bad: Partial<Facts>,
  good: Partial<Facts>,
])[] = [
  [
    "stuck-state",
    "warning",
    {
      stuck: [
        {
          state: "EXPORTED",
          count: 2,
          oldest: { id: fixtureId("w"), state: "EXPORTED", since: ago(9e4), plan },
        },
      ],
    },
    {},
  ],
  [
    "pending",
    "warning",
    { pending: [{ plan, transaction: fixtureDigest("tx"), state: "BROADCAST", since: ago(1900) }] },
    {},
  ],
  ["stuck-conflict-key", "warning", { kept: [{ plan, state: "EXPORTED", since: ago(3e5), keys: 2 }] }, {}],
  [
    "stale-tip",
    "error",
    { chains: [chain({ agreed: { height: 100, time: ago(7201) } })] },
    { chains: [chain({ agreed: { height: 100, time: ago(7200) } })] },
  ],
  ["stale-tip", "error", { chains: [chain({ agreed: undefined })] }, { chains: [] }],
  ["blocks-unread", "error", { chains: [chain({ doubts: ["no block above 90 is read"] })] }, { chains: [] }],
  [
    "node-set-aside",
    "warning",
    {
      chains: [chain({ nodes: [{ name: "10.0.0.1:8332", standing: "behind", reason: "9 blocks behind" }] })],
    },
    { chains: [] },
  ],
  [
    "gas-key",
    "warning",
    { chains: [chain({ carrier: carrier(51n) })] },
    { chains: [chain({ carrier: carrier(50n) }), chain({ carrier: carrier(3n) })] },
  ],
  ["gas-key", "warning", { chains: [chain({ carrier: carrier(2n) })] }, { chains: [chain()] }],
  [
    "channel-failing",
    "warning",
    { channels: [{ channel: "slack", since: ago(300), messages: 2, code: "NOTIFY_FAILED" }] },
    { channels: [{ channel: "slack", since: ago(299), messages: 2, code: "NOTIFY_FAILED" }] },
  ],
  [
    "dead-letter",
    "error",
    {
      letters: [
        { id: fixtureId("l"), class: "poison", subject: { entity: "attempt", id: plan, step: "follow" } },
      ],
    },
    {},
  ],
  [
    "halted-here",
    "critical",
    {
      flags: [
        {
          id: fixtureId("f"),
          scope: { of: "everything" },
          code: "paid-twice" as Name,
          detail: "paid twice: …",
          raisedBy: "watcher",
          raised: ago(5),
          version: 1,
        },
      ],
    },
    {},
  ],
  [
    "quarantine",
    "critical",
    {
      quarantines: [
        { id: fixtureId("q"), cause: "foreign-spend", subject: "x", detail: "a stranger", since: ago(5) },
      ],
    },
    {},
  ],
  [
    "reconciliation-break",
    "critical",
    { reconciliation: { verdict: "differs", at: ago(5) } },
    { reconciliation: { verdict: "behind", at: ago(5) } },
  ],
  [
    "list-age",
    "error",
    {
      rates: {
        currency: "EUR",
        secondsMax: 3600,
        newest: { issued: ago(3600), expires: addSeconds(now, 60) },
      },
    },
    {
      rates: {
        currency: "EUR",
        secondsMax: 3600,
        newest: { issued: ago(60), expires: addSeconds(now, 9999) },
      },
    },
  ],
  [
    "list-age",
    "error",
    { rates: { currency: "EUR", secondsMax: 3600, newest: undefined } },
    { rates: undefined },
  ],
  [
    "list-age",
    "warning",
    {
      rates: {
        currency: "EUR",
        secondsMax: 3600,
        newest: { issued: ago(2881), expires: addSeconds(now, 9999) },
      },
    },
    {
      rates: {
        currency: "EUR",
        secondsMax: 3600,
        newest: { issued: ago(2879), expires: addSeconds(now, 9999) },
      },
    },
  ],
  [
    "backup-age",
    "error",
    { backup: { every: 15, newest: ago(2701) } },
    { backup: { every: 15, newest: ago(2700) } },
  ],
  ["backup-age", "error", { backup: { every: 15, newest: undefined } }, { backup: undefined }],
  ["disk-low", "error", { diskBytes: GIBIBYTE - 1 }, { diskBytes: GIBIBYTE }],
  ["passes-fail", "error", { failing: ago(300) }, { failing: ago(299) }],
  ["pass-slow", "warning", { underWay: ago(300) }, { underWay: ago(299) }],
];

describe("conditions", () => {
  test("a house in which nothing is the matter has none", () => {
    expect(conditions(WELL)).toEqual([]);
  });

  test.each(CASES)("%s (%s) fires, and not for its twin", (kind, severity, bad, good) => {
    const found = conditions({ ...WELL, ...bad });
    expect(found).toMatchObject([{ kind, severity }]);
    const [{ text, next }] = found as [Condition];
    expect(next).toMatch(/^(custody(-watcher)? [a-z]+|df -h)/);
    expect(text.length).toBeLessThan(1024);
    expect(conditions({ ...WELL, ...good })).toEqual([]);
  });

  test("F07: what waits behind a nonce that nothing uses is told so, and not to pay more", () => {
    const late = {
      plan,
      transaction: fixtureDigest("tx"),
      state: "BROADCAST" as const,
      since: ago(1900),
      behind: { id: fixtureId("dead plan") },
    };
    const [found] = conditions({ ...WELL, pending: [late] }) as [Condition];
    expect(found.next).toContain(`custody intent new --type cancel --plan ${fixtureId("dead plan")}`);
    expect(found.next).not.toContain("bump");
    const [alone] = conditions({ ...WELL, pending: [{ ...late, behind: undefined }] }) as [Condition];
    expect(alone.next).toContain(`custody withdraw bump ${plan}`);
  });

  test("an operator's own flag is no alarm of the watcher", () => {
    const flag = {
      id: fixtureId("f"),
      scope: { of: "everything" } as const,
      code: "drill" as Name,
      version: 1,
    };
    const flags = [{ ...flag, detail: undefined, raisedBy: "oscar", raised: ago(5) }];
    expect(conditions({ ...WELL, flags })).toMatchObject([{ kind: "halted-here", severity: "warning" }]);
  });

  describe("flags", () => {
    const flagged = (changes: Partial<HaltFlag> = {}, number = 0): HaltFlag => ({
      id: fixtureId(`flag ${number}`),
      scope: { of: "everything" },
      code: "paid-twice" as Name,
      detail: "paid twice: 1",
      raisedBy: "watcher",
      raised: ago(5),
      version: 1,
      ...changes,
    });
    const told = (...flags: readonly HaltFlag[]) => conditions({ ...WELL, flags });

    test("of the watcher that are raised again are told again, each time as a new alert", () => {
      const [first] = told(flagged());
      const [same, again] = told(flagged({ version: 2, detail: "paid twice: 2" }));
      expect(same?.subject).toBe(first?.subject);
      expect(again).toMatchObject({ kind: "halted-again", severity: "critical" });
      expect(again?.text).toContain("paid twice: 2");
      const [, third] = told(flagged({ version: 3, detail: "paid twice: 3" }));
      expect(third?.subject).not.toBe(again?.subject);
    });

    test("twin: one of an operator is known to that operator", () => {
      const flag = flagged({ raisedBy: "oscar", code: "drill" as Name, detail: undefined });
      expect(told(flag)).toMatchObject([{ kind: "halted-here", severity: "warning" }]);
    });

    test("of operators, however many, leave room for the watcher's", () => {
      const own = Array.from({ length: 40 }, (_, number) =>
        flagged({ raisedBy: "oscar", code: "drill" as Name, detail: undefined }, number),
      );
      const found = told(...own, flagged({}, 99));
      expect(found).toHaveLength(20);
      expect(found[0]).toMatchObject({ subject: fixtureId("flag 99"), severity: "critical" });
    });
  });

  test("the same look gives the same words: what lasts is not told again", () => {
    for (const [, , bad] of CASES) {
      const later = { ...WELL, ...bad, now: addSeconds(now, 3) };
      expect(conditions(later)).toEqual(conditions({ ...WELL, ...bad }));
    }
  });
});
